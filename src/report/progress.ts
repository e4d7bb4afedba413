/**
 * What is going on, while it goes on: one line that is rewritten on a terminal, plain lines elsewhere.
 *
 * Pure: it returns the text to write and is told the time, so that tests drive it without a terminal.
 *
 * @module
 */

import { type Lab, type Language, textIn } from "../lab/lab.ts";
import type { RunEvent } from "../match/events.ts";
import { fit } from "./columns.ts";
import { shortDuration } from "./duration.ts";
import { type Messages, messagesIn } from "./messages.ts";
import { safe } from "./terminal_failure.ts";
import { modeText } from "./to_result.ts";

/** What one lab is doing. */
interface Activity {
  readonly lab: Lab;
  readonly text: string;
  /** Of the clock that `render` is told, when this began. */
  readonly sinceMs: number;
}

/** What all running labs are doing, the one heard of last at the end. */
export type ProgressState = readonly Activity[];

/** Nothing is running. */
export const idle: ProgressState = [];

/** How progress is shown. */
export interface ProgressOptions {
  readonly language: Language;
  /** `line`: one line, rewritten; `lines`: plain lines, for logs. */
  readonly mode: "line" | "lines";
  /** Columns of the terminal. */
  readonly columns: number;
}

/** What is being done after an event that came at `nowMs` (of any clock). */
export function stepProgress(
  state: ProgressState,
  lab: Lab,
  event: RunEvent,
  nowMs: number,
  language: Language,
): ProgressState {
  const others = state.filter((activity) => activity.lab !== lab);
  if (event.kind === "lab_ended") return others;
  const before = state.find((activity) => activity.lab === lab);
  const text = doing(lab, event, language) ?? before?.text ?? messagesIn(language).starting(lab.name);
  // Another look of the same observation is no new activity.
  const sinceMs = event.kind === "observation_looked" ? before?.sinceMs ?? nowMs : nowMs;
  return [...others, { lab, text, sinceMs }];
}

/** The status line, without line feed; empty when nothing is running. Never wider than the terminal. */
export function renderProgress(state: ProgressState, nowMs: number, options: ProgressOptions): string {
  const latest = state.at(-1);
  if (latest === undefined) return "";
  const frame = FRAMES[Math.floor(nowMs / FRAME_MS) % FRAMES.length] ?? "";
  const elapsed = `  ${shortDuration(Math.floor(Math.max(0, nowMs - latest.sinceMs) / 100) * 100)}`;
  const others = state.length > 1 ? ` ${messagesIn(options.language).alsoRunning(state.length - 1)}` : "";
  const room = options.columns - elapsed.length - 1;
  return fit(`${frame} ${latest.lab.name}: ${latest.text}${others}`, room) + elapsed;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** What an event means for a person who waits; undefined where it changes nothing. */
function doing(lab: Lab, event: RunEvent, language: Language): string | undefined {
  const messages = messagesIn(language);
  switch (event.kind) {
    case "lab_started":
      return messages.starting(lab.name);
    case "pod_starting":
      return messages.starting(event.pod);
    case "pod_ready":
      return messages.ready(event.pod);
    case "pod_ended":
      return messages.ended(event.pod);
    case "pod_deleted":
      return messages.deleted(event.pod);
    case "container_started":
      return messages.starting(event.container);
    case "action":
      return safe(event.text);
    case "observation_started":
    case "observation_looked":
      return observing(lab, event.index, event.kind === "observation_looked" ? event.looks : 0, messages, language);
    case "interrupted":
      return messages.interrupted;
    case "container_ended":
    case "container_log":
    case "observation_ended":
    case "kept":
    case "notice":
    case "error":
    case "leftover":
    case "lab_ended":
      return undefined;
  }
}

function observing(lab: Lab, index: number, looks: number, messages: Messages, language: Language): string | undefined {
  const observation = lab.observations[index];
  if (observation === undefined) return undefined;
  const name = `"${safe(textIn(observation.name, language))}"`;
  if (observation.mode.kind === "once") return messages.lookingAt(name);
  return messages.waitingFor(name, modeText(observation.mode), looks);
}

/** A plain line for a log, without line feed; undefined for what would only make it longer. */
export function progressLine(lab: Lab, event: RunEvent, language: Language): string | undefined {
  const messages = messagesIn(language);
  const at = `${lab.name}  ${shortDuration(event.atMs)}`;
  switch (event.kind) {
    case "pod_starting":
    case "pod_ready":
    case "pod_ended":
    case "action":
    case "interrupted":
      return `${at}  ${doing(lab, event, language)}`;
    case "observation_ended": {
      const { index, status, reason } = event.observed;
      const name = safe(textIn(lab.observations[index]?.name ?? { en: `${index}` }, language));
      return `${at}  ${messages.labelled(messages.statuses[status], name)}${
        reason === undefined ? "" : ` (${safe(reason)})`
      }`;
    }
    case "notice":
      return `${at}  ${messages.labelled(messages.notice, safe(event.text))}`;
    case "error":
      return `${at}  ${messages.labelled(messages.errorKinds[event.error.kind], safe(event.error.message))}`;
    case "kept":
      return event.how.map(safe).join("\n");
    case "leftover":
      return `${at}  ${messages.labelled(messages.leftover, safe(event.text))}`;
    case "lab_started":
    case "lab_ended":
    case "pod_deleted":
    case "container_started":
    case "container_ended":
    case "container_log":
    case "observation_started":
    case "observation_looked":
      return undefined;
  }
}

/** Progress as the command line uses it: both return the text to write to the terminal or log. */
export interface Progress {
  /** To be called for each event, at a time of any clock. */
  readonly onEvent: (lab: Lab, event: RunEvent, nowMs: number) => string;
  /** The line as it is now; to be written every 100 ms or so. */
  readonly render: (nowMs: number) => string;
  /** Takes the line away, before anything else is written. */
  readonly clear: () => string;
}

/** To the beginning of the line, and empty it (ECMA-48 CR, EL). */
const CLEAR_LINE = "\r\x1b[2K";

/** Progress that keeps its state. */
export function createProgress(options: ProgressOptions): Progress {
  let state = idle;
  let isShown = false;
  const clear = (): string => {
    const text = isShown ? CLEAR_LINE : "";
    isShown = false;
    return text;
  };
  const render = (nowMs: number): string => {
    const line = options.mode === "line" ? renderProgress(state, nowMs, options) : "";
    if (line === "") return clear();
    isShown = true;
    return `${CLEAR_LINE}${line}`;
  };
  const onEvent = (lab: Lab, event: RunEvent, nowMs: number): string => {
    state = stepProgress(state, lab, event, nowMs, options.language);
    // How to look around must stay on the screen; everything else is in the report.
    const isToStay = options.mode === "lines" || event.kind === "kept";
    const line = isToStay ? progressLine(lab, event, options.language) : undefined;
    return line === undefined ? render(nowMs) : `${clear()}${line}\n${render(nowMs)}`;
  };
  return { onEvent, render, clear };
}
