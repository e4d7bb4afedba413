/**
 * What a run means for a lab: every observation passed, failed, skipped or in error, and why.
 *
 * @module
 */

import type { Lab, Observation } from "../lab/lab.ts";
import type { Bundle, Difference, Facts, Look, Observed, RunError } from "./events.ts";
import { lookDifferences } from "./look.ts";

export { lookDifferences } from "./look.ts";

/** Why an observation was not made. */
export type SkipReason =
  /** What the runner said. */
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "interrupted" }
  /** The lab's time was over. */
  | { readonly kind: "deadline"; readonly timeoutMs: number }
  /** An observation that it depends on does not hold. */
  | { readonly kind: "dependency"; readonly on: number }
  /** The run had to end: a pod could not be started, a step failed. */
  | { readonly kind: "run_failed" }
  /** The run was to end at the first failure. */
  | { readonly kind: "fail_fast" };

/** One observation, judged. */
export type Judged =
  & {
    readonly observation: Observation;
    readonly looks: number;
    readonly durationMs: number;
    /** The deciding look, where one was made. */
    readonly last?: Look;
    readonly bundle: readonly Bundle[];
  }
  & (
    | { readonly status: "passed" }
    | { readonly status: "failed"; readonly differences: readonly Difference[] }
    | { readonly status: "skipped"; readonly reason: SkipReason }
    | { readonly status: "error"; readonly error: RunError }
  );

/** A lab's observations, in the order of the file. */
export interface Verdict {
  /** One for each of the lab's. */
  readonly observations: readonly Judged[];
}

/**
 * Judges what was observed. The facts decide, not what the runner made of them: an observation passes only where a look
 * was made whose facts match.
 */
export function judge(lab: Lab, facts: Facts): Verdict {
  const observed = new Map(facts.observed.map((one) => [one.index, one]));
  return {
    observations: lab.observations.map((observation) => {
      const one = observed.get(observation.index);
      return one === undefined ? judgeMissing(observation, lab, facts) : judgeObserved(observation, one);
    }),
  };
}

function judgeObserved(observation: Observation, observed: Observed): Judged {
  const { looks, durationMs, last, bundle = [] } = observed;
  const common = { observation, looks, durationMs, bundle, ...(last === undefined ? {} : { last }) };
  switch (observed.status) {
    case "skipped":
      return { ...common, status: "skipped", reason: { kind: "said", text: observed.reason ?? "" } };
    case "error":
      return { ...common, status: "error", error: observed.error ?? internal(observed.reason) };
    case "passed":
    case "failed": {
      if (last === undefined) return { ...common, status: "error", error: observed.error ?? internal(observed.reason) };
      const differences = lookDifferences(observation, last.facts);
      if (differences.length > 0) return { ...common, status: "failed", differences };
      if (observed.status === "passed") return { ...common, status: "passed" };
      return { ...common, status: "failed", differences: last.differences };
    }
  }
}

/** The run ended before this observation did: the first of the possible reasons that there is. */
function judgeMissing(observation: Observation, lab: Lab, facts: Facts): Judged {
  const common = { observation, looks: 0, durationMs: 0, bundle: [] };
  const reason = reasonToSkip(observation, lab, facts);
  return reason === undefined
    ? { ...common, status: "error", error: internal(undefined) }
    : { ...common, status: "skipped", reason };
}

function reasonToSkip(observation: Observation, lab: Lab, facts: Facts): SkipReason | undefined {
  if (facts.interrupted) return { kind: "interrupted" };
  if (facts.errors.some((error) => error.kind === "deadline")) return { kind: "deadline", timeoutMs: lab.timeoutMs };
  if (facts.errors.length > 0) return { kind: "run_failed" };
  const failed = facts.observed.filter((one) => one.status === "failed" || one.status === "error");
  const dependency = failed.find((one) => observation.after.includes(one.index));
  if (dependency !== undefined) return { kind: "dependency", on: dependency.index };
  return failed.length > 0 ? { kind: "fail_fast" } : undefined;
}

/** Never "passed": what was not looked at has not been seen to hold. */
function internal(reason: string | undefined): RunError {
  return {
    kind: "internal",
    message: reason ?? "The run ended without looking",
    hint: "This is a bug in podlab: please report it with the lab file",
  };
}
