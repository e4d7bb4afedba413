/**
 * Makes an observation: does its actions, looks as its time mode asks, and says what it came to.
 *
 * @module
 */

import type { Observation, Subject, Target } from "../lab/lab.ts";
import type { Json } from "../lab/matcher.ts";
import type { Bundle, Look, Observed, RunError } from "../match/events.ts";
import { lookDifferences } from "../match/judge.ts";
import { printable } from "../match/text.ts";
import { formatBytes, formatMillicpu } from "../lab/quantity.ts";
import { cgroupFacts } from "../sys/cgroupfs.ts";
import { act, describeAction } from "./actions.ts";
import { readCgroupFile } from "./cgroup.ts";
import type { ContainerRun } from "./container.ts";
import type { Context } from "./context.ts";
import { RunFailure } from "./errors.ts";
import { observe } from "./observe/observe.ts";
import type { PodRun } from "./pod.ts";

/** Looks are made at least and at most so far apart; something that happens to a container brings the next one on. */
const INTERVAL_MIN_MS = 5;
const INTERVAL_MAX_MS = 100;
const LOG_LINES = 10;
const LOG_LINE_CHARACTERS = 200;

/** Makes an observation. Never throws for what a lab or a host does. */
export async function makeObservation(
  context: Context,
  pods: Map<string, PodRun>,
  observation: Observation,
): Promise<Observed> {
  const { index } = observation;
  const started = context.now();
  const looks: Looks = { count: 0 };
  try {
    for (const action of observation.actions) {
      if (context.signal.aborted) break;
      context.say({ kind: "action", observation: index, text: describeAction(action) });
      await act(context, pods, action);
    }
    await lookAsLongAs(context, pods, observation, looks);
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    looks.error = error.error;
  }
  const durationMs = Math.round(context.now() - started);
  const result = { index, looks: looks.count, durationMs, ...(looks.last === undefined ? {} : { last: looks.last }) };
  if (looks.error !== undefined) {
    return { ...result, status: "error", error: looks.error, bundle: bundles(pods, observation) };
  }
  if (looks.last === undefined || (context.signal.aborted && looks.last.differences.length > 0)) {
    return { ...result, status: "skipped", reason: "the run was stopped before it could be decided" };
  }
  if (looks.last.differences.length === 0) return { ...result, status: "passed" };
  return { ...result, status: "failed", bundle: bundles(pods, observation) };
}

interface Looks {
  count: number;
  last?: Look;
  error?: RunError;
}

async function lookAsLongAs(
  context: Context,
  pods: Map<string, PodRun>,
  observation: Observation,
  looks: Looks,
): Promise<void> {
  const { mode } = observation;
  const deadline = context.now() + (mode.kind === "once" ? 0 : mode.ms);
  for (let interval = INTERVAL_MIN_MS;; interval = Math.min(interval * 1.5, INTERVAL_MAX_MS)) {
    if (context.signal.aborted) return;
    const changed = context.changed();
    const atMs = Math.round(context.now());
    const facts: Json = await observe(context, pods, observation.subject);
    const differences = lookDifferences(observation, facts);
    looks.count++;
    looks.last = { atMs, facts, differences };
    const holds = differences.length === 0;
    context.say({ kind: "observation_looked", index: observation.index, looks: looks.count, holds });
    if (mode.kind === "once" || (mode.kind === "within" ? holds : !holds)) return;
    const left = deadline - context.now();
    if (left <= 0) return;
    await pause(context, Math.min(interval, left), changed);
  }
}

/** Waits, but not beyond the next thing that happens to a container. */
async function pause({ machine, signal }: Context, ms: number, changed: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([machine.reactor.sleep(ms, AbortSignal.any([over.signal, signal])), changed]);
  over.abort();
}

/** What is worth knowing of the containers that a failed observation concerns. */
function bundles(pods: ReadonlyMap<string, PodRun>, { subject }: Observation): Bundle[] {
  return concerned(pods, subject).map(bundle);
}

function concerned(pods: ReadonlyMap<string, PodRun>, subject: Subject): ContainerRun[] {
  const targets = targetsOf(subject);
  const named = targets.flatMap(({ pod, container }) =>
    pods.get(pod)?.all.filter(({ spec }) => container === "infra" || spec.name === container) ?? []
  );
  return [...new Set(named)];
}

function targetsOf(subject: Subject): readonly Target[] {
  switch (subject.kind) {
    case "exec":
    case "file":
      return [subject.in];
    case "connect":
    case "http":
      // Whom it did not reach may be any container of the pod.
      return [{ pod: subject.from.pod, container: "infra" }];
    case "logs":
      return [subject.of];
    case "pod":
      return [{ pod: subject.pod, container: "infra" }];
    case "host":
      return [];
    case "namespaces":
      return subject.of.filter((target) => target !== "host");
    default:
      return subject.of;
  }
}

function bundle(container: ContainerRun): Bundle {
  container.drain();
  const { state } = container;
  return {
    container: container.name,
    state: state.kind,
    restartCount: container.restarts,
    log: container.log.tail(LOG_LINES).map((line) => printable(line, LOG_LINE_CHARACTERS)),
    cgroup: figures(container),
    ...(state.kind === "running" ? { hostPid: container.hostPid } : { reason: state.reason }),
    ...(state.kind === "terminated" ? { exitCode: state.exitCode } : {}),
  };
}

function figures({ plan }: ContainerRun): string[] {
  const { memory, cpu, pids } = cgroupFacts(readCgroupFile, plan.cgroups) as {
    memory?: { current?: number; max?: number; oomKills?: number };
    cpu?: { max?: number; throttled?: number };
    pids?: { current?: number; max?: number; denied?: number };
  };
  const figure = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${name}: ${value}`];
  const shown = (value: number | undefined, format: (value: number) => string): string | undefined =>
    value === undefined ? undefined : format(value);
  return [
    ...figure("memory.current", shown(memory?.current, formatBytes)),
    ...figure("memory.max", shown(memory?.max, formatBytes)),
    ...figure("memory.oomKills", shown(memory?.oomKills, String)),
    ...figure("cpu.max", shown(cpu?.max, formatMillicpu)),
    ...figure("cpu.throttled", shown(cpu?.throttled, String)),
    ...figure("pids.current", shown(pids?.current, String)),
    ...figure("pids.max", shown(pids?.max, String)),
  ];
}
