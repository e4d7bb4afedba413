/**
 * Removes what killed runners have left: cgroup directories, and with `hostPID` processes in them. Their mounts, network
 * namespaces and files the kernel has already taken down with them.
 *
 * @module
 */

import { CGROUP_ROOT } from "../plan/cgroups.ts";
import type { Hierarchy, HostFacts } from "../plan/host.ts";
import { readCgroupFile, removeCgroup } from "./cgroup.ts";
import { Machine } from "./machine.ts";
import { isAlive } from "./run_name.ts";

/** More cgroups than any host has are not looked through. */
const CGROUPS_MAX = 50_000;

/** What was found and done. */
export interface Cleaned {
  /** Directories of runs whose runner is gone, removed. */
  readonly removed: readonly string[];
  /** Runs that are still going on: left alone. */
  readonly running: readonly string[];
  /** What could not be removed, with the reason. */
  readonly problems: readonly string[];
}

/**
 * Sweeps all that is to be seen of the host's cgroup hierarchies: runners that were started elsewhere, from another
 * session or service, had another base. Those of a PID namespace that cannot be seen from here are left alone.
 */
export async function clean(host: HostFacts): Promise<Cleaned> {
  await using machine = new Machine();
  return await sweep(machine, freezerFirst(host.cgroup.hierarchies).flatMap(({ base }) => findRoots(outermost(base))));
}

/** Sweeps where the runners of this host and place put their cgroups: cheap enough for each run. */
export async function cleanHere(machine: Machine, host: HostFacts): Promise<Cleaned> {
  return await sweep(machine, freezerFirst(host.cgroup.hierarchies).map(({ base }) => `${base}/${CGROUP_ROOT}`));
}

async function sweep(machine: Machine, roots: readonly string[]): Promise<Cleaned> {
  const removed: string[] = [];
  const problems: string[] = [];
  const running = new Set<string>();
  for (const root of roots) {
    for (const run of directories(root)) {
      const path = `${root}/${run}`;
      const alive = isAlive(run);
      if (alive === true) running.add(run);
      if (alive !== false) continue;
      const problem = await removeTree(machine, path);
      if (problem === undefined) removed.push(path);
      else problems.push(problem);
    }
    if (directories(root).length === 0) await removeCgroup(machine, root, false);
  }
  return { removed, running: [...running], problems };
}

/** Who is frozen by v1's freezer dies only when it is thawed, and until then stays in all hierarchies. */
function freezerFirst(hierarchies: readonly Hierarchy[]): Hierarchy[] {
  return hierarchies.toSorted((a, b) =>
    Number(b.controllers.includes("freezer")) - Number(a.controllers.includes("freezer"))
  );
}

/** The outermost directory above that is a cgroup: where the hierarchy is mounted. */
function outermost(base: string): string {
  for (let path = base;;) {
    const above = path.slice(0, path.lastIndexOf("/"));
    if (readCgroupFile(`${above}/cgroup.procs`) === undefined) return path;
    path = above;
  }
}

/** podlab's directories below a cgroup. */
function findRoots(root: string): string[] {
  const found: string[] = [];
  const pending = [root];
  for (let seen = 0; pending.length > 0 && seen < CGROUPS_MAX; seen++) {
    const path = pending.pop() ?? root;
    for (const name of directories(path)) (name === CGROUP_ROOT ? found : pending).push(`${path}/${name}`);
  }
  return found;
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
