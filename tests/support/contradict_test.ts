import assert from "node:assert/strict";
import { lookDifferences } from "../../src/match/look.ts";
import { claims, contradictions, impossible } from "./contradict.ts";
import { labOf } from "./run_lab.ts";

const FACTS = { memory: { max: 64, current: 5 }, cpu: { throttled: 0 }, version: 2 };

async function observation(expect: string) {
  const lab = await labOf(`apiVersion: podlab/v1
kind: Lab
metadata: { name: t }
spec:
  pods: [{ metadata: { name: p }, spec: { containers: [{ name: a, command: [sleep] }] } }]
  observations:
    - { name: n, cgroup: p/a, expect: ${expect} }
`);
  const [first] = lab.observations;
  assert.ok(first);
  return first;
}

const HOLDING = [
  "{ version: 2 }",
  "{ memory: { max: 64, current: { lt: 6 } }, cpu: { throttled: 0, max: { absent: true } } }",
  "{ all: [{ version: { oneOf: [1, 2] } }, { version: { not: 1 } }], memory: { current: { between: [1, 9] } } }",
  '{ cel: "memory.max == 64", version: { approx: { value: 2, tolerance: 0.1 } } }',
];

Deno.test("contradictions() fail at their claim, each of them, when the expectation holds", async () => {
  for (const expect of HOLDING) {
    const original = await observation(expect);
    assert.deepEqual(lookDifferences(original, FACTS), [], expect);
    const made = contradictions(original.expect);
    assert.equal(made.length, claims(original.expect).length);
    for (const contradiction of made) {
      const found = lookDifferences({ ...original, expect: contradiction.expect }, FACTS);
      assert.deepEqual(found.map(({ span }) => span), [contradiction.at], expect);
    }
  }
});

Deno.test("impossible() fails at every claim, whatever the facts are", async () => {
  for (const expect of HOLDING) {
    const original = await observation(expect);
    const found = lookDifferences({ ...original, expect: impossible(original.expect) }, FACTS);
    assert.deepEqual(found.map(({ span }) => span), claims(original.expect), expect);
  }
});
