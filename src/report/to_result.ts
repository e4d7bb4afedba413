/**
 * From judged labs to the one Result that every report is made from.
 *
 * @module
 */

import { type Lab, type Language, type Mode, textIn } from "../lab/lab.ts";
import type { Problem } from "../lab/problem.ts";
import { formatMs } from "../lab/quantity.ts";
import type { Facts } from "../match/events.ts";
import type { Judged, SkipReason, Verdict } from "../match/judge.ts";
import { exitCodeOf, flakesOf, summaryOf } from "./counts.ts";
import { type Messages, messagesIn } from "./messages.ts";
import type { LabResult, ObservationResult, Result, Status } from "./result.ts";

/** What one lab (with `--repeat`, one run of it) came to. */
export interface LabOutcome {
  /** Absent where the file is so wrong that there is no lab. */
  readonly lab?: Lab;
  /** The path as the user gave it. */
  readonly file: string;
  /** What is wrong with the file. */
  readonly problems: readonly Problem[];
  /** Absent, with the verdict, where it was not run. */
  readonly facts?: Facts;
  /** What the facts mean. */
  readonly verdict?: Verdict;
  /** Why the whole lab was skipped. */
  readonly skipReason?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Milliseconds. */
  readonly durationMs: number;
  /** From 1. */
  readonly repetition?: number;
}

/** What a Result holds besides labs. */
export interface ResultOptions {
  /** podlab's version. */
  readonly version: string;
  /** From the first lab's start to the last one's end. */
  readonly durationMs: number;
  /** Of the messages; names and titles stay in both. */
  readonly language: Language;
  /** Whether the user stopped the run; also true where a lab says so. */
  readonly interrupted?: boolean;
}

/** Puts labs together: statuses, messages, counts, flake rates, exit code. */
export function toResult(outcomes: readonly LabOutcome[], options: ResultOptions): Result {
  const messages = messagesIn(options.language);
  const labs = outcomes.map((outcome) => labResult(outcome, options.language, messages));
  return {
    version: options.version,
    labs,
    summary: summaryOf(labs),
    flakes: flakesOf(labs),
    durationMs: options.durationMs,
    exitCode: exitCodeOf(labs, options.interrupted === true),
  };
}

function labResult(outcome: LabOutcome, language: Language, messages: Messages): LabResult {
  const { lab, facts, verdict } = outcome;
  const observations = (verdict?.observations ?? []).map((judged) =>
    observationResult(judged, lab, language, messages)
  );
  const status = labStatus(outcome, observations);
  const reason = labReason(outcome, status, messages);
  return {
    name: lab?.name ?? nameOfFile(outcome.file),
    title: lab?.title ?? { en: nameOfFile(outcome.file) },
    file: outcome.file,
    status,
    startedAt: outcome.startedAt,
    durationMs: outcome.durationMs,
    observations,
    ...(reason === undefined ? {} : { reason }),
    errors: facts?.errors ?? [],
    problems: outcome.problems,
    notices: (facts?.notices ?? []).map((notice) => notice.text),
    leftovers: facts?.leftovers ?? [],
    logs: facts?.logs ?? [],
    interrupted: facts?.interrupted ?? false,
    ...(outcome.repetition === undefined ? {} : { repetition: outcome.repetition }),
  };
}

/** `labs/13-pod.yaml` is `13-pod`. */
function nameOfFile(file: string): string {
  return (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/, "") || file;
}

/** The worst that happened; a lab that was interrupted before it was through has not passed. */
function labStatus(outcome: LabOutcome, observations: readonly ObservationResult[]): Status {
  const has = (status: Status): boolean => observations.some((one) => one.status === status);
  const isWrong = outcome.problems.some((problem) => problem.severity === "error");
  if (isWrong || (outcome.facts?.errors.length ?? 0) > 0 || has("error")) return "error";
  if (has("failed")) return "failed";
  const isCutShort = outcome.facts?.interrupted === true && has("skipped");
  return has("passed") && !isCutShort ? "passed" : "skipped";
}

function labReason(outcome: LabOutcome, status: Status, messages: Messages): string | undefined {
  if (outcome.facts?.interrupted === true) return messages.interrupted;
  if (outcome.problems.some((problem) => problem.severity === "error")) return messages.fileWrong;
  if (status === "error") return outcome.facts?.errors[0]?.message;
  if (status !== "skipped") return undefined;
  return outcome.skipReason ?? (outcome.verdict === undefined ? messages.notRun : messages.nothingChecked);
}

function observationResult(
  judged: Judged,
  lab: Lab | undefined,
  language: Language,
  messages: Messages,
): ObservationResult {
  const { observation, last } = judged;
  const message = messageOf(judged, lab, language, messages);
  return {
    name: observation.name,
    status: judged.status,
    durationMs: judged.durationMs,
    location: observation.span,
    looks: judged.looks,
    mode: modeText(observation.mode),
    differences: judged.status === "failed" ? judged.differences : [],
    ...(last === undefined ? {} : { actual: last.facts, lookedAtMs: last.atMs }),
    ...(message === undefined ? {} : { message }),
    ...(judged.status === "error" ? { error: judged.error } : {}),
    bundle: judged.bundle,
    ...(observation.points === undefined ? {} : { points: observation.points }),
    ...(observation.hint === undefined ? {} : { hint: observation.hint }),
    tags: observation.tags,
  };
}

/** The mode in the lab's words: `once`, `within 2s`. */
export function modeText(mode: Mode): string {
  return mode.kind === "once" ? "once" : `${mode.kind} ${formatMs(mode.ms)}`;
}

function messageOf(
  judged: Judged,
  lab: Lab | undefined,
  language: Language,
  messages: Messages,
): string | undefined {
  switch (judged.status) {
    case "passed":
      return undefined;
    case "error":
      return judged.error.message;
    case "skipped":
      return skipText(judged.reason, lab, language, messages);
    case "failed": {
      const [first, ...more] = judged.differences;
      if (first === undefined) return undefined;
      const text = messages.differs(first.path, first.expected, first.actual);
      return more.length === 0 ? text : `${text} ${messages.andMore(more.length)}`;
    }
  }
}

function skipText(reason: SkipReason, lab: Lab | undefined, language: Language, messages: Messages): string {
  switch (reason.kind) {
    case "said":
      return reason.text === "" ? messages.noReason : reason.text;
    case "interrupted":
      return messages.interrupted;
    case "deadline":
      return messages.deadline(formatMs(reason.timeoutMs));
    case "dependency": {
      const other = lab?.observations[reason.on];
      return messages.dependency(other === undefined ? `${reason.on}` : `"${textIn(other.name, language)}"`);
    }
    case "run_failed":
      return messages.runFailed;
    case "fail_fast":
      return messages.failFast;
  }
}
