/**
 * TAP version 14 (https://testanything.org/tap-version-14-specification.html): a subtest for each lab.
 *
 * @module
 */

import { textIn } from "../lab/lab.ts";
import { formatSpan } from "../lab/span.ts";
import { ownStatus } from "./counts.ts";
import { roundedMs } from "./duration.ts";
import { messagesIn } from "./messages.ts";
import { plainErrors, plainFailure } from "./plain.ts";
import type { RenderOptions } from "./render_options.ts";
import type { LabResult, ObservationResult, Result } from "./result.ts";
import { safe } from "./terminal_failure.ts";

/** One test point for each lab, with a subtest of one point for each observation. */
export function renderTap(result: Result, options: RenderOptions): string {
  const labs = result.labs.flatMap((lab, index) => labLines(lab, index + 1, options));
  // Only when the run was cut short: whatever else went wrong, all tests that there are have been told.
  const bail = result.exitCode === 130 ? [`Bail out! ${messagesIn(options.language).interrupted}`] : [];
  return `${["TAP version 14", `1..${result.labs.length}`, ...labs, ...bail].join("\n")}\n`;
}

function labLines(lab: LabResult, number: number, options: RenderOptions): readonly string[] {
  const repetition = lab.repetition === undefined
    ? ""
    : ` (${messagesIn(options.language).repetition(lab.repetition)})`;
  const name = `${lab.name}${repetition}`;
  const subtest = lab.observations.length === 0 ? [] : [
    `# Subtest: ${description(name)}`,
    ...[
      `1..${lab.observations.length}`,
      ...lab.observations.flatMap((observation, index) => observationLines(observation, index + 1, options)),
    ].map((line) => `    ${line}`),
  ];
  const comments = [...lab.notices, ...lab.leftovers].map((text) => `# ${safe(text)}`);
  if (lab.status === "skipped") return [...comments, ...subtest, point(true, number, name, lab.reason ?? "")];
  const diagnostics = ownStatus(lab).length === 0 ? [] : diagnosticLines([
    ["message", safe(lab.reason ?? "")],
    ["details", plainErrors(lab, options)],
  ]);
  return [...comments, ...subtest, point(lab.status === "passed", number, name), ...diagnostics];
}

function observationLines(observation: ObservationResult, number: number, options: RenderOptions): readonly string[] {
  const name = textIn(observation.name, options.language);
  switch (observation.status) {
    case "passed":
      return [point(true, number, name)];
    case "skipped":
      return [point(true, number, name, observation.message ?? "")];
    case "failed":
    case "error": {
      const location = observation.differences[0]?.span ?? observation.error?.span ?? observation.location;
      return [
        point(false, number, name),
        ...diagnosticLines([
          ["message", safe(observation.message ?? "")],
          ["severity", observation.status === "failed" ? "fail" : "error"],
          ["at", formatSpan(location)],
          ["duration_ms", roundedMs(observation.durationMs)],
          ["details", plainFailure(observation, options)],
        ]),
      ];
    }
  }
}

/** A test point. A reason makes it a skip, which is ok by the specification. */
function point(isOk: boolean, number: number, name: string, skipReason?: string): string {
  const directive = skipReason === undefined ? "" : ` # SKIP ${safe(skipReason)}`;
  return `${isOk ? "ok" : "not ok"} ${number} - ${description(name)}${directive}`.trimEnd();
}

/** One line in which nothing reads as a directive. */
function description(text: string): string {
  return safe(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}

/**
 * A YAML block of texts that are safe to print. Those of one line are JSON strings, which YAML reads as they are; those
 * of several, block scalars.
 */
function diagnosticLines(fields: readonly (readonly [string, string | number])[]): readonly string[] {
  const lines = fields.flatMap(([key, value]) => {
    if (typeof value === "number") return [`${key}: ${value}`];
    if (!value.includes("\n")) return [`${key}: ${JSON.stringify(value)}`];
    // The indentation is given: the first line of the text may begin with spaces itself.
    return [`${key}: |2-`, ...value.split("\n").map((line) => `  ${line}`.trimEnd())];
  });
  return ["---", ...lines, "..."].map((line) => `  ${line}`.trimEnd());
}
