/**
 * What is wrong with a file: codes, positions and the text that a user reads.
 *
 * @module
 */

import type { Span } from "./span.ts";

/** The closed set of what can be wrong with a lab file. Tests assert code and span; people read the text. */
export type ProblemCode =
  | "alias_bomb"
  | "bad_quantity"
  | "bad_reference"
  | "bad_value"
  | "cluster_only"
  | "duplicate_key"
  | "duplicate_name"
  | "empty_expect"
  | "file_unreadable"
  | "impossible"
  | "missing_key"
  | "no_lab"
  | "no_observations"
  | "not_yet"
  | "too_large"
  | "unknown_fact"
  | "unknown_key"
  | "unknown_matcher"
  | "wrong_type"
  | "yaml_syntax";

/** One thing that is wrong. */
export interface Problem {
  /** What kind of mistake it is. */
  readonly code: ProblemCode;
  /** One sentence without a final period: what cannot be, with the value. */
  readonly message: string;
  /** Where it is. */
  readonly span: Span;
  /** What to do about it. */
  readonly hint?: string;
  /** `warning`: said, but the lab still runs (a cluster-only field). */
  readonly severity: "error" | "warning";
}
