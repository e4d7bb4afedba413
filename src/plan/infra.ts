/**
 * A pod's infra container: it holds the pod's network, IPC and UTS namespaces, and is the init of the PID namespace that all of the
 * pod's processes live in, so that its end is their end, whatever they do; the kernel sees to that.
 *
 * Sources: pid_namespaces(7), clone(2), prctl(2) PR_SET_PDEATHSIG.
 *
 * @module
 */

import type { Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { joinCgroups, openUnified } from "./cgroups.ts";
import type { CloneFlag } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";
import { resetSignals } from "./process.ts";
import { buildStage, STAGE } from "./stage.ts";

/** What every child of the runner begins with: on the runner's memory, which waits until the child has a program. */
export const CHILD: readonly CloneFlag[] = ["CLONE_VM", "CLONE_VFORK", "CLONE_PIDFD"];

/**
 * A stepping stone: a child that shares the runner's descriptors, does what the runner cannot do to itself (enter
 * namespaces), clones the process that matters with the runner as its parent, and ends.
 */
export const STONE: readonly CloneFlag[] = [...CHILD, "CLONE_FILES"];

/** infra runs as an unprivileged user, as the pause container does. */
const INFRA_USER = 65_535;

/** The namespaces of infra's that containers join. */
export function sharedNamespaces(pod: Pod): CloneFlag[] {
  return [
    ...(pod.hostNetwork.value ? [] : ["CLONE_NEWUTS", "CLONE_NEWNET"] as const),
    ...(pod.hostIPC.value ? [] : ["CLONE_NEWIPC"] as const),
  ];
}

/** The clone3 of a process that ends up with a program of its own, into its v2 cgroup where there is one. */
export function cloneInto(
  name: string,
  flags: readonly CloneFlag[],
  cgroup: boolean,
  span: Span,
  details: { readonly resume?: number } = {},
): Op {
  return op(
    "clone3",
    {
      args: {
        flags: cgroup ? [...flags, "CLONE_INTO_CGROUP"] : flags,
        pidfd: `${name}.pidfd`,
        ...(cgroup ? { cgroup: { slot: `${name}.cgroup` } } : {}),
      },
    },
    span,
    { enters: name, as: `${name}.pid`, ...details },
  );
}

/** Makes the stage and infra. Gives the slots `POD.mounts`, `POD.netlink`, `POD/infra.pidfd`, `POD/infra.pid`. */
export function startInfra(pod: Pod, host: HostFacts, cgroups: readonly CgroupDirectory[]): Op[] {
  const { span } = pod;
  const stone = `${pod.name} (stage)`;
  const infra = `${pod.name}/infra`;
  const unified = cgroups.some(({ version }) => version === 2);
  const guard = parentGuard(infra, span);
  const after = [...closeUnified(infra, unified, span), ...guard];
  return [
    ...openUnified(cgroups, `${infra}.cgroup`, span),
    op(
      "clone3",
      {
        args: {
          flags: [...STONE, "CLONE_CLEAR_SIGHAND", "CLONE_NEWNS", ...sharedNamespaces(pod)],
          pidfd: `${stone}.pidfd`,
        },
      },
      span,
      { enters: stone },
    ),
    ...joinCgroups(cgroups, span),
    op(
      "openat",
      { dirfd: "AT_FDCWD", path: "/proc/self/ns/mnt", flags: ["O_RDONLY", "O_CLOEXEC"], mode: 0 },
      span,
      { as: `${pod.name}.mounts`, why: "holds the stage" },
    ),
    ...buildStage(pod, host),
    ...network(pod),
    cloneInto(infra, infraFlags(pod), unified, span, { resume: infraProgram(pod, host).length }),
    ...infraProgram(pod, host),
    ...after,
  ];
}

function infraFlags(pod: Pod): CloneFlag[] {
  return [
    ...CHILD,
    "CLONE_PARENT",
    "CLONE_NEWNS",
    ...(pod.hostPID.value ? [] : ["CLONE_NEWPID"] as const),
  ];
}

function closeUnified(name: string, unified: boolean, span: Span): Op[] {
  return unified ? [op("close", { fd: { slot: `${name}.cgroup` } }, span)] : [];
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

/**
 * PDEATHSIG is not sent for a parent that was dead when it was armed. Its stepping stone, which has the same parent,
 * looks after that: is the parent still the runner, then the runner lived when the signal was armed.
 */
export function parentGuard(name: string, span: Span): Op[] {
  return [
    op("getppid", {}, span, { expect: { slot: "runner.pid" }, skip: 1, why: "the runner still lives" }),
    op("pidfd_send_signal", { pidfd: { slot: `${name}.pidfd` }, signal: "SIGKILL" }, span, {
      why: "else its death would go unnoticed",
    }),
  ];
}
