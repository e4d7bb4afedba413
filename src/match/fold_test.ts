import assert from "node:assert/strict";
import fc from "fast-check";
import type { RunEvent } from "./events.ts";
import { emptyFacts, fold, step } from "./fold.ts";

const atMs = fc.nat(10_000);
const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({ kind: fc.constant("lab_started" as const), atMs, wallClock: fc.string() }),
  fc.record({ kind: fc.constant("pod_ready" as const), atMs, pod: fc.string() }),
  fc.record({ kind: fc.constant("notice" as const), atMs, text: fc.string() }),
  fc.record({ kind: fc.constant("leftover" as const), atMs, text: fc.string() }),
  fc.record({ kind: fc.constant("interrupted" as const), atMs }),
  fc.record({ kind: fc.constant("lab_ended" as const), atMs, durationMs: atMs }),
  fc.record({
    kind: fc.constant("error" as const),
    atMs,
    error: fc.record({ kind: fc.constant("failed" as const), message: fc.string() }),
  }),
  fc.record({
    kind: fc.constant("observation_ended" as const),
    atMs,
    observed: fc.record({
      index: fc.nat(5),
      status: fc.constantFrom("passed" as const, "failed" as const),
      looks: fc.nat(3),
      durationMs: atMs,
    }),
  }),
);
const anyEvents = fc.array(anyEvent, { maxLength: 12 });

Deno.test("fold() of two parts is the fold of the first continued with step()", () => {
  fc.assert(fc.property(anyEvents, anyEvents, (first, second) => {
    assert.deepEqual(fold([...first, ...second]), second.reduce(step, fold(first)));
  }));
});

Deno.test("step() leaves what it was given as it was", () => {
  fc.assert(fc.property(anyEvents, anyEvent, (events, event) => {
    const facts = fold(events);
    const before = JSON.stringify(facts);
    step(facts, event);
    assert.equal(JSON.stringify(facts), before);
  }));
});

Deno.test("fold() keeps everything that a report needs, in order", () => {
  const span = { file: "a.yaml", line: 1, column: 1, start: 0, end: 1 };
  const observed = { index: 0, status: "passed", looks: 1, durationMs: 3 } as const;
  const error = { kind: "failed", message: "Cannot mount" } as const;
  const facts = fold([
    { kind: "lab_started", atMs: 0, wallClock: "2026-01-02T03:04:05Z" },
    { kind: "notice", atMs: 1, text: "no swap", span },
    { kind: "pod_starting", atMs: 1, pod: "web" },
    { kind: "observation_ended", atMs: 5, observed },
    { kind: "error", atMs: 6, error },
    { kind: "leftover", atMs: 7, text: "/sys/fs/cgroup/podlab/x" },
    { kind: "lab_ended", atMs: 9, durationMs: 9 },
  ]);
  assert.deepEqual(facts, {
    startedAt: "2026-01-02T03:04:05Z",
    durationMs: 9,
    observed: [observed],
    notices: [{ text: "no swap", span }],
    errors: [error],
    leftovers: ["/sys/fs/cgroup/podlab/x"],
    logs: [],
    interrupted: false,
  });
});

Deno.test("fold() of a run that was cut short lasts until its last event", () => {
  const facts = fold([{ kind: "interrupted", atMs: 40 }, { kind: "pod_deleted", atMs: 55, pod: "web" }]);
  assert.equal(facts.durationMs, 55);
  assert.equal(facts.interrupted, true);
  assert.deepEqual(fold([]), emptyFacts());
});
