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
 * session or service, had another base. Whether such a runner, if it is in another PID namespace, is alive cannot be told from its name,
 * so there only directories without any process go, and nobody is killed.
 */
export async function clean(host: HostFacts): Promise<Cleaned> {
  await using machine = new Machine();
  const here = await cleanHere(machine, host);
  const own = ownRoots(host);
  const elsewhere = freezerFirst(host.cgroup.hierarchies).flatMap(({ base }) => findRoots(outermost(base)));
  const there = await sweep(machine, elsewhere.filter((root) => !own.includes(root)), isEmpty);
  return {
    removed: [...here.removed, ...there.removed],
    running: [...new Set([...here.running, ...there.running])],
    problems: [...here.problems, ...there.problems],
  };
}

/** Sweeps where the runners of this host and place put their cgroups: cheap enough for each run. */
export async function cleanHere(machine: Machine, host: HostFacts): Promise<Cleaned> {
  return await sweep(machine, ownRoots(host), () => true);
}

function ownRoots(host: HostFacts): string[] {
  return freezerFirst(host.cgroup.hierarchies).map(({ base }) => `${base}/${CGROUP_ROOT}`);
}

async function sweep(machine: Machine, roots: readonly string[], may: (path: string) => boolean): Promise<Cleaned> {
  const removed: string[] = [];
  const problems: string[] = [];
  const running = new Set<string>();
  for (const root of roots) {
    for (const run of directories(root)) {
      const path = `${root}/${run}`;
      const alive = isAlive(run);
      if (alive === true) running.add(run);
      if (alive !== false || !may(path)) continue;
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
