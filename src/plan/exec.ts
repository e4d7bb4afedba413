/**
 * Things that happen in a container or a pod after it was started: a command, a socket, a descriptor.
 *
 * @module
 */

import type { Container, Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { chain, cloneProgram, cloneStone, type Place } from "./clone.ts";
import type { CloneFlag, SocketDomain, SocketType } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { sharedNamespaces } from "./infra.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";
import { becomeProgram, environment, type Start } from "./process.ts";

/** A command to run in a container. */
export interface Exec {
  /** Names its slots: `ID.pidfd`, `ID.stdin`, `ID.stdout`, `ID.stderr`. */
  readonly id: string;
  readonly command: readonly string[];
  readonly span: Span;
  /** A terminal in the container's devpts becomes its controlling terminal and its three streams; slot `ID.tty`. */
  readonly tty?: boolean;
}

/** TIOCSCTTY of tty_ioctl(4). */
const TIOCSCTTY = 0x540e;

/**
 * Runs a command in a container: joins its cgroups, then its namespaces, then is what the container's program was made.
 * With `hostPID` or a shared PID namespace the container's pidfd stands for those as well.
 */
export function execInContainer(
  pod: Pod,
  container: Container,
  host: HostFacts,
  cgroups: readonly CgroupDirectory[],
  exec: Exec,
): Op[] {
  const { span } = exec;
  const place = { host, span };
  const target = `${pod.name}/${container.name}`;
  const stdio: Start["stdio"] = exec.tty === true
    ? [`${exec.id}.tty`, `${exec.id}.tty`, `${exec.id}.tty`]
    : [`${exec.id}.stdin`, `${exec.id}.stdout`, `${exec.id}.stderr`];
  const env = environment(container, pod.hostNetwork.value ? host.hostname : pod.hostname.value);
  const environ = exec.tty === true && !env.some((variable) => variable.startsWith("TERM="))
    ? [...env, "TERM=xterm"]
    : env;
  const steps = [
    op("setsid", {}, span),
    ...workingDirectory(container),
    ...becomeProgram(container, host, environ, { command: exec.command, span, stdio }),
  ];
  const program = exec.tty === true ? withTerminal(steps, span) : steps;
  const cloned = cloneProgram(exec.id, [], cgroups, { program, after: [] }, place);
  const stone = `${exec.id} (stone)`;
  return [
    ...cloned.before,
    ...chain([stone], [
      ...cloneStone(stone, [], place),
      ...cloned.enter,
      op("setns", { fd: { slot: `${target}.pidfd` }, type: joined(pod) }, span),
      ...cloned.steps,
    ], span),
  ];
}

function joined(pod: Pod): CloneFlag[] {
  return [
    "CLONE_NEWNS",
    "CLONE_NEWCGROUP",
    ...(pod.hostPID.value ? [] : ["CLONE_NEWPID"] as const),
    ...sharedNamespaces(pod),
  ];
}

/** A session leader without a terminal takes the one that is now its standard input. */
function withTerminal(program: Op[], span: Span): Op[] {
  const after = program.findLastIndex(({ call }) => call === "dup3") + 1;
  return program.toSpliced(after, 0, op("ioctl", { fd: 0, request: TIOCSCTTY, value: 0 }, span, { why: "TIOCSCTTY" }));
}

/** setns(2) to a mount namespace has led to its root. */
function workingDirectory({ workingDir }: Container): Op[] {
  return workingDir === undefined ? [] : [op("chdir", { path: workingDir.value }, workingDir.span)];
}

/** A socket of a pod's network namespace in the runner's hands: a socket belongs to the namespace that it was made in. */
export function socketInPod(
  id: string,
  pidfd: string,
  socket: { readonly domain: SocketDomain; readonly type: readonly SocketType[] },
  place: Place,
): Op[] {
  const { span } = place;
  return visit(id, [
    op("setns", { fd: { slot: pidfd }, type: ["CLONE_NEWNET"] }, span),
    op(
      "socket",
      { domain: socket.domain, type: [...socket.type, "SOCK_CLOEXEC", "SOCK_NONBLOCK"], protocol: 0 },
      span,
      {
        as: id,
      },
    ),
  ], place);
}

/** The host name of a pod's UTS namespace, as the struct utsname of uname(2) in a buffer of that name. */
export function unameInPod(id: string, pidfd: string, place: Place): Op[] {
  const { span } = place;
  return visit(id, [
    op("setns", { fd: { slot: pidfd }, type: ["CLONE_NEWUTS"] }, span),
    op("uname", { name: { buffer: id, size: 6 * 65 } }, span),
  ], place);
}

/** Something that only a stepping stone can do for the runner: it enters namespaces, and what it opens is the runner's. */
export function visit(id: string, steps: readonly Op[], place: Place): Op[] {
  const stone = `${id} (stone)`;
  return chain([stone], [...cloneStone(stone, [], place), ...steps], place.span);
}
