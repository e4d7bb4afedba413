/**
 * The one Result that every report is made from.
 *
 * @module
 */

import type { Text } from "../lab/lab.ts";
import type { Problem } from "../lab/problem.ts";
import type { Json } from "../lab/matcher.ts";
import type { Span } from "../lab/span.ts";
import type { Bundle, Difference, RunError } from "../match/events.ts";

/** How something ended. */
export type Status = "passed" | "failed" | "skipped" | "error";

/** One observation, judged. */
export interface ObservationResult {
  readonly name: Text;
  readonly status: Status;
  readonly durationMs: number;
  readonly location: Span;
  /** How often it was looked at. */
  readonly looks: number;
  /** The mode in the lab's words: `once`, `within 2s`, `throughout 2s`. */
  readonly mode: string;
  readonly differences: readonly Difference[];
  /** The facts of the deciding look. */
  readonly actual?: Json;
  /** When the deciding look was made, milliseconds since the lab's start. */
  readonly lookedAtMs?: number;
  /** What it comes to in one sentence; for a skip, why. */
  readonly message?: string;
  readonly error?: RunError;
  readonly bundle: readonly Bundle[];
  readonly points?: number;
  readonly hint?: Text;
  readonly tags: readonly string[];
}

/** One lab, judged. With `--repeat`, one of these a repetition. */
export interface LabResult {
  readonly name: string;
  readonly title: Text;
  readonly file: string;
  /** `skipped`: the whole lab, for `reason`; `error`: the file is wrong or the host could not run it. */
  readonly status: Status;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly observations: readonly ObservationResult[];
  readonly reason?: string;
  readonly errors: readonly RunError[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
  readonly leftovers: readonly string[];
  readonly interrupted: boolean;
  /** With `--repeat N`: which one, from 1. */
  readonly repetition?: number;
}

/** How often an observation was made and how often it failed, over all repetitions. */
export interface FlakeRate {
  readonly lab: string;
  readonly observation: Text;
  readonly runs: number;
  readonly failures: number;
}

/** 0 all hold; 1 an observation failed; 2 file or command line wrong; 3 host cannot; 4 nothing checked; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** A whole run. */
export interface Result {
  readonly version: string;
  readonly labs: readonly LabResult[];
  /** Observations, not labs. A lab that could not run at all counts as one error, a skipped lab as one skip. */
  readonly summary: {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly errors: number;
  };
  readonly flakes: readonly FlakeRate[];
  readonly durationMs: number;
  readonly exitCode: ExitCode;
}
