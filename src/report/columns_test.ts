import assert from "node:assert/strict";
import { fit, padEnd } from "./columns.ts";

Deno.test("padEnd() fills up to columns, not characters", () => {
  assert.equal(padEnd("容器", 6), "容器  ");
  assert.equal(padEnd("longer", 3), "longer");
});

Deno.test("fit() never takes more columns than asked, nor half a wide character", () => {
  assert.equal(fit("为什么", 6), "为什么");
  assert.equal(fit("为什么", 5), "为什…");
  assert.equal(fit("为什么", 4), "为…");
  assert.equal(fit("abc", 0), "");
});
