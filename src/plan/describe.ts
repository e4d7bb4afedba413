/**
 * Steps as text, in the notation of strace(1).
 *
 * @module
 */

import { formatSpan } from "../lab/span.ts";
import { type Kind, type Kinds, parameters, type Slot } from "./call.ts";
import { makers } from "./chain.ts";
import type { Op } from "./op.ts";
import type { ContainerPlan, Plan, PodPlan } from "./plan.ts";

/** At most this much of a string is shown, in characters. */
const TEXT_MAX = 200;

/** A step as one line: `mount("proc", "/proc", "proc", MS_NOSUID, NULL)`. Slots stand as `<name>`. */
export function describe(step: Op): string {
  const args = step.args as Readonly<Record<string, unknown>>;
  const shown: string[] = [];
  let previous: unknown;
  for (const [name, kind] of parameters(step.call)) {
    shown.push(show(kind, args[name], previous));
    previous = args[name];
  }
  return `${step.call}(${shown.join(", ")})`;
}

/** What a step does besides its call, for the right-hand side of a line. */
export function describeResult(step: Op): string {
  const parts: string[] = [];
  if (step.as !== undefined && step.enters === undefined) parts.push(`= <${step.as}>`);
  if (step.expect !== undefined) parts.push(`= ${show("fd", step.expect, undefined)}?`);
  if (step.tolerate === "any") parts.push("(may fail)");
  else if (step.tolerate !== undefined) parts.push(`(or ${step.tolerate})`);
  if (step.skip !== undefined) parts.push(`else the next ${step.skip === 1 ? "" : `${step.skip} `}as well`);
  if (step.why !== undefined) parts.push(`/* ${step.why} */`);
  return parts.join(" ");
}

/** A value of each kind as text. One entry for every kind, so that a new one cannot be forgotten. */
const SHOW: { readonly [K in Kind]: (value: Kinds[K], previous: unknown) => string } = {
  text: (value) => value === null ? "NULL" : quote(value),
  bytes: (value) => typeof value === "string" ? quote(value) : `<${value.program}>`,
  "=length": (_, previous) => typeof previous === "string" ? String(byteLength(previous)) : "size",
  "=size": () => "size",
  "=null": () => "0",
  fd: showFd,
  int: (value) => value === 0xffff_ffff ? "~0U" : String(value),
  mode: octal,
  strings: (value) => `[${value.map(quote).join(", ")}]`,
  mountFlags: flags,
  umountFlags: flags,
  openFlags: flags,
  treeFlags: flags,
  moveFlags: flags,
  atFlags: flags,
  cloneFlags: flags,
  closeRangeFlags: flags,
  socketDomain: String,
  socketType: flags,
  waitFlags: flags,
  prctlOption: String,
  prctlValue: (value) => typeof value === "string" && !value.startsWith("SIG") ? `CAP_${value}` : String(value),
  signal: String,
  node: ({ type, mode }) => `${type}|${octal(mode)}`,
  device: ({ major, minor }) => `makedev(${major}, ${minor})`,
  openHow: ({ flags: open, mode, resolve }) =>
    `{flags=${flags(open)}${mode === undefined ? "" : `, mode=${octal(mode)}`}, resolve=${flags(resolve)}}`,
  mountAttr: ({ set }) => `{attr_set=${flags(set)}}`,
  cloneArgs: ({ flags: clone, pidfd, cgroup }) =>
    `{flags=${flags(clone)}${pidfd === undefined ? "" : `, pidfd=<${pidfd}>`}, exit_signal=0${
      cgroup === undefined ? "" : `, cgroup=${showFd(cgroup)}`
    }}`,
  buffer: ({ buffer }) => `<${buffer}>`,
  out: (value) => `<${value}>`,
  sigaction: (value) => `{sa_handler=${value}}`,
  sigset: (value) => value === "none" ? "[]" : "~[]",
  capabilities: ({ effective, permitted, inheritable }) =>
    `{effective=${capabilities(effective)}, permitted=${capabilities(permitted)}, inheritable=${
      capabilities(inheritable)
    }}`,
  gids: (value) => `[${value.join(", ")}]`,
  rlimitName: String,
  rlimit: ({ soft, hard }) => `{rlim_cur=${soft}, rlim_max=${hard}}`,
};

function show<K extends Kind>(kind: K, value: unknown, previous: unknown): string {
  return (SHOW[kind] as (value: unknown, previous: unknown) => string)(value, previous);
}

