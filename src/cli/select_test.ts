import assert from "node:assert/strict";
import { labOf, observation } from "../../tests/support/sample_lab.ts";
import { UsageError } from "./errors.ts";
import { chosen, nothingLeft, parseShard, shardOf } from "./select.ts";

const lab = {
  ...labOf(
    observation(0, { name: { en: "b reaches A", zh: "b 可以访问 a" }, tags: ["network"] }),
    observation(1, { name: { en: "b is limited" } }),
    observation(2, { name: { en: "a is back" }, after: [1] }),
    observation(3, { name: { en: "and again" }, after: [2] }),
  ),
  tags: ["Pod"],
};

Deno.test("chosen() takes observations by a part of their name in any language, whatever the case", () => {
  assert.deepEqual([...chosen(lab, ["reaches a"])], [0]);
  assert.deepEqual([...chosen(lab, ["可以"])], [0]);
  assert.deepEqual([...chosen(lab, ["LIMITED", "b reach"])].sort(), [0, 1]);
  assert.deepEqual([...chosen(lab, ["nothing"])], []);
});

Deno.test("chosen() takes observations by a whole tag, their own or their lab's", () => {
  assert.deepEqual([...chosen(lab, ["Network"])], [0]);
  assert.deepEqual([...chosen(lab, ["netw"])], []);
  assert.deepEqual([...chosen(lab, ["pod"])].sort(), [0, 1, 2, 3]);
});

Deno.test("chosen() takes with an observation those that it depends on", () => {
  assert.deepEqual([...chosen(lab, ["and again"])].sort(), [1, 2, 3]);
});

Deno.test("nothingLeft() exits with 4 and says what was probably meant", () => {
  const error = nothingLeft(["netwrok"], [lab]);
  assert.ok(error instanceof UsageError);
  assert.equal(error.exitCode, 4);
  assert.equal(error.hint, 'Did you mean "network"?');
  assert.equal(nothingLeft(["qqqq"], [lab]).hint, "Tags: Pod, network");
});

Deno.test("parseShard() reads i/n and refuses what is none", () => {
  assert.deepEqual(parseShard("2/3"), { index: 2, count: 3 });
  for (const text of ["", "2", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1.5/3"]) {
    assert.throws(() => parseShard(text), UsageError, text);
  }
});

Deno.test("shardOf() gives each item to exactly one part, and parts of about one size", () => {
  const items = ["a", "b", "c", "d", "e"];
  const parts = [1, 2, 3].map((index) => shardOf(items, { index, count: 3 }));
  assert.deepEqual(parts, [["a", "d"], ["b", "e"], ["c"]]);
});
