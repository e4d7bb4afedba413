import assert from "node:assert/strict";
import { allMatchers, MATCHERS } from "./reference.ts";

Deno.test("the reference tells every matcher that there is, and no other", () => {
  assert.deepEqual(Object.keys(MATCHERS), allMatchers());
});
