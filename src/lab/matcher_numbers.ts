/**
 * Matchers that compare sizes; quantities by value.
 *
 * @module
 */

import type { Expectation, Reader } from "./expectation.ts";
import { wrongType } from "./expectation.ts";
import type { FactType } from "./facts.ts";
import { isNumeric, readNumber } from "./literals.ts";
import type { ScalarType } from "./literals.ts";
import type { Matcher, Unit } from "./matcher.ts";
import { suggestion } from "./suggest.ts";
import { clipped, entryOf } from "./tree.ts";
import type { Node } from "./tree.ts";

/** Reads `gt`, `gte`, `lt`, `lte`. */
export function readCompare(
  op: "gt" | "gte" | "lt" | "lte",
  { node, fact, label }: Expectation,
  { problems }: Reader,
): Matcher | undefined {
  const bound = readNumber(node, numberType(fact), label, problems);
  return bound === undefined ? undefined : { kind: "compare", op, ...bound, span: node.span };
}

/** Reads `between: [LOW, HIGH]`; both are in. */
export function readBetween({ node, fact, label }: Expectation, { problems }: Reader): Matcher | undefined {
  const [low, high] = node.kind === "list" ? node.items : [];
  if (node.kind !== "list" || node.items.length !== 2 || low === undefined || high === undefined) {
    return wrongType(node, "between", "a list of two numbers", problems, "Write between: [LOW, HIGH]");
  }
  const from = readNumber(low, numberType(fact), label, problems);
  const to = readNumber(high, numberType(fact), label, problems);
  if (from === undefined || to === undefined) return undefined;
  if (from.value > to.value) {
    problems.error("impossible", node.span, "Cannot be between these: the first is more than the second", "Swap them");
    return undefined;
  }
  return { kind: "between", low: from.value, high: to.value, ...unitOf(from.unit), span: node.span };
}

/** How far from its value an `approx` may be where it does not say. */
const TOLERANCE = 0.1;

/** Reads `approx: VALUE` or `approx: { value: VALUE, tolerance: 10% }`. */
export function readApprox({ node, fact, label }: Expectation, { problems }: Reader): Matcher | undefined {
  const tolerance = node.kind === "map" ? entryOf(node, "tolerance")?.value : undefined;
  const center = node.kind === "map" ? approxValue(node, problems) : node;
  if (node.kind === "map" && !onlyKeys(node, ["value", "tolerance"], problems)) return undefined;
  if (center === undefined) return undefined;
  const value = readNumber(center, numberType(fact), label, problems);
  const fraction = tolerance === undefined ? TOLERANCE : readTolerance(tolerance, problems);
  if (value === undefined || fraction === undefined) return undefined;
  return { kind: "approx", value: value.value, tolerance: fraction, ...unitOf(value.unit), span: node.span };
}

function approxValue(node: Node, problems: Reader["problems"]): Node | undefined {
  const value = entryOf(node, "value")?.value;
  if (value === undefined) {
    const hint = "Write approx: VALUE or approx: { value: VALUE, tolerance: 10% }";
    problems.error("missing_key", node.span, 'Missing key "value" in "approx"', hint);
  }
  return value;
}

function onlyKeys(node: Node, known: readonly string[], problems: Reader["problems"]): boolean {
  const unknown = node.kind === "map" ? [...node.entries].filter(([key]) => !known.includes(key)) : [];
  for (const [key, { keySpan }] of unknown) {
    problems.error("unknown_key", keySpan, `Unknown key ${clipped(key)}`, suggestion(key, known, "keys"));
  }
  return unknown.length === 0;
}

/** A fraction (0.1) or a percentage (10%). */
function readTolerance(node: Node, problems: Reader["problems"]): number | undefined {
  const written = node.kind === "scalar" ? node.value : undefined;
  const percent = typeof written === "string" ? /^(\d+(?:\.\d+)?)%$/u.exec(written)?.[1] : undefined;
  const fraction = typeof written === "number" ? written : Number(percent ?? NaN) / 100;
  if (fraction > 0 && fraction < 1) return fraction;
  const hint = "Write a percentage below 100, as in 10%, or a fraction, as in 0.1";
  const shown = node.kind === "scalar" ? clipped(node.value) : "this";
  if (node.kind !== "bad") problems.error("bad_value", node.span, `Cannot use ${shown} as a tolerance`, hint);
  return undefined;
}

function numberType(fact: FactType): ScalarType {
  return isNumeric(fact.type) ? fact.type : "number";
}

function unitOf(unit: Unit | undefined): { readonly unit?: Unit } {
  return unit === undefined ? {} : { unit };
}