function showFd(value: Kinds["fd"] | Slot): string {
  return typeof value === "object" ? `<${value.slot}>` : String(value);
}

function flags(value: readonly string[]): string {
  return value.length === 0 ? "0" : value.join("|");
}

function octal(value: number): string {
  return value === 0 ? "0" : `0${value.toString(8)}`;
}

function capabilities(value: readonly string[]): string {
  return value.length === 0 ? "0" : value.map((name) => `CAP_${name}`).join("|");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A string in quotes, bounded, with control characters escaped. */
function quote(text: string): string {
  const bounded = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
  return JSON.stringify(bounded).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`) +
    (text.length > TEXT_MAX ? "…" : "");
}

/** The steps of one process, for the printed plan and the data. */
export interface ProcessSteps {
  /** `runner`, or the name that a clone gave. */
  readonly process: string;
  readonly steps: readonly Op[];
}

/** Groups a chain of steps by the process that makes each: after a clone the child's, after its program the parent's. */
export function byProcess(steps: readonly Op[]): ProcessSteps[] {
  const groups = new Map<string, Op[]>();
  makers(steps).forEach(({ process }, index) => {
    const step = steps[index];
    if (step === undefined) return;
    const group = groups.get(process);
    if (group === undefined) groups.set(process, [step]);
    else group.push(step);
  });
  return [...groups].map(([process, own]) => ({ process, steps: own }));
}

/** The whole plan as text, grouped by process, each step with the line of the file that asked for it. */
export function describePlan(plan: Plan): string {
  const lines: string[] = [`# ${plan.lab}: what podlab would do, process by process`];
  const section = (title: string, steps: readonly Op[]): void => {
    if (steps.length === 0) return;
    lines.push("", `## ${title}`);
    for (const { process, steps: own } of byProcess(steps)) {
      lines.push(`${process}:`);
      for (const step of own) lines.push(describeLine(step));
    }
  };
  section("runner: before the first pod", plan.setup);
  for (const pod of plan.pods) describePod(pod, section);
  section("runner: after the last pod", plan.release);
  for (const { text, span } of [...plan.refusals, ...plan.notices]) lines.push("", `! ${formatSpan(span)} ${text}`);
  return lines.join("\n") + "\n";
}

function describePod(pod: PodPlan, section: (title: string, steps: readonly Op[]) => void): void {
  section(`${pod.pod}: cgroups`, pod.prepare);
  section(`${pod.pod}: infra`, pod.infra);
  const container = (title: string, { name, prepare, start }: ContainerPlan): void => {
    section(`${name}: ${title}, cgroups and limits`, prepare);
    section(`${name}: ${title}`, start);
  };
  pod.initContainers.forEach((plan) => container("init container", plan));
  pod.containers.forEach((plan) => container("container", plan));
  // Containers are ended before infra: a namespace's init ends only when all in it have been reaped.
  for (const { name, release } of [...pod.containers, ...pod.initContainers]) section(`${name}: release`, release);
  section(`${pod.pod}: release`, pod.release);
}

/** Where the comment with the position begins, in columns. */
const POSITION_COLUMN = 100;

function describeLine(step: Op): string {
  const result = describeResult(step);
  const call = `  ${describe(step)}${result === "" ? "" : ` ${result}`}`;
  return `${call.padEnd(POSITION_COLUMN)} # ${step.span.line}:${step.span.column}`;
}

/** The plan as data: the same steps with their text, their process and their place in the file. */
export function planToJson(plan: Plan): unknown {
  const steps = (ops: readonly Op[]) =>
    byProcess(ops).map(({ process, steps: own }) => ({
      process,
      steps: own.map((step) => ({ ...step, text: describe(step), span: formatSpan(step.span) })),
    }));
  const container = ({ name, prepare, start, release, cgroups }: ContainerPlan) => ({
    name,
    cgroups,
    prepare: steps(prepare),
    start: steps(start),
    release: steps(release),
  });
  return {
    lab: plan.lab,
    setup: steps(plan.setup),
    pods: plan.pods.map((pod) => ({
      pod: pod.pod,
      prepare: steps(pod.prepare),
      infra: steps(pod.infra),
      initContainers: pod.initContainers.map(container),
      containers: pod.containers.map(container),
      release: steps(pod.release),
    })),
    release: steps(plan.release),
    refusals: plan.refusals.map(({ text, hint, span }) => ({ text, hint, span: formatSpan(span) })),
    notices: plan.notices.map(({ text, span }) => ({ text, span: formatSpan(span) })),
  };
}
