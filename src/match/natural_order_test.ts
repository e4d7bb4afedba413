import assert from "node:assert/strict";
import fc from "fast-check";
import { naturalOrder } from "./natural_order.ts";

Deno.test("naturalOrder() orders versions by their numbers", () => {
  const sorted = ["5.4", "5.10.0", "6.9", "6.18.0-1", "6.18.0-12", "10.0"];
  assert.deepEqual(sorted.toReversed().sort(naturalOrder), sorted);
});

Deno.test("naturalOrder() is an order", () => {
  const text = fc.stringMatching(/^[0-9a.]{0,6}$/);
  fc.assert(fc.property(text, text, text, (a, b, c) => {
    assert.equal(Math.sign(naturalOrder(a, b)), 0 - Math.sign(naturalOrder(b, a)));
    if (naturalOrder(a, b) <= 0 && naturalOrder(b, c) <= 0) assert.ok(naturalOrder(a, c) <= 0);
  }));
});
