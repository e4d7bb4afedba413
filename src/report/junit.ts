/**
 * JUnit XML, for CI systems. There is no standard: this keeps to what the schemas of Ant, Surefire and Jenkins all
 * accept, so there are no totals on `testsuites`, no zone in `timestamp`, and a suite has its parts in Ant's order.
 *
 * @module
 */

import { type Language, textIn } from "../lab/lab.ts";
import { formatSpan } from "../lab/span.ts";
import { ownStatus } from "./counts.ts";
import { messagesIn } from "./messages.ts";
import { plainErrors, plainFailure } from "./plain.ts";
import type { RenderOptions } from "./render_options.ts";
import type { LabResult, ObservationResult, Result, Status } from "./result.ts";
import { safe } from "./terminal_failure.ts";
import { element, textElement } from "./xml.ts";

/** A suite for each lab, a case for each observation. */
export function renderJunit(result: Result, options: RenderOptions): string {
  const suites = result.labs.map((lab, id) => suite(lab, id, options));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", {}, suites)}\n`;
}

function suite(lab: LabResult, id: number, options: RenderOptions): string {
  const own = ownStatus(lab);
  const count = (status: Status): number =>
    lab.observations.filter((one) => one.status === status).length + own.filter((one) => one === status).length;
  const attributes = {
    name: suiteName(lab, options.language),
    tests: lab.observations.length + own.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds(lab.durationMs),
    timestamp: timestamp(lab.startedAt),
    hostname: options.hostname ?? "localhost",
    id,
    package: "podlab",
  };
  return element("testsuite", attributes, [
    element("properties", {}, properties(lab, options.language)),
    ...lab.observations.map((observation) => testcase(observation, lab, options)),
    ...own.map((status) => labCase(lab, status, options)),
    textElement("system-out", {}, notes(lab, options)),
    textElement("system-err", {}, ""),
  ]);
}

function suiteName(lab: LabResult, language: Language): string {
  return lab.repetition === undefined ? lab.name : `${lab.name} (${messagesIn(language).repetition(lab.repetition)})`;
}

function properties(lab: LabResult, language: Language): readonly string[] {
  const property = (name: string, value: string): string => element("property", { name, value: safe(value) });
  return [property("file", lab.file), property("title", textIn(lab.title, language))];
}

function testcase(observation: ObservationResult, lab: LabResult, options: RenderOptions): string {
  const attributes = {
    name: safe(textIn(observation.name, options.language)),
    classname: lab.name,
    time: seconds(observation.durationMs),
  };
  const message = safe(observation.message ?? "");
  switch (observation.status) {
    case "passed":
      return element("testcase", attributes);
    case "skipped":
      return element("testcase", attributes, [element("skipped", { message })]);
    case "failed": {
      const type = `expectation ${formatSpan(observation.differences[0]?.span ?? observation.location)}`;
      return element("testcase", attributes, [
        textElement("failure", { message, type }, plainFailure(observation, options)),
      ]);
    }
    case "error": {
      const type = observation.error?.kind ?? "error";
      return element("testcase", attributes, [
        textElement("error", { message, type }, plainFailure(observation, options)),
      ]);
    }
  }
}

/** What happened to the lab as a whole, as a case of its own: a suite has no place for it. */
function labCase(lab: LabResult, status: Status, options: RenderOptions): string {
  const attributes = { name: lab.name, classname: lab.name, time: seconds(0) };
  const message = safe(lab.reason ?? "");
  if (status === "skipped") return element("testcase", attributes, [element("skipped", { message })]);
  const type = lab.errors[0]?.kind ?? lab.problems[0]?.code ?? "error";
  return element("testcase", attributes, [textElement("error", { message, type }, plainErrors(lab, options))]);
}

function notes(lab: LabResult, { language }: RenderOptions): string {
  const messages = messagesIn(language);
  const lines = [
    ...lab.notices.map((text) => messages.labelled(messages.notice, safe(text))),
    ...lab.leftovers.map((text) => messages.labelled(messages.leftover, safe(text))),
  ];
  return lines.join("\n");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** RFC 3339 without fraction and zone, in UTC as Ant wants it; what is no such text becomes the epoch. */
function timestamp(startedAt: string): string {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.exec(startedAt);
  return match?.[0] ?? "1970-01-01T00:00:00";
}
