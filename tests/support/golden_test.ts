import assert from "node:assert/strict";
import { assertText } from "./golden.ts";

Deno.test("assertText() fails with the lines that differ, and with nothing else", () => {
  assertText("a\nb\n", "a\nb\n");
  assert.throws(() => assertText("a\nc\n", "a\nb\n", "not the same"), {
    message: "not the same (- expected, + actual)\n@@ -1 +1 @@\n  a\n- b\n+ c",
  });
});
