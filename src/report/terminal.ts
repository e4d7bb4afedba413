/**
 * The report for a person at a terminal.
 *
 * @module
 */

import { formatProblems } from "../lab/excerpt.ts";
import { textIn } from "../lab/lab.ts";
import { textWidth } from "../lab/width.ts";
import { padEnd } from "./columns.ts";
import { ownStatus } from "./counts.ts";
import { shortDuration } from "./duration.ts";
import { messagesIn } from "./messages.ts";
import type { RenderOptions } from "./render_options.ts";
import type { ExitCode, LabResult, ObservationResult, Result, Status } from "./result.ts";
import { painter, type Style } from "./style.ts";
import { type Context, errorLines, failureLines, safe } from "./terminal_failure.ts";

/** Below this, how long an observation took says nothing. */
const MIN_SHOWN_MS = 100;
/** Durations stand in one column, unless names are longer than this. */
const MAX_NAME_WIDTH = 60;

const MARKS: Readonly<Record<Status, { readonly mark: string; readonly style: Style }>> = {
  passed: { mark: "✔", style: "green" },
  failed: { mark: "✘", style: "red" },
  skipped: { mark: "○", style: "yellow" },
  error: { mark: "!", style: "red" },
};

/** The whole report; ends with a line that counts. */
export function renderTerminal(result: Result, options: RenderOptions): string {
  return [...result.labs.map((lab) => renderLab(lab, options)), renderSummary(result, options)].join("\n");
}

/**
 * One lab's part of the report, with a line feed at its end. A repetition that passed is one line.
 */
export function renderLab(lab: LabResult, options: RenderOptions): string {
  const context = contextOf(options);
  const isShort = lab.repetition !== undefined && lab.status === "passed" && lab.problems.length === 0;
  const lines = isShort ? [headLine(lab, context)] : [
    headLine(lab, context),
    ...observationLines(lab.observations, context),
    ...afterwords(lab, context),
    ...logLines(lab, context),
    ...lab.observations.filter(isToExplain).flatMap((one) => explained(one, context)),
    ...lab.errors.flatMap((error) => ["", ...indented(errorLines(error, context), "  ")]),
    ...problemLines(lab, context),
  ];
  return `${lines.join("\n")}\n`;
}

function contextOf(options: RenderOptions): Context {
  return { ...options, paint: painter(options.color), messages: messagesIn(options.language) };
}

function headLine(lab: LabResult, context: Context): string {
  const { paint, messages, language } = context;
  const title = safe(textIn(lab.title, language));
  const parts = [`${mark(lab.status, context)} ${paint("bold", safe(lab.name))}`];
  if (title !== lab.name) parts.push(title);
  if (lab.repetition !== undefined) parts.push(paint("dim", messages.repetition(lab.repetition)));
  // Errors are told in full below.
  const isWhole = lab.interrupted || lab.status === "skipped" || (ownStatus(lab).length > 0 && lab.errors.length === 0);
  if (lab.reason !== undefined && isWhole) {
    parts.push(paint("yellow", messages.labelled(messages.statuses[lab.status], safe(lab.reason))));
  } else if (lab.durationMs >= MIN_SHOWN_MS) parts.push(paint("dim", shortDuration(lab.durationMs)));
  return parts.join("  ");
}

function observationLines(observations: readonly ObservationResult[], context: Context): readonly string[] {
  const names = observations.map((one) => safe(textIn(one.name, context.language)));
  const width = Math.min(MAX_NAME_WIDTH, Math.max(0, ...names.map(textWidth)));
  return observations.map((one, index) => {
    const line = `  ${mark(one.status, context)} ${padEnd(names[index] ?? "", width)}  ${remark(one, context)}`;
    return line.trimEnd();
  });
}

/** How long it took, if that was long; why it was skipped. */
function remark(observation: ObservationResult, { paint }: Context): string {
  if (observation.status === "skipped") return paint("dim", safe(observation.message ?? ""));
  return observation.durationMs > MIN_SHOWN_MS ? paint("dim", shortDuration(observation.durationMs)) : "";
}

function mark(status: Status, { paint }: Context): string {
  return paint(MARKS[status].style, MARKS[status].mark);
}

function isToExplain(observation: ObservationResult): boolean {
  return observation.status === "failed" || observation.status === "error";
}

function explained(observation: ObservationResult, context: Context): readonly string[] {
  const name = safe(textIn(observation.name, context.language));
  const head = `  ${mark(observation.status, context)} ${context.paint("bold", name)}`;
  return ["", head, ...indented(failureLines(observation, context), "    ")];
}

function indented(lines: readonly string[], by: string): readonly string[] {
  return lines.map((line) => `${by}${line}`.trimEnd());
}

/** What is to be said but is no failure. */
function afterwords(lab: LabResult, { paint, messages }: Context): readonly string[] {
  return [
    ...lab.notices.map((text) => `  ${paint("yellow", messages.notice)}  ${safe(text)}`),
    ...lab.leftovers.map((text) => `  ${paint("red", messages.leftover)}  ${safe(text)}`),
  ];
}

/** With `--logs`: what each container wrote. */
function logLines(lab: LabResult, { paint }: Context): readonly string[] {
  return lab.logs.flatMap(({ container, text, truncated }) => {
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    const shown = truncated ? ["…", ...lines] : lines;
    return [
      "",
      `  ${paint("bold", safe(container))}`,
      ...shown.map((line) => `    ${paint("dim", "│")} ${safe(line)}`),
    ];
  });
}

function problemLines(lab: LabResult, context: Context): readonly string[] {
  if (lab.problems.length === 0) return [];
  return ["", ...formatProblems(lab.problems, context.sources, { color: context.color }).split("\n")];
}

/** The last part of the report: flakes, and the line that counts. */
export function renderSummary(result: Result, options: RenderOptions): string {
  const context = contextOf(options);
  const { messages } = context;
  const counts = messages.summary(countsText(result.summary, context), shortDuration(result.durationMs));
  return [...flakeLines(result, context), `${preface(result.exitCode, context)(counts)}\n`].join("\n");
}

/** Skips and errors are named only where there are some. */
function countsText({ passed, failed, skipped, errors }: Result["summary"], { paint, messages }: Context): string {
  const all = [[passed, "passed"], [failed, "failed"], [skipped, "skipped"], [errors, "error"]] as const;
  return all.filter(([count, status]) => count > 0 || status === "passed" || status === "failed").map(
    ([count, status]) => paint(count > 0 ? MARKS[status].style : "dim", messages.counted(count, status)),
  ).join(messages.listSeparator);
}

/** What must be said before the counts, lest they mislead. */
function preface(exitCode: ExitCode, { paint, messages }: Context): (counts: string) => string {
  if (exitCode === 130) return (counts) => messages.labelled(paint("yellow", messages.interrupted), counts);
  if (exitCode === 4) return (counts) => messages.labelled(paint("yellow", messages.nothingChecked), counts);
  return (counts) => counts;
}

function flakeLines(result: Result, { messages, paint, language }: Context): readonly string[] {
  if (result.flakes.length === 0) return [];
  const flaky = result.flakes.filter((flake) => flake.failures > 0);
  if (flaky.length === 0) return [messages.noFlakes(Math.max(...result.flakes.map((flake) => flake.runs)))];
  return flaky.map((flake) => {
    const name = `${safe(flake.lab)}: "${safe(textIn(flake.observation, language))}"`;
    return paint("yellow", messages.flake(name, flake.failures, flake.runs));
  });
}
