import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, listed, nearest, suggestion } from "./suggest.ts";

Deno.test("nearest() finds what was meant", () => {
  const names = ["image", "args", "readOnlyRootFilesystem", "env", "hostPID", "stop", "start"];
  const table: readonly (readonly [string, string | undefined])[] = [
    ["imaeg", "image"],
    ["iamge", "image"],
    ["Image", "image"],
    ["read_only_root_filesystem", "readOnlyRootFilesystem"],
    ["hostPid", "hostPID"],
    ["stpo", "stop"],
    ["strat", "start"],
    ["evn", "env"],
    ["x", undefined],
    ["", undefined],
    ["livenessProbe", undefined],
    ["i".repeat(1000), undefined],
  ];
  for (const [written, expected] of table) assert.equal(nearest(written, names), expected, written);
});

Deno.test("nearest() never suggests what was written", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(fc.string()),
      (written, names) => nearest(written, names) !== written || written === "",
    ),
  );
});

Deno.test("editDistance() is a distance", () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(fc.property(text, text, (a, b) => {
    const distance = editDistance(a, b);
    assert.equal(distance, editDistance(b, a));
    assert.equal(distance === 0, a === b);
    assert.ok(distance <= Math.max(a.length, b.length));
  }));
});

Deno.test("editDistance() counts a swap of neighbours once", () => {
  assert.equal(editDistance("ab", "ba"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
});

Deno.test("suggestion() lists what there is when nothing is near", () => {
  assert.equal(suggestion("zzzz", ["a1", "b2"], "keys"), "Keys: a1, b2");
  assert.equal(suggestion("zzzz", [], "volumes"), "There are no volumes");
});

Deno.test("listed() stays one line", () => {
  const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
  assert.ok(listed(names).endsWith("n23 … and 6 more"));
});
