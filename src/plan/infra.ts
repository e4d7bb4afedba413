/**
 * A pod's infra container: it holds the pod's network, IPC and UTS namespaces, and is the init of the PID namespace that all of the
 * pod's processes live in, so that its end is their end, whatever they do; the kernel sees to that.
 *
 * Sources: pid_namespaces(7), clone(2), prctl(2) PR_SET_PDEATHSIG.
 *
 * @module
 */

import type { Pod } from "../lab/lab.ts";
import { chain, cloneProgram, cloneStone, parentGuard } from "./clone.ts";
import type { CloneFlag } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";
import { resetSignals } from "./process.ts";
import { buildStage, STAGE } from "./stage.ts";

/** infra runs as an unprivileged user, as the pause container does. */
const INFRA_USER = 65_535;

/** The namespaces of infra's that containers join. */
export function sharedNamespaces(pod: Pod): CloneFlag[] {
  return [
    ...(pod.hostNetwork.value ? [] : ["CLONE_NEWUTS", "CLONE_NEWNET"] as const),
    ...(pod.hostIPC.value ? [] : ["CLONE_NEWIPC"] as const),
  ];
}

/** Makes the stage and infra. Gives the slots `POD.mounts`, `POD.netlink`, `POD/infra.pidfd`, `POD/infra.pid`. */
export function startInfra(pod: Pod, host: HostFacts, cgroups: readonly CgroupDirectory[]): Op[] {
  const { span } = pod;
  const infra = `${pod.name}/infra`;
  const flags: CloneFlag[] = ["CLONE_NEWNS", ...(pod.hostPID.value ? [] : ["CLONE_NEWPID"] as const)];
  const cloned = cloneProgram(
    infra,
    flags,
    cgroups,
    { program: infraProgram(pod, host), after: parentGuard(infra, span) },
    { host, span },
  );
  const stone = `${pod.name} (stage)`;
  return [
    ...cloned.before,
    ...chain([stone], [
      ...cloneStone(stone, ["CLONE_NEWNS", ...sharedNamespaces(pod)], { host, span }),
      ...cloned.enter,
      op(
        "openat",
        { dirfd: "AT_FDCWD", path: "/proc/self/ns/mnt", flags: ["O_RDONLY", "O_CLOEXEC"], mode: 0 },
        span,
        { as: `${pod.name}.mounts`, why: "holds the stage" },
      ),
      ...buildStage(pod, host),
      ...network(pod),
      ...cloned.steps,
    ], span),
  ];
}

/** The host name, and a socket by which the runner can speak to the new network namespace without entering it. */
function network(pod: Pod): Op[] {
  if (pod.hostNetwork.value) return [];
  return [
    op("sethostname", { name: pod.hostname.value }, pod.hostname.span),
    op(
      "socket",
      { domain: "AF_NETLINK", type: ["SOCK_RAW", "SOCK_CLOEXEC", "SOCK_NONBLOCK"], protocol: 0 },
      pod.span,
      { as: `${pod.name}.netlink`, why: "NETLINK_ROUTE" },
    ),
  ];
}

/** What infra does: an empty root, nothing open, nobody, ends with the runner, waits. */
function infraProgram(pod: Pod, host: HostFacts): Op[] {
  const { span } = pod;
  return [
    op("setsid", {}, span),
    op("mount", {
      source: "tmpfs",
      target: STAGE.void,
      type: "tmpfs",
      flags: ["MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC"],
      data: "size=4k,mode=555",
    }, span),
    op("chdir", { path: STAGE.void }, span),
    op("pivot_root", { root: ".", old: "." }, span),
    op("umount2", { target: ".", flags: ["MNT_DETACH"] }, span),
    ...[0, 1, 2].map((fd) => op("dup3", { from: { slot: "null" }, to: fd, flags: [] }, span)),
    ...resetSignals(host, span),
    op("rt_sigaction", { signal: "SIGCHLD", action: "SIG_IGN" }, span, {
      why: "the kernel reaps what is left to this init",
    }),
    op("setgroups", { count: 0, list: [] }, span),
    op("setresgid", { real: INFRA_USER, effective: INFRA_USER, saved: INFRA_USER }, span),
    op("setresuid", { real: INFRA_USER, effective: INFRA_USER, saved: INFRA_USER }, span),
    op("prctl", { option: "PR_SET_NO_NEW_PRIVS", value: 1 }, span),
    // After the change of user, which would clear it.
    op("prctl", { option: "PR_SET_PDEATHSIG", value: "SIGKILL" }, span, { why: "the pod ends with the runner" }),
    op("close_range", { first: 3, last: 0xffff_ffff, flags: ["CLOSE_RANGE_CLOEXEC"] }, span, { tolerate: "EINVAL" }),
    op("rt_sigprocmask", { how: 2, set: "none" }, span, { why: "SIG_SETMASK" }),
    op("execveat", {
      dirfd: { slot: "infra" },
      path: "",
      argv: ["infra"],
      envp: [],
      flags: ["AT_EMPTY_PATH"],
    }, span),
  ];
}
