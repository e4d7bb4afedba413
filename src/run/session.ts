/**
 * A lab that is up: its pods, from the first system call to the last. `run` and `shell` are two things to do meanwhile.
 *
 * @module
 */

import type { Action, Lab } from "../lab/lab.ts";
import type { RunError, RunEvent } from "../match/events.ts";
import { compile } from "../plan/compile.ts";
import type { HostFacts } from "../plan/host.ts";
import type { Plan } from "../plan/plan.ts";
import type { Faults } from "../sys/encode.ts";
import { cleanHere } from "./clean.ts";
import type { Context, Said } from "./context.ts";
import { RunFailure } from "./errors.ts";
import { evacuate } from "./evacuate.ts";
import { Executor } from "./execute.ts";
import type { Machine } from "./machine.ts";
import { PodRun } from "./pod.ts";
import { release } from "./release.ts";
import { newRun } from "./run_name.ts";

/** How often the run's directories are tried for, when another runner's clean-up takes podlab's own away meanwhile. */
const SETUP_TRIES = 5;

/** A process that cannot be killed (in an uninterruptible call) must not keep the runner for ever. */
const END_DEADLINE_MS = 10_000;

/** What a session is made with. */
export interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  readonly faults?: Faults | undefined;
  readonly listener: (event: RunEvent) => void;
}

/** One lab, up. */
export class Session {
  readonly pods = new Map<string, PodRun>();
  readonly context: Context;
  readonly #plan: Plan;
  readonly #stop = new AbortController();
  #set = false;

  constructor(lab: Lab, host: HostFacts, machine: Machine, { signal, faults, listener }: SessionOptions) {
    const started = performance.now();
    const changes = new Changes();
    const now = (): number => performance.now() - started;
    this.#plan = compile(lab, host, newRun());
    const executor = new Executor(machine.kernel, machine.programs, faults);
    executor.slots.set("null", machine.null);
    executor.slots.set("infra", machine.infra);
    this.context = {
      lab,
      host,
      plan: this.#plan,
      machine,
      executor,
      signal: signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]),
      now,
      changed: () => changes.next,
      say: (said: Said) => {
        if (said.kind.startsWith("container_") || said.kind.startsWith("pod_")) changes.happen();
        listener({ ...said, atMs: Math.round(now()) } as RunEvent);
      },
    };
  }

  /** Ends the session early. */
  stop(): void {
    this.#stop.abort();
  }

  /**
   * Makes the pods, one after another, but those that an action creates first.
   *
   * @throws {RunFailure} If the host cannot, or a step fails.
   */
  async start(): Promise<void> {
    const { context } = this;
    const [refusal] = this.#plan.refusals;
    if (refusal !== undefined) {
      const { text: message, hint, span } = refusal;
      throw new RunFailure({ kind: "unsupported", message, hint, span });
    }
    for (const { text, span } of this.#plan.notices) context.say({ kind: "notice", text, span });
    // What a killed runner has left must not add up.
    await cleanHere(context.machine, context.host);
    this.#setUp();
    const later = createdLater(context.lab);
    const starting: Promise<void>[] = [];
    for (const spec of context.lab.pods) {
      const plan = this.#plan.pods.find(({ pod }) => pod === spec.name);
      if (plan === undefined || later.has(spec.name) || context.signal.aborted) continue;
      const pod = new PodRun(context, spec, plan);
      this.pods.set(spec.name, pod);
      starting.push(pod.start());
    }
    const aborted = new Promise<void>((resolve) =>
      context.signal.addEventListener("abort", () => resolve(), { once: true })
    );
    await Promise.race([settled(starting), aborted]);
  }

  /** Takes everything down; says what could not be. */
  async end(): Promise<void> {
    this.#stop.abort();
    const { context } = this;
    const problems: string[] = [];
    await Promise.all([...this.pods.values()].map(async (pod) => {
      if (!await inTime(context, pod.kill())) problems.push(`The pod "${pod.name}" has processes that do not end`);
      problems.push(...await pod.release());
    }));
    if (this.#set) problems.push(...await release(context, this.#plan.release));
    for (const slot of [...context.executor.open]) {
      problems.push(`The descriptor "${slot}" was still open`);
      context.executor.close(slot);
    }
    for (const text of problems) context.say({ kind: "leftover", text });
  }

  #setUp(): void {
    const { executor, host } = this.context;
    evacuate(host.cgroup);
    this.#set = true;
    for (let tries = 1;; tries++) {
      try {
        return executor.run(this.#plan.setup);
      } catch (error) {
        const gone = error instanceof RunFailure && error.error.errno === "ENOENT";
        if (!gone || tries === SETUP_TRIES) throw error;
      }
    }
  }
}

/** Whether the end of a pod comes in time; the kernel's own work on it takes milliseconds. */
async function inTime({ machine }: Context, ended: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  const first = await Promise.race([
    ended.then(() => true),
    machine.reactor.sleep(END_DEADLINE_MS, over.signal).then(() => false),
  ]);
  over.abort();
  return first;
}

/** Pods whose first mention in an action is that they are created: they are not there at the beginning. */
export function createdLater(lab: Lab): ReadonlySet<string> {
  const first = new Map<string, Action["kind"]>();
  for (const action of lab.observations.flatMap(({ actions }) => actions)) {
    if ((action.kind === "create" || action.kind === "delete") && !first.has(action.pod)) {
      first.set(action.pod, action.kind);
    }
  }
  return new Set([...first].filter(([, kind]) => kind === "create").map(([pod]) => pod));
}

/** Waits for all, then throws the first error: nothing may go on unwatched. */
async function settled(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** A failure as data; anything else is a bug, and said to be one. */
export function errorOf(error: unknown): RunError {
  if (error instanceof RunFailure) return error.error;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    kind: "internal",
    message: `Internal error: ${message}`,
    ...(stack === undefined ? {} : { hint: stack }),
  };
}

/** A promise for the next thing that happens, renewed each time. */
class Changes {
  #resolve: () => void = () => {};
  next: Promise<void> = this.#renew();

  happen(): void {
    this.#resolve();
    this.next = this.#renew();
  }

  #renew(): Promise<void> {
    return new Promise((resolve) => this.#resolve = resolve);
  }
}
