/**
 * `expect:` to a tree of matchers, typed by the facts of the subject: what is a fact, a matcher, a literal.
 *
 * @module
 */

import type { FactType } from "./facts.ts";
import { checksNothing, wrongType } from "./expectation.ts";
import type { Expectation, Reader } from "./expectation.ts";
import { readLiteral } from "./literals.ts";
import { fits, matcherNames, readMatcher } from "./matchers.ts";
import type { Json, Matcher } from "./matcher.ts";
import type { Problems } from "./problems.ts";
import { nearest, suggestion } from "./suggest.ts";
import { clipped, isNull } from "./tree.ts";
import type { MapNode, Node } from "./tree.ts";
import type { Span } from "./span.ts";

/**
 * Reads an expectation. CEL must be loaded where it holds a `cel:`.
 *
 * @param node What stands after `expect:`.
 * @param fact What the subject's facts are.
 * @param subject The subject's name, for messages.
 * @returns The matchers; nothing where something is wrong, which is reported.
 */
export function readExpect(node: Node, fact: FactType, subject: string, problems: Problems): Matcher | undefined {
  return read({ node, fact, label: subject }, problems);
}

function read(expectation: Expectation, problems: Problems): Matcher | undefined {
  const { node, fact } = expectation;
  if (node.kind === "bad") return undefined;
  if (isNull(node)) return { kind: "absent", absent: true, span: node.span };
  if (node.kind === "map" && node.entries.size === 0) return checksNothing(node, problems);
  const reader: Reader = { problems, read: (inner) => read(inner, problems) };
  switch (fact.type) {
    case "object":
      return readObject(expectation, fact.fields, reader);
    case "map":
      return readMap(expectation, fact.of, reader);
    case "list":
      return readList(expectation, fact.of, reader);
    case "set":
      return readSet(expectation, reader);
    case "any":
      return readAny(expectation, fact, reader);
    default:
      return readScalar(expectation, fact, reader);
  }
}

/** The matchers of a map whose keys are all matchers. */
function readMatchers({ node, fact, label }: Expectation, map: MapNode, reader: Reader): Matcher | undefined {
  const matchers = [...map.entries].map(([name, entry]) => {
    const inner = { node: entry.value, fact, label };
    return readMatcher(name, entry.keySpan, inner, reader) ?? unknownMatcher(name, entry.keySpan, inner, reader);
  });
  return together(matchers, node.span);
}

/** Several matchers at one place mean all of them. */
function together(matchers: readonly (Matcher | undefined)[], span: Span): Matcher | undefined {
  const read = matchers.filter((matcher) => matcher !== undefined);
  if (read.length < matchers.length) return undefined;
  const [only] = read;
  return read.length === 1 && only !== undefined ? only : { kind: "all", matchers: read, span };
}

function unknownMatcher(name: string, keySpan: Span, { fact, label }: Expectation, { problems }: Reader): undefined {
  if (fits(name, fact) !== undefined) return undefined;
  const hint = suggestion(name, matcherNames(fact), "matchers");
  problems.error("unknown_matcher", keySpan, `Unknown matcher ${clipped(name)} for ${clipped(label)}`, hint);
}

type Fields = Readonly<Record<string, FactType>>;

/** Keys are facts, except for the few matchers that make sense for a whole map of facts. */
function readObject(expectation: Expectation, fields: Fields, reader: Reader): Matcher | undefined {
  const { node, label, fact } = expectation;
  if (node.kind !== "map") {
    return wrongType(node, label, "a map of facts", reader.problems, `Facts: ${Object.keys(fields).join(", ")}`);
  }
  const facts: Extract<Matcher, { kind: "fields" }>["fields"][number][] = [];
  const matchers: (Matcher | undefined)[] = [];
  for (const [key, entry] of node.entries) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field !== undefined) {
      const matcher = reader.read({ node: entry.value, fact: field, label: `${label}.${key}` });
      if (matcher === undefined) matchers.push(undefined);
      else facts.push({ key, keySpan: entry.keySpan, matcher });
    } else if (fits(key, fact) === true) {
      matchers.push(readMatcher(key, entry.keySpan, { node: entry.value, fact, label }, reader));
    } else {
      unknownFact(key, entry.keySpan, expectation, fields, reader);
      matchers.push(undefined);
    }
  }
  if (facts.length > 0) matchers.unshift({ kind: "fields", fields: facts, span: node.span });
  return together(matchers, node.span);
}

