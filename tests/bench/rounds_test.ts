import assert from "node:assert/strict";
import { type Contender, median, takeTurns } from "./rounds.ts";
import { renderSection } from "./table.ts";

/** A contender whose times are given, and who writes down when it is asked. */
function scripted(name: string, times: readonly number[], asked: string[], more: Partial<Contender> = {}): Contender {
  const left = times.values();
  const once = (): Promise<number> => {
    asked.push(name);
    const { value } = left.next();
    return value === undefined ? Promise.reject(new Error("out of times")) : Promise.resolve(value);
  };
  return { name, once, ...more };
}

Deno.test("median() is the middle value, or the mean of the two in the middle, in the order of numbers", () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 2, 30]), 3);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("takeTurns() alternates, leaves warm-ups out of the figures, and compares medians", async () => {
  const asked: string[] = [];
  const rows = await takeTurns([
    scripted("floor", [90, 2, 4], asked),
    scripted("ours", [90, 3, 9], asked, { against: "floor" }),
  ], { rounds: 2, warmUps: 1 });
  assert.deepEqual(asked, ["floor", "ours", "floor", "ours", "floor", "ours"]);
  assert.deepEqual(rows, [
    { name: "floor", unit: "ms", runs: 2, median: 3, min: 2 },
    { name: "ours", unit: "ms", runs: 2, median: 6, min: 3, against: "floor", ratio: 2 },
  ]);
});

Deno.test("takeTurns() asks a slow one in some rounds only, and never to warm up", async () => {
  const asked: string[] = [];
  await takeTurns([scripted("slow", [1, 1], asked, { every: 2 })], { rounds: 4, warmUps: 3 });
  assert.equal(asked.length, 2);
});

Deno.test("takeTurns() leaves one that fails out with the reason, which the table names", async () => {
  const asked: string[] = [];
  const rows = await takeTurns([
    scripted("breaks", [5], asked),
    scripted("ours", [1, 1, 1], asked, { against: "breaks" }),
  ], { rounds: 3, warmUps: 0 });
  assert.equal(asked.filter((name) => name === "breaks").length, 2, "not asked again");
  assert.equal(rows[0]?.missing, "out of times");
  const text = renderSection({ title: "Contest", rows });
  assert.match(text, /^# Contest\n/);
  assert.match(text, /\nnot measured: breaks: out of times\n$/);
  assert.match(text, /\nours +1\.00 ms +1\.00 ms +3$/m);
});
