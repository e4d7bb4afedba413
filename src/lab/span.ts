/**
 * Where something stands in a file.
 *
 * @module
 */

/** A file's text with the name to show for it. */
export interface Source {
  /** The path as the user gave it. */
  readonly name: string;
  /** All of it. */
  readonly text: string;
}

/** A range of a file. Lines and columns count from 1, offsets are UTF-16 code units from 0; `end` is exclusive. */
export interface Span {
  /** The name of its {@linkcode Source}. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Offset of its beginning, from 0. */
  readonly start: number;
  /** Offset behind its end. */
  readonly end: number;
}

/** A value with the place that it was written at. For a default, the place of what it is a default of. */
export interface At<T> {
  /** The value. */
  readonly value: T;
  /** Where it was written. */
  readonly span: Span;
}

/** `file:line:column`, as compilers print it and editors open it. */
export function formatSpan(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`;
}
