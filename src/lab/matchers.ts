/**
 * The matchers by name: for which facts each makes sense, and how what is written after it is read.
 *
 * @module
 */

import type { Expectation, Reader } from "./expectation.ts";
import { checksNothing, wrongType } from "./expectation.ts";
import type { FactType } from "./facts.ts";
import { isNumeric } from "./literals.ts";
import { readCel } from "./matcher_cel.ts";
import { readApprox, readBetween, readCompare } from "./matcher_numbers.ts";
import { readAffix, readMatches } from "./matcher_texts.ts";
import { readEquals } from "./matcher_values.ts";
import type { Matcher } from "./matcher.ts";
import type { Span } from "./span.ts";
import { clipped } from "./tree.ts";

/** A matcher: whether it makes sense for a fact, and how it is read. */
interface Rule {
  readonly fits: (fact: FactType) => boolean;
  readonly read: (expectation: Expectation, reader: Reader) => Matcher | undefined;
}

const always = () => true;
const isText = ({ type }: FactType) => type === "string" || type === "octal" || type === "any";
const isNumber = ({ type }: FactType) => isNumeric(type) || type === "any";
const isCollection = ({ type }: FactType) => type === "list" || type === "set" || type === "map" || type === "any";

/** Every matcher. The order is that of lists in messages and in the JSON Schema. */
const RULES: Readonly<Record<string, Rule>> = {
  equals: { fits: always, read: readEquals },
  not: { fits: always, read: readNot },
  contains: { fits: (fact) => isText(fact) || isCollection(fact), read: readContains },
  matches: { fits: isText, read: readMatches },
  startsWith: { fits: isText, read: (expectation, reader) => readAffix("startsWith", expectation, reader) },
  endsWith: { fits: isText, read: (expectation, reader) => readAffix("endsWith", expectation, reader) },
  gt: { fits: isNumber, read: (expectation, reader) => readCompare("gt", expectation, reader) },
  gte: { fits: isNumber, read: (expectation, reader) => readCompare("gte", expectation, reader) },
  lt: { fits: isNumber, read: (expectation, reader) => readCompare("lt", expectation, reader) },
  lte: { fits: isNumber, read: (expectation, reader) => readCompare("lte", expectation, reader) },
  between: { fits: isNumber, read: readBetween },
  approx: { fits: isNumber, read: readApprox },
  oneOf: { fits: always, read: readOneOf },
  all: { fits: always, read: (expectation, reader) => readSeveral("all", expectation, reader) },
  any: { fits: always, read: (expectation, reader) => readSeveral("any", expectation, reader) },
  none: { fits: always, read: (expectation, reader) => readSeveral("none", expectation, reader) },
  each: { fits: isCollection, read: (expectation, reader) => readItems("each", expectation, reader) },
  some: { fits: isCollection, read: (expectation, reader) => readItems("some", expectation, reader) },
  length: { fits: isCollection, read: readLength },
  absent: { fits: always, read: readAbsent },
  cel: { fits: always, read: readCel },
};

/** The names of all matchers that make sense for a fact. */
export function matcherNames(fact: FactType): readonly string[] {
  return Object.keys(RULES).filter((name) => RULES[name]?.fits(fact));
}

/** Whether a matcher makes sense for a fact; nothing where there is no such matcher. */
export function fits(name: string, fact: FactType): boolean | undefined {
  return Object.hasOwn(RULES, name) ? RULES[name]?.fits(fact) : undefined;
}

/**
 * Reads what is written after a matcher's name.
 *
 * @returns The matcher; nothing where there is none of this name, or where something is wrong, which is reported.
 */
export function readMatcher(
  name: string,
  keySpan: Span,
  expectation: Expectation,
  reader: Reader,
): Matcher | undefined {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule === undefined || expectation.node.kind === "bad") return undefined;
  if (rule.fits(expectation.fact)) return rule.read(expectation, reader);
  const message = `Cannot use matcher ${clipped(name)} for ${clipped(expectation.label)}: it is ${
    typeName(expectation.fact)
  }`;
  reader.problems.error("wrong_type", keySpan, message, `Matchers: ${matcherNames(expectation.fact).join(", ")}`);
  return undefined;
}

function typeName({ type }: FactType): string {
  if (type === "string") return "a text";
  if (type === "boolean") return "true or false";
  return type === "object" ? "a map" : type === "octal" ? "a file mode" : isNumeric(type) ? "a number" : `a ${type}`;
}

function readNot(expectation: Expectation, reader: Reader): Matcher | undefined {
  const matcher = reader.read(expectation);
  return matcher === undefined ? undefined : { kind: "not", matcher, span: expectation.node.span };
}

/** A text in a text, an item in a list or set, a key in a map. */
function readContains(expectation: Expectation, reader: Reader): Matcher | undefined {
  const { node, fact, label } = expectation;
  if (node.kind === "scalar" && node.value === "" && fact.type === "string") {
    return checksNothing(node, reader.problems);
  }
  const inner = containedFact(fact);
  // `contains` of a text takes a text: what a part of a text must be is what the whole is compared with.
  const matcher = reader.read({ node, fact: inner, label: fact.type === "string" ? label : `${label}[]` });
  return matcher === undefined ? undefined : { kind: "contains", matcher, span: node.span };
}

const TEXT: FactType = { type: "string", doc: "a text" };
const ANY: FactType = { type: "any", doc: "anything" };

function containedFact(fact: FactType): FactType {
  if (fact.type === "list") return fact.of;
  return fact.type === "set" || fact.type === "any" ? ANY : TEXT;
}

/** What is said of each item, or of some: of a map the values. */
function readItems(name: "each" | "some", expectation: Expectation, reader: Reader): Matcher | undefined {
  const { node, fact, label } = expectation;
  const of = fact.type === "list" || fact.type === "map" ? fact.of : ANY;
  const matcher = reader.read({ node, fact: of, label: `${label}[]` });
  return matcher === undefined ? undefined : { kind: name, matcher, span: node.span };
}

function readLength({ node, label }: Expectation, reader: Reader): Matcher | undefined {
  const fact: FactType = { type: "number", doc: "how many there are" };
  const matcher = reader.read({ node, fact, label: `${label}.length` });
  return matcher === undefined ? undefined : { kind: "length", matcher, span: node.span };
}

function readAbsent({ node }: Expectation, { problems }: Reader): Matcher | undefined {
  if (node.kind === "scalar" && typeof node.value === "boolean") {
    return { kind: "absent", absent: node.value, span: node.span };
  }
  return wrongType(node, "absent", "true or false", problems);
}

/** The matchers of a list; a list of none decides without looking. */
function readList(name: string, expectation: Expectation, reader: Reader): readonly Matcher[] | undefined {
  const { node, fact, label } = expectation;
  if (node.kind !== "list") return wrongType(node, name, "a list", reader.problems);
  if (node.items.length === 0) return checksNothing(node, reader.problems);
  const matchers = node.items.map((item) => reader.read({ node: item, fact, label }));
  const read = matchers.filter((matcher) => matcher !== undefined);
  return read.length < matchers.length ? undefined : read;
}

function readOneOf(expectation: Expectation, reader: Reader): Matcher | undefined {
  const values = readList("oneOf", expectation, reader);
  return values === undefined ? undefined : { kind: "oneOf", values, span: expectation.node.span };
}

function readSeveral(name: "all" | "any" | "none", expectation: Expectation, reader: Reader): Matcher | undefined {
  const matchers = readList(name, expectation, reader);
  return matchers === undefined ? undefined : { kind: name, matchers, span: expectation.node.span };
}
