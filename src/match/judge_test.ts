import assert from "node:assert/strict";
import { anywhere, equals, labOf, observation, observed, processOf } from "../../tests/support/sample_lab.ts";
import type { Json, Matcher } from "../lab/matcher.ts";
import type { Facts, RunError } from "./events.ts";
import { emptyFacts } from "./fold.ts";
import { judge, type Judged, lookDifferences } from "./judge.ts";

function facts(changes: Partial<Facts>): Facts {
  return { ...emptyFacts(), ...changes };
}

function statuses(judged: readonly Judged[]): string[] {
  return judged.map((one) => one.status === "skipped" ? `skipped: ${one.reason.kind}` : one.status);
}

const failedRun: RunError = { kind: "failed", message: "Cannot mount" };

Deno.test("judge() passes exactly the observations whose facts match", () => {
  const lab = labOf(observation(0), observation(1));
  const { observations } = judge(
    lab,
    facts({ observed: [observed(1, "failed", { cpus: 1 }), observed(0, "passed", { cpus: 2 })] }),
  );
  assert.deepEqual(statuses(observations), ["passed", "failed"]);
  assert.deepEqual(observations[1]?.status === "failed" && observations[1].differences.map((one) => one.path), [
    "cpus",
  ]);
});

Deno.test("judge() does not believe a runner that passed what does not match", () => {
  const { observations } = judge(labOf(observation(0)), facts({ observed: [observed(0, "passed", { cpus: 1 })] }));
  assert.deepEqual(statuses(observations), ["failed"]);
});

Deno.test("judge() never passes what was not looked at", () => {
  const { observations } = judge(
    labOf(observation(0), observation(1)),
    facts({ observed: [observed(0, "passed"), observed(1, "failed")] }),
  );
  assert.deepEqual(statuses(observations), ["error", "error"]);
});

Deno.test("judge() keeps the runner's reasons for skips and errors", () => {
  const { observations } = judge(
    labOf(observation(0), observation(1)),
    facts({
      observed: [{ ...observed(0, "skipped"), reason: "no rsyslogd" }, { ...observed(1, "error"), error: failedRun }],
    }),
  );
  assert.deepEqual(observations[0]?.status === "skipped" && observations[0].reason, {
    kind: "said",
    text: "no rsyslogd",
  });
  assert.deepEqual(observations[1]?.status === "error" && observations[1].error, failedRun);
});

Deno.test("judge() says why an observation has no outcome", () => {
  const lab = labOf(observation(0), observation(1, { after: [0] }));
  const failed = observed(0, "failed", { cpus: 1 });
  const cases: readonly [Partial<Facts>, string][] = [
    [{ interrupted: true, errors: [failedRun] }, "skipped: interrupted"],
    [{ errors: [{ kind: "deadline", message: "Time over" }] }, "skipped: deadline"],
    [{ errors: [failedRun] }, "skipped: run_failed"],
    [{ observed: [failed] }, "skipped: dependency"],
    [{ observed: [observed(0, "passed", { cpus: 2 })] }, "error"],
    [{}, "error"],
  ];
  for (const [known, status] of cases) assert.equal(statuses(judge(lab, facts(known)).observations)[1], status);
  const independent = labOf(observation(0), observation(1));
  assert.equal(statuses(judge(independent, facts({ observed: [failed] })).observations)[1], "skipped: fail_fast");
});

Deno.test("lookDifferences() matches each of several targets, with the target in the path", () => {
  const of = observation(0, {
    subject: processOf("a", "b"),
    expect: {
      kind: "fields",
      fields: [{ key: "pid", keySpan: anywhere, matcher: equals(1) }],
      span: anywhere,
    },
  });
  const found = lookDifferences(of, { "web/a": { pid: 1 }, "web/b": { pid: 7 } });
  assert.deepEqual(found.map(({ path, actual }) => [path, actual]), [["[web/b].pid", "7"]]);
});

Deno.test("lookDifferences() does not hold of a target of which nothing was seen, whatever is asked", () => {
  const several = observation(0, {
    subject: processOf("a", "b"),
    expect: { kind: "not", matcher: equals(0), span: anywhere },
  });
  assert.equal(lookDifferences({ ...several, subject: processOf("a") }, undefined).length, 1);
  for (const facts of [{}, undefined, { "web/a": { pid: 1 } }, { "web/a": { pid: 1 }, "web/c": { pid: 1 } }]) {
    assert.ok(lookDifferences(several, facts).some(({ path, actual }) => path === "[web/b]" && actual === "absent"));
  }
});

Deno.test("lookDifferences() takes the facts of a single target as they are", () => {
  const single = observation(0, { subject: processOf("a"), expect: equals({ pid: 1 }) });
  assert.deepEqual(lookDifferences(single, { pid: 1 }), []);
});

Deno.test("lookDifferences() says why a fact is absent where the facts tell of an error", () => {
  const expect: Matcher = {
    kind: "fields",
    fields: [{ key: "pid", keySpan: anywhere, matcher: equals(1) }],
    span: anywhere,
  };
  const single = observation(0, { subject: processOf("a"), expect });
  const told = (facts: Json): string[] => lookDifferences(single, facts).map(({ actual }) => actual);
  assert.deepEqual(told({ error: "ECONNREFUSED" }), ["absent (ECONNREFUSED)"]);
  assert.deepEqual(told({ error: "\u001b[31m" }), ["absent (\\x1b[31m)"]);
  assert.deepEqual(told({ pid: 2, error: "x" }), ["2"]);
  assert.deepEqual(told({}), ["absent"]);
});
