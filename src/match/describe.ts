/**
 * Matchers and values in the words of a lab file, on one line: `64Mi`, `{ gt: 1 }`, `[net, ipc]`.
 *
 * @module
 */

import type { Json, Matcher, Unit } from "../lab/matcher.ts";
import { formatQuantity } from "../lab/quantity.ts";
import { printable } from "./text.ts";

/** No description is longer, in UTF-16 code units. */
export const MAX_DESCRIPTION = 200;

/** What stands for a fact that is not there. */
export const ABSENT = "absent";

/** A value as a lab would write it; `absent` for one that is not there. Bounded, without control sequences. */
export function describeValue(value: Json | undefined, unit?: Unit): string {
  return printable(value === undefined ? ABSENT : flow(value, unit, MAX_DESCRIPTION), MAX_DESCRIPTION);
}

/** What a matcher asks for, as a lab would write it. Bounded, without control sequences. */
export function describeMatcher(matcher: Matcher): string {
  return printable(words(matcher), MAX_DESCRIPTION);
}

/** The unit that the values under a matcher are in: its own, or that of the first matcher in it that has one. */
export function unitOf(matcher: Matcher): Unit | undefined {
  if (matcher.unit !== undefined) return matcher.unit;
  switch (matcher.kind) {
    case "not":
    case "contains":
    case "each":
    case "some":
      return unitOf(matcher.matcher);
    case "oneOf":
      return matcher.values.map(unitOf).find((unit) => unit !== undefined);
    case "all":
    case "any":
    case "none":
      return matcher.matchers.map(unitOf).find((unit) => unit !== undefined);
    default:
      return undefined;
  }
}

/** Flow-style YAML. Stops soon after `room` characters: the answer is cut there anyway. */
function flow(value: Json, unit: Unit | undefined, room: number): string {
  if (typeof value === "number") return formatQuantity(value, unit);
  if (typeof value === "string") return unit === "octal" ? value : JSON.stringify(value.slice(0, room + 1));
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${joined(value, (item, left) => flow(item, unit, left), room)}]`;
  const fields = Object.entries(value);
  if (fields.length === 0) return "{}";
  return `{ ${joined(fields, ([key, field], left) => `${describeKey(key)}: ${flow(field, unit, left)}`, room)} }`;
}

function joined<T>(items: readonly T[], show: (item: T, room: number) => string, room: number): string {
  let text = "";
  for (const item of items) {
    if (text.length > room) return `${text}, …`;
    text += (text === "" ? "" : ", ") + show(item, room - text.length);
  }
  return text;
}

function words(matcher: Matcher): string {
  const show = (value: Json): string => flow(value, matcher.unit, MAX_DESCRIPTION);
  const call = (name: string, text: string): string => `{ ${name}: ${text} }`;
  const list = (matchers: readonly Matcher[]): string => `[${joined(matchers, words, MAX_DESCRIPTION)}]`;
  switch (matcher.kind) {
    case "equals":
      return show(matcher.value);
    case "fields":
      return `{ ${joined(matcher.fields, (f) => `${describeKey(f.key)}: ${words(f.matcher)}`, MAX_DESCRIPTION)} }`;
    case "items":
      return list(matcher.items);
    case "includes":
      return `[${joined(matcher.values, show, MAX_DESCRIPTION)}]`;
    case "not":
    case "contains":
    case "each":
    case "some":
    case "length":
      return call(matcher.kind, words(matcher.matcher));
    case "matches":
      // `u` is always set: it says nothing.
      return call("matches", `/${matcher.pattern}/${matcher.flags.replace("u", "")}`);
    case "startsWith":
    case "endsWith":
      return call(matcher.kind, show(matcher.text));
    case "compare":
      return call(matcher.op, show(matcher.value));
    case "between":
      return call("between", `[${show(matcher.low)}, ${show(matcher.high)}]`);
    case "approx":
      return call("approx", `${show(matcher.value)} ± ${Number((matcher.tolerance * 100).toPrecision(3))}%`);
    case "oneOf":
      return call("oneOf", list(matcher.values));
    case "all":
    case "any":
    case "none":
      return call(matcher.kind, list(matcher.matchers));
    case "absent":
      return matcher.absent ? ABSENT : call("absent", "false");
    case "cel":
      return call("cel", JSON.stringify(matcher.expression));
  }
}

/** A key as a lab would write it: quoted only where it has to be. */
export function describeKey(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
}

/** `Array.isArray`, which does not narrow readonly arrays. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether the value is a map. */
export function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}
