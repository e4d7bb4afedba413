/**
 * What happened to an observation or a lab in plain lines, for reports that have a place for free text.
 *
 * @module
 */

import { formatProblems } from "../lab/excerpt.ts";
import { messagesIn } from "./messages.ts";
import type { RenderOptions } from "./render_options.ts";
import type { LabResult, ObservationResult } from "./result.ts";
import { painter } from "./style.ts";
import { type Context, errorLines, failureLines } from "./terminal_failure.ts";

/** As the terminal shows it, without colours. */
export function plainFailure(observation: ObservationResult, options: RenderOptions): string {
  return failureLines(observation, plain(options)).join("\n");
}

/** What went wrong with a lab as a whole: errors, then problems of the file. */
export function plainErrors(lab: LabResult, options: RenderOptions): string {
  const context = plain(options);
  const errors = lab.errors.map((error) => errorLines(error, context).join("\n"));
  const problems = formatProblems(lab.problems, options.sources, { color: false });
  return [...errors, ...(problems === "" ? [] : [problems])].join("\n\n");
}

function plain(options: RenderOptions): Context {
  return { ...options, color: false, paint: painter(false), messages: messagesIn(options.language) };
}
