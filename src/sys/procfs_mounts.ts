/**
 * A process's mount table in the vocabulary of the subject `mounts` (`src/lab/facts.ts`).
 *
 * @module
 */

import { parseMountinfo } from "../plan/mountinfo.ts";

/** So many mounts are told; the kernel lets a mount namespace have 100000. */
const MOUNTS_MAX = 4096;

/** A mount. */
export type MountFacts = {
  readonly target: string;
  readonly type: string;
  readonly source: string;
  readonly root: string;
  readonly options: readonly string[];
  readonly superOptions: readonly string[];
  /** `private`, or what /proc/PID/mountinfo says, separated by commas: `shared:2,master:1`. */
  readonly propagation: string;
};

/** The mounts of /proc/PID/mountinfo, in its order: of those with one target the last is on top. */
export function parseMounts(mountinfo: string): MountFacts[] {
  return parseMountinfo(mountinfo).slice(0, MOUNTS_MAX).map((mount) => ({
    target: mount.target,
    type: mount.type,
    source: mount.source,
    root: mount.root,
    options: mount.options,
    superOptions: mount.superOptions,
    propagation: mount.propagation.length === 0 ? "private" : mount.propagation.join(","),
  }));
}
