/**
 * Runs a lab: the only part of the line with effects.
 *
 * @module
 */

import type { Lab, Observation } from "../lab/lab.ts";
import type { Observed, RunEvent } from "../match/events.ts";
import type { HostFacts } from "../plan/host.ts";
import type { Faults } from "../sys/encode.ts";
import { Channel } from "./channel.ts";
import { Machine } from "./machine.ts";
import { makeObservation } from "./observation.ts";
import { errorOf, Session } from "./session.ts";

/** How a lab is run. */
export interface RunOptions {
  /** Aborting stops the run at once; it cleans up and says what was seen so far. */
  readonly signal?: AbortSignal;
  /** Which observations are made; all by default. The actions of the others are not done. */
  readonly only?: (observation: Observation) => boolean;
  /** Stop after the first observation that fails. */
  readonly failFast?: boolean;
  /**
   * Called when all has been observed and before anything is cleaned up, with texts that say how to look around; what
   * it returns is awaited, but not beyond an abort.
   */
  readonly keep?: (how: readonly string[]) => Promise<void>;
  /** Say what each container wrote (`container_log`) before it is taken down. */
  readonly logs?: boolean;
  /** Lets steps of the plan fail with an errno: for tests. */
  readonly faults?: Faults;
}

/**
 * Runs a lab and says what happens. Never throws for what a lab, a container or the host does: that is an event.
 * Everything that it made is gone when the last event (`lab_ended`) has been given. A reader that stops early ends the
 * run.
 */
export async function* runLab(lab: Lab, host: HostFacts, options: RunOptions = {}): AsyncGenerator<RunEvent> {
  const channel = new Channel<RunEvent>();
  await using machine = new Machine();
  const session = new Session(lab, host, machine, {
    signal: options.signal,
    faults: options.faults,
    listener: (event) => channel.push(event),
  });
  const running = wholeRun(session, options).finally(() => channel.end());
  try {
    yield* channel;
  } finally {
    session.stop();
    await running;
  }
}

async function wholeRun(session: Session, options: RunOptions): Promise<void> {
  const { context } = session;
  const { lab, machine } = context;
  context.say({ kind: "lab_started", wallClock: new Date().toISOString() });
  const over = new AbortController();
  const deadline = machine.reactor.sleep(lab.timeoutMs, over.signal).then(() => {
    if (over.signal.aborted) return;
    const seconds = lab.timeoutMs / 1000;
    context.say({
      kind: "error",
      error: {
        kind: "deadline",
        message: `The lab was not over after ${seconds}s`,
        hint: 'give it more time with "spec.timeout", or see what it waits for',
        span: lab.span,
      },
    });
    session.stop();
  });
  try {
    await session.start();
    await observations(session, options);
    await keep(session, options);
    if (options.logs === true) tellLogs(session);
  } catch (error) {
    context.say({ kind: "error", error: errorOf(error) });
  }
  over.abort();
  await deadline;
  if (options.signal?.aborted === true) context.say({ kind: "interrupted" });
  try {
    await session.end();
  } catch (error) {
    context.say({ kind: "error", error: errorOf(error) });
  }
  context.say({ kind: "lab_ended", durationMs: Math.round(context.now()) });
}

async function observations({ context, pods }: Session, { only, failFast }: RunOptions): Promise<void> {
  const done = new Map<number, Observed>();
  let failed = false;
  for (const observation of context.lab.observations) {
    if (context.signal.aborted) return;
    const { index } = observation;
    const say = (observed: Observed): void => {
      done.set(index, observed);
      context.say({ kind: "observation_ended", observed });
    };
    const skip = (reason: string): void => say({ index, status: "skipped", looks: 0, durationMs: 0, reason });
    if (only?.(observation) === false) {
      skip("not asked for");
      continue;
    }
    if (failed && failFast === true) {
      skip("an observation before it failed");
      continue;
    }
    const missing = observation.after.find((other) => done.get(other)?.status !== "passed");
    if (missing !== undefined) {
      const name = context.lab.observations[missing]?.name.en ?? "";
      skip(`it depends on "${name}", which did not hold`);
      continue;
    }
    context.say({ kind: "observation_started", index });
    const observed = await makeObservation(context, pods, observation);
    say(observed);
    failed ||= observed.status === "failed" || observed.status === "error";
  }
}

function tellLogs({ context, pods }: Session): void {
  for (const container of [...pods.values()].flatMap(({ all }) => all)) {
    container.drain();
    const { log, name } = container;
    context.say({ kind: "container_log", log: { container: name, text: log.text(), truncated: log.truncated } });
  }
}

async function keep({ context, pods }: Session, { keep: wait }: RunOptions): Promise<void> {
  if (wait === undefined || context.signal.aborted) return;
  const how = [...pods.values()].flatMap((pod) =>
    pod.all.filter(({ running }) => running).map(({ name, hostPid }) =>
      `${name}: nsenter --target ${hostPid} --all --wd=/ --root=/proc/${hostPid}/root sh`
    )
  );
  context.say({ kind: "kept", how });
  const aborted = new Promise<void>((resolve) =>
    context.signal.addEventListener("abort", () => resolve(), { once: true })
  );
  await Promise.race([wait(how), aborted]);
}
