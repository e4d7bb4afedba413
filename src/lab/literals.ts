/**
 * Literals in an `expect`, read by the type of the fact that they are compared with.
 *
 * @module
 */

import type { FactType } from "./facts.ts";
import type { Unit } from "./matcher.ts";
import type { ProblemCode } from "./problem.ts";
import type { Problems } from "./problems.ts";
import { parseBytes, parseDuration, parseMillicpu, parseMode } from "./quantity.ts";
import type { Reading } from "./quantity.ts";
import { clipped, described, exactNumber } from "./tree.ts";
import type { Node, ScalarNode } from "./tree.ts";

/** The types of facts that are scalars. */
export type ScalarType = "string" | "boolean" | "number" | "bytes" | "millicpu" | "ms" | "octal" | "any";

/** A literal by value, with the unit that it is shown in. */
export interface Literal {
  readonly value: string | number | boolean;
  readonly unit?: Unit;
}

const QUANTITIES: Readonly<Record<Exclude<Unit, "octal">, (text: string | number) => Reading<number>>> = {
  bytes: parseBytes,
  millicpu: parseMillicpu,
  ms: parseDuration,
};

/** Types whose facts are numbers. */
export function isNumeric(type: FactType["type"]): type is "number" | "bytes" | "millicpu" | "ms" {
  return type === "number" || type === "bytes" || type === "millicpu" || type === "ms";
}

/** Reads a literal; nothing where it is of the wrong type, which is reported. */
export function readLiteral(node: Node, type: ScalarType, label: string, problems: Problems): Literal | undefined {
  if (node.kind !== "scalar" || node.value === null) {
    if (node.kind !== "bad") wrongType(node, type, label, problems);
    return undefined;
  }
  const { value } = node;
  switch (type) {
    case "any":
      return { value };
    case "string":
      return typeof value === "string" ? { value } : wrongType(node, type, label, problems);
    case "boolean":
      return typeof value === "boolean" ? { value } : wrongType(node, type, label, problems);
    case "number":
      return typeof value === "number" ? { value } : wrongType(node, type, label, problems);
    case "bytes":
    case "millicpu":
    case "ms":
      if (typeof value === "boolean") return wrongType(node, type, label, problems);
      return fromReading(node, QUANTITIES[type](exactNumber(node) ?? value), type, "bad_quantity", problems);
    case "octal":
      if (typeof value === "boolean") return wrongType(node, type, label, problems);
      return fromReading(node, parseMode(modeText(node, value)), type, "bad_value", problems);
  }
}

/** Reads a number, or a quantity where the fact is one. */
export function readNumber(
  node: Node,
  type: ScalarType,
  label: string,
  problems: Problems,
): { readonly value: number; readonly unit?: Unit } | undefined {
  const literal = readLiteral(node, type === "any" ? "number" : type, label, problems);
  return typeof literal?.value === "number" ? { ...literal, value: literal.value } : undefined;
}

/** YAML 1.2 reads 0644 as 644; who writes a mode with a leading zero means octal digits. */
function modeText(node: ScalarNode, value: string | number): string | number {
  return typeof value === "number" && /^0[0-7]+$/u.test(node.raw) ? node.raw : value;
}

function fromReading(
  node: ScalarNode,
  reading: Reading<string | number>,
  unit: Unit,
  code: ProblemCode,
  problems: Problems,
): Literal | undefined {
  if (reading.ok) return { value: reading.value, unit };
  problems.error(code, node.span, reading.message, reading.hint);
  return undefined;
}

const WANTED: Readonly<Record<ScalarType, string>> = {
  string: "a text",
  boolean: "true or false",
  number: "a number",
  bytes: "a quantity of bytes",
  millicpu: "a quantity of CPUs",
  ms: "a duration",
  octal: "a file mode",
  any: "a text, a number, true or false",
};

function wrongType(node: Node, type: ScalarType, label: string, problems: Problems): undefined {
  const message = `Cannot compare ${clipped(label)} with ${described(node)}: it is ${WANTED[type]}`;
  problems.error("wrong_type", node.span, message, typeHint(node, type));
  return undefined;
}

function typeHint(node: Node, type: ScalarType): string | undefined {
  if (node.kind === "list") return "For one of several values write oneOf: [...]";
  if (node.kind !== "scalar") return undefined;
  if (type === "string" && node.value !== null) return `Put it in quotes: ${JSON.stringify(node.raw)}`;
  if (type === "number" && typeof node.value === "string" && /^[\d.]+$/u.test(node.value)) return "Remove the quotes";
  return undefined;
}
