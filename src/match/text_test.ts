import assert from "node:assert/strict";
import fc from "fast-check";
import { printable } from "./text.ts";

// Written out by code point, so that it shares nothing with the expression under test.
function isHostile(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f || code === 0x61c ||
    code === 0x2028 || code === 0x2029 || (code >= 0xd800 && code <= 0xdfff);
}

function hostileIn(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0).filter(isHostile);
}

/** Any sequence of UTF-16 code units, lone surrogates too, with what is dangerous more often than by chance. */
const anyText = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0, max: 0x9f }),
    fc.integer({ min: 0x2000, max: 0x2070 }),
    fc.integer({ min: 0xd7fe, max: 0xe001 }),
  ).map((unit) => String.fromCharCode(unit)),
).map((units) => units.join(""));

Deno.test("printable() lets nothing through that steers a terminal", () => {
  fc.assert(fc.property(anyText, fc.nat(80), (text, max) => {
    assert.deepEqual(hostileIn(printable(text, max)), []);
  }));
});

Deno.test("printable() lets through only line feeds and tabs when lines are kept", () => {
  fc.assert(fc.property(anyText, fc.nat(80), (text, max) => {
    const left = hostileIn(printable(text, max, { lines: true })).filter((code) => code !== 0x0a && code !== 0x09);
    assert.deepEqual(left, []);
  }));
  assert.equal(printable("a\n\tb\r", 80, { lines: true }), "a\n\tb\\r");
});

Deno.test("printable() is never longer than asked", () => {
  fc.assert(fc.property(anyText, fc.nat(80), (text, max) => printable(text, max).length <= max));
});

Deno.test("printable() shows what was there", () => {
  assert.equal(printable("\x1b[31mred\x9b0m\x7f", 80), "\\x1b[31mred\\x9b0m\\x7f");
  assert.equal(printable("a\nb\tc\rd\0", 80), "a\\nb\\tc\\rd\\x00");
  assert.equal(printable("ltr \u202e rtl", 80), "ltr \\u202e rtl");
  assert.equal(printable("half \ud800", 80), "half \\ud800");
  assert.equal(printable("tag \u{e0041}", 80), "tag \\u{e0041}");
});

Deno.test("printable() leaves ordinary text of any script alone", () => {
  for (const text of ["为什么我们需要 Pod？", "naïve — “quoted” …", "👩\u200d🔬 lab", "עברית"]) {
    assert.equal(printable(text, 80), text);
  }
});

Deno.test("printable() cuts with an ellipsis, never through a character", () => {
  assert.equal(printable("abcdef", 6), "abcdef");
  assert.equal(printable("abcdefg", 6), "abcde…");
  assert.equal(printable("abcd😀fg", 6), "abcd…");
  assert.equal(printable("abc", 0), "");
});
