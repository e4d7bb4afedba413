/**
 * One run of one lab, judged.
 *
 * @module
 */

import type { Lab } from "../lab/lab.ts";
import type { Facts, RunEvent } from "../match/events.ts";
import { emptyFacts, step } from "../match/fold.ts";
import { judge } from "../match/judge.ts";
import type { LabOutcome } from "../report/to_result.ts";
import { probeHost } from "../run/probe_host.ts";
import { runLab, type RunOptions } from "../run/run.ts";
import { missingPrograms } from "./programs.ts";
import type { LoadedLab } from "./read_lab.ts";

/** A lab to run, or to tell why not. */
export interface Job {
  readonly loaded: LoadedLab;
  /** With `--repeat`: which run it is, from 1. */
  readonly repetition?: number;
  /** Which observations are made. */
  readonly chosen?: ReadonlySet<number>;
}

/** How jobs are run. */
export interface JobOptions extends Pick<RunOptions, "signal" | "failFast" | "keep" | "logs"> {
  readonly onEvent: (lab: Lab, event: RunEvent) => void;
}

/** Runs a lab to its end. Whatever happens is in the outcome. */
export async function runJob(job: Job, options: JobOptions): Promise<LabOutcome> {
  if (job.loaded.lab === undefined) return notRun(job);
  // Progress tells runs apart by their lab: a repetition has its own.
  const lab = { ...job.loaded.lab };
  const skipReason = missingPrograms(lab);
  if (skipReason !== undefined) return notRun(job, { skipReason });

  const begun = new Date();
  let facts: Facts = emptyFacts();
  try {
    const only = job.chosen === undefined
      ? {}
      : { only: ({ index }: { index: number }) => job.chosen?.has(index) === true };
    for await (const event of runLab(lab, probeHost(lab), { ...options, ...only })) {
      facts = step(facts, event);
      options.onEvent(lab, event);
    }
  } catch (error) {
    // A bug. It is told in the report, so that other labs come to their end and are cleaned up.
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    facts = { ...facts, errors: [...facts.errors, { kind: "internal", message }] };
  }
  return {
    ...notRun(job),
    lab,
    facts,
    verdict: judge(lab, facts),
    startedAt: facts.startedAt === "" ? begun.toISOString() : facts.startedAt,
    durationMs: facts.durationMs,
  };
}

/** The outcome of a lab that was not run: it is wrong, or for the reason given. */
export function notRun({ loaded, repetition }: Job, why: Pick<LabOutcome, "skipReason" | "facts"> = {}): LabOutcome {
  return {
    file: loaded.file,
    problems: loaded.problems,
    ...(loaded.lab === undefined ? {} : { lab: loaded.lab }),
    ...(repetition === undefined ? {} : { repetition }),
    startedAt: new Date().toISOString(),
    durationMs: 0,
    ...why,
  };
}

/** Whether a lab came to anything but success. */
export function hasFailed({ problems, facts, verdict }: LabOutcome): boolean {
  return problems.some(({ severity }) => severity === "error") || (facts?.errors.length ?? 0) > 0 ||
    (verdict?.observations.some(({ status }) => status === "failed" || status === "error") ?? false);
}
