/**
 * Removes what killed runners have left: cgroup directories, and with `hostPID` processes in them. Their mounts, network
 * namespaces and files the kernel has already taken down with them.
 *
 * @module
 */

import { CGROUP_ROOT } from "../plan/cgroups.ts";
import type { Hierarchy, HostFacts } from "../plan/host.ts";
import { removeCgroup } from "./cgroup.ts";
import { Machine } from "./machine.ts";
import { isAlive } from "./run_name.ts";

/** What was found and done. */
export interface Cleaned {
  /** Directories of runs whose runner is gone, removed. */
  readonly removed: readonly string[];
  /** Runs that are still going on: left alone. */
  readonly running: readonly string[];
  /** What could not be removed, with the reason. */
  readonly problems: readonly string[];
}

/** Sweeps podlab's directory in each of the host's cgroup hierarchies. */
export async function clean(host: HostFacts): Promise<Cleaned> {
  await using machine = new Machine();
  return await sweep(machine, host);
}

/** The same with a machine that is at hand. */
export async function sweep(machine: Machine, host: HostFacts): Promise<Cleaned> {
  const removed: string[] = [];
  const problems: string[] = [];
  const running = new Set<string>();
  for (const { base } of freezerFirst(host.cgroup.hierarchies)) {
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

/** Who is frozen by v1's freezer dies only when it is thawed, and until then stays in all hierarchies. */
function freezerFirst(hierarchies: readonly Hierarchy[]): Hierarchy[] {
  return hierarchies.toSorted((a, b) =>
    Number(b.controllers.includes("freezer")) - Number(a.controllers.includes("freezer"))
  );
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
