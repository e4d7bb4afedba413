/**
 * Where something stands in a file.
 *
 * @module
 */

/** A file's text with the name to show for it. */
export interface Source {
  /** The path as the user gave it. */
  readonly name: string;
  readonly text: string;
}

/** A range of a file. Lines and columns count from 1, offsets are UTF-16 code units from 0; `end` is exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** A value with the place that it was written at. For a default, the place of what it is a default of. */
export interface At<T> {
  readonly value: T;
  readonly span: Span;
}

/** `file:line:column`, as compilers print it and editors open it. */
export function formatSpan(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`;
}
