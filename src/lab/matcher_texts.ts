/**
 * Matchers for texts.
 *
 * @module
 */

import type { Expectation, Reader } from "./expectation.ts";
import { checksNothing, wrongType } from "./expectation.ts";
import { readLiteral } from "./literals.ts";
import type { Matcher } from "./matcher.ts";
import { clipped, entryOf, textOf } from "./tree.ts";
import type { Node } from "./tree.ts";

/** Reads `startsWith` and `endsWith`. */
export function readAffix(
  kind: "startsWith" | "endsWith",
  { node }: Expectation,
  { problems }: Reader,
): Matcher | undefined {
  const text = readLiteral(node, "string", kind, problems)?.value;
  if (text === "") return checksNothing(node, problems);
  return typeof text === "string" ? { kind, text, span: node.span } : undefined;
}

/** Reads `matches: PATTERN` or `matches: { pattern: PATTERN, flags: i }`: a JavaScript regular expression. */
export function readMatches({ node }: Expectation, { problems }: Reader): Matcher | undefined {
  const patternNode = node.kind === "map" ? entryOf(node, "pattern")?.value : node;
  const flagsNode = node.kind === "map" ? entryOf(node, "flags")?.value : undefined;
  const pattern = patternNode === undefined ? undefined : textOf(patternNode);
  if (patternNode === undefined || pattern === undefined) {
    const hint = 'Write matches: "PATTERN" or matches: { pattern: "PATTERN", flags: i }';
    return wrongType(patternNode ?? node, "matches", "a regular expression", problems, hint);
  }
  if (pattern === "") return checksNothing(patternNode, problems);
  const flags = readFlags(flagsNode, problems);
  if (flags === undefined || !isUsable(pattern, patternNode, problems)) return undefined;
  return { kind: "matches", pattern, flags, span: node.span };
}

/** `u` is always set: without it half a character could match. */
function readFlags(node: Node | undefined, problems: Reader["problems"]): string | undefined {
  const flags = node === undefined ? "" : textOf(node);
  if (flags !== undefined && /^[imsu]*$/u.test(flags) && new Set(flags).size === flags.length) {
    return flags.includes("u") ? flags : `${flags}u`;
  }
  if (node === undefined || node.kind === "bad") return undefined;
  const shown = node.kind === "scalar" ? clipped(node.value) : "this";
  problems.error("bad_value", node.span, `Cannot use ${shown} as flags of a regular expression`, "Flags: i, m, s");
  return undefined;
}

/**
 * A repeated group of nothing but a repetition, `(a+)+` or `(.*)*`: a text that does not match takes time that doubles
 * with every character, and the texts come from containers.
 */
const EXPONENTIAL = /\((?:\?:)?(?:\\.|\[(?:[^\]\\]|\\.)*\]|[^()\\[\]|])[*+]\??\)(?:[*+]|\{\d+,\})/u;

function isUsable(pattern: string, node: Node, problems: Reader["problems"]): boolean {
  const error = syntaxError(pattern);
  if (error !== undefined) {
    problems.error("bad_value", node.span, `Cannot read ${clipped(pattern)} as a regular expression: ${error}`);
    return false;
  }
  if (!EXPONENTIAL.test(pattern)) return true;
  const message = `Cannot use regular expression ${clipped(pattern)}: it repeats a repetition and could take for ever`;
  problems.error("bad_value", node.span, message, "Repeat once: a+ instead of (a+)+");
  return false;
}

function syntaxError(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.slice(message.lastIndexOf(": ") + 2);
  }
}
