/**
 * The cgroup set-up of the host, found out from what procfs and the cgroup file systems say.
 *
 * Sources: cgroups(7), cgroup_namespaces(7); the kernel's Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
 *
 * @module
 */

import { type CgroupMembership, parseCgroupMemberships } from "./cgroup_membership.ts";
import { probeUnified, type Unified } from "./cgroup_unified.ts";
import type { CgroupFacts, Controller, Hierarchy } from "./host.ts";
import { isReadOnly, type Mount, parseMountinfo, pathInMount } from "./mountinfo.ts";

/** What {@linkcode probeCgroups} looks at. */
export interface CgroupTexts {
  /** /proc/self/cgroup */
  readonly selfCgroup: string;
  /** /proc/self/mountinfo */
  readonly mountinfo: string;
  /** A file's content; `undefined` where it cannot be read. */
  readonly read: (path: string) => string | undefined;
}

/** Those that podlab limits or counts with; on v2 `cpuacct` is a part of every cgroup's `cpu.stat`. */
const WANTED: readonly Controller[] = ["cpu", "cpuacct", "memory", "pids"];

/** All that the facts have a name for, in the order that hierarchies name them in. */
const KNOWN: readonly Controller[] = [...WANTED, "freezer", "cpuset"];

/** Where podlab's cgroups can go, and why not, for each controller. */
export function probeCgroups({ selfCgroup, mountinfo, read }: CgroupTexts): CgroupFacts {
  const memberships = parseCgroupMemberships(selfCgroup);
  const mounts = visible(parseMountinfo(mountinfo));
  const own = memberships.find(({ version }) => version === 2)?.path;
  const unified = probeUnified(mounts.filter(({ type }) => type === "cgroup2"), own, read);
  // v2 freezes every cgroup by cgroup.freeze, whatever its controllers.
  const wanted = unified.hierarchy === undefined ? [...WANTED, "freezer" as const] : WANTED;
  const v1 = probeV1(wanted, mounts, memberships, read);
  const hierarchies = [...v1, ...(unified.hierarchy === undefined ? [] : [unified.hierarchy])];
  return {
    layout: layout(mounts),
    hierarchies,
    swap: unified.swap || v1.some(({ base }) => read(`${base}/memory.memsw.limit_in_bytes`) !== undefined),
    missing: missing(wanted, hierarchies, (controller) => reason(controller, mounts, memberships, unified)),
  };
}

/** The mounts that are on top at their mount points. */
function visible(mounts: readonly Mount[]): Mount[] {
  const last = new Map(mounts.map((mount) => [mount.target, mount]));
  return mounts.filter((mount) => last.get(mount.target) === mount);
}

function layout(mounts: readonly Mount[]): CgroupFacts["layout"] {
  const v1 = mounts.some((mount) => KNOWN.some((controller) => offers(mount, controller)));
  const v2 = mounts.some(({ type }) => type === "cgroup2");
  if (v1) return v2 ? "hybrid" : "v1";
  return v2 ? "v2" : "none";
}

/** Whether a mount is the v1 hierarchy of a controller. */
function offers({ type, superOptions }: Mount, controller: Controller): boolean {
  return type === "cgroup" && superOptions.includes(controller);
}

/** The mount of a controller's v1 hierarchy; of several one that can be written to. */
function mountOf(controller: Controller, mounts: readonly Mount[]): Mount | undefined {
  const candidates = mounts.filter((mount) => offers(mount, controller));
  return candidates.find((mount) => !isReadOnly(mount)) ?? candidates[0];
}

/** The v1 hierarchies of some controllers, each once, in the controllers' order. */
function probeV1(
  wanted: readonly Controller[],
  mounts: readonly Mount[],
  memberships: readonly CgroupMembership[],
  read: CgroupTexts["read"],
): Hierarchy[] {
  const used = new Set<Controller>();
  return wanted.flatMap((controller): Hierarchy[] => {
    const mount = used.has(controller) ? undefined : mountOf(controller, mounts);
    if (mount === undefined || isReadOnly(mount)) return [];
    const own = memberships.find(({ controllers }) => controllers.includes(controller))?.path;
    const controllers = KNOWN.filter((name) => offers(mount, name));
    for (const name of controllers) used.add(name);
    return [{ version: 1, controllers, base: baseOf(mount, own, read), enable: [] }];
  });
}

/** The own cgroup's directory, or the mount's where that one is not to be seen. */
function baseOf(mount: Mount, own: string | undefined, read: CgroupTexts["read"]): string {
  const base = (own === undefined ? undefined : pathInMount(mount, own)) ?? mount.target;
  return read(`${base}/cgroup.procs`) === undefined ? mount.target : base;
}

function missing(
  wanted: readonly Controller[],
  hierarchies: readonly Hierarchy[],
  reasonOf: (controller: Controller) => string,
): CgroupFacts["missing"] {
  const unified = hierarchies.some(({ version }) => version === 2);
  const there = new Set(hierarchies.flatMap(({ controllers }) => controllers));
  const lacking = wanted.filter((controller) => !there.has(controller) && !(unified && controller === "cpuacct"));
  return Object.fromEntries(lacking.map((controller) => [controller, reasonOf(controller)]));
}

/** Why a controller cannot be used. */
function reason(
  controller: Controller,
  mounts: readonly Mount[],
  memberships: readonly CgroupMembership[],
  unified: Unified,
): string {
  const mount = mountOf(controller, mounts);
  if (mount !== undefined) return `mounted read-only at ${mount.target}`;
  if (memberships.some(({ controllers }) => controllers.includes(controller))) return "not mounted";
  return unified.lack;
}
