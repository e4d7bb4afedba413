/**
 * What a process gets rid of and is given just before its program: signals, descriptors, limits, identity,
 * capabilities.
 *
 * Sources: execve(2), capabilities(7), credentials(7); containerd's default capabilities and environment.
 *
 * @module
 */

import type { Container } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { CAPABILITIES, type CapabilityName } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";

/** containerd's `defaultUnixCaps`. */
export const DEFAULT_CAPABILITIES: readonly CapabilityName[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** containerd's default. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a program needs to be started in a container. */
export interface Start {
  readonly command: readonly string[];
  readonly span: Span;
  /** Slots of the descriptors that become 0, 1 and 2. */
  readonly stdio: readonly [string, string, string];
}

/** The container's environment: what every container has, then its own; `NAME=VALUE`. */
export function environment(container: Container, hostname: string): string[] {
  const home = (container.security.runAsUser?.value ?? 0) === 0 ? "/root" : "/";
  const variables = new Map([["PATH", DEFAULT_PATH], ["HOSTNAME", hostname], ["HOME", home]]);
  for (const { name, value } of container.env) variables.set(name, value);
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** The capabilities of a container: the default ones, what is added, without what is dropped; all for a privileged one. */
export function capabilitiesOf({ security }: Container, host: HostFacts): readonly CapabilityName[] {
  const known = CAPABILITIES.slice(0, host.lastCapability + 1);
  if (security.privileged.value) return known;
  const { capabilitiesAdd, capabilitiesDrop } = security;
  const add = capabilitiesAdd.map(({ value }) => value);
  const drop = capabilitiesDrop.map(({ value }) => value);
  return known.filter((name) =>
    add.includes(name) ||
    (!drop.includes(name) && (add.includes("ALL") || (!drop.includes("ALL") && DEFAULT_CAPABILITIES.includes(name))))
  );
}

/** The last steps before a program: everything from descriptors to execve. */
export function becomeProgram(container: Container, host: HostFacts, env: readonly string[], start: Start): Op[] {
  const { span, security } = container;
  return [
    ...standardStreams(start.stdio, security.runAsUser?.value ?? 0, security.runAsGroup?.value ?? 0, span),
    ...resourceLimits(host, span),
    op("umask", { mask: 0o022 }, span),
    ...identity(container, host),
    ...resetSignals(host, span),
    op("close_range", { first: 3, last: 0xffff_ffff, flags: ["CLOSE_RANGE_CLOEXEC"] }, span, { tolerate: "EINVAL" }),
    op("rt_sigprocmask", { how: 2, set: "none" }, span, { why: "SIG_SETMASK" }),
    ...execute(start.command, env, start.span),
  ];
}

/** Signals that the runner ignores would stay ignored: a shell's pipeline needs its SIGPIPE. */
export function resetSignals(host: HostFacts, span: Span): Op[] {
  return host.ignoredSignals.map((signal) => op("rt_sigaction", { signal, action: "SIG_DFL" }, span));
}

/** Puts the descriptors at 0, 1 and 2; as their owner the container's user may open /dev/stdout again. */
export function standardStreams(stdio: Start["stdio"], uid: number, gid: number, span: Span): Op[] {
  return [
    ...stdio.map((slot, number) => op("dup3", { from: { slot }, to: number, flags: [] }, span)),
    ...(uid === 0 && gid === 0 ? [] : [1, 2].map((fd) => op("fchown", { fd, uid, gid }, span))),
  ];
}

/** What containers are commonly given: no core dumps, and a soft limit of open files that programs with select(2) bear. */
function resourceLimits(host: HostFacts, span: Span): Op[] {
  const hard = host.nofileHard;
  return [
    op("prlimit64", { pid: 0, resource: "RLIMIT_CORE", limit: { soft: 0, hard: 0 } }, span),
    op("prlimit64", { pid: 0, resource: "RLIMIT_NOFILE", limit: { soft: Math.min(1024, hard), hard } }, span),
  ];
}

/** The bounding set first, as dropping from it asks for SETPCAP; then ids; then what is left of the capabilities. */
function identity(container: Container, host: HostFacts): Op[] {
  const { span, security } = container;
  const kept = capabilitiesOf(container, host);
  const dropped = CAPABILITIES.slice(0, host.lastCapability + 1).filter((name) => !kept.includes(name));
  const uid = security.runAsUser?.value ?? 0;
  const gid = security.runAsGroup?.value ?? 0;
  const effective = kept.filter((name) => host.capabilities.includes(name));
  const userSpan = security.runAsUser?.span ?? span;
  const groupSpan = security.runAsGroup?.span ?? span;
  return [
    ...dropped.map((name) => op("prctl", { option: "PR_CAPBSET_DROP", value: name }, span)),
    op("setgroups", { count: 1, list: [gid] }, groupSpan),
    op("setresgid", { real: gid, effective: gid, saved: gid }, groupSpan),
    op("setresuid", { real: uid, effective: uid, saved: uid }, userSpan),
    // The change from 0 to another uid has emptied the permitted set, so there is nothing left to keep.
    op(
      "capset",
      {
        capabilities: uid === 0
          ? { effective, permitted: effective, inheritable: [] }
          : { effective: [], permitted: [], inheritable: [] },
      },
      span,
    ),
    ...(security.allowPrivilegeEscalation.value
      ? []
      : [op("prctl", { option: "PR_SET_NO_NEW_PRIVS", value: 1 }, security.allowPrivilegeEscalation.span)]),
  ];
}

/** execve, in each directory of PATH in turn as execvp(3) does where the name has no slash. */
export function execute(command: readonly string[], env: readonly string[], span: Span): Op[] {
  const program = command[0] ?? "";
  const path = env.findLast((variable) => variable.startsWith("PATH="))?.slice("PATH=".length) ?? DEFAULT_PATH;
  const candidates = program.includes("/")
    ? [program]
    : path.split(":").map((directory) => `${directory || "."}/${program}`);
  return candidates.map((candidate, index) => {
    const last = index === candidates.length - 1;
    return op("execve", { path: candidate, argv: command, envp: env }, span, last ? {} : { tolerate: "ENOENT" });
  });
}