function unknownFact(key: string, keySpan: Span, { label, fact }: Expectation, fields: Fields, reader: Reader): void {
  const names = Object.keys(fields);
  const near = nearest(key, [...names, ...matcherNames(fact)]);
  const hint = near === undefined ? suggestion(key, names, "facts") : `Did you mean "${near}"?`;
  const inside = names.find((name) => holds(fields[name], key));
  const deeper = near === undefined && inside !== undefined ? `Did you mean "${inside}: { ${key}: ... }"?` : hint;
  reader.problems.error("unknown_fact", keySpan, `Unknown fact ${clipped(key)} of ${clipped(label)}`, deeper);
}

/** Whether a fact is an object that has a field: `max` is in `memory`. */
function holds(fact: FactType | undefined, key: string): boolean {
  return fact?.type === "object" && Object.hasOwn(fact.fields, key);
}

/** Keys are free, unless all of them are matchers for a map. */
function readMap(expectation: Expectation, of: FactType, reader: Reader): Matcher | undefined {
  const { node, fact, label } = expectation;
  if (node.kind !== "map") return wrongType(node, label, "a map", reader.problems);
  if (node.entries.keys().every((key) => fits(key, fact) === true)) return readMatchers(expectation, node, reader);
  return fieldsOf(node, (key, value) => reader.read({ node: value, fact: of, label: `${label}.${key}` }));
}

function fieldsOf(node: MapNode, read: (key: string, value: Node) => Matcher | undefined): Matcher | undefined {
  const fields: Extract<Matcher, { kind: "fields" }>["fields"][number][] = [];
  for (const [key, { keySpan, value }] of node.entries) {
    const matcher = read(key, value);
    if (matcher !== undefined) fields.push({ key, keySpan, matcher });
  }
  return fields.length < node.entries.size ? undefined : { kind: "fields", fields, span: node.span };
}

/** A list is compared item by item; a map holds matchers for the list. */
function readList(expectation: Expectation, of: FactType, reader: Reader): Matcher | undefined {
  const { node, label } = expectation;
  if (node.kind === "map") {
    const misplaced = node.entries.entries().find(([key]) => holds(of, key));
    if (misplaced === undefined) return readMatchers(expectation, node, reader);
    const [key, { keySpan }] = misplaced;
    const hint = `Say of which items: each: { ${key}: ... }, some: { ${key}: ... } or length: ...`;
    reader.problems.error("unknown_matcher", keySpan, `Cannot use fact ${clipped(key)} of a list`, hint);
    return undefined;
  }
  if (node.kind !== "list") return wrongType(node, label, "a list or a map of matchers", reader.problems);
  const items = node.items.map((item, index) => reader.read({ node: item, fact: of, label: `${label}[${index}]` }));
  const read = items.filter((item) => item !== undefined);
  return read.length < items.length ? undefined : { kind: "items", items: read, span: node.span };
}

/** A list means that each of these is in it. */
function readSet(expectation: Expectation, reader: Reader): Matcher | undefined {
  const { node, label } = expectation;
  if (node.kind === "map") return readMatchers(expectation, node, reader);
  if (node.kind !== "list") return wrongType(node, label, "a list of what must be in it", reader.problems);
  if (node.items.length === 0) return checksNothing(node, reader.problems);
  const values = setValues(expectation, reader);
  return values === undefined ? undefined : { kind: "includes", values, span: node.span };
}

/** The literals of a list that is compared with a set. */
function setValues({ node, label }: Expectation, { problems }: Reader): readonly Json[] | undefined {
  const items = node.kind === "list" ? node.items : [];
  const values = items.map((item) => readLiteral(item, "any", label, problems)?.value);
  return values.includes(undefined) ? undefined : values.filter((value) => value !== undefined);
}

/** A fact of no known shape: a map is matchers where all its keys are, else fields. */
function readAny(expectation: Expectation, fact: FactType, reader: Reader): Matcher | undefined {
  const { node, label } = expectation;
  if (node.kind === "map") {
    if (node.entries.keys().every((key) => fits(key, fact) === true)) return readMatchers(expectation, node, reader);
    return fieldsOf(node, (key, value) => reader.read({ node: value, fact, label: `${label}.${key}` }));
  }
  if (node.kind === "list") return readList(expectation, fact, reader);
  const literal = readLiteral(node, "any", label, reader.problems);
  return literal === undefined ? undefined : { kind: "equals", ...literal, span: node.span };
}

function readScalar(
  expectation: Expectation,
  fact: Exclude<FactType, { readonly type: "object" | "map" | "list" | "set" | "any" }>,
  reader: Reader,
): Matcher | undefined {
  const { node, label } = expectation;
  if (node.kind === "map") return readMatchers(expectation, node, reader);
  const type = fact.type;
  const literal = readLiteral(node, type, label, reader.problems);
  return literal === undefined ? undefined : { kind: "equals", ...literal, span: node.span };
}
