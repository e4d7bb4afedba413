/**
 * cgroup v2 allows no processes beside children that have controllers. In a container with a cgroup namespace of its own
 * the root has: they are moved to a leaf, as container engines inside containers do.
 *
 * Source: the kernel's Documentation/admin-guide/cgroup-v2.rst, "No Internal Process Constraint".
 *
 * @module
 */

import type { CgroupFacts } from "../plan/host.ts";
import { readCgroupFile, writeCgroupFile } from "./cgroup.ts";

/** The leaf that processes are moved to. */
const LEAF = "init";
/** Processes may be made while others are moved. */
const ROUNDS_MAX = 10;

/** Moves the processes of those hierarchies' bases that need it. */
export function evacuate(cgroup: CgroupFacts): void {
  for (const { base, evacuate: needed } of cgroup.hierarchies) {
    if (needed !== true) continue;
    Deno.mkdirSync(`${base}/${LEAF}`, { recursive: true });
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const pids = (readCgroupFile(`${base}/cgroup.procs`) ?? "").split("\n").filter((pid) => pid !== "");
      if (pids.length === 0) break;
      for (const pid of pids) writeCgroupFile(`${base}/${LEAF}/cgroup.procs`, pid);
    }
  }
}
