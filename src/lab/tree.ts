/**
 * A file as it is written: values, each with its place; what parsing makes and checking reads.
 *
 * @module
 */

import type { Json } from "./matcher.ts";
import type { Problem } from "./problem.ts";
import type { Source, Span } from "./span.ts";

/** A parsed file. */
export interface Tree {
  /** What was parsed. */
  readonly source: Source;
  /** The YAML documents that hold something. */
  readonly documents: readonly TreeDocument[];
  /** What is wrong with the text as YAML. */
  readonly problems: readonly Problem[];
}

/** One YAML document. */
export interface TreeDocument {
  /** All of the document. */
  readonly root: Node;
  /** false after a syntax error: what the values mean is then a guess, so that nothing more is said about them. */
  readonly sound: boolean;
}

/** A value with its place. An alias is the node that it names: the same object at several places of the tree. */
export type Node = ScalarNode | ListNode | MapNode | BadNode;

/** Text, number, true, false or null. */
export interface ScalarNode {
  /** Tells it from other nodes. */
  readonly kind: "scalar";
  /** As YAML 1.2's core schema reads it. */
  readonly value: null | boolean | number | string;
  /** How it is written: decides how an offset in the value is found in the file. */
  readonly style: "plain" | "single" | "double" | "block";
  /** As it stands in the file. */
  readonly raw: string;
  /** Where it is. */
  readonly span: Span;
}

/** A list. */
export interface ListNode {
  /** Tells it from other nodes. */
  readonly kind: "list";
  /** In the order of the file. */
  readonly items: readonly Node[];
  /** Where it is. */
  readonly span: Span;
}

/** A map, in the order of the file; of duplicate keys the first. */
export interface MapNode {
  /** Tells it from other nodes. */
  readonly kind: "map";
  /** By key. */
  readonly entries: ReadonlyMap<string, MapEntry>;
  /** Where it is. */
  readonly span: Span;
}

/** A key and its value. */
export interface MapEntry {
  /** Where the key is. */
  readonly keySpan: Span;
  /** What stands after the key. */
  readonly value: Node;
}

/** A value that is no value (an alias of nothing); its problem has been reported, checks skip it. */
export interface BadNode {
  /** Tells it from other nodes. */
  readonly kind: "bad";
  /** Where it is. */
  readonly span: Span;
}

/** Steps from a node to one inside it: keys of maps, indices of lists. */
export type Path = readonly (string | number)[];

/** The value of a key, where the node is a map that has it. */
export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** The node at the end of a path, where there is one. */
export function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    if (typeof step === "string") node = entryOf(node, step)?.value;
    else node = node?.kind === "list" ? node.items[step] : undefined;
  }
  return node;
}

/** The text of a scalar text. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** A written number; as its text where a double is not exactly it. Nothing for other scalars. */
export function exactNumber(node: ScalarNode): number | string | undefined {
  if (typeof node.value !== "number") return undefined;
  return String(node.value) === node.raw ? node.value : node.raw;
}

/** Whether a node is a written `null` (or nothing at all after a key). */
export function isNull(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.value === null;
}

/** The value of a node as JSON data; a bad node is null. Maps have no prototype, so that any key is just a key. */
export function jsonOf(node: Node): Json {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "bad":
      return null;
    case "list":
      return node.items.map(jsonOf);
    case "map": {
      const map: Record<string, Json> = Object.create(null);
      for (const [key, entry] of node.entries) map[key] = jsonOf(entry.value);
      return map;
    }
  }
}

/** What a value is, in words. */
export function described(node: Node): string {
  switch (node.kind) {
    case "list":
      return "a list";
    case "map":
      return "a map";
    case "bad":
      return "nothing";
    case "scalar":
      return node.value === null ? "nothing (null)" : `the ${typeName(node.value)} ${clipped(node.value)}`;
  }
}

function typeName(value: boolean | number | string): string {
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "value";
}

/** A scalar as an error message quotes it: texts in double quotes, at most 60 characters. */
export function clipped(value: null | boolean | number | string): string {
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}

/** The part of a node to point at when something in it is missing: a map's first key, else all of it. */
export function anchorSpan(node: Node): Span {
  if (node.kind !== "map") return node.span;
  const first = node.entries.values().next().value;
  return first === undefined || first.keySpan.start !== node.span.start ? node.span : first.keySpan;
}

/** Whether a key stands anywhere in a document. */
export function mentions(root: Node, key: string): boolean {
  const seen = new Set<Node>();
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // Aliases share nodes: without this, a bomb would go off here.
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "list") { for (const item of node.items) waiting.push(item); }
    if (node.kind !== "map") continue;
    if (node.entries.has(key)) return true;
    for (const { value } of node.entries.values()) waiting.push(value);
  }
  return false;
}
