/**
 * What the labs of a run come to in figures: counts, flake rates, exit code.
 *
 * @module
 */

import type { ExitCode, FlakeRate, LabResult, ObservationResult, Result, Status } from "./result.ts";

/**
 * Observations counted by status. What happened to a lab as a whole counts once: an error that is no observation's, a
 * skip before there were any.
 */
export function summaryOf(labs: readonly LabResult[]): Result["summary"] {
  const statuses = labs.flatMap((lab) => [...lab.observations.map((one) => one.status), ...ownStatus(lab)]);
  const count = (status: Status): number => statuses.filter((one) => one === status).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped"), errors: count("error") };
}

/** The status of a lab where none of its observations has it. */
export function ownStatus(lab: LabResult): readonly Status[] {
  const isOwn = lab.status === "error" || (lab.status === "skipped" && lab.observations.length === 0);
  return isOwn && !lab.observations.some((one) => one.status === lab.status) ? [lab.status] : [];
}

/** For labs that ran several times: of each observation, how often it was made and how often it did not hold. */
export function flakesOf(labs: readonly LabResult[]): readonly FlakeRate[] {
  const rates = new Map<string, FlakeRate>();
  for (const lab of labs) {
    if (lab.repetition === undefined) continue;
    for (const [index, observation] of lab.observations.entries()) {
      // Names need not be unique over files, nor within one.
      const key = `${lab.file}\0${lab.name}\0${index}`;
      rates.set(key, counted(rates.get(key), lab, observation));
    }
  }
  return [...rates.values()];
}

function counted(rate: FlakeRate | undefined, lab: LabResult, { name, status }: ObservationResult): FlakeRate {
  return {
    lab: lab.name,
    observation: name,
    runs: (rate?.runs ?? 0) + (status === "skipped" ? 0 : 1),
    failures: (rate?.failures ?? 0) + (status === "failed" || status === "error" ? 1 : 0),
  };
}

/**
 * The first that applies, the most urgent to know first: a run with a wrong file says so even where observations failed
 * too.
 */
export function exitCodeOf(labs: readonly LabResult[], isInterrupted: boolean): ExitCode {
  const summary = summaryOf(labs);
  const isWrong = labs.some((lab) => lab.problems.some((problem) => problem.severity === "error"));
  if (isInterrupted || labs.some((lab) => lab.interrupted)) return 130;
  if (isWrong) return 2;
  if (summary.errors > 0) return 3;
  if (summary.failed > 0) return 1;
  return summary.passed === 0 ? 4 : 0;
}
