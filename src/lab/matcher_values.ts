/**
 * `equals`: the whole of a value, by the type of the fact.
 *
 * @module
 */

import type { Expectation, Reader } from "./expectation.ts";
import { wrongType } from "./expectation.ts";
import type { FactType } from "./facts.ts";
import { readLiteral } from "./literals.ts";
import type { Json, Matcher } from "./matcher.ts";
import { suggestion } from "./suggest.ts";
import { clipped, isNull } from "./tree.ts";
import type { MapNode, Node } from "./tree.ts";

/** Reads `equals:`. Of a set it means that just these are in it, in any order. */
export function readEquals({ node, fact, label }: Expectation, reader: Reader): Matcher | undefined {
  const { span } = node;
  if (fact.type === "set") return equalSet(node, label, reader);
  if (isScalarFact(fact)) {
    const literal = isNull(node) ? { value: null } : readLiteral(node, fact.type, label, reader.problems);
    return literal === undefined ? undefined : { kind: "equals", ...literal, span };
  }
  const value = valueOf(node, fact, label, reader);
  return value === undefined ? undefined : { kind: "equals", value, span };
}

type Nested = "object" | "map" | "list" | "set" | "any";

function isScalarFact(fact: FactType): fact is Exclude<FactType, { readonly type: Nested }> {
  return fact.type !== "object" && fact.type !== "map" && fact.type !== "list" && fact.type !== "set" &&
    fact.type !== "any";
}

function equalSet(node: Node, label: string, reader: Reader): Matcher | undefined {
  const values = valueOf(node, { type: "list", of: ANY, doc: "values" }, label, reader);
  if (!Array.isArray(values)) return undefined;
  const { span } = node;
  const length: Matcher = { kind: "length", matcher: { kind: "equals", value: new Set(values).size, span }, span };
  return values.length === 0 ? length : { kind: "all", matchers: [{ kind: "includes", values, span }, length], span };
}

const ANY: FactType = { type: "any", doc: "anything" };

/** A value with its quantities as numbers. */
function valueOf(node: Node, fact: FactType, label: string, reader: Reader): Json | undefined {
  if (isNull(node)) return null;
  switch (fact.type) {
    case "object":
      if (node.kind !== "map") return wrongType(node, label, "a map", reader.problems);
      return mapOf(node, fact.fields, undefined, label, reader);
    case "map":
      if (node.kind !== "map") return wrongType(node, label, "a map", reader.problems);
      return mapOf(node, {}, fact.of, label, reader);
    case "list":
    case "set":
      if (node.kind !== "list") return wrongType(node, label, "a list", reader.problems);
      return listOf(node.items, fact.type === "list" ? fact.of : ANY, label, reader);
    case "any":
      if (node.kind === "map") return mapOf(node, {}, ANY, label, reader);
      if (node.kind === "list") return listOf(node.items, ANY, label, reader);
      return readLiteral(node, "any", label, reader.problems)?.value;
    default:
      return readLiteral(node, fact.type, label, reader.problems)?.value;
  }
}

/** A map with these fields; `other` is what the values of all other keys are, without it there are none. */
function mapOf(
  node: MapNode,
  fields: Readonly<Record<string, FactType>>,
  other: FactType | undefined,
  label: string,
  reader: Reader,
): Json | undefined {
  const map: [string, Json][] = [];
  for (const [key, entry] of node.entries) {
    const fact = Object.hasOwn(fields, key) ? fields[key] : other;
    if (fact === undefined) {
      const hint = suggestion(key, Object.keys(fields), "facts");
      reader.problems.error("unknown_fact", entry.keySpan, `Unknown fact ${clipped(key)} of ${clipped(label)}`, hint);
      continue;
    }
    const value = valueOf(entry.value, fact, `${label}.${key}`, reader);
    if (value !== undefined) map.push([key, value]);
  }
  return map.length < node.entries.size ? undefined : Object.fromEntries(map);
}

function listOf(items: readonly Node[], of: FactType, label: string, reader: Reader): readonly Json[] | undefined {
  const values = items.map((item) => valueOf(item, of, label, reader)).filter((value) => value !== undefined);
  return values.length < items.length ? undefined : values;
}
