/**
 * One step of a plan: a system call as data.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import type { Args, CallName, Slot } from "./call.ts";

/** What a step does besides its call. */
export interface OpDetails {
  /** The slot that its result goes to. */
  readonly as?: string;
  /** For a clone: the name of the process that it makes; the steps after it are that process's. */
  readonly enters?: string;
  /**
   * For a clone by a stepping stone: how many steps after it the stone goes on, once the new process has executed its
   * program or ended; without it, the stone ends there.
   */
  readonly resume?: number;
  /** An errno that counts as done: a directory that is there already (EEXIST). `any`: whatever happens. */
  readonly tolerate?: string;
  /** How many steps to leave out when this one succeeded: "try this, else those". */
  readonly skip?: number;
  /** The result that counts as success; any other counts as a failure that is tolerated. */
  readonly expect?: Slot | number;
  /** Why, in a few words, for the plan's reader. */
  readonly why?: string;
}

/** A system call with who asked for it. */
export type Op<C extends CallName = CallName> = C extends CallName
  ? OpDetails & { readonly call: C; readonly args: Args<C>; readonly span: Span }
  : never;

/** Makes a step. */
export function op<C extends CallName>(call: C, args: Args<C>, span: Span, details: OpDetails = {}): Op {
  // The union over all calls cannot follow the generic parameter; the arguments were checked by the signature.
  return { call, args, span, ...details } as unknown as Op;
}
