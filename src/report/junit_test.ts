import assert from "node:assert/strict";
import fc from "fast-check";
import { assertGolden } from "../../tests/support/golden.ts";
import { HOSTILE, sampleResult, sampleSources } from "../../tests/support/sample_result.ts";
import { renderJunit } from "./junit.ts";
import type { LabResult, Result } from "./result.ts";

const options = { language: "en", color: false, sources: sampleSources } as const;
const SCHEMA = new URL("../../tests/support/junit.xsd", import.meta.url).pathname;

const hasXmllint = await run(["--version"], "").then((outcome) => outcome.success, () => false);
const reason = hasXmllint ? "" : " (skipped: xmllint is not installed; apt-get install libxml2-utils)";

async function run(args: string[], input: string): Promise<{ success: boolean; stderr: string }> {
  const child = new Deno.Command("xmllint", { args, stdin: "piped", stdout: "null", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  // A reader that has gone has already said why on its standard error.
  await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => undefined);
  const { success, stderr } = await child.output();
  return { success, stderr: new TextDecoder().decode(stderr) };
}

async function assertValid(xml: string): Promise<void> {
  const { success, stderr } = await run(["--noout", "--schema", SCHEMA, "-"], xml);
  assert.ok(success, stderr);
}

Deno.test("renderJunit() has a case for each observation and for each lab that did not run", () => {
  const xml = renderJunit(sampleResult, options);
  assertGolden("report.junit.xml", xml);
  assert.equal(xml.match(/<testcase /g)?.length, 10);
  assert.equal(xml.match(/<failure /g)?.length, sampleResult.summary.failed);
  assert.equal(xml.match(/<error /g)?.length, sampleResult.summary.errors);
  assert.equal(xml.match(/<skipped /g)?.length, sampleResult.summary.skipped);
});

Deno.test({
  name: `renderJunit() is accepted by a JUnit schema${reason}`,
  ignore: !hasXmllint,
  fn: async () => {
    await assertValid(renderJunit(sampleResult, options));
    await assertValid(renderJunit({ ...sampleResult, labs: [] }, options));
    await assertValid(renderJunit(withText(`${HOSTILE} \uffff ${"x".repeat(5000)}`), { ...options, language: "zh" }));
  },
});

Deno.test({
  name: `renderJunit() is well-formed for any text${reason}`,
  ignore: !hasXmllint,
  fn: async () => {
    const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 40 })
      .map((units) => `${String.fromCharCode(...units)}]]>&<"'`);
    // Many texts in one document: starting xmllint costs more than reading.
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 20, maxLength: 40 }), async (texts) => {
        const labs = texts.flatMap((text) => withText(text).labs);
        await assertValid(renderJunit({ ...sampleResult, labs }, options));
      }),
      { numRuns: 10 },
    );
  },
});

/** The sample's first lab with a text in every place that takes one. */
function withText(text: string): Result {
  const lab = sampleResult.labs[0] as LabResult;
  const observations = lab.observations.map((observation) => ({ ...observation, name: { en: text }, message: text }));
  const whole = {
    ...lab,
    name: `x${text}`,
    file: text,
    title: { en: text },
    startedAt: text,
    notices: [text],
    observations,
  };
  const errors = [{ kind: "failed", message: text, call: text, hint: text }] as const;
  return { ...sampleResult, labs: [whole, { ...whole, observations: [], status: "error", reason: text, errors }] };
}
