import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatBytes,
  formatMillicpu,
  formatMs,
  formatQuantity,
  parseBytes,
  parseDuration,
  parseMillicpu,
  parseMode,
} from "./quantity.ts";
import type { Reading } from "./quantity.ts";

function valueOf<T>(reading: Reading<T>): T | string {
  return reading.ok ? reading.value : "refused";
}

Deno.test("parseBytes() reads what Kubernetes reads", () => {
  const table: readonly (readonly [string | number, number | string])[] = [
    ["0", 0],
    ["1", 1],
    [1048576, 1048576],
    ["64Mi", 67108864],
    ["1.5Gi", 1610612736],
    ["1k", 1000],
    ["1Ki", 1024],
    ["0.1Ki", 103],
    [".5Ki", 512],
    ["5.", 5],
    ["+5", 5],
    ["1E", 1e18 > Number.MAX_SAFE_INTEGER ? "refused" : 1e18],
    ["1e6", 1_000_000],
    ["1E6", 1_000_000],
    ["15e-1", 2],
    ["8Pi", 2 ** 53 > Number.MAX_SAFE_INTEGER ? "refused" : 2 ** 53],
    ["7Pi", 7 * 2 ** 50],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["9007199254740992", "refused"],
    ["100m", "refused"],
    ["-1", "refused"],
    ["64Mx", "refused"],
    ["64 Mi", "refused"],
    ["64mi", "refused"],
    ["", "refused"],
    [".", "refused"],
    ["Mi", "refused"],
    ["1e", "refused"],
    ["1e999999999", "refused"],
    ["0x10", "refused"],
    ["1_000", "refused"],
    ["9".repeat(100), "refused"],
  ];
  for (const [text, expected] of table) assert.equal(valueOf(parseBytes(text)), expected, String(text));
});

Deno.test("parseMillicpu() rounds parts of a thousandth up", () => {
  const table: readonly (readonly [string | number, number | string])[] = [
    ["500m", 500],
    ["0.5", 500],
    [0.5, 500],
    [2, 2000],
    ["0.0001", 1],
    ["100u", 1],
    ["1001u", 2],
    ["1n", 1],
    ["0", 0],
    ["0.1", 100],
    ["0.29", 290],
    ["-500m", "refused"],
    ["half", "refused"],
  ];
  for (const [text, expected] of table) assert.equal(valueOf(parseMillicpu(text)), expected, String(text));
});

Deno.test("parseDuration() reads Go's durations and wants a unit", () => {
  const table: readonly (readonly [string | number, number | string])[] = [
    ["2s", 2000],
    ["500ms", 500],
    ["1m30s", 90_000],
    ["1h", 3_600_000],
    ["1.5h", 5_400_000],
    ["0.1s", 100],
    ["500us", 0.5],
    ["0", 0],
    [0, 0],
    ["2", "refused"],
    [2, "refused"],
    [1.5, "refused"],
    ["-2s", "refused"],
    ["2S", "refused"],
    ["2 s", "refused"],
    ["s", "refused"],
    ["1d", "refused"],
    ["", "refused"],
    ["99999999h", "refused"],
  ];
  for (const [text, expected] of table) assert.equal(valueOf(parseDuration(text)), expected, String(text));
});

Deno.test("parseDuration() says how to give a bare number a unit", () => {
  const reading = parseDuration(2);
  assert.ok(!reading.ok);
  assert.equal(reading.hint, 'Write "2s" for seconds or "2ms" for milliseconds');
});

Deno.test("parseMode() reads octal digits, and numbers by value", () => {
  const table: readonly (readonly [string | number, string])[] = [
    ["0644", "0644"],
    ["644", "0644"],
    ["0o644", "0644"],
    [420, "0644"],
    [0, "0000"],
    ["1777", "1777"],
    ["7777", "7777"],
    ["17777", "refused"],
    ["0888", "refused"],
    ["rw-r--r--", "refused"],
    [-1, "refused"],
    [4096, "refused"],
    [1.5, "refused"],
  ];
  for (const [text, expected] of table) assert.equal(valueOf(parseMode(text)), expected, String(text));
});

Deno.test("parseBytes() reads what formatBytes() writes", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => valueOf(parseBytes(formatBytes(bytes))) === bytes));
});

Deno.test("parseBytes() is exact where decimal arithmetic is not", () => {
  const quantity = fc.tuple(fc.nat(99_999), fc.nat(999));
  fc.assert(fc.property(quantity, ([whole, thousandths]) => {
    const text = `${whole}.${String(thousandths).padStart(3, "0")}k`;
    return valueOf(parseBytes(text)) === whole * 1000 + thousandths;
  }));
});

Deno.test("parseMillicpu() reads what formatMillicpu() writes", () => {
  fc.assert(fc.property(fc.nat(1e9), (millis) => valueOf(parseMillicpu(formatMillicpu(millis))) === millis));
});

Deno.test("parseDuration() reads what formatMs() writes", () => {
  fc.assert(fc.property(fc.nat(1e11), (ms) => valueOf(parseDuration(formatMs(ms))) === ms));
});

Deno.test("quantities of any text are read or refused, never thrown at", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    for (const parse of [parseBytes, parseMillicpu, parseDuration, parseMode]) {
      const reading = parse(text);
      assert.ok(reading.ok || reading.hint.length > 0);
    }
  }));
});

Deno.test("formatQuantity() writes each unit as people do", () => {
  const table: readonly (readonly [number | string, "bytes" | "millicpu" | "ms" | "octal" | undefined, string])[] = [
    [67108864, "bytes", "64Mi"],
    [1610612736, "bytes", "1536Mi"],
    [1000, "bytes", "1000"],
    [0, "bytes", "0"],
    [500, "millicpu", "500m"],
    [2000, "millicpu", "2"],
    [333.3333, "millicpu", "333.333m"],
    [2000, "ms", "2s"],
    [1234, "ms", "1.234s"],
    [90_000, "ms", "1m30s"],
    [7_200_000, "ms", "2h"],
    [0, "ms", "0ms"],
    [0.5, "ms", "0.5ms"],
    ["0644", "octal", "0644"],
    [7, undefined, "7"],
  ];
  for (const [value, unit, expected] of table) assert.equal(formatQuantity(value, unit), expected);
});
