/**
 * Hand-made labs and runs for tests of the stages that come after the check.
 *
 * @module
 */

import type { Lab, Observation, Subject } from "../../src/lab/lab.ts";
import type { Json, Matcher } from "../../src/lab/matcher.ts";
import type { Span } from "../../src/lab/span.ts";
import type { Observed } from "../../src/match/events.ts";

/** The place of the first `needle` in a text. */
export function spanOf(text: string, needle: string, file = "labs/sample.yaml"): Span {
  const start = text.indexOf(needle);
  if (start < 0) throw new Error(`Cannot find ${JSON.stringify(needle)} in the sample`);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(0, start).split("\n").length;
  return { file, line, column: start - lineStart + 1, start, end: start + needle.length };
}

/** A place that no test looks at. */
export const anywhere: Span = { file: "labs/sample.yaml", line: 1, column: 1, start: 0, end: 1 };

/** A matcher of one value. */
export function equals(value: Json): Matcher {
  return { kind: "equals", value, span: anywhere };
}

/** A subject of several containers. */
export function processOf(...containers: string[]): Subject {
  return { kind: "process", of: containers.map((container) => ({ pod: "web", container })), span: anywhere };
}

/** An observation of one fact, with what the test cares about changed. */
export function observation(index: number, changes: Partial<Observation> = {}): Observation {
  return {
    index,
    name: { en: `observation ${index}` },
    subject: { kind: "host", span: anywhere },
    actions: [],
    expect: { kind: "fields", fields: [{ key: "cpus", keySpan: anywhere, matcher: equals(2) }], span: anywhere },
    mode: { kind: "once" },
    visibility: "visible",
    after: [],
    tags: [],
    span: anywhere,
    ...changes,
  };
}

/** A lab of these observations. */
export function labOf(...observations: Observation[]): Lab {
  return {
    name: "sample",
    title: { en: "A sample", zh: "示例" },
    tags: [],
    file: "labs/sample.yaml",
    span: anywhere,
    pods: [],
    observations,
    requires: [],
    timeoutMs: 120_000,
  };
}

/** What came of an observation: one look at `facts`. */
export function observed(index: number, status: Observed["status"], facts?: Json): Observed {
  const last = facts === undefined ? {} : { last: { atMs: 10, facts, differences: [] } };
  return { index, status, looks: 1, durationMs: 5, ...last };
}
