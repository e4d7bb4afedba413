import assert from "node:assert/strict";
import { anywhere, labOf, observation, observed } from "../../tests/support/sample_lab.ts";
import type { Problem } from "../lab/problem.ts";
import type { Facts, Observed } from "../match/events.ts";
import { emptyFacts } from "../match/fold.ts";
import { judge } from "../match/judge.ts";
import { type LabOutcome, toResult } from "./to_result.ts";

const options = { version: "0.1.0", durationMs: 100, language: "en" } as const;
const lab = labOf(
  observation(0, { name: { en: "two CPUs", zh: "两个 CPU" }, mode: { kind: "within", ms: 2000, span: anywhere } }),
  observation(1, { after: [0] }),
);
const problem: Problem = { code: "unknown_key", message: "Unknown key", span: anywhere, severity: "error" };
const good = { cpus: 2 };
const bad = { cpus: 1 };

function outcome(observed: readonly Observed[], changes: Partial<Facts> = {}): LabOutcome {
  const facts: Facts = { ...emptyFacts(), observed, ...changes };
  return { lab, file: lab.file, problems: [], facts, verdict: judge(lab, facts), startedAt: "", durationMs: 50 };
}

const passed = outcome([observed(0, "passed", good), observed(1, "passed", good)]);
const failed = outcome([observed(0, "failed", bad), observed(1, "passed", good)]);
const broken = outcome([], { errors: [{ kind: "unsupported", message: "No user namespaces" }] });
const interrupted = outcome([observed(0, "passed", good)], { interrupted: true });
const wrong: LabOutcome = { file: "labs/wrong.yaml", problems: [problem], startedAt: "", durationMs: 0 };
const skipped: LabOutcome = {
  lab,
  file: lab.file,
  problems: [],
  skipReason: "no rsyslogd",
  startedAt: "",
  durationMs: 0,
};
const undone = outcome([observed(0, "error"), observed(1, "passed", good)]);

Deno.test("toResult() gives the exit code of the most urgent thing", () => {
  const cases: readonly [readonly LabOutcome[], number][] = [
    [[passed], 0],
    [[passed, skipped], 0],
    [[passed, failed, skipped], 1],
    [[passed, failed, broken], 3],
    [[failed, undone], 3],
    [[failed, broken, wrong], 2],
    [[failed, broken, wrong, interrupted], 130],
    [[skipped], 4],
    [[], 4],
    [[{ ...passed, problems: [{ ...problem, severity: "warning" }] }], 0],
  ];
  for (const [outcomes, exitCode] of cases) assert.equal(toResult(outcomes, options).exitCode, exitCode);
  assert.equal(toResult([passed], { ...options, interrupted: true }).exitCode, 130);
});

Deno.test("toResult() counts observations, and what happened to a lab as a whole once", () => {
  assert.deepEqual(toResult([passed, failed], options).summary, { passed: 3, failed: 1, skipped: 0, errors: 0 });
  assert.deepEqual(toResult([broken], options).summary, { passed: 0, failed: 0, skipped: 2, errors: 1 });
  assert.deepEqual(toResult([wrong, skipped], options).summary, { passed: 0, failed: 0, skipped: 1, errors: 1 });
  assert.deepEqual(toResult([undone], options).summary, { passed: 1, failed: 0, skipped: 0, errors: 1 });
  assert.deepEqual(toResult([interrupted], options).summary, { passed: 1, failed: 0, skipped: 1, errors: 0 });
});

Deno.test("toResult() gives a lab the worst status of what is in it", () => {
  const { labs } = toResult([passed, failed, broken, interrupted, wrong, skipped, undone], options);
  assert.deepEqual(labs.map((one) => one.status), [
    "passed",
    "failed",
    "error",
    "skipped",
    "error",
    "skipped",
    "error",
  ]);
  assert.equal(labs[4]?.name, "wrong");
  assert.equal(labs[5]?.reason, "no rsyslogd");
});

Deno.test("toResult() never passes a lab without observations", () => {
  const empty = labOf();
  const facts = emptyFacts();
  const outcome = {
    lab: empty,
    file: "a",
    problems: [],
    facts,
    verdict: judge(empty, facts),
    startedAt: "",
    durationMs: 0,
  };
  const result = toResult([outcome], options);
  assert.equal(result.labs[0]?.status, "skipped");
  assert.equal(result.labs[0]?.reason, "Nothing was checked");
  assert.equal(result.exitCode, 4);
});

Deno.test("toResult() says in one sentence what is wrong, in the language asked for", () => {
  const [first] = toResult([failed], options).labs[0]?.observations ?? [];
  assert.equal(first?.message, "cpus: expected 2, actual 1");
  assert.equal(first?.mode, "within 2s");
  const [, second] = toResult([outcome([observed(0, "failed", bad)])], { ...options, language: "zh" }).labs[0]
    ?.observations ?? [];
  assert.equal(second?.message, '它依赖的 "两个 CPU" 不成立');
});

Deno.test("toResult() gives the reason of each skip", () => {
  const message = (changes: Partial<Facts>): string | undefined =>
    toResult([outcome([], changes)], options).labs[0]?.observations[0]?.message;
  assert.equal(message({ interrupted: true }), "Interrupted");
  assert.equal(message({ errors: [{ kind: "deadline", message: "x" }] }), "The lab's time (2m) was over");
  assert.equal(message({ errors: [{ kind: "failed", message: "x" }] }), "The lab could not go on");
  const [said, silent] =
    toResult([outcome([{ ...observed(0, "skipped"), reason: "filtered" }, observed(1, "skipped")])], options)
      .labs[0]?.observations ?? [];
  assert.equal(said?.message, "filtered");
  assert.equal(silent?.message, "No reason was given");
});

Deno.test("toResult() counts flakes over repetitions, and not the skipped ones as runs", () => {
  const runs = [passed, failed, outcome([observed(0, "failed", bad)]), undone]
    .map((one, index) => ({ ...one, repetition: index + 1 }));
  assert.deepEqual(toResult(runs, options).flakes, [
    { lab: "sample", observation: { en: "two CPUs", zh: "两个 CPU" }, runs: 4, failures: 3 },
    { lab: "sample", observation: { en: "observation 1" }, runs: 3, failures: 0 },
  ]);
  assert.deepEqual(toResult([passed], options).flakes, []);
});
