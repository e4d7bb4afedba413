import assert from "node:assert/strict";
import fc from "fast-check";
import { inlineDiff, lineDiff } from "./diff.ts";
import { edits } from "./myers.ts";

const shortTexts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

function isMade(before: readonly string[], after: readonly string[]): boolean {
  const rebuilt = edits(before, after).flatMap((edit) => edit.kind === "removed" ? [] : [after[edit.newIndex]]);
  const undone = edits(before, after).flatMap((edit) => edit.kind === "added" ? [] : [before[edit.oldIndex]]);
  assert.deepEqual(rebuilt, after);
  assert.deepEqual(undone, before);
  return true;
}

/** The length of the longest common subsequence, by the textbook's table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (const [j, y] of b.entries()) {
      next.push(x === y ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

Deno.test("edits() makes the one text into the other", () => {
  fc.assert(fc.property(shortTexts, shortTexts, isMade));
});

Deno.test("edits() keeps as much as can be kept", () => {
  fc.assert(fc.property(shortTexts, shortTexts, (before, after) => {
    const kept = edits(before, after).filter((edit) => edit.kind === "same").length;
    assert.equal(kept, commonLength(before, after));
  }));
});

Deno.test("edits() replaces the middle when the texts are too big and too different", () => {
  const before = ["first", ...Array.from({ length: 20_000 }, (_, i) => `old ${i}`), "last"];
  const after = ["first", ...Array.from({ length: 20_000 }, (_, i) => `new ${i}`), "last"];
  isMade(before, after);
  const kinds = edits(before, after).map((edit) => edit.kind);
  assert.equal(kinds.filter((kind) => kind === "same").length, 2);
});

Deno.test("edits() finds the only line that differs in a big text", () => {
  const before = Array.from({ length: 50_000 }, (_, i) => `${i}`);
  const after = before.with(25_000, "x");
  assert.deepEqual(edits(before, after).filter((edit) => edit.kind !== "same"), [
    { kind: "removed", oldIndex: 25_000, newIndex: 25_000 },
    { kind: "added", oldIndex: 25_001, newIndex: 25_000 },
  ]);
});

Deno.test("lineDiff() shows the lines that differ, with three lines around them", () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  assert.equal(
    lineDiff(before, before.replace("5", "five")),
    "@@ -2 +2 @@\n  2\n  3\n  4\n- 5\n+ five\n  6\n  7\n  8",
  );
});

Deno.test("lineDiff() starts a new hunk after lines that are left out", () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`);
  const after = before.with(0, "A\n").with(19, "B\n");
  const heads = lineDiff(before.join(""), after.join("")).split("\n").filter((line) => line.startsWith("@@"));
  assert.deepEqual(heads, ["@@ -1 +1 @@", "@@ -17 +17 @@"]);
});

Deno.test("lineDiff() names a missing line feed and shows trailing spaces and control sequences", () => {
  assert.equal(lineDiff("a\nb\n", "a\nb"), "@@ -1 +1 @@\n  a\n- b\n+ b \\ no newline at end");
  assert.equal(lineDiff("a\nb\n", "a\nb  \n"), "@@ -1 +1 @@\n  a\n- b\n+ b··");
  assert.equal(lineDiff("a\nb\n", "a\n\x1b[0mb\n"), "@@ -1 +1 @@\n  a\n- b\n+ \\x1b[0mb");
});

Deno.test("lineDiff() is empty when nothing differs, and bounded when all does", () => {
  assert.equal(lineDiff("a\nb", "a\nb"), "");
  assert.equal(lineDiff("", ""), "");
  const lines = lineDiff("a\n".repeat(5000), "b\n".repeat(5000)).split("\n");
  assert.ok(lines.length <= 61, `${lines.length} lines`);
  assert.equal(lines.at(-1), "…");
});

Deno.test("inlineDiff() points at the first character that differs", () => {
  assert.equal(
    inlineDiff("hello from a", "hello from b"),
    `- "hello from a"\n+ "hello from b"\n  ${" ".repeat(12)}^`,
  );
});

Deno.test("inlineDiff() counts columns, not characters, before the caret", () => {
  const caret = inlineDiff("为什么需要 Pod？", "为什么需要 pod？")?.split("\n").at(2);
  // A quote, five wide characters and a space.
  assert.equal(caret, `  ${" ".repeat(1 + 10 + 1)}^`);
});

Deno.test("inlineDiff() shows only the neighbourhood of the place in long lines", () => {
  const common = "x".repeat(500);
  const lines = inlineDiff(`${common}A${common}`, `${common}B${common}`)?.split("\n") ?? [];
  assert.ok(lines.every((line) => line.length < 90));
  assert.ok(lines[0]?.startsWith('- "…x') && lines[0].endsWith('x…"') && lines[0].includes("A"));
  assert.equal(lines[1]?.[lines[2]?.indexOf("^") ?? 0], "B");
});

Deno.test("inlineDiff() says nothing when the texts have little in common", () => {
  assert.equal(inlineDiff("running", "terminated"), undefined);
  assert.equal(inlineDiff("same text", "same text"), undefined);
});
