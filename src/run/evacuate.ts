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
import { RunFailure } from "./errors.ts";

/** The leaf that processes are moved to. */
const LEAF = "init";
/** Processes may be made while others are moved. */
const ROUNDS_MAX = 10;

/**
 * Moves the processes of those hierarchies' bases that need it. Whoever cannot be moved is in the way of the plan's first
 * step, which says so (EBUSY).
 *
 * @throws {RunFailure} If the leaf cannot be made.
 */
export function evacuate(cgroup: CgroupFacts): void {
  for (const { base, evacuate: needed } of cgroup.hierarchies) {
    if (needed !== true) continue;
    makeLeaf(`${base}/${LEAF}`);
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const pids = (readCgroupFile(`${base}/cgroup.procs`) ?? "").split("\n").filter((pid) => pid !== "");
      if (pids.length === 0) break;
      for (const pid of pids) writeCgroupFile(`${base}/${LEAF}/cgroup.procs`, pid);
    }
  }
}

function makeLeaf(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunFailure({
      kind: "unsupported",
      message: `Cannot make the cgroup ${path} for the processes that are in the way: ${reason}`,
      hint: "run podlab in a cgroup that it may write to; podlab doctor says more",
    });
  }
}
