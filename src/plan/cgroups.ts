/**
 * cgroups: where a container's directories are, what is written to them, and how a process gets in.
 *
 * Source: the kernel's Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst; the conversion of requests to shares and of shares to weight is
 * the kubelet's and runc's.
 *
 * @module
 */

import type { Container, Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { makeDirectory, writeIfThere, writeTo } from "./file_ops.ts";
import type { CgroupFacts, Controller, Hierarchy } from "./host.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";

/** The directory that all of podlab's cgroups are in, below each hierarchy's base. */
export const CGROUP_ROOT = "podlab";

/** The period that a CPU limit is enforced over, microseconds: the kernel's and the kubelet's default. */
const PERIOD_US = 100_000;

/** A path below each hierarchy's own directory of podlab's: `RUN`, `RUN/POD` or `RUN/POD/CONTAINER`. */
export function cgroupDirectories(cgroup: CgroupFacts, path: string): CgroupDirectory[] {
  return cgroup.hierarchies.map(({ version, controllers, base }) => ({
    version,
    controllers,
    path: `${base}/${CGROUP_ROOT}/${path}`,
  }));
}

/** Makes the run's directories, and on v2 hands the controllers down to them. */
export function setUpCgroups(cgroup: CgroupFacts, run: string, span: Span): Op[] {
  return cgroup.hierarchies.flatMap((hierarchy) => [
    ...hierarchy.enable.flatMap(({ directory, controllers }) => enable(directory, controllers, span)),
    makeDirectory(`${hierarchy.base}/${CGROUP_ROOT}`, 0o755, span, { tolerate: "EEXIST" }),
    ...handDown(hierarchy, `${hierarchy.base}/${CGROUP_ROOT}`, span),
    makeDirectory(`${hierarchy.base}/${CGROUP_ROOT}/${run}`, 0o755, span),
    ...handDown(hierarchy, `${hierarchy.base}/${CGROUP_ROOT}/${run}`, span),
  ]);
}

/** Removes the run's directories; podlab's own only when no other run is in it. */
export function tearDownCgroups(cgroup: CgroupFacts, run: string, span: Span): Op[] {
  return cgroup.hierarchies.flatMap(({ base }) => [
    removeDirectory(`${base}/${CGROUP_ROOT}/${run}`, span),
    op("unlinkat", { dirfd: "AT_FDCWD", path: `${base}/${CGROUP_ROOT}`, flags: ["AT_REMOVEDIR"] }, span, {
      tolerate: "any",
      why: "unless another run is in it",
    }),
  ]);
}

/** Makes the directories of a pod, which hold those of its containers. */
export function podCgroups(cgroup: CgroupFacts, path: string, span: Span): Op[] {
  return cgroup.hierarchies.flatMap((hierarchy) => {
    const directory = `${hierarchy.base}/${CGROUP_ROOT}/${path}`;
    return [makeDirectory(directory, 0o755, span), ...handDown(hierarchy, directory, span)];
  });
}

/** Removes a cgroup directory. The runner waits until it is empty (EBUSY). */
export function removeDirectory(path: string, span: Span): Op {
  return op("unlinkat", { dirfd: "AT_FDCWD", path, flags: ["AT_REMOVEDIR"] }, span);
}

/** Makes a container's directories and writes its limits, each asked for by its own place in the file. */
export function containerCgroups(cgroup: CgroupFacts, path: string, pod: Pod, container: Container | undefined): Op[] {
  const span = container?.span ?? pod.span;
  const directories = cgroupDirectories(cgroup, path);
  const made = directories.map((directory) => makeDirectory(directory.path, 0o755, span));
  if (container === undefined) return made;
  return [...made, ...directories.flatMap((directory) => limits(directory, container, cgroup.swap))];
}

/**
 * How a process gets into a container's cgroups that it is not cloned into (v1, and v2 without clone3). Its stepping stone
 * goes there first, and it inherits: but not where tasks are counted, for a stone must not take the place of one. There
 * the stone opens the file, and the process itself goes in.
 */
export interface Joining {
  /** The stone's steps. */
  readonly stone: readonly Op[];
  /** The first steps of the process. */
  readonly own: readonly Op[];
  /** The stone's, when the process runs its program. */
  readonly after: readonly Op[];
}

/**
 * Joins a container's cgroups. A single-threaded process moves itself with `0` to v1's `tasks` without the kernel's global
 * lock of thread groups, unlike with `cgroup.procs`.
 *
 * @param unified Whether v2 is joined in this way as well.
 */
export function joinCgroups(
  directories: readonly CgroupDirectory[],
  name: string,
  unified: boolean,
  span: Span,
): Joining {
  const joined = directories.filter(({ version }) => version === 1 || unified).map((directory) => ({
    file: `${directory.path}/${directory.version === 1 ? "tasks" : "cgroup.procs"}`,
    counts: directory.version === 2 || directory.controllers.includes("pids"),
    slot: `${name}.cgroup${directory.version}`,
  }));
  const counting = joined.filter(({ counts }) => counts);
  return {
    stone: [
      ...joined.filter(({ counts }) => !counts).flatMap(({ file }) => writeTo(file, "0", span)),
      ...counting.map(({ file, slot }) => openToWrite(file, slot, span)),
    ],
    own: counting.flatMap(({ slot }) => [
      op("write", { fd: { slot }, data: "0" }, span, { why: "counted from here on" }),
      op("close", { fd: { slot } }, span),
    ]),
    after: counting.map(({ slot }) => op("close", { fd: { slot } }, span)),
  };
}

function openToWrite(path: string, as: string, span: Span): Op {
  return op("openat", { dirfd: "AT_FDCWD", path, flags: ["O_WRONLY", "O_CLOEXEC"], mode: 0 }, span, { as });
}

/** Opens a container's v2 cgroup for clone3. Empty where the host has no v2 hierarchy. */
export function openUnified(directories: readonly CgroupDirectory[], slot: string, span: Span): Op[] {
  return directories.filter(({ version }) => version === 2).map(({ path }) =>
    op("openat", { dirfd: "AT_FDCWD", path, flags: ["O_PATH", "O_DIRECTORY", "O_CLOEXEC"], mode: 0 }, span, {
      as: slot,
    })
  );
}

/** Which limits the host cannot set, with who asked. */
export function missingLimits(
  cgroup: CgroupFacts,
  container: Container,
): { controller: Controller; reason: string; span: Span }[] {
  const { limits, requests } = container.resources;
  const asked: readonly (readonly [Controller, Span | undefined])[] = [
    ["memory", limits.memoryBytes?.span],
    ["cpu", limits.cpuMillis?.span ?? requests.cpuMillis?.span],
    ["pids", limits.pids?.span],
  ];
  return asked.flatMap(([controller, span]) => {
    const there = cgroup.hierarchies.some(({ controllers }) => controllers.includes(controller));
    if (span === undefined || there) return [];
    return [{ controller, span, reason: cgroup.missing[controller] ?? "this host has no such controller" }];
  });
}

function handDown({ version, controllers }: Hierarchy, directory: string, span: Span): Op[] {
  return version === 1 ? [] : enable(directory, controllers, span);
}

function enable(directory: string, controllers: readonly Controller[], span: Span): Op[] {
  if (controllers.length === 0) return [];
  const data = controllers.map((controller) => `+${controller}`).join(" ");
  return writeTo(`${directory}/cgroup.subtree_control`, data, span);
}

function limits({ version, controllers, path }: CgroupDirectory, { resources }: Container, swap: boolean): Op[] {
  const { limits, requests } = resources;
  const steps: Op[] = [];
  const write = (file: string, value: string | number, span: Span): void => {
    steps.push(...writeTo(`${path}/${file}`, String(value), span));
  };
  if (controllers.includes("memory") && limits.memoryBytes !== undefined) {
    const { value, span } = limits.memoryBytes;
    write(version === 1 ? "memory.limit_in_bytes" : "memory.max", value, span);
    // A limit that could be evaded by swapping is none.
    if (swap && version === 1) write("memory.memsw.limit_in_bytes", value, span);
    else if (swap) steps.push(...writeIfThere(`${path}/memory.swap.max`, "0", span));
  }
  if (controllers.includes("cpu")) {
    if (limits.cpuMillis !== undefined) {
      const { value, span } = limits.cpuMillis;
      // The kernel takes no quota below 1 ms.
      const quota = Math.max(1000, Math.round(value * PERIOD_US / 1000));
      if (version === 1) {
        write("cpu.cfs_period_us", PERIOD_US, span);
        write("cpu.cfs_quota_us", quota, span);
      } else write("cpu.max", `${quota} ${PERIOD_US}`, span);
    }
    if (requests.cpuMillis !== undefined) {
      const { value, span } = requests.cpuMillis;
      const shares = Math.min(262_144, Math.max(2, Math.floor(value * 1024 / 1000)));
      if (version === 1) write("cpu.shares", shares, span);
      else write("cpu.weight", 1 + Math.floor((shares - 2) * 9999 / 262_142), span);
    }
  }
  if (controllers.includes("pids") && limits.pids !== undefined) write("pids.max", limits.pids.value, limits.pids.span);
  return steps;
}
