/**
 * Counts what a run may leave on the machine, before and after. What belongs to another runner that is alive is not
 * counted: several may be at work.
 *
 * @module
 */

import assert from "node:assert/strict";
import { isAlive } from "../../src/run/run_name.ts";

/** What is there at a moment. */
export interface Snapshot {
  /** Processes in a cgroup of podlab's, and children of this process: `pid comm`. */
  readonly processes: readonly string[];
  /** This process's mount table. */
  readonly mounts: number;
  /** Directories of runs, in all hierarchies. */
  readonly cgroups: readonly string[];
  /** Network namespaces that a counted process holds. */
  readonly networkNamespaces: number;
  /** Open descriptors of this process, by what they are. */
  readonly descriptors: readonly string[];
  /** Files in the directory for temporary files that podlab has made. */
  readonly temporary: readonly string[];
}

/** Looks at the machine. */
export function snapshot(): Snapshot {
  const pids = [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) =>
    pid > 0 && pid !== Deno.pid && isOurs(pid)
  );
  return {
    processes: pids.map((pid) => `${pid} ${read(`/proc/${pid}/comm`).trim()}`),
    mounts: read("/proc/self/mountinfo").split("\n").length,
    cgroups: cgroups().filter((path) => !isOthers(path)),
    networkNamespaces: new Set(pids.map((pid) => link(`/proc/${pid}/ns/net`))).size,
    descriptors: descriptors(),
    temporary: [...Deno.readDirSync("/tmp")].map(({ name }) => name).filter((name) => name.startsWith("podlab")),
  };
}

/** Asserts that nothing is there that was not there before. */
export function assertNothingLeft(before: Snapshot, after: Snapshot = snapshot()): void {
  const more = (now: readonly string[], then: readonly string[]): string[] => now.filter((one) => !then.includes(one));
  assert.deepEqual({
    processes: more(after.processes, before.processes),
    mounts: Math.max(0, after.mounts - before.mounts),
    cgroups: more(after.cgroups, before.cgroups),
    networkNamespaces: Math.max(0, after.networkNamespaces - before.networkNamespaces),
    descriptors: after.descriptors.length <= before.descriptors.length
      ? []
      : more(after.descriptors, before.descriptors),
    temporary: more(after.temporary, before.temporary),
  }, { processes: [], mounts: 0, cgroups: [], networkNamespaces: 0, descriptors: [], temporary: [] });
}

/** The run directories of podlab's in each cgroup hierarchy. */
export function cgroups(): string[] {
  const roots = read("/proc/self/mountinfo").split("\n").filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  return roots.flatMap((root) => podlabDirectories(root, 4));
}

function podlabDirectories(directory: string, depth: number): string[] {
  if (depth === 0) return [];
  try {
    return [...Deno.readDirSync(directory)].filter(({ isDirectory }) => isDirectory).flatMap(({ name }) => {
      const path = `${directory}/${name}`;
      if (name !== "podlab") return podlabDirectories(path, depth - 1);
      const runs = [...Deno.readDirSync(path)].filter((entry) => entry.isDirectory).map((run) => `${path}/${run.name}`);
      // podlab's own directory is there as long as anyone's run is in it.
      return runs.length === 0 ? [path] : runs;
    });
  } catch {
    return [];
  }
}

/** A process of a pod, or a child of this process. One without a program has ended, and waits to be reaped by init. */
function isOurs(pid: number): boolean {
  if (link(`/proc/${pid}/exe`) === "") return false;
  const path = /\/podlab\/\S+/.exec(read(`/proc/${pid}/cgroup`))?.[0];
  if (path !== undefined) return !isOthers(path);
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]) === Deno.pid;
}

/** Whether a path below podlab's directory is a run of another runner, which is alive. */
function isOthers(path: string): boolean {
  const run = /\/podlab\/(\d+-\d+-\d+-\d+)/.exec(path)?.[1];
  return run !== undefined && !run.startsWith(`${Deno.pid}-`) && isAlive(run) === true;
}

function descriptors(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => link(`/proc/self/fd/${name}`)).filter((target) =>
    target !== ""
  );
}

function link(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
