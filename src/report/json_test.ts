import assert from "node:assert/strict";
import fc from "fast-check";
import { assertGolden, assertText } from "../../tests/support/golden.ts";
import { assertPrintable } from "../../tests/support/printable.ts";
import { sampleResult } from "../../tests/support/sample_result.ts";
import { renderJson, toJson } from "./json.ts";
import { jsonReportIssues, resultSchemaText } from "./json_schema.ts";
import type { LabResult } from "./result.ts";

Deno.test("renderJson() has the promised fields", () => {
  assertGolden("report.json", renderJson(sampleResult, { language: "zh" }));
});

Deno.test("renderJson() is of the shape that its schema says", () => {
  for (const language of ["en", "zh"] as const) {
    assert.deepEqual(jsonReportIssues(JSON.parse(renderJson(sampleResult, { language }))), []);
  }
  assert.deepEqual(jsonReportIssues({ ...toJson(sampleResult, "en"), exitCode: 5, more: 1 }).length, 2);
});

Deno.test("resultSchemaText() is what is committed", () => {
  const committed = Deno.readTextFileSync(new URL("../../labs/result.schema.json", import.meta.url));
  assertText(resultSchemaText(), committed, "labs/result.schema.json is stale: deno task gen");
});

Deno.test("renderJson() holds exactly toJson() for any text", () => {
  const lab = sampleResult.labs[0] as LabResult;
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
    const result = { ...sampleResult, labs: [{ ...lab, name: text, notices: [text] }] };
    assert.deepEqual(
      JSON.parse(renderJson(result, { language: "en" })),
      JSON.parse(JSON.stringify(toJson(result, "en"))),
    );
  }));
});

Deno.test("renderJson() holds nothing that steers a terminal", () => {
  assertPrintable(renderJson(sampleResult, { language: "en" }));
});

Deno.test("toJson() points at the expectation that does not hold, else at the observation", () => {
  const observations = toJson(sampleResult, "en").labs[0]?.observations ?? [];
  assert.equal(observations[0]?.location, "labs/13-pod.yaml:9:20");
  assert.equal(observations[1]?.location, "labs/13-pod.yaml:15:32");
  assert.equal(observations[1]?.expected, "memory.max: 64Mi\ncpu.max: 500m");
  assert.equal(observations[1]?.actual, "memory.max: 32Mi\ncpu.max: absent");
});
