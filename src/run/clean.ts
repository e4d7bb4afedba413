/**
 * Removes what killed runners have left: cgroup directories, and with `hostPID` processes in them. Their mounts, network
 * namespaces and files the kernel has already taken down with them.
 *
 * @module
 */

import { CGROUP_ROOT } from "../plan/cgroups.ts";
import type { Hierarchy, HostFacts } from "../plan/host.ts";
import { parseMountinfo } from "../plan/mountinfo.ts";
import { readCgroupFile, removeCgroup } from "./cgroup.ts";
import { Machine } from "./machine.ts";
import { isAlive } from "./run_name.ts";

/** How deep below a hierarchy's root podlab's directories are looked for. */
const DEPTH_MAX = 8;

/** What was found and done. */
export interface Cleaned {
  /** Directories of runs whose runner is gone, removed. */
  readonly removed: readonly string[];
  /** Runs that are still going on: left alone. */
  readonly running: readonly string[];
  /** What could not be removed, with the reason. */
  readonly problems: readonly string[];
}

/** Sweeps all cgroup hierarchies that this process sees. */
export async function clean(host: HostFacts): Promise<Cleaned> {
  await using machine = new Machine();
  const own = await sweep(machine, host);
  const elsewhere = await sweepEmpty(machine, host);
  return { ...own, removed: [...own.removed, ...elsewhere] };
}

/** Sweeps podlab's directory where this process's runs go: in each hierarchy one. */
export async function sweep(machine: Machine, host: HostFacts): Promise<Cleaned> {
  const removed: string[] = [];
  const problems: string[] = [];
  const running = new Set<string>();
  for (const { base } of host.cgroup.hierarchies) {
    const root = `${base}/${CGROUP_ROOT}`;
    for (const run of directories(root)) {
      const alive = isAlive(run);
      if (alive === true) running.add(run);
      if (alive !== false) continue;
      const problem = await removeTree(machine, `${root}/${run}`);
      if (problem === undefined) removed.push(`${root}/${run}`);
      else problems.push(problem);
    }
    if (directories(root).length === 0) await removeCgroup(machine, root, false);
  }
  return { removed, running: [...running], problems };
}

/**
 * Sweeps what runners of other cgroups have left. Whether a runner in another PID namespace is alive cannot be told from
 * its name, so only directories without any process go, and nobody is killed.
 */
async function sweepEmpty(machine: Machine, host: HostFacts): Promise<string[]> {
  const own = new Set(host.cgroup.hierarchies.map(({ base }) => `${base}/${CGROUP_ROOT}`));
  const mounts = parseMountinfo(Deno.readTextFileSync("/proc/self/mountinfo"));
  const removed: string[] = [];
  for (const { target } of mounts.filter(({ type }) => type === "cgroup" || type === "cgroup2")) {
    for (const root of rootsBelow(target, DEPTH_MAX)) {
      if (own.has(root)) continue;
      for (const run of directories(root)) {
        if (isAlive(run) !== false || !isEmpty(`${root}/${run}`)) continue;
        if (await removeTree(machine, `${root}/${run}`) === undefined) removed.push(`${root}/${run}`);
      }
      if (directories(root).length === 0) await removeCgroup(machine, root, false);
    }
  }
  return removed;
}

/** Directories of podlab's below a cgroup. */
function rootsBelow(path: string, depth: number): string[] {
  if (depth === 0) return [];
  return directories(path).flatMap((name) =>
    name === CGROUP_ROOT ? [`${path}/${name}`] : rootsBelow(`${path}/${name}`, depth - 1)
  );
}

function isEmpty(path: string): boolean {
  return (readCgroupFile(`${path}/cgroup.procs`) ?? "") === "" &&
    directories(path).every((child) => isEmpty(`${path}/${child}`));
}

/** Removes a cgroup and those below it, the innermost first; who is still in one is killed. */
async function removeTree(machine: Machine, path: string): Promise<string | undefined> {
  for (const child of directories(path)) {
    const problem = await removeTree(machine, `${path}/${child}`);
    if (problem !== undefined) return problem;
  }
  return await removeCgroup(machine, path);
}

function directories(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  } catch {
    return [];
  }
}
