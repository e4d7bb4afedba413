/**
 * Problems as people read them: place, code, sentence, the line of the file with a caret, and what to do.
 *
 * @module
 */

import type { Problem } from "./problem.ts";
import type { Span } from "./span.ts";
import { formatSpan } from "./span.ts";
import { shownCharacter, shownText, textWidth } from "./width.ts";

/** How problems are shown. */
export interface FormatOptions {
  /** Whether to use colours (ANSI sequences); only for a terminal. */
  readonly color: boolean;
}

/** Columns that a line of the file may take. */
const WIDTH_MAX = 100;

/** Columns before the caret in a line that had to be cut. */
const LEAD = 40;

/** A tab is shown as this many spaces, so that the caret stands under what it points at. */
const TAB = "  ";

/**
 * One problem in several lines:
 *
 * ```text
 * lab.yaml:5:5 unknown_key: Unknown key "imaeg" in a container
 *    5 |     imaeg: host
 *      |     ^^^^^
 *      = Did you mean "image"?
 * ```
 *
 * @param text The text of the file that the problem's span is of; without it there is no excerpt.
 */
export function formatProblem(problem: Problem, text: string | undefined, options: FormatOptions): string {
  const paint = painter(options.color);
  const title = problem.severity === "warning"
    ? paint("yellow", `warning ${problem.code}`)
    : paint("red", problem.code);
  const head = `${paint("bold", shownText(formatSpan(problem.span)))} ${title}: ${shownText(problem.message)}`;
  const hint = problem.hint === undefined ? [] : [`     ${paint("blue", "=")} ${shownText(problem.hint)}`];
  return [head, ...(text === undefined ? [] : excerptLines(text, problem.span, paint)), ...hint].join("\n");
}

/**
 * Problems in the order of files and places, an empty line between them.
 *
 * @param texts The text of each file, by the name in the spans.
 */
export function formatProblems(
  problems: readonly Problem[],
  texts: ReadonlyMap<string, string>,
  options: FormatOptions,
): string {
  const ordered = problems.toSorted((a, b) =>
    a.span.file === b.span.file ? a.span.start - b.span.start : a.span.file < b.span.file ? -1 : 1
  );
  return ordered.map((problem) => formatProblem(problem, texts.get(problem.span.file), options)).join("\n\n");
}

/** The line of a span with a caret run under it, as two lines without colours; nothing where the line is empty. */
export function excerpt(text: string, span: Span): readonly string[] {
  return excerptLines(text, span, painter(false));
}

type Paint = (style: "bold" | "red" | "yellow" | "blue", text: string) => string;

const ANSI = { bold: "1", red: "31", yellow: "33", blue: "34" } as const;

function painter(color: boolean): Paint {
  return (style, text) => color ? `\x1b[${ANSI[style]}m${text}\x1b[0m` : text;
}

function excerptLines(text: string, span: Span, paint: Paint): readonly string[] {
  const lineStart = span.start - (span.column - 1);
  const lineEnd = endOfLine(text, span.start);
  if (lineStart < 0 || text.slice(lineStart, lineEnd).trim() === "") return [];

  const marked = text.slice(span.start, Math.min(span.end, lineEnd)).trimEnd();
  const before = Array.from(text.slice(Math.max(lineStart, span.start - LINE_LOOK), span.start), shownOrTab).join("");
  const under = Array.from(marked, shownOrTab).join("");
  const after = Array.from(text.slice(span.start + marked.length, lineEnd), shownOrTab).join("");

  const { lead, rest, run } = cut(before, under, after);
  const number = String(span.line).padStart(4);
  const caret = `${" ".repeat(textWidth(lead))}${paint("red", "^".repeat(Math.max(1, run)))}`;
  return [`${number} ${paint("blue", "|")} ${lead}${rest}`, `     ${paint("blue", "|")} ${caret}`];
}

function endOfLine(text: string, from: number): number {
  const match = /[\r\n]/u.exec(text.slice(from, from + LINE_LOOK));
  return match === null ? Math.min(text.length, from + LINE_LOOK) : from + match.index;
}

/** What stands farther from the place than this is cut off before anything is measured. */
const LINE_LOOK = 2048;

/** Keeps the marked part and what is near it. */
function cut(before: string, under: string, after: string): { lead: string; rest: string; run: number } {
  let lead = before;
  if (textWidth(before + under + after) > WIDTH_MAX && textWidth(before) > LEAD) lead = `…${lastColumns(before, LEAD)}`;
  const room = WIDTH_MAX - textWidth(lead);
  const whole = under + after;
  const rest = textWidth(whole) > room ? `${firstColumns(whole, room - 1)}…` : whole;
  return { lead, rest, run: Math.min(textWidth(under), room) };
}

function firstColumns(text: string, columns: number): string {
  let width = 0;
  let kept = "";
  for (const character of text) {
    width += textWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}

function lastColumns(text: string, columns: number): string {
  // A very long line is one of very many characters: look at its end only.
  const characters = Array.from(text.slice(-columns * 8));
  let width = 0;
  let from = characters.length;
  while (from > 0 && width + textWidth(characters[from - 1] ?? "") <= columns) {
    from--;
    width += textWidth(characters[from] ?? "");
  }
  return characters.slice(from).join("");
}

function shownOrTab(character: string): string {
  return character === "\t" ? TAB : shownCharacter(character);
}
