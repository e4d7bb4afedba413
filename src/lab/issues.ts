/**
 * Checks a document against a schema, and turns what the schema library says into problems with places.
 *
 * @module
 */

import * as v from "valibot";
import type { Problems } from "./problems.ts";
import type { ProblemCode } from "./problem.ts";
import { listed, nearest, suggestion } from "./suggest.ts";
import { anchorSpan, clipped, described, entryOf, isNull, nodeAt } from "./tree.ts";
import type { Node, Path } from "./tree.ts";

/** What differs between the schemas. */
export interface ShapeOptions {
  /** Maps whose keys are compared elsewhere: their unknown keys are not reported here. */
  readonly ignoreKeys?: (path: Path) => boolean;
  /** Codes for what is missing or empty at certain places, instead of `missing_key` and `bad_value`. */
  readonly codes?: (path: Path) => ProblemCode | undefined;
  /** What to say of a key that is unknown at a place, where it is more than "unknown". */
  readonly unknownKey?: (
    path: Path,
    key: string,
  ) => { readonly code: ProblemCode; readonly message: string } | undefined;
}

/**
 * Reports where a document is not as the schema says.
 *
 * @returns The nodes whose values are wrong: what depends on them is not checked any more.
 */
export function checkShape(
  root: Node,
  schema: v.GenericSchema,
  problems: Problems,
  options: ShapeOptions = {},
): ReadonlySet<Node> {
  const result = v.safeParse(schema, valueOf(root));
  const reporter = new Reporter(root, problems, options);
  for (const issue of result.issues ?? []) reporter.report(issue, []);
  return reporter.invalid;
}

/**
 * The value that the schema library sees. A key without value (`emptyDir:`) counts as left out, as in Kubernetes, and so
 * does a bad value, whose problem is known. Maps have no prototype: any key is just a key.
 */
function valueOf(node: Node): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "bad":
      return undefined;
    case "list":
      return node.items.map(valueOf);
    case "map": {
      const map: Record<string, unknown> = Object.create(null);
      for (const [key, { value }] of node.entries) {
        if (value.kind !== "bad" && !isNull(value)) map[key] = valueOf(value);
      }
      return map;
    }
  }
}

/** What each kind of schema wants, in words. */
const WANTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  strict_object: "a map",
  record: "a map",
};

class Reporter {
  readonly invalid = new Set<Node>();
  readonly #root: Node;
  readonly #problems: Problems;
  readonly #options: ShapeOptions;

  constructor(root: Node, problems: Problems, options: ShapeOptions) {
    this.#root = root;
    this.#problems = problems;
    this.#options = options;
  }

  report(issue: v.BaseIssue<unknown>, above: Path): void {
    const path = [...above, ...(issue.path ?? []).map((item) => item.key).filter(isStep)];
    if (issue.kind === "validation") return this.#badValue(issue, path);
    if (issue.type === "strict_object" && issue.path?.at(-1)?.origin === "key") {
      return issue.expected === "never" ? this.#unknownKeys(issue, path) : this.#missing(issue, path);
    }
    // Of alternatives, the one that fits at its root is meant: what is wrong inside it is what is wrong.
    const inner = (issue.issues ?? []).filter((each) => each.path !== undefined || each.kind === "validation");
    if (inner.length > 0) {
      for (const each of inner) this.report(each, path);
      return;
    }
    this.#wrongType(issue, path);
  }

  #badValue(issue: v.BaseIssue<unknown>, path: Path): void {
    const node = nodeAt(this.#root, path);
    if (node === undefined) return;
    this.invalid.add(node);
    this.#problems.error(this.#options.codes?.(path) ?? "bad_value", node.span, issue.message);
  }

