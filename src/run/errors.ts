/**
 * A failed step as a sentence that a user can act on.
 *
 * @module
 */

import type { RunError } from "../match/events.ts";
import { describe } from "../plan/describe.ts";
import type { Op } from "../plan/op.ts";
import { errnoName, errnoText } from "../sys/errno.ts";

/** Ends a run, a pod or a look with what is known of the failure. */
export class RunFailure extends Error {
  override readonly name = "RunFailure";

  constructor(readonly error: RunError) {
    super(error.message);
  }
}

/** A failed system call. */
export function stepFailed(step: Op, process: string, errno: number): RunFailure {
  const call = describe(step);
  const name = errnoName(errno);
  const hint = HINTS[`${step.call} ${name}`] ?? HINTS[name];
  return new RunFailure({
    kind: "failed",
    message: `${call} failed: ${name} (${errnoText(errno)})`,
    call,
    process,
    errno: name,
    span: step.span,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Real causes, where the kernel's word for them misleads. */
const HINTS: Readonly<Record<string, string>> = {
  "mount EPERM":
    "a container without CAP_SYS_ADMIN, or a seccomp or AppArmor profile, forbids mounting; run it privileged",
  "mount EINVAL": "this file system cannot be an overlay's layer here; two levels of overlay are the kernel's limit",
  "mount ENODEV": "the kernel has no such file system; load its module",
  "mount ELOOP": "an overlay's directories may not contain each other",
  "clone3 ENOSPC": "a limit of namespaces is reached: /proc/sys/user/max_*_namespaces",
  "clone3 EPERM": "making namespaces asks for root; in a container, run it privileged",
  "clone3 EAGAIN":
    "a limit of processes is reached: ulimit -u, pids.max of podlab's own cgroup, /proc/sys/kernel/pid_max",
  "clone3 ENOMEM": "the pod's infra container has ended, or memory is short",
  "unshare EINVAL": "the kernel lacks this kind of namespace",
  "setns ESRCH": "the process whose namespaces were to be joined has ended",
  "openat2 EXDEV": "the path leads out of the volume",
  "openat2 ENOSYS": "podlab asks for Linux 5.6 or later",
  "move_mount ENOSYS": "podlab asks for Linux 5.2 or later",
  "mount_setattr ENOSYS": "read-only volumes ask for Linux 5.12 or later",
  "write EBUSY":
    "cgroup v2: a cgroup with processes of its own hands no controllers down; podlab's own cgroup could not be emptied",
  "EMFILE": "the limit of open files is reached: ulimit -n",
  "ENFILE": "the system's limit of open files is reached: /proc/sys/fs/file-max",
  "ENOSPC": "a limit is reached: of the file system, of cgroups (cgroup.max.descendants), or of namespaces",
  "EROFS": "the file system is read-only: in a container, mount /sys/fs/cgroup writable",
  "ENOMEM": "memory is short, or the limit of podlab's own cgroup is reached",
};
