/**
 * How the runner's processes are cloned.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import { joinCgroups, openUnified } from "./cgroups.ts";
import { type CloneFlag, SIGNALS } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";

/** What every child of the runner begins with: on the runner's memory, which waits until the child has a program. */
export const CHILD: readonly CloneFlag[] = ["CLONE_VM", "CLONE_VFORK", "CLONE_PIDFD"];

/** Where a process is cloned. */
export interface Place {
  readonly host: HostFacts;
  readonly span: Span;
}

/**
 * A stepping stone: a child that shares the runner's descriptors, does what the runner cannot do to itself (enter
 * namespaces), clones the process that matters with the runner as its parent, and ends. The first of a chain has no handlers of the
 * runner's: a signal must not run JavaScript's in it.
 */
export function cloneStone(name: string, flags: readonly CloneFlag[], { host, span }: Place): Op[] {
  const first = !flags.includes("CLONE_PARENT");
  const all: CloneFlag[] = [...CHILD, "CLONE_FILES", ...flags];
  if (host.clone3) {
    return [clone3(name, first ? [...all, "CLONE_CLEAR_SIGHAND"] : all, undefined, span, { enters: name })];
  }
  return [clone(name, all, span, { enters: name }), ...(first ? clearHandlers(span) : [])];
}

/**
 * A chain: a stone that the runner clones first, and all that it and those after it do; then the runner reaps the stones,
 * which have ended by then.
 */
export function chain(stones: readonly string[], steps: readonly Op[], span: Span): Op[] {
  const [first, ...rest] = steps;
  if (first === undefined) return [];
  return [{ ...first, resume: rest.length }, ...rest, ...stones.flatMap((stone) => reap(stone, span))];
}

function reap(process: string, span: Span): Op[] {
  const pidfd = { slot: `${process}.pidfd` };
  return [
    op("waitid", { type: 3, id: pidfd, options: ["WEXITED", "__WALL"] }, span, { why: "P_PIDFD" }),
    op("close", { fd: pidfd }, span),
  ];
}

/** A process with a program of its own: what the runner does first, what its stone does first, and the rest of the chain. */
export interface Cloned {
  readonly before: readonly Op[];
  /** Before the stone leaves the host's mount namespace: cgroups are found by paths of the host. */
  readonly enter: readonly Op[];
  /** The clone, the process's steps, and what the stone does after it. */
  readonly steps: readonly Op[];
}

/** What a process with a program of its own does, and what its stone does when it has executed its program. */
export interface Lives {
  readonly program: readonly Op[];
  readonly after: readonly Op[];
}

/**
 * Clones a process that ends up with a program of its own and the runner as its parent, in its cgroups: into v2 by
 * clone3 itself.
 */
export function cloneProgram(
  name: string,
  flags: readonly CloneFlag[],
  cgroups: readonly CgroupDirectory[],
  { program, after }: Lives,
  { host, span }: Place,
): Cloned {
  const slot = `${name}.cgroup`;
  const before = host.clone3 ? openUnified(cgroups, slot, span) : [];
  const into = before.length > 0;
  const joining = joinCgroups(cgroups, name, !host.clone3, span);
  const steps = [...joining.own, ...program];
  const rest = [...(into ? [op("close", { fd: { slot } }, span)] : []), ...joining.after, ...after];
  const details = { enters: name, as: `${name}.pid`, ...(rest.length === 0 ? {} : { resume: steps.length }) };
  const all: CloneFlag[] = [...CHILD, "CLONE_PARENT", ...flags, ...(into ? ["CLONE_INTO_CGROUP"] as const : [])];
  const cloning = host.clone3
    ? clone3(name, all, into ? { slot } : undefined, span, details)
    : clone(name, all, span, details);
  return { before, enter: joining.stone, steps: [cloning, ...steps, ...rest] };
}

type Details = NonNullable<Parameters<typeof op>[3]>;

function clone3(
  name: string,
  flags: readonly CloneFlag[],
  cgroup: { readonly slot: string } | undefined,
  span: Span,
  details: Details,
): Op {
  const args = { flags, pidfd: `${name}.pidfd`, ...(cgroup === undefined ? {} : { cgroup }) };
  return op("clone3", { args }, span, details);
}

function clone(name: string, flags: readonly CloneFlag[], span: Span, details: Details): Op {
  return op("clone", { flags, pidfd: `${name}.pidfd` }, span, details);
}

function clearHandlers(span: Span): Op[] {
  return SIGNALS.filter((signal) => signal !== "SIGKILL" && signal !== "SIGSTOP").map((signal) =>
    op("rt_sigaction", { signal, action: "SIG_DFL" }, span)
  );
}

/**
 * PDEATHSIG is not sent for a parent that was dead when it was armed. The stone, which has the same parent, looks after
 * that: is the parent still the runner, then the runner lived when the signal was armed.
 */
export function parentGuard(name: string, span: Span): Op[] {
  return [
    op("getppid", {}, span, { expect: { slot: "runner.pid" }, skip: 1, why: "the runner still lives" }),
    op("pidfd_send_signal", { pidfd: { slot: `${name}.pidfd` }, signal: "SIGKILL" }, span, {
      tolerate: "ESRCH",
      why: "else its death would go unnoticed",
    }),
    op("exit", { status: 0 }, span),
  ];
}
