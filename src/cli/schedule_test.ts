import assert from "node:assert/strict";
import { schedule } from "./schedule.ts";

/** Jobs that end when the test says so. */
function gates(count: number) {
  const all = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const start = async (job: number): Promise<string> => {
    started.push(job);
    await all[job]?.promise;
    return `done ${job}`;
  };
  const open = async (job: number): Promise<void> => {
    all[job]?.resolve();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { started, start, open };
}

const leaveOut = (job: number): string => `left out ${job}`;

Deno.test("schedule() runs as many jobs at a time as asked for, the next as soon as one ends", async () => {
  const { started, start, open } = gates(4);
  const results = schedule([0, 1, 2, 3], { parallel: 2, start, leaveOut, isOver: () => false });
  assert.deepEqual(started, [0, 1]);
  await open(1);
  assert.deepEqual(started, [0, 1, 2]);
  for (const job of [3, 2, 0]) await open(job);
  assert.deepEqual(await results, ["done 0", "done 1", "done 2", "done 3"]);
});

Deno.test("schedule() starts nothing more once the run is over, but waits for what is running", async () => {
  const { started, start, open } = gates(4);
  const isOver = (results: readonly string[]): boolean => results.includes("done 1");
  const results = schedule([0, 1, 2, 3], { parallel: 2, start, leaveOut, isOver });
  for (const job of [1, 0]) await open(job);
  assert.deepEqual(await results, ["done 0", "done 1", "left out 2", "left out 3"]);
  assert.deepEqual(started, [0, 1]);
});

Deno.test("schedule() of no jobs is done at once", async () => {
  const results = await schedule([], { parallel: 2, start: () => Promise.reject(), leaveOut, isOver: () => false });
  assert.deepEqual(results, []);
});
