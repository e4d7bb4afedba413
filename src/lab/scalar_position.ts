/**
 * Where a character of a scalar's value stands in the file.
 *
 * @module
 */

import type { Span } from "./span.ts";
import type { ScalarNode } from "./tree.ts";

/**
 * The span of a part of a text's value, for errors inside it (CEL expressions, regular expressions).
 *
 * Folding and indentation change white space only, so the n-th other character of the value is the n-th other
 * character of the text in the file: exact for plain, quoted and block scalars alike.
 *
 * @param start UTF-16 offset in the value
 * @param end the exclusive end, in the value
 */
export function spanInScalar(node: ScalarNode, start: number, end: number): Span {
  const units = unitsOf(node);
  const value = String(node.value);
  const from = unitAt(units, value, start);
  const to = end > start ? unitAt(units, value, end - 1) : from;
  const fileStart = from?.start ?? lastEnd(units);
  return shifted(node.span, node.raw, fileStart, Math.max(fileStart, end > start ? to?.end ?? fileStart : fileStart));
}

/** A character of the value that is no white space, and where it is written: offsets from the scalar's start. */
interface Unit {
  readonly start: number;
  readonly end: number;
}

function unitAt(units: readonly Unit[], value: string, offset: number): Unit | undefined {
  const before = value.slice(0, offset).replaceAll(/\s/gu, "").length;
  const unit = units[before];
  // White space itself has no unit: it comes right after the character before it.
  if (offset >= value.length || !/\s/u.test(value.charAt(offset))) return unit;
  const previous = units[before - 1];
  return previous === undefined ? unit : { start: previous.end, end: previous.end + 1 };
}

function lastEnd(units: readonly Unit[]): number {
  return units.at(-1)?.end ?? 0;
}

function unitsOf({ style, raw }: ScalarNode): readonly Unit[] {
  const units: Unit[] = [];
  let at = bodyStart(style, raw);
  const bodyEnd = style === "single" || style === "double" ? raw.length - 1 : raw.length;
  while (at < bodyEnd) {
    const length = writtenLength(style, raw, at);
    if (!isWhiteSpace(style, raw, at)) units.push({ start: at, end: at + length });
    // A character beyond U+FFFF written as an escape is two code units of the value.
    if (style === "double" && /^\\U(?!0000)/u.test(raw.slice(at, at + 6))) units.push({ start: at, end: at + length });
    at += length;
  }
  return units;
}

function bodyStart(style: ScalarNode["style"], raw: string): number {
  if (style === "plain") return 0;
  if (style !== "block") return 1;
  const header = /\r\n|\n|\r/u.exec(raw);
  return header === null ? raw.length : header.index + header[0].length;
}

/** How many code units of the file make one of the value: quotes and escapes take more than one. */
function writtenLength(style: ScalarNode["style"], raw: string, at: number): number {
  if (style === "single") return raw.startsWith("''", at) ? 2 : 1;
  if (style !== "double" || raw.charAt(at) !== "\\") return 1;
  const escape = raw.charAt(at + 1);
  return escape === "x" ? 4 : escape === "u" ? 6 : escape === "U" ? 10 : raw.startsWith("\r\n", at + 1) ? 3 : 2;
}

/** Escapes for white space: `\n`, `\t` …, and a line end after a backslash, which is nothing at all. */
function isWhiteSpace(style: ScalarNode["style"], raw: string, at: number): boolean {
  const character = raw.charAt(at);
  if (style !== "double" || character !== "\\") return /\s/u.test(character);
  return /^(?:[nrtvfNLP_ \t\r\n]|x20|x09|x0[aAdD]|u00[02][09aAdD])/u.test(raw.slice(at + 1, at + 6));
}

/** A span inside another one that starts at `span`, whose text is `raw`. */
function shifted(span: Span, raw: string, start: number, end: number): Span {
  const before = raw.slice(0, start).split("\n");
  const last = before.at(-1) ?? "";
  return {
    file: span.file,
    line: span.line + before.length - 1,
    column: before.length === 1 ? span.column + start : last.length + 1,
    start: span.start + start,
    end: span.start + end,
  };
}