  /** The issue names one key of several that may be unknown. */
  #unknownKeys(issue: v.BaseIssue<unknown>, path: Path): void {
    const parent = path.slice(0, -1);
    if (this.#options.ignoreKeys?.(parent) === true) return;
    const map = nodeAt(this.#root, parent);
    if (map?.kind !== "map") return;
    const known = knownKeys(issue);
    for (const [key, entry] of map.entries) {
      if (known.includes(key)) continue;
      const special = this.#options.unknownKey?.(parent, key);
      if (special !== undefined) {
        this.#problems.error(special.code, entry.keySpan, special.message);
        continue;
      }
      const where = parent.length === 0 ? "" : ` in ${placeName(parent)}`;
      const hint = key === "<<" ? "Merge keys are not part of YAML 1.2" : suggestion(key, known, "keys");
      this.#problems.error("unknown_key", entry.keySpan, `Unknown key ${clipped(key)}${where}`, hint);
    }
  }

  #missing(issue: v.BaseIssue<unknown>, path: Path): void {
    const parent = nodeAt(this.#root, path.slice(0, -1));
    const key = String(path.at(-1));
    if (parent === undefined) return;
    const written = entryOf(parent, key);
    if (written?.value.kind === "bad") return;
    const code = this.#options.codes?.(path) ?? "missing_key";
    if (written !== undefined) {
      this.#problems.error(code, written.keySpan, `Cannot leave ${clipped(key)} without a value`);
      return;
    }
    // A key that is misspelt would be told twice: as unknown and as missing.
    const known = knownKeys(issue);
    const unknown = parent.kind === "map" ? [...parent.entries.keys()].filter((each) => !known.includes(each)) : [];
    if (nearest(key, unknown) !== undefined) return;
    const where = placeName(path.slice(0, -1));
    this.#problems.error(code, anchorSpan(parent), `Missing key ${clipped(key)} in ${where}`);
  }

  #wrongType(issue: v.BaseIssue<unknown>, path: Path): void {
    const node = nodeAt(this.#root, path);
    if (node === undefined || node.kind === "bad") return;
    this.invalid.add(node);
    const allowed = allowedValues(issue);
    if (allowed !== undefined && node.kind === "scalar" && sameType(node.value, allowed)) {
      const message = `Cannot use ${clipped(node.value)} for ${placeName(path)}`;
      const hint = typeof node.value === "string"
        ? suggestion(node.value, allowed.map(String), "values")
        : `Values: ${listed(allowed.map(String))}`;
      this.#problems.error("bad_value", node.span, message, hint);
      return;
    }
    const message = `Cannot use ${described(node)} for ${placeName(path)}: ${wanted(issue)} is wanted`;
    this.#problems.error("wrong_type", node.span, message, quoteHint(node, issue));
  }
}

/** The keys that a map may have: the message of a closed map's issues (see `closed`). */
function knownKeys(issue: v.BaseIssue<unknown>): readonly string[] {
  return issue.message.split(" ").filter((key) => key !== "");
}

function isStep(key: unknown): key is string | number {
  return typeof key === "string" || typeof key === "number";
}

/** A place by its last key, with the index for an item of a list. */
function placeName(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "this document";
  if (typeof last === "string") return clipped(last);
  return `item ${last + 1} of ${placeName(path.slice(0, -1))}`;
}

/** The values that a picklist or literal allows. */
function allowedValues(issue: v.BaseIssue<unknown>): readonly unknown[] | undefined {
  if (issue.type !== "picklist" && issue.type !== "literal") return undefined;
  const values: unknown[] = [];
  for (const each of (issue.expected ?? "").replace(/^\(|\)$/gu, "").split(" | ")) values.push(JSON.parse(each));
  return values;
}

function sameType(value: unknown, allowed: readonly unknown[]): boolean {
  return allowed.some((each) => typeof each === typeof value);
}

function wanted(issue: v.BaseIssue<unknown>): string {
  const allowed = allowedValues(issue);
  if (allowed !== undefined) return allowed.map((value) => JSON.stringify(value)).join(" or ");
  const parts = issue.issues === undefined ? [issue.type] : issue.issues.map((each) => each.type);
  return [...new Set(parts.map((part) => WANTED[part] ?? part))].join(" or ");
}

/** A number or a `yes` where a text is wanted most often lacks its quotes. */
function quoteHint(node: Node, issue: v.BaseIssue<unknown>): string | undefined {
  if (node.kind !== "scalar" || node.value === null || node.raw === "") return undefined;
  return wanted(issue).includes("text") ? `Put it in quotes: ${JSON.stringify(node.raw)}` : undefined;
}
