/**
 * What the parts of one running lab share.
 *
 * @module
 */

import type { Lab } from "../lab/lab.ts";
import type { RunEvent } from "../match/events.ts";
import type { HostFacts } from "../plan/host.ts";
import type { Plan } from "../plan/plan.ts";
import type { Executor } from "./execute.ts";
import type { Machine } from "./machine.ts";

/** A RunEvent without its time, which is added when it is given out. */
export type Said = RunEvent extends infer E ? E extends RunEvent ? Omit<E, "atMs"> : never : never;

/** One running lab. */
export interface Context {
  readonly lab: Lab;
  readonly host: HostFacts;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly executor: Executor;
  /** Aborted when the lab is to end: interrupted, out of time, or over. */
  readonly signal: AbortSignal;
  /** Milliseconds since the lab's start. */
  now(): number;
  say(event: Said): void;
  /** Resolves at the next thing that happens to a container. */
  changed(): Promise<void>;
}
