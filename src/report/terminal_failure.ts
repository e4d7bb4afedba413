/**
 * What a person needs to know of one observation that did not hold, or of one error.
 *
 * @module
 */

import { excerpt } from "../lab/excerpt.ts";
import { textIn } from "../lab/lab.ts";
import { formatSpan, type Span } from "../lab/span.ts";
import { textWidth } from "../lab/width.ts";
import type { Bundle, Difference, RunError } from "../match/events.ts";
import { printable } from "../match/text.ts";
import { padEnd } from "./columns.ts";
import { shortDuration } from "./duration.ts";
import { errnoText } from "./errno_meaning.ts";
import type { Messages } from "./messages.ts";
import type { RenderOptions } from "./render_options.ts";
import type { ObservationResult } from "./result.ts";
import type { Paint } from "./style.ts";

/** What the parts of the report need to know. */
export interface Context extends RenderOptions {
  readonly paint: Paint;
  readonly messages: Messages;
}

/** Longest line of text that comes from elsewhere, in UTF-16 code units. */
const MAX_TEXT = 400;
const MAX_DIFF = 20_000;

/** A text from a lab file, the kernel or a container, on one line. */
export function safe(text: string): string {
  return printable(text, MAX_TEXT);
}

/**
 * An observation that failed: where, what was wanted and what is, when it was looked at, and what the containers say.
 */
export function failureLines(observation: ObservationResult, context: Context): readonly string[] {
  const { differences, location, bundle, hint, error } = observation;
  const lines = differencesLines(differences, context);
  if (differences.length === 0 && error?.span === undefined) lines.push(...placeLines(location, context));
  if (observation.looks > 0) lines.push(context.paint("dim", lookText(observation, context.messages)));
  if (error !== undefined) lines.push(...errorLines(error, context));
  if (hint !== undefined) {
    lines.push(...labelled([[context.messages.hint, safe(textIn(hint, context.language))]], context));
  }
  for (const container of bundle) lines.push(...bundleLines(container, context));
  return lines;
}

/** `file:line:column`, and the line with a caret where its text is known. */
function placeLines(span: Span, { paint, sources }: Context): string[] {
  const text = sources.get(span.file);
  const source = text === undefined ? [] : excerpt(text, span).map((line) => paint("dim", line));
  return [paint("blue", safe(formatSpan(span))), ...source];
}

/** Each place of the file once, and below it what differs there. */
function differencesLines(differences: readonly Difference[], context: Context): string[] {
  const lines: string[] = [];
  let place = "";
  for (const difference of differences) {
    if (formatSpan(difference.span) !== place) lines.push(...placeLines(difference.span, context));
    place = formatSpan(difference.span);
    lines.push(...differenceLines(difference, context));
  }
  return lines;
}

function differenceLines({ path, expected, actual, diff }: Difference, context: Context): readonly string[] {
  const { paint, messages } = context;
  const title = path === "" ? [] : [paint("bold", safe(path))];
  if (diff !== undefined && diff !== "") {
    const legend = `${paint("green", `- ${messages.expected}`)}  ${paint("red", `+ ${messages.actual}`)}`;
    const body = printable(diff, MAX_DIFF, { lines: true }).split("\n").map((line) => `  ${paintDiff(line, paint)}`);
    return [`${title.map((text) => `${text}  `).join("")}${legend}`, ...body];
  }
  const values = labelled([
    [messages.expected, paint("green", safe(expected))],
    [messages.actual, paint("red", safe(actual))],
  ], context);
  return title.length === 0 ? values : [...title, ...values.map((line) => `  ${line}`)];
}

function paintDiff(line: string, paint: Paint): string {
  if (line.startsWith("-")) return paint("green", line);
  if (line.startsWith("+")) return paint("red", line);
  return line.startsWith("@@") ? paint("dim", line) : line;
}

function lookText({ mode, looks, durationMs, lookedAtMs }: ObservationResult, messages: Messages): string {
  const at = shortDuration(lookedAtMs ?? durationMs);
  return mode === "once" ? messages.lookedAt(at) : messages.lookedUntil(mode, looks, shortDuration(durationMs), at);
}

/** An error: which step of which process, what the kernel said, which line of the file asked for it, what to do. */
export function errorLines(error: RunError, context: Context): readonly string[] {
  const { messages, paint, language } = context;
  const rows: (readonly [string, string])[] = [];
  if (error.process !== undefined) rows.push([messages.process, safe(error.process)]);
  if (error.call !== undefined) rows.push([messages.call, safe(error.call)]);
  if (error.errno !== undefined) rows.push([messages.errno, safe(errnoText(error.errno, language))]);
  if (error.hint !== undefined) rows.push([messages.hint, safe(error.hint)]);
  const place = error.span === undefined ? [] : placeLines(error.span, context);
  return [
    messages.labelled(paint("red", messages.errorKinds[error.kind]), safe(error.message)),
    ...place,
    ...labelled(rows, context),
  ];
}

/** Labels in a column, dimmed. */
function labelled(rows: readonly (readonly [string, string])[], { paint }: Context): readonly string[] {
  const width = Math.max(0, ...rows.map(([label]) => textWidth(label)));
  return rows.map(([label, text]) => `${paint("dim", padEnd(label, width))}  ${text}`);
}

function bundleLines(bundle: Bundle, context: Context): readonly string[] {
  const { paint, messages } = context;
  const facts = [
    bundle.state,
    bundle.reason,
    bundle.exitCode === undefined ? undefined : messages.exitCode(bundle.exitCode),
    bundle.hostPid === undefined ? undefined : messages.hostPid(bundle.hostPid),
    bundle.restartCount === 0 ? undefined : messages.restarts(bundle.restartCount),
  ].filter((fact) => fact !== undefined).map(safe);
  const figures = bundle.cgroup.length === 0 ? [] : [`  ${paint("dim", bundle.cgroup.map(safe).join("  "))}`];
  const log = bundle.log.map((line) => `  ${paint("dim", "│")} ${safe(line)}`.trimEnd());
  return [`${paint("bold", safe(bundle.container))}  ${facts.join(", ")}`, ...figures, ...log];
}
