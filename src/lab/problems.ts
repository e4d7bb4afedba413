/**
 * Collects what is wrong with the files of a lab.
 *
 * @module
 */

import type { Problem, ProblemCode } from "./problem.ts";
import type { Span } from "./span.ts";

/** More than this is not read by anybody. */
export const PROBLEMS_MAX = 100;

/** The problems found so far. */
export class Problems {
  readonly #found: Problem[] = [];

  /** Something that keeps the lab from running. */
  error(code: ProblemCode, span: Span, message: string, hint?: string): void {
    this.#found.push({ code, message, span, severity: "error", ...(hint === undefined ? {} : { hint }) });
  }

  /** Something to say that does not keep the lab from running. */
  warning(code: ProblemCode, span: Span, message: string, hint?: string): void {
    this.#found.push({ code, message, span, severity: "warning", ...(hint === undefined ? {} : { hint }) });
  }

  /** Adds problems that were found elsewhere. */
  add(problems: Iterable<Problem>): void {
    for (const problem of problems) this.#found.push(problem);
  }

  /** How many there are. */
  get count(): number {
    return this.#found.length;
  }

  /** Whether one of them is an error. */
  get fatal(): boolean {
    return this.#found.some((problem) => problem.severity === "error");
  }

  /** All of them in the order of the files, each once; past the first hundred only their number. */
  sorted(): readonly Problem[] {
    return limited(unique(this.#found.toSorted(byPosition)));
  }
}

function byPosition(a: Problem, b: Problem): number {
  if (a.span.file !== b.span.file) return a.span.file < b.span.file ? -1 : 1;
  return a.span.start - b.span.start || a.span.end - b.span.end;
}

/** A value that is used several times (an alias) is wrong once. */
function unique(sorted: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return sorted.filter(({ code, span, message }) => {
    const key = `${span.file}\0${span.start}\0${span.end}\0${code}\0${message}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function limited(sorted: readonly Problem[]): readonly Problem[] {
  const rest = sorted.slice(PROBLEMS_MAX);
  const first = rest[0];
  if (first === undefined) return sorted;
  // A warning may not hide an error: the verdict on the file is that of all of them.
  const severity = rest.some((problem) => problem.severity === "error") ? "error" : "warning";
  const message = `… and ${rest.length} more`;
  return [...sorted.slice(0, PROBLEMS_MAX), { code: "too_large", message, span: first.span, severity }];
}
