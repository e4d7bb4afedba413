/**
 * Matchers of lists, sets, maps, and of texts as sequences.
 *
 * @module
 */

import type { Json, Matcher } from "../lab/matcher.ts";
import { ABSENT, describeMatcher, describeValue, isList, isMap } from "./describe.ts";
import { bounded, differs, type Evaluate, HOLDS, type MatcherOf } from "./difference.ts";
import type { Difference } from "./events.ts";
import { fieldPath, itemPath } from "./path.ts";

type Found = readonly Difference[];

/**
 * Each named field of a map. A map that is not there at all does not hold, whatever its fields ask: `memory: { max: {
 * absent: true } }` must not pass because nothing is known of the memory.
 */
export function fields(
  matcher: MatcherOf<"fields">,
  actual: Json | undefined,
  path: string,
  evaluate: Evaluate,
): Found {
  if (!isMap(actual)) return differs(matcher, actual, path);
  return matcher.fields.flatMap(({ key, matcher: field }) => {
    const value = Object.hasOwn(actual, key) ? actual[key] : undefined;
    return evaluate(field, value, fieldPath(path, key));
  });
}

/** As many items, each matching in order: one missing is absent, one too many should be. */
export function items(matcher: MatcherOf<"items">, actual: Json | undefined, path: string, evaluate: Evaluate): Found {
  if (!isList(actual)) return differs(matcher, actual, path);
  const wanted = matcher.items.flatMap((item, index) =>
    index < actual.length ? evaluate(item, actual[index], itemPath(path, index)) : missing(item, itemPath(path, index))
  );
  const surplus = actual.slice(matcher.items.length).map((value, index): Difference => ({
    path: itemPath(path, matcher.items.length + index),
    expected: ABSENT,
    actual: describeValue(value),
    span: matcher.span,
  }));
  return bounded([...wanted, ...surplus], path, matcher);
}

/** Not `evaluate(item, undefined)`: an item that may be absent still counts as one. */
function missing(item: Matcher, path: string): Found {
  return [{ path, expected: describeMatcher(item), actual: ABSENT, span: item.span }];
}

/** Each of the values is in the list or set; only those that are not are told. */
export function includes(matcher: MatcherOf<"includes">, actual: Json | undefined, path: string): Found {
  if (!isList(actual)) return differs(matcher, actual, path);
  const texts = new Set(actual.map(canonical));
  const lacking = matcher.values.filter((value) => !texts.has(canonical(value)));
  const found = lacking.map((value): Difference => ({
    path,
    expected: `{ contains: ${describeValue(value, matcher.unit)} }`,
    actual: describeValue(actual, matcher.unit),
    span: matcher.span,
  }));
  return bounded(found, path, matcher);
}

/** Equal texts for equal values, whatever the order of a map's keys. */
function canonical(value: Json): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const sorted = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}

/** A text contains a text; a list has an item that matches; a map has a key that does. */
export function contains(
  matcher: MatcherOf<"contains">,
  actual: Json | undefined,
  path: string,
  evaluate: Evaluate,
): Found {
  const holds = typeof actual === "string"
    ? isPartOf(matcher.matcher, actual)
    : candidates(actual).some((value) => evaluate(matcher.matcher, value, path).length === 0);
  return holds ? HOLDS : differs(matcher, actual, path);
}

/** A number in a text is meant as it is written: `contains: 8080`. */
function isPartOf(part: Matcher, text: string): boolean {
  if (part.kind !== "equals") return false;
  return (typeof part.value === "string" || typeof part.value === "number") && text.includes(String(part.value));
}

function candidates(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : isMap(value) ? Object.keys(value) : [];
}

/** `each` of an empty list does not hold: it would have checked nothing. */
export function eachOrSome(
  matcher: MatcherOf<"each" | "some">,
  actual: Json | undefined,
  path: string,
  evaluate: Evaluate,
): Found {
  const parts = partsOf(actual, path);
  if (parts === undefined || parts.length === 0) return differs(matcher, actual, path);
  const found = parts.map(([partPath, value]) => evaluate(matcher.matcher, value, partPath));
  if (matcher.kind === "each") return bounded(found.flat(), path, matcher);
  return found.some((ofOne) => ofOne.length === 0) ? HOLDS : differs(matcher, actual, path);
}

function partsOf(value: Json | undefined, path: string): readonly (readonly [string, Json])[] | undefined {
  if (isList(value)) return value.map((item, index) => [itemPath(path, index), item]);
  if (isMap(value)) return Object.entries(value).map(([key, field]) => [fieldPath(path, key), field]);
  return undefined;
}

/** Of a text in characters (code points), of a list in items, of a map in keys. */
export function length(
  matcher: MatcherOf<"length">,
  actual: Json | undefined,
  path: string,
  evaluate: Evaluate,
): Found {
  const count = lengthOf(actual);
  return count === undefined
    ? differs(matcher, actual, path)
    : evaluate(matcher.matcher, count, fieldPath(path, "length"));
}

function lengthOf(value: Json | undefined): number | undefined {
  if (typeof value === "string") return [...value].length;
  if (isList(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : undefined;
}
