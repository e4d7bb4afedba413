/**
 * cgroup directories of a running lab: reading, freezing, ending everyone in them, removing.
 *
 * @module
 */

import type { CgroupDirectory } from "../plan/plan.ts";
import { errnoName } from "../sys/errno.ts";
import { Memory } from "../sys/memory.ts";
import type { Machine } from "./machine.ts";

const AT_FDCWD = -100;
const AT_REMOVEDIR = 0x200;
const SIGKILL = 9;
const EBUSY = -16;
const ENOENT = -2;
const REMOVE_DEADLINE_MS = 5000;
/** A process that forks faster than it is found is killed with the whole cgroup. */
const ROUNDS_MAX = 64;

/** A file of a cgroup; `undefined` where the kernel has none. */
export function readCgroupFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Writes to a file of a cgroup; whether it was taken. */
export function writeCgroupFile(path: string, value: string): boolean {
  try {
    Deno.writeTextFileSync(path, value, { create: false });
    return true;
  } catch {
    return false;
  }
}

/** Kills everyone in a cgroup: at once where the kernel can (v2, cgroup.kill), else one by one. */
export function killCgroup(machine: Machine, path: string): void {
  if (writeCgroupFile(`${path}/cgroup.kill`, "1")) return;
  for (const pid of (readCgroupFile(`${path}/cgroup.procs`) ?? "").split("\n").map(Number)) {
    if (pid > 0) killByPid(machine, path, pid);
  }
  thawKilled(path);
}

/**
 * Kills everyone in a cgroup that is to be used again. Not by `cgroup.kill`: kernels with "cgroup: fix race between fork
 * and cgroup.kill" (seen on 6.18) compare the cgroup's count of kills with that of the cloning process's own cgroup, and
 * kill whoever is cloned into it (CLONE_INTO_CGROUP) ever after.
 */
export function killMembers(machine: Machine, path: string): void {
  const killed = new Set<number>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = (readCgroupFile(`${path}/cgroup.procs`) ?? "").split("\n").map(Number)
      .filter((pid) => pid > 0 && !killed.has(pid));
    // Who has a SIGKILL pending forks no more, so all that is left to find are children from before.
    if (found.length === 0) return;
    for (const pid of found) {
      killByPid(machine, path, pid);
      killed.add(pid);
    }
  }
  killCgroup(machine, path);
}

/** A pid may be taken by another process by now, so it is pinned by a pidfd and looked for again before it is killed. */
function killByPid(machine: Machine, path: string, pid: number): void {
  const pidfd = machine.kernel.call("pidfd_open", pid, 0);
  if (pidfd < 0) return;
  const still = (readCgroupFile(`${path}/cgroup.procs`) ?? "").split("\n").includes(String(pid));
  if (still) machine.kernel.call("pidfd_send_signal", pidfd, SIGKILL, 0, 0);
  machine.kernel.call("close", pidfd);
}

/**
 * Removes a cgroup directory. One that still has members (EBUSY) is emptied, and tried again until it is, for at most 5
 * seconds.
 *
 * @param patient Whether to do so; without it, one that is in use is left alone.
 * @returns Why it could not be removed; `undefined` when it is gone.
 */
export async function removeCgroup(machine: Machine, path: string, patient = true): Promise<string | undefined> {
  const text = Memory.text(path);
  const deadline = performance.now() + REMOVE_DEADLINE_MS;
  for (let wait = 1;; wait = Math.min(wait * 2, 50)) {
    const result = machine.kernel.call("unlinkat", AT_FDCWD, text.address, AT_REMOVEDIR);
    if (result === 0 || result === ENOENT) return undefined;
    if (result !== EBUSY || !patient || performance.now() > deadline) {
      return `Cannot remove the cgroup ${path}: ${errnoName(-result)}`;
    }
    killCgroup(machine, path);
    await machine.reactor.sleep(wait);
  }
}

/** Lets those die who were killed while they were frozen: v2 does that itself, v1's freezer keeps them. */
export function thawKilled(path: string): void {
  writeCgroupFile(`${path}/freezer.state`, "THAWED");
}

/** Whether someone who came into these cgroups would stand still at once. */
export function isFrozen(directories: readonly CgroupDirectory[]): boolean {
  const says = (path: string, pattern: RegExp): boolean => pattern.test(readCgroupFile(path) ?? "");
  return directories.some(({ version, controllers, path }) =>
    version === 2
      ? says(`${path}/cgroup.freeze`, /^1/) || says(`${path}/cgroup.events`, /^frozen 1$/m)
      : controllers.includes("freezer") && says(`${path}/freezer.state`, /^F/)
  );
}

/** Freezes or thaws everyone in a container's cgroups (v2 cgroup.freeze, v1 freezer.state); whether the host can. */
export function setFrozen(directories: readonly CgroupDirectory[], frozen: boolean): boolean {
  return directories.some(({ version, controllers, path }) =>
    version === 2
      ? writeCgroupFile(`${path}/cgroup.freeze`, frozen ? "1" : "0")
      : controllers.includes("freezer") && writeCgroupFile(`${path}/freezer.state`, frozen ? "FROZEN" : "THAWED")
  );
}
