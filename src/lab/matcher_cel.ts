/**
 * `cel:` in an expectation.
 *
 * @module
 */

import { compileCel } from "./cel.ts";
import type { CelError } from "./cel.ts";
import type { Expectation, Reader } from "./expectation.ts";
import { wrongType } from "./expectation.ts";
import type { FactType } from "./facts.ts";
import type { Matcher } from "./matcher.ts";
import type { ProblemCode } from "./problem.ts";
import { spanInScalar } from "./scalar_position.ts";
import { nearest } from "./suggest.ts";

/** Codes of what may be wrong with an expression. */
const CODES: Readonly<Record<CelError["reason"], ProblemCode>> = {
  syntax: "bad_value",
  unknown: "unknown_fact",
  type: "wrong_type",
};

/** Reads a CEL expression; its mistakes are shown where they are in the file. */
export function readCel({ node, fact }: Expectation, { problems }: Reader): Matcher | undefined {
  if (node.kind !== "scalar" || typeof node.value !== "string") {
    return wrongType(node, "cel", "a CEL expression as a text", problems);
  }
  const expression = node.value;
  const variables = variablesOf(fact);
  const compiled = compileCel(expression, variables);
  if (compiled.ok) return { kind: "cel", expression, span: node.span };
  const span = spanInScalar(node, compiled.offset, compiled.end);
  problems.error(CODES[compiled.reason], span, `Cannot use this CEL expression: ${compiled.error}`, hintFor());
  return undefined;

  function hintFor(): string | undefined {
    if (compiled.ok || compiled.reason === "syntax" || variables === undefined) return undefined;
    if (compiled.reason === "type") {
      return variables.includes("type") ? "type and map are names of CEL itself: write self.type" : undefined;
    }
    const name = expression.slice(compiled.offset, compiled.end);
    const near = nearest(name, variables);
    return near === undefined ? `Variables: ${["self", ...variables].join(", ")}` : `Did you mean "${near}"?`;
  }
}

/** The fields that are variables beside `self`; nothing where they are not known before the facts are. */
function variablesOf(fact: FactType): readonly string[] | undefined {
  if (fact.type === "object") return Object.keys(fact.fields);
  return fact.type === "map" || fact.type === "any" ? undefined : [];
}
