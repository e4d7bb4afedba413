/**
 * Texts ordered as people order them: runs of digits by their value.
 *
 * @module
 */

/**
 * Negative, zero or positive as `a` comes before, with or after `b`. Digits compare by value, everything else by code
 * unit.
 *
 * @example
 * ```ts
 * import { naturalOrder } from "./natural_order.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(naturalOrder("6.18.0", "6.9.1") > 0);
 * ```
 */
export function naturalOrder(a: string, b: string): number {
  const left = a.match(RUNS) ?? [];
  const right = b.match(RUNS) ?? [];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const order = orderOfRuns(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const RUNS = /\d+|\D+/g;
const DIGITS = /^\d/;

function orderOfRuns(a: string, b: string): number {
  if (DIGITS.test(a) && DIGITS.test(b)) {
    // By length and then by digit: as numbers, but of any size.
    const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
    if (x.length !== y.length) return x.length - y.length;
    return orderOfTexts(x, y);
  }
  return orderOfTexts(a, b);
}

function orderOfTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
