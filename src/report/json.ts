/**
 * The report for programs. Its shape is in json_schema.ts, and in `labs/result.schema.json`.
 *
 * @module
 */

import { type Language, textIn } from "../lab/lab.ts";
import type { Problem } from "../lab/problem.ts";
import { formatSpan } from "../lab/span.ts";
import type { Difference, RunError } from "../match/events.ts";
import { roundedMs } from "./duration.ts";
import type { JsonReport } from "./json_schema.ts";
import type { RenderOptions } from "./render_options.ts";
import type { LabResult, ObservationResult, Result } from "./result.ts";

type JsonLab = JsonReport["labs"][number];
type JsonObservation = JsonLab["observations"][number];
type JsonError = JsonLab["errors"][number];

/** The report as JSON text. */
export function renderJson(result: Result, options: Pick<RenderOptions, "language">): string {
  return `${escaped(JSON.stringify(toJson(result, options.language), undefined, 2))}\n`;
}

/**
 * JSON.stringify leaves DEL, C1 and format characters (bidi overrides) as they are, and a report is also read on a
 * terminal. They can be in strings only, where an escape means the same.
 */
function escaped(json: string): string {
  return json.replace(
    /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu,
    (character) => character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** The report as data. */
export function toJson(result: Result, language: Language): JsonReport {
  return {
    version: result.version,
    labs: result.labs.map((lab) => labJson(lab, language)),
    summary: { ...result.summary },
    flakes: result.flakes.map((flake) => ({ ...flake, observation: textIn(flake.observation, language) })),
    durationMs: roundedMs(result.durationMs),
    exitCode: result.exitCode,
  };
}

function labJson(lab: LabResult, language: Language): JsonLab {
  return {
    name: lab.name,
    title: textIn(lab.title, language),
    file: lab.file,
    status: lab.status,
    startedAt: lab.startedAt,
    durationMs: roundedMs(lab.durationMs),
    ...optional("repetition", lab.repetition),
    ...optional("reason", lab.reason),
    interrupted: lab.interrupted,
    observations: lab.observations.map((observation) => observationJson(observation, language)),
    errors: lab.errors.map(errorJson),
    problems: lab.problems.map(problemJson),
    notices: [...lab.notices],
    leftovers: [...lab.leftovers],
    logs: lab.logs.map((log) => ({ ...log })),
  };
}

function observationJson(observation: ObservationResult, language: Language): JsonObservation {
  const { differences, lookedAtMs, error, actual, hint, status } = observation;
  const location = differences[0]?.span ?? error?.span ?? observation.location;
  return {
    name: textIn(observation.name, language),
    status,
    durationMs: roundedMs(observation.durationMs),
    expected: joined(differences, (difference) => difference.expected),
    actual: joined(differences, (difference) => difference.actual),
    message: observation.message ?? null,
    location: formatSpan(location),
    mode: observation.mode,
    looks: observation.looks,
    lookedAtMs: lookedAtMs === undefined ? null : roundedMs(lookedAtMs),
    differences: differences.map(differenceJson),
    // Of all that passed, the facts would be many times the report.
    ...(status === "passed" ? {} : optional("facts", actual)),
    ...optional("error", error === undefined ? undefined : errorJson(error)),
    containers: observation.bundle.map((bundle) => ({ ...bundle, log: [...bundle.log], cgroup: [...bundle.cgroup] })),
    ...optional("points", observation.points),
    ...optional("hint", hint === undefined ? undefined : textIn(hint, language)),
    tags: [...observation.tags],
  };
}

/** One side of all differences: a line each, with the path where there is one. */
function joined(differences: readonly Difference[], side: (difference: Difference) => string): string | null {
  if (differences.length === 0) return null;
  return differences.map((one) => one.path === "" ? side(one) : `${one.path}: ${side(one)}`).join("\n");
}

function differenceJson({ path, expected, actual, span, diff }: Difference): JsonObservation["differences"][number] {
  return { path, expected, actual, location: formatSpan(span), ...optional("diff", diff) };
}

function errorJson({ span, ...error }: RunError): JsonError {
  return { ...error, ...optional("location", span === undefined ? undefined : formatSpan(span)) };
}

function problemJson({ code, severity, message, span, hint }: Problem): JsonLab["problems"][number] {
  return { code, severity, message, location: formatSpan(span), ...optional("hint", hint) };
}

/** A field that is left out where there is no value. */
function optional<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [key in K]: T };
}
