/**
 * Matchers of one value.
 *
 * @module
 */

import { celHolds } from "../lab/cel.ts";
import type { Json, Matcher, Unit } from "../lab/matcher.ts";
import { describeMatcher, describeValue, isList, isMap, MAX_DESCRIPTION } from "./describe.ts";
import { inlineDiff, lineDiff } from "./diff.ts";
import { bounded, differs, HOLDS, type MatcherOf } from "./difference.ts";
import type { Difference } from "./events.ts";
import { naturalOrder } from "./natural_order.ts";
import { fieldPath, itemPath } from "./path.ts";
import { printable } from "./text.ts";

type Found = readonly Difference[];

/** Deep equality; of lists and maps, the parts that differ. */
export function equals(matcher: MatcherOf<"equals">, actual: Json | undefined, path: string): Found {
  return bounded(unequal(matcher, matcher.value, actual, path), path, matcher);
}

function unequal(matcher: Matcher, expected: Json | undefined, actual: Json | undefined, path: string): Found {
  if (isList(expected) && isList(actual)) {
    const length = Math.max(expected.length, actual.length);
    const indices = Array.from({ length }, (_, index) => index);
    return indices.flatMap((i) => unequal(matcher, expected[i], actual[i], itemPath(path, i)));
  }
  if (isMap(expected) && isMap(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => unequal(matcher, own(expected, key), own(actual, key), fieldPath(path, key)));
  }
  return isSameScalar(expected, actual, matcher.unit) ? HOLDS : [unequalScalar(matcher, expected, actual, path)];
}

/** A field of the map itself, never one that it inherits: keys come from containers. */
function own(map: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isSameScalar(expected: Json | undefined, actual: Json | undefined, unit: Unit | undefined): boolean {
  if (expected === actual) return true;
  // A file mode is the same however many zeros it is written with.
  if (unit !== "octal") return false;
  const value = octal(expected);
  return value !== undefined && value === octal(actual);
}

function octal(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^0?o?[0-7]+$/.test(value) ? parseInt(value.replace("o", ""), 8) : undefined;
}

function unequalScalar(
  { unit, span }: Matcher,
  expected: Json | undefined,
  actual: Json | undefined,
  path: string,
): Difference {
  const difference = { path, expected: describeValue(expected, unit), actual: describeValue(actual, unit), span };
  if (typeof expected !== "string" || typeof actual !== "string") return difference;
  const diff = isSeveralLines(expected) || isSeveralLines(actual)
    ? lineDiff(expected, actual)
    : inlineDiff(expected, actual);
  return diff === undefined ? difference : { ...difference, diff };
}

function isSeveralLines(text: string): boolean {
  return /\n./s.test(text);
}

/** A regular expression, always with Unicode's rules (`u`, unless the lab asks for `v`). */
export function matches(matcher: MatcherOf<"matches">, actual: Json | undefined, path: string): Found {
  if (typeof actual !== "string") return differs(matcher, actual, path);
  const flags = /[uv]/.test(matcher.flags) ? matcher.flags : `${matcher.flags}u`;
  return new RegExp(matcher.pattern, flags).test(actual) ? HOLDS : differs(matcher, actual, path);
}

/** The beginning or the end of a text. */
export function startsOrEndsWith(
  matcher: MatcherOf<"startsWith" | "endsWith">,
  actual: Json | undefined,
  path: string,
): Found {
  const holds = typeof actual === "string" &&
    (matcher.kind === "startsWith" ? actual.startsWith(matcher.text) : actual.endsWith(matcher.text));
  return holds ? HOLDS : differs(matcher, actual, path);
}

/** Numbers by value; texts in natural order, so that kernel `6.18` is greater than `6.9`. */
export function compare(matcher: MatcherOf<"compare">, actual: Json | undefined, path: string): Found {
  const order = orderOf(actual, matcher.value);
  return order !== undefined && OPERATORS[matcher.op](order) ? HOLDS : differs(matcher, actual, path);
}

const OPERATORS: Readonly<Record<MatcherOf<"compare">["op"], (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/** Undefined for values that have no order between them. */
function orderOf(actual: Json | undefined, value: number | string): number | undefined {
  if (typeof actual === "number" && typeof value === "number") return actual - value;
  if (typeof actual === "string" && typeof value === "string") return naturalOrder(actual, value);
  return undefined;
}

/** A closed interval. */
export function between(matcher: MatcherOf<"between">, actual: Json | undefined, path: string): Found {
  const isInside = typeof actual === "number" && actual >= matcher.low && actual <= matcher.high;
  return isInside ? HOLDS : differs(matcher, actual, path);
}

/** Within a fraction of the value. */
export function approx(matcher: MatcherOf<"approx">, actual: Json | undefined, path: string): Found {
  const margin = Math.abs(matcher.value) * matcher.tolerance;
  const isNear = typeof actual === "number" && Math.abs(actual - matcher.value) <= margin;
  return isNear ? HOLDS : differs(matcher, actual, path);
}

/** Whether there is such a fact at all. */
export function absent(matcher: MatcherOf<"absent">, actual: Json | undefined, path: string): Found {
  return (actual === undefined) === matcher.absent ? HOLDS : differs(matcher, actual, path);
}

/** A CEL expression; one that cannot be evaluated does not hold, and says why. */
export function cel(matcher: MatcherOf<"cel">, actual: Json | undefined, path: string): Found {
  if (actual === undefined) return differs(matcher, actual, path);
  const outcome = celHolds(matcher.expression, actual);
  if (!("error" in outcome)) return outcome.value ? HOLDS : differs(matcher, actual, path);
  const reason = printable(outcome.error, MAX_DESCRIPTION);
  return [{ path, expected: describeMatcher(matcher), actual: reason, span: matcher.span }];
}
