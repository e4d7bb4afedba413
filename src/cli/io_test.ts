import assert from "node:assert/strict";
import { fakeIo } from "../../tests/support/fake_io.ts";
import { languageOf, useColor } from "./io.ts";

Deno.test("languageOf() goes by LC_ALL before LC_MESSAGES before LANG", () => {
  assert.equal(languageOf(fakeIo()), "en");
  assert.equal(languageOf(fakeIo({ LANG: "zh_CN.UTF-8" })), "zh");
  assert.equal(languageOf(fakeIo({ LANG: "zh" })), "zh");
  assert.equal(languageOf(fakeIo({ LANG: "zha_CN" })), "en");
  assert.equal(languageOf(fakeIo({ LC_ALL: "C", LANG: "zh_CN.UTF-8" })), "en");
  assert.equal(languageOf(fakeIo({ LC_ALL: "", LC_MESSAGES: "zh_TW", LANG: "en_US" })), "zh");
});

Deno.test("useColor() goes by what was asked for, else by the terminal, NO_COLOR and TERM", () => {
  assert.equal(useColor(fakeIo(), true), true);
  assert.equal(useColor(fakeIo(), false), false);
  assert.equal(useColor(fakeIo({ NO_COLOR: "1" }), true), false);
  assert.equal(useColor(fakeIo({ NO_COLOR: "" }), true), true);
  assert.equal(useColor(fakeIo({ TERM: "dumb" }), true), false);
  assert.equal(useColor(fakeIo({ NO_COLOR: "1" }), false, true), true);
  assert.equal(useColor(fakeIo(), true, false), false);
});
