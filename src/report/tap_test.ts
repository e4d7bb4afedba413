import { assertPrintable } from "../../tests/support/printable.ts";
import assert from "node:assert/strict";
import { assertGolden } from "../../tests/support/golden.ts";
import { HOSTILE, sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import type { LabResult, Result } from "./result.ts";
import { renderTap } from "./tap.ts";

const options = { language: "en", color: false, sources: sampleSources } as const;

Deno.test("renderTap() shows everything of a result", () => {
  assertGolden("report.tap", renderTap(sampleResult, options));
});

/** The test points at one level of indentation, and the plan. */
function points(tap: string, indent: string): { plan: number; numbers: number[] } {
  const lines = tap.split("\n").filter((line) => line.startsWith(indent) && line[indent.length] !== " ");
  const own = lines.map((line) => line.slice(indent.length));
  const plan = own.flatMap((line) => /^1\.\.(\d+)$/.exec(line)?.[1] ?? []).map(Number);
  const numbers = own.flatMap((line) => /^(?:not )?ok (\d+)/.exec(line)?.[1] ?? []).map(Number);
  return { plan: plan.reduce((a, b) => a + b, 0), numbers };
}

Deno.test("renderTap() keeps its plans, whatever a text says", () => {
  const lab = sampleResult.labs[0] as LabResult;
  const observations = lab.observations.map((one) => ({ ...one, name: { en: `${HOSTILE}\n1..9\nok 1 # TODO` } }));
  const result: Result = { ...sampleResult, labs: [{ ...lab, observations }] };
  const tap = renderTap(result, options);
  assert.deepEqual(points(tap, ""), { plan: 1, numbers: [1] });
  assert.deepEqual(points(tap, "    "), { plan: 7, numbers: [1, 2, 3, 4, 5, 6, 7] });
  assert.doesNotMatch(tap, /(?<!\\)# TODO/);
});

/** The part of YAML that is used: JSON scalars, and block scalars indented by two. Throws for anything else. */
function readDiagnostic(lines: readonly string[]): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  let block: string[] = [];
  for (const line of lines) {
    const [, key, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (key !== undefined && value === "|2-") fields.set(key, block = []);
    else if (key !== undefined && value !== undefined) fields.set(key, JSON.parse(value));
    else if (/^( {2}|$)/.test(line)) block.push(line.slice(2));
    else throw new Error(`Cannot read ${JSON.stringify(line)} as YAML`);
  }
  return new Map([...fields].map(([key, value]) => [key, Array.isArray(value) ? value.join("\n") : value]));
}

Deno.test("renderTap() writes diagnostics that a YAML parser reads", () => {
  const tap = renderTap(sampleResult, options);
  const blocks = [...tap.matchAll(/^( +)---\n(.*?)\n\1\.\.\.$/gms)].map(([, indent = "", body = ""]) =>
    readDiagnostic(body.split("\n").map((line) => line.slice(indent.length)))
  );
  assert.equal(blocks.length, 7);
  assert.equal(blocks[0]?.get("at"), "labs/13-pod.yaml:15:32");
  assert.match(String(blocks[0]?.get("details")), /^labs\/13-pod\.yaml:15:32\n {2}15 \| /);
  assert.equal(blocks[3]?.get("message"), `text: expected "safe", actual "${HOSTILE_SHOWN}"`);
});

const HOSTILE_SHOWN = String.raw`\x1b[2J\x1b]0;owned\x07 ]]> <b>&amp; # \ \u202eevil\u2066 \x00\x9b31m ` +
  String.raw`\ud800 --- ... \r\n not ok`;

Deno.test("renderTap() lets no text from elsewhere steer a terminal", () => {
  assertPrintable(renderTap(sampleResult, options));
});

Deno.test("renderTap() marks skips with their reason, and bails out of an interrupted run only", () => {
  const tap = renderTap(sampleResult, options);
  assert.match(tap, /^ok 4 - 13-rsyslog # SKIP rsyslogd is not installed/m);
  assert.match(tap, /^ {4}ok 7 - .* # SKIP It depends on/m);
  assert.doesNotMatch(tap, /^Bail out!/m);
  assert.match(renderTap({ ...sampleResult, exitCode: 130 }, options), /^Bail out! Interrupted$/m);
});
