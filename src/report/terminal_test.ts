import assert from "node:assert/strict";
import { stripVTControlCharacters as stripAnsiCode } from "node:util";
import { assertGolden } from "../../tests/support/golden.ts";
import { assertPrintable } from "../../tests/support/printable.ts";
import { sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import type { LabResult, Result } from "./result.ts";
import { renderLab, renderTerminal } from "./terminal.ts";

const options = { language: "en", color: false, sources: sampleSources } as const;

Deno.test("renderTerminal() shows everything of a result", () => {
  assertGolden("report.terminal.txt", renderTerminal(sampleResult, options));
});

Deno.test("renderTerminal() speaks Chinese", () => {
  assertGolden("report.terminal.zh.txt", renderTerminal(sampleResult, { ...options, language: "zh" }));
});

Deno.test("renderTerminal() with colours differs from the one without in colours only", () => {
  const colored = renderTerminal(sampleResult, { ...options, color: true });
  assert.equal(stripAnsiCode(colored), renderTerminal(sampleResult, options));
  assert.ok(colored.includes("\x1b[31m✘\x1b[0m"));
});

Deno.test("renderTerminal() lets no text from elsewhere steer the terminal", () => {
  assertPrintable(renderTerminal(sampleResult, options));
});

const first = sampleResult.labs[0];
const base: LabResult = {
  ...first as LabResult,
  observations: [],
  notices: [],
  leftovers: [],
  logs: [],
  status: "passed",
};

function closing(changes: Partial<Result>): string {
  const text = renderTerminal({ ...sampleResult, labs: [], ...changes }, options);
  return text.trimEnd().split("\n").at(-1) ?? "";
}

Deno.test("renderTerminal() ends with a line that counts", () => {
  const none = { passed: 0, failed: 0, skipped: 0, errors: 0 };
  assert.equal(closing({ summary: { ...none, passed: 7 }, exitCode: 0 }), "7 passed, 0 failed in 2.4s");
  assert.equal(
    closing({ summary: { ...none, skipped: 2 }, exitCode: 4 }),
    "Nothing was checked: 0 passed, 0 failed, 2 skipped in 2.4s",
  );
  assert.equal(
    closing({ summary: { ...none, passed: 1, errors: 1 }, exitCode: 130 }),
    "Interrupted: 1 passed, 0 failed, 1 error in 2.4s",
  );
});

Deno.test("renderTerminal() tells flakes, and their absence", () => {
  const flake = { lab: "13-pod", observation: { en: "b is limited" }, runs: 20, failures: 3 };
  const summary = { passed: 57, failed: 3, skipped: 0, errors: 0 };
  const text = renderTerminal({ ...sampleResult, labs: [], summary, flakes: [flake] }, options);
  assert.ok(text.includes('13-pod: "b is limited" failed in 3 of 20 runs (15%)'), text);
  const steady = renderTerminal({ ...sampleResult, labs: [], summary, flakes: [{ ...flake, failures: 0 }] }, options);
  assert.ok(steady.includes("No flake in 20 runs"), steady);
});

Deno.test("renderLab() shows a repetition that passed in one line", () => {
  const observations = (first as LabResult).observations.slice(0, 1);
  assert.equal(
    renderLab({ ...base, observations, repetition: 3 }, options),
    "✔ 13-pod  Why do we need Pods?  run 3  2.35s\n",
  );
  assert.equal(renderLab({ ...base, observations }, options).split("\n").length, 3);
});

Deno.test("renderLab() gives the place of a failure also where the file's text is not known", () => {
  const observations = (first as LabResult).observations.slice(1, 2);
  const text = renderLab({ ...base, observations, status: "failed" }, { ...options, sources: new Map() });
  assert.ok(text.includes("    labs/13-pod.yaml:15:32\n    memory.max\n"), text);
});
