/**
 * Text from elsewhere (a container, a file, the kernel) made safe to print: no terminal can be steered by it.
 *
 * @module
 */

/** What {@linkcode printable} leaves as it is. */
export interface PrintableOptions {
  /** Keep line feeds and tabs, for texts of several lines. Otherwise they are escaped too. */
  readonly lines?: boolean;
}

/**
 * Everything that moves a cursor, changes a terminal's state or reorders text: control characters (C0, DEL, C1), format
 * characters (bidi overrides and isolates, soft hyphens, tags), line and paragraph separators, and halves of surrogate
 * pairs. The zero-width joiners stay: emoji and several scripts need them, and they move nothing.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The same, without the two that make up texts of several lines. */
const UNPRINTABLE_IN_LINES = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * The text with everything unprintable escaped as in a JavaScript string (`\x1b`, `\u202e`), cut with an ellipsis after
 * `max` UTF-16 code units. Escaped, not removed: in a failed comparison such a character may be the whole difference.
 *
 * @example
 * ```ts
 * import { printable } from "./text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printable("\x1b[2Jbye", 200), "\\x1b[2Jbye");
 * ```
 */
export function printable(text: string, max: number, options: PrintableOptions = {}): string {
  // Escapes only lengthen, so what comes after max cannot be in the answer.
  const escaped = text.slice(0, max + 1).replace(options.lines ? UNPRINTABLE_IN_LINES : UNPRINTABLE, escape);
  return escaped.length <= max && text.length <= max ? escaped : cut(escaped, max);
}

/** As many whole characters as fit, and an ellipsis. */
function cut(text: string, max: number): string {
  if (max < 1) return "";
  // A cut through a surrogate pair would leave half of it.
  const end = isHighSurrogate(text.charCodeAt(max - 2)) ? max - 2 : max - 1;
  return text.slice(0, end) + "…";
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

function escape(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
