import assert from "node:assert/strict";
import { anywhere, labOf, observation } from "../../tests/support/sample_lab.ts";
import { textWidth } from "../lab/width.ts";
import type { RunEvent } from "../match/events.ts";
import { createProgress, idle, progressLine, renderProgress, stepProgress } from "./progress.ts";

const lab = labOf(
  observation(0, {
    name: { en: "b reaches a", zh: "b 可以访问 a" },
    mode: { kind: "within", ms: 2000, span: anywhere },
  }),
);
const line = { language: "en", mode: "line", columns: 80 } as const;

function stateAfter(events: readonly RunEvent[], nowMs = 0): typeof idle {
  return events.reduce((state, event) => stepProgress(state, lab, event, nowMs, "en"), idle);
}

Deno.test("renderProgress() says what is starting and what is being waited for", () => {
  const starting = stateAfter([{ kind: "pod_starting", atMs: 0, pod: "web" }]);
  assert.equal(renderProgress(starting, 0, line), "⠋ sample: starting web  0ms");
  const waiting = stateAfter([{ kind: "observation_started", atMs: 0, index: 0 }]);
  assert.equal(
    renderProgress(waiting, 1250, line),
    '⠹ sample: waiting for "b reaches a" (within 2s, 0 looks)  1.2s',
  );
});

Deno.test("renderProgress() counts the time of an observation over all its looks", () => {
  const started = stepProgress(idle, lab, { kind: "observation_started", atMs: 0, index: 0 }, 1000, "en");
  const looked = stepProgress(
    started,
    lab,
    { kind: "observation_looked", atMs: 0, index: 0, looks: 5, holds: false },
    2500,
    "en",
  );
  assert.match(renderProgress(looked, 3000, line), /\(within 2s, 5 looks\) {2}2s$/);
});

Deno.test("renderProgress() never takes more columns than the terminal has", () => {
  const waiting = stateAfter([{ kind: "observation_started", atMs: 0, index: 0 }]);
  for (const language of ["en", "zh"] as const) {
    for (let columns = 20; columns < 60; columns++) {
      const text = renderProgress(waiting, 61_000, { ...line, language, columns });
      assert.ok(textWidth(text) < columns, `${textWidth(text)} in ${columns}: ${text}`);
    }
  }
});

Deno.test("renderProgress() is empty when no lab is running, and counts several", () => {
  const ended: RunEvent = { kind: "lab_ended", atMs: 5, durationMs: 5 };
  assert.equal(renderProgress(stateAfter([{ kind: "pod_starting", atMs: 0, pod: "web" }, ended]), 0, line), "");
  const other = { ...lab, name: "other" };
  const both = stepProgress(
    stateAfter([{ kind: "pod_starting", atMs: 0, pod: "web" }]),
    other,
    {
      kind: "pod_starting",
      atMs: 0,
      pod: "db",
    },
    0,
    "en",
  );
  assert.match(renderProgress(both, 0, line), /other: starting db and 1 more/);
});

Deno.test("createProgress() rewrites one line on a terminal, and takes it away", () => {
  const progress = createProgress(line);
  assert.equal(
    progress.onEvent(lab, { kind: "pod_starting", atMs: 0, pod: "web" }, 0),
    "\r\x1b[2K⠋ sample: starting web  0ms",
  );
  assert.equal(progress.render(100), "\r\x1b[2K⠙ sample: starting web  100ms");
  assert.equal(progress.clear(), "\r\x1b[2K");
  assert.equal(progress.clear(), "");
});

Deno.test("createProgress() keeps on the screen how to look around", () => {
  const progress = createProgress(line);
  progress.onEvent(lab, { kind: "pod_starting", atMs: 0, pod: "web" }, 0);
  const text = progress.onEvent(lab, { kind: "kept", atMs: 1, how: ["lab shell 13-pod web/a", "Enter to end"] }, 0);
  assert.ok(text.startsWith("\r\x1b[2Klab shell 13-pod web/a\nEnter to end\n\r\x1b[2K⠋"), JSON.stringify(text));
});

Deno.test("createProgress() writes plain lines to a log", () => {
  const progress = createProgress({ ...line, mode: "lines" });
  const observed = { index: 0, status: "passed", looks: 3, durationMs: 40 } as const;
  const texts = [
    progress.onEvent(lab, { kind: "pod_starting", atMs: 0, pod: "web" }, 0),
    progress.onEvent(lab, { kind: "observation_started", atMs: 1, index: 0 }, 0),
    progress.render(50),
    progress.onEvent(lab, { kind: "observation_ended", atMs: 41.2345, observed }, 0),
    progress.clear(),
  ];
  assert.deepEqual(texts, [
    "sample  0ms  starting web\n",
    "",
    "",
    "sample  41.2ms  passed: b reaches a\n",
    "",
  ]);
});

Deno.test("progressLine() speaks the language and lets no text steer the terminal", () => {
  assert.equal(progressLine(lab, { kind: "notice", atMs: 0, text: "\x1b[2J" }, "zh"), "sample  0ms  注意：\\x1b[2J");
});
