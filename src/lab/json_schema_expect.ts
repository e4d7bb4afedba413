/**
 * JSON Schemas of expectations: which facts a subject has, which matchers they take. Editors complete from it.
 *
 * @module
 */

import { FACTS } from "./facts.ts";
import type { FactType } from "./facts.ts";
import type { Json } from "./matcher.ts";
import { matcherNames } from "./matchers.ts";

/** A JSON Schema. */
export type JsonSchema = { readonly [key: string]: Json };

/** The name of the definition for what a subject's `expect` may hold. */
export function expectDefinition(subject: string): string {
  return `expect.${subject}`;
}

/** The definitions that all expectations are made of, by name. */
export function expectDefinitions(): Readonly<Record<string, JsonSchema>> {
  const definitions: Record<string, JsonSchema> = {};
  for (const [subject, fact] of Object.entries(FACTS)) define(expectDefinition(subject), fact, definitions);
  return definitions;
}

/** Adds the definition of a fact and of those in it. */
function define(name: string, fact: FactType, definitions: Record<string, JsonSchema>): JsonSchema {
  if (definitions[name] === undefined) {
    // Before its parts: a fact of any shape has itself in it.
    definitions[name] = {};
    definitions[name] = { description: fact.doc, ...expectationOf(name, fact, definitions) };
  }
  return { $ref: `#/$defs/${name}` };
}

/** A fact inside another: scalars of one type share a definition, others have one by their path. */
function inner(path: string, fact: FactType, definitions: Record<string, JsonSchema>): JsonSchema {
  const isScalar = SCALARS[fact.type] !== undefined;
  const name = isScalar ? `fact.${fact.type}` : path;
  const reference = define(name, isScalar ? { ...fact, doc: WORDS[fact.type] ?? fact.type } : fact, definitions);
  return { description: fact.doc, allOf: [reference] };
}

/** The types of scalar facts in words. */
const WORDS: Readonly<Partial<Record<FactType["type"], string>>> = {
  string: "a text",
  boolean: "true or false",
  number: "a number",
  bytes: "bytes, as in 64Mi",
  millicpu: "CPUs, as in 500m",
  ms: "a duration, as in 2s",
  octal: 'a file mode, as in "0644"',
  any: "anything",
};

/** What a literal may be for each type of scalar fact. null means that the fact is absent. */
const SCALARS: Readonly<Partial<Record<FactType["type"], JsonSchema>>> = {
  string: { type: ["string", "null"] },
  boolean: { type: ["boolean", "null"] },
  number: { type: ["number", "null"] },
  bytes: { type: ["string", "number", "null"], examples: ["64Mi"] },
  millicpu: { type: ["string", "number", "null"], examples: ["500m"] },
  ms: { type: ["string", "number", "null"], examples: ["2s"] },
  octal: { type: ["string", "number", "null"], examples: ["0644"] },
  any: {},
};

function expectationOf(name: string, fact: FactType, definitions: Record<string, JsonSchema>): JsonSchema {
  const self: JsonSchema = { $ref: `#/$defs/${name}` };
  const item = itemOf(name, fact, definitions);
  const matchers = Object.fromEntries(matcherNames(fact).map((each) => [each, matcherOf(each, fact, self, item)]));
  if (fact.type === "object") {
    const fields = Object.entries(fact.fields).map(([key, field]) =>
      [key, inner(`${name}.${key}`, field, definitions)] as const
    );
    return mapWith({ ...Object.fromEntries(fields), ...matchers });
  }
  const literal = SCALARS[fact.type];
  if (fact.type === "any") return {};
  if (literal !== undefined) return { anyOf: [literal, mapWith(matchers)] };
  if (fact.type === "map") return { type: ["object", "null"], properties: matchers, additionalProperties: item };
  return { anyOf: [{ type: ["array", "null"], items: item }, mapWith(matchers)] };
}

function itemOf(name: string, fact: FactType, definitions: Record<string, JsonSchema>): JsonSchema {
  if (fact.type === "list" || fact.type === "map") return inner(`${name}.item`, fact.of, definitions);
  return fact.type === "set" ? { type: ["string", "number", "boolean"] } : {};
}

function mapWith(properties: JsonSchema): JsonSchema {
  return { type: "object", properties, additionalProperties: false, minProperties: 1 };
}

/** What is written after a matcher. */
function matcherOf(matcher: string, fact: FactType, self: JsonSchema, item: JsonSchema): Json {
  const number: JsonSchema = { type: fact.type === "number" ? "number" : ["string", "number"] };
  switch (matcher) {
    case "not":
      return { ...self };
    case "oneOf":
    case "all":
    case "any":
    case "none":
      return { type: "array", minItems: 1, items: self };
    case "each":
    case "some":
      return item;
    case "contains":
      return fact.type === "list" || fact.type === "set" ? item : { type: "string", minLength: 1 };
    case "startsWith":
    case "endsWith":
    case "cel":
      return { type: "string", minLength: 1 };
    case "matches":
      return { anyOf: [{ type: "string", minLength: 1 }, PATTERN] };
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return number;
    case "between":
      return { type: "array", minItems: 2, maxItems: 2, items: number };
    case "approx":
      return {
        anyOf: [number, mapWith({ value: number, tolerance: { type: ["string", "number"], examples: ["10%"] } })],
      };
    case "length":
      return { $ref: "#/$defs/fact.number" };
    case "absent":
      return { type: "boolean" };
    default:
      return {};
  }
}

const PATTERN: JsonSchema = {
  type: "object",
  properties: { pattern: { type: "string", minLength: 1 }, flags: { type: "string", pattern: "^[imsu]*$" } },
  required: ["pattern"],
  additionalProperties: false,
};
