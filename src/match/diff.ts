/**
 * What differs between two texts, and nothing else: hunks of lines, or the place in a line.
 *
 * @module
 */

import { textWidth } from "../lab/width.ts";
import { type Edit, edits } from "./myers.ts";
import { printable } from "./text.ts";

/** Lines around a difference that are shown too. */
const CONTEXT_LINES = 3;
/** What a diff may have at most; a person reads no further. */
const MAX_DIFF_LINES = 60;
const MAX_LINE_LENGTH = 160;
/** How much of a long line is shown before and after the place where it differs. */
const WINDOW_BEFORE = 30;
const WINDOW_LENGTH = 72;
/** With less in common, the two texts as a whole say more than the place where they part. */
const MIN_COMMON_PREFIX = 4;

/**
 * The lines that differ, `-` wanted and `+` found, with three lines around them, in hunks headed by the line numbers of
 * both (`@@ -4 +4 @@`). Control sequences are escaped, trailing spaces of a line that differs are shown as `·`, a
 * missing last line feed is named. Empty where the texts are the same. Bounded in time and in length.
 *
 * @example
 * ```ts
 * import { lineDiff } from "./diff.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(lineDiff("a\nb\n", "a\nc\n"), "@@ -1 +1 @@\n  a\n- b\n+ c");
 * ```
 */
export function lineDiff(expected: string, actual: string): string {
  const before = splitLines(expected);
  const after = splitLines(actual);
  const all = edits(before, after);
  const shown: string[] = [];
  let previous = -1;
  for (const [position, edit] of all.entries()) {
    if (!isNearDifference(all, position)) continue;
    if (position !== previous + 1 || previous === -1) shown.push(`@@ -${edit.oldIndex + 1} +${edit.newIndex + 1} @@`);
    shown.push(showEdit(edit, before, after));
    previous = position;
    if (shown.length >= MAX_DIFF_LINES) return [...shown, "…"].join("\n");
  }
  return shown.join("\n");
}

/** Lines with their line feeds, so that a missing last one is a difference. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function isNearDifference(all: readonly Edit[], position: number): boolean {
  const last = Math.min(position + CONTEXT_LINES, all.length - 1);
  for (let i = Math.max(0, position - CONTEXT_LINES); i <= last; i++) {
    if (all[i]?.kind !== "same") return true;
  }
  return false;
}

function showEdit(edit: Edit, before: readonly string[], after: readonly string[]): string {
  if (edit.kind === "same") return `  ${showLine(before[edit.oldIndex] ?? "")}`.trimEnd();
  const line = edit.kind === "removed" ? before[edit.oldIndex] : after[edit.newIndex];
  const text = showLine(line ?? "").replace(/ +$/, (spaces) => "·".repeat(spaces.length));
  return `${edit.kind === "removed" ? "-" : "+"} ${text}`.trimEnd();
}

function showLine(line: string): string {
  const hasEnd = line.endsWith("\n");
  return printable(hasEnd ? line.slice(0, -1) : line, MAX_LINE_LENGTH) + (hasEnd ? "" : " \\ no newline at end");
}

/**
 * Where two one-line texts part: both, quoted and cut to the part that matters, and a caret below the first character
 * that differs. Undefined where they have too little in common for the place to say anything.
 */
export function inlineDiff(expected: string, actual: string): string | undefined {
  const common = commonPrefix(expected, actual);
  if (common < MIN_COMMON_PREFIX || expected === actual) return undefined;
  // Not from the middle of a surrogate pair.
  const start = common <= WINDOW_BEFORE ? 0 : wholeCharacter(expected, common - WINDOW_BEFORE);
  const lead = start > 0 ? "…" : "";
  const shared = quoteOpen(lead + expected.slice(start, common));
  return [
    `- ${window(expected, start, lead)}`,
    `+ ${window(actual, start, lead)}`,
    `  ${" ".repeat(textWidth(shared))}^`,
  ].join("\n");
}

/** UTF-16 code units that both begin with, whole characters only. */
function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return wholeCharacter(a, length);
}

/** The index, or the one before it if that would part a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? index - 1 : index;
}

function window(text: string, start: number, lead: string): string {
  const end = wholeCharacter(text, Math.min(text.length, start + WINDOW_LENGTH));
  const tail = end < text.length ? "…" : "";
  return `${quoteOpen(lead + text.slice(start, end) + tail)}"`;
}

/** Quoted and escaped like a JSON string, up to the closing quote. */
function quoteOpen(text: string): string {
  return printable(JSON.stringify(text).slice(0, -1), MAX_LINE_LENGTH * 6);
}
