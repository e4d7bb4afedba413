// Goal: an observation that cannot fail proves nothing, so each claim of the course's labs must fail where it is wrong, at its
// place in the file, with exit code 1. Method: the expectations are turned round, claim by claim, and judged by what
// was seen in a run of the lab; and a whole run is made in which nothing that is expected can be. Beside these, in tests/negative,
// labs that are wrong as people are wrong: each line that must fail says so.

import assert from "node:assert/strict";
import type { Lab, Observation } from "../src/lab/lab.ts";
import { formatSpan, type Span } from "../src/lab/span.ts";
import { lookDifferences } from "../src/match/look.ts";
import type { Result } from "../src/report/result.ts";
import { claims, contradictions, impossible } from "./support/contradict.ts";
import { labsBelow, resultOf, told } from "./support/labs.ts";
import { run } from "./support/run_lab.ts";

/** How long is looked for what can never be. */
const WITHIN_MS = 20;

/** In a negative lab, at the end of a line: the column where something on it must fail. */
const FAILS_AT = /# fails at (\d+)$/;

/** The lab with nothing in it that could hold; what is done in it stays. */
function impossibleLab(lab: Lab): Lab {
  return {
    ...lab,
    observations: lab.observations.map((observation): Observation => ({
      ...observation,
      expect: impossible(observation.expect),
      mode: observation.mode.kind === "once" ? observation.mode : { ...observation.mode, ms: WITHIN_MS },
    })),
  };
}

/** Where the differences of a result are told, in order, each once. */
function places(result: Result): string[] {
  const spans = result.labs.flatMap(({ observations }) => observations).flatMap(({ differences }) =>
    differences.map(({ span }) => formatSpan(span))
  );
  return [...new Set(spans)];
}

/** Asserts that a span's line and column are those of its offset, behind the `expect` of its observation. */
function assertIsInExpect(span: Span, observation: Observation, text: string): void {
  const before = text.slice(0, span.start);
  const line = before.split("\n").length;
  const column = span.start - before.lastIndexOf("\n");
  assert.deepEqual({ line: span.line, column: span.column }, { line, column }, formatSpan(span));
  const expect = text.indexOf("expect:", observation.span.start);
  assert.ok(expect < span.start && span.start < observation.span.end, formatSpan(span));
}

for (const { path, text, lab, skip } of await labsBelow("labs")) {
  const all = lab.observations.flatMap(({ expect }) => claims(expect)).length;

  Deno.test({
    name: `${path}: each of its ${all} claims fails at its place when it is contradicted${skip.why}`,
    ignore: skip.ignore,
    async fn() {
      const { verdict } = await run(lab);
      for (const { observation, last } of verdict.observations) {
        assert.ok(last, observation.name.en);
        for (const { expect, at } of contradictions(observation.expect)) {
          const found = lookDifferences({ ...observation, expect }, last.facts);
          const message = `"${observation.name.en}" holds whatever is said at ${formatSpan(at)}`;
          assert.deepEqual([...new Set(found.map(({ span }) => formatSpan(span)))], [formatSpan(at)], message);
        }
      }
    },
  });

  Deno.test({
    name:
      `${path}: all ${lab.observations.length} observations fail, and the exit code is 1, when nothing can hold${skip.why}`,
    ignore: skip.ignore,
    async fn() {
      const result = resultOf(await run(impossibleLab(lab)));
      assert.equal(result.exitCode, 1, told(result));
      const observations = result.labs.flatMap((one) => one.observations);
      const others = observations.filter(({ status }) => status !== "failed").map((
        { name, status },
      ) => [name.en, status]);
      assert.deepEqual(others, [], told(result));
      for (const [index, { differences }] of observations.entries()) {
        const observation = lab.observations[index];
        assert.ok(observation);
        assert.notEqual(differences.length, 0, observation.name.en);
        for (const { span } of differences) assertIsInExpect(span, observation, text);
      }
    },
  });
}

for (const { path, text, lab, skip } of await labsBelow("tests/negative")) {
  Deno.test({
    name: `${path} fails where it says so, and nowhere else${skip.why}`,
    ignore: skip.ignore,
    async fn() {
      const result = resultOf(await run(lab));
      const wanted = text.split("\n").flatMap((line, index) => {
        const column = FAILS_AT.exec(line)?.[1];
        return column === undefined ? [] : [`${path}:${index + 1}:${column}`];
      });
      assert.notEqual(wanted.length, 0, `${path} does not say what fails`);
      assert.deepEqual(places(result), wanted, told(result));
      assert.equal(result.exitCode, 1, told(result));
    },
  });
}
