/**
 * The one Result that every report is made from.
 *
 * @module
 */

import type { Text } from "../lab/lab.ts";
import type { Problem } from "../lab/problem.ts";
import type { Json } from "../lab/matcher.ts";
import type { Span } from "../lab/span.ts";
import type { Bundle, ContainerLog, Difference, RunError } from "../match/events.ts";

/** How something ended. */
export type Status = "passed" | "failed" | "skipped" | "error";

/** One observation, judged. */
export interface ObservationResult {
  /** What is claimed. */
  readonly name: Text;
  /** How it ended. */
  readonly status: Status;
  /** Milliseconds that it took, actions and waiting included. */
  readonly durationMs: number;
  /** Of the observation in the file. */
  readonly location: Span;
  /** How often it was looked at. */
  readonly looks: number;
  /** The mode in the lab's words: `once`, `within 2s`, `throughout 2s`. */
  readonly mode: string;
  /** For a failed one: what differs. */
  readonly differences: readonly Difference[];
  /** The facts of the deciding look. */
  readonly actual?: Json;
  /** When the deciding look was made, milliseconds since the lab's start. */
  readonly lookedAtMs?: number;
  /** What it comes to in one sentence; for a skip, why. */
  readonly message?: string;
  /** Why no look could be made. */
  readonly error?: RunError;
  /** For one that does not hold: the state of the containers concerned. */
  readonly bundle: readonly Bundle[];
  /** What it is worth. */
  readonly points?: number;
  /** What to tell a learner where it does not hold. */
  readonly hint?: Text;
  /** For `--only`. */
  readonly tags: readonly string[];
}

/** One lab, judged. With `--repeat`, one of these a repetition. */
export interface LabResult {
  /** `metadata.name`, else the file's name. */
  readonly name: string;
  /** `metadata.title`, else the name. */
  readonly title: Text;
  /** The path as the user gave it. */
  readonly file: string;
  /** `skipped`: the whole lab, for `reason`; `error`: the file is wrong or the host could not run it. */
  readonly status: Status;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Milliseconds from its start to its end, cleaning up included. */
  readonly durationMs: number;
  /** In the order of the file. */
  readonly observations: readonly ObservationResult[];
  /** Why it was skipped, or could not be run. */
  readonly reason?: string;
  /** Failures that are no observation's. */
  readonly errors: readonly RunError[];
  /** What is wrong with the file. */
  readonly problems: readonly Problem[];
  /** What could not be done that the lab can live without. */
  readonly notices: readonly string[];
  /** What could not be cleaned up. */
  readonly leftovers: readonly string[];
  /** With `--logs`: what each container wrote. */
  readonly logs: readonly ContainerLog[];
  /** Whether the user stopped it. */
  readonly interrupted: boolean;
  /** With `--repeat N`: which one, from 1. */
  readonly repetition?: number;
}

/** How often an observation was made and how often it failed, over all repetitions. */
export interface FlakeRate {
  /** The lab's name. */
  readonly lab: string;
  /** The observation's name. */
  readonly observation: Text;
  /** How often it was made. */
  readonly runs: number;
  /** How often it did not hold or could not be made. */
  readonly failures: number;
}

/** 0 all hold; 1 an observation failed; 2 file or command line wrong; 3 host cannot; 4 nothing checked; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** A whole run. */
export interface Result {
  /** podlab's version. */
  readonly version: string;
  /** In the order that they were asked for in. */
  readonly labs: readonly LabResult[];
  /** Observations, not labs. A lab that could not run at all counts as one error, a skipped lab as one skip. */
  readonly summary: {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly errors: number;
  };
  /** With `--repeat`: one for each observation. */
  readonly flakes: readonly FlakeRate[];
  /** Milliseconds from the first lab's start to the last one's end. */
  readonly durationMs: number;
  /** What the command ends with. */
  readonly exitCode: ExitCode;
}
