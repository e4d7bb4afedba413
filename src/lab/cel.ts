/**
 * CEL, the Common Expression Language: the only file that knows the library, which is loaded where a lab has a `cel:`.
 *
 * In an expression `self` is the value; where it is a map, its fields are variables too. Whole numbers are CEL ints,
 * others doubles. An absent fact is an unknown variable: ask for it by `has(self.NAME)`.
 *
 * @module
 */

import type { Environment, ParseError } from "@marcbachmann/cel-js";
import type { Json } from "./matcher.ts";

type Library = typeof import("@marcbachmann/cel-js");

/** An expression that was understood. */
export interface CompiledCel {
  readonly ok: true;
  /** Evaluates it over a value. */
  readonly evaluate: (value: Json) => CelOutcome;
}

/** Why an expression was not understood. Offsets are UTF-16 code units of the expression; `end` is exclusive. */
export interface CelError {
  readonly ok: false;
  readonly error: string;
  /** `syntax`: not CEL; `unknown`: a variable that does not exist; `type`: it can never be evaluated, or is no condition. */
  readonly reason: "syntax" | "unknown" | "type";
  readonly offset: number;
  readonly end: number;
}

/** What evaluating came to: whether it holds, or one sentence on why that cannot be said. */
export type CelOutcome = { readonly value: boolean } | { readonly error: string };

let library: Library | undefined;
const compiled = new Map<string, CompiledCel | CelError>();

/** Expressions kept; more are compiled again. A lab has at most a thousand observations. */
const CACHE_MAX = 4096;

/** Loads the library. Afterwards the other functions of this file work; before it they throw. */
export async function loadCel(): Promise<void> {
  library ??= await import("@marcbachmann/cel-js");
}

function loaded(): Library {
  if (library === undefined) throw new Error("Cannot use CEL: loadCel() has not been awaited");
  return library;
}

/**
 * Parses and checks an expression.
 *
 * @param variables The variables besides `self` that exist; without it, any may.
 */
export function compileCel(expression: string, variables?: readonly string[]): CompiledCel | CelError {
  const key = `${variables?.join(",") ?? "*"}\0${expression}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (compiled.size >= CACHE_MAX) compiled.clear();
  const made = compile(expression, variables);
  compiled.set(key, made);
  return made;
}

/** Evaluates a compiled expression over a value. */
export function evaluateCel(expression: CompiledCel, value: Json): CelOutcome {
  return expression.evaluate(value);
}

/** Whether an expression holds for a value. */
export function celHolds(expression: string, value: Json): CelOutcome {
  const made = compileCel(expression);
  return made.ok ? made.evaluate(value) : { error: made.error };
}

function compile(expression: string, variables: readonly string[] | undefined): CompiledCel | CelError {
  try {
    const environment = makeEnvironment(variables);
    const { valid, type, error } = environment.check(expression);
    if (!valid) return celError(error, expression);
    if (type !== "bool" && type !== "dyn") {
      const message = `The expression gives ${article(type ?? "nothing")}, not true or false`;
      return { ok: false, error: message, reason: "type", offset: 0, end: expression.length };
    }
    const program = makeEnvironment(undefined).parse(expression);
    return { ok: true, evaluate: (value) => outcomeOf(() => program(contextOf(value)), expression) };
  } catch (error) {
    return celError(error, expression);
  }
}

function makeEnvironment(variables: readonly string[] | undefined): Environment {
  const { Environment } = loaded();
  const environment = new Environment({ unlistedVariablesAreDyn: variables === undefined });
  if (variables === undefined) return environment;
  // A few names (type, map, string …) are CEL's own; such a field is `self.type`.
  const taken = new Set(["self", ...variables]).difference(CEL_NAMES);
  for (const name of taken) environment.registerVariable(name, "dyn");
  return environment;
}

/** Names of types, and reserved words of the CEL specification: no variables can have them. */
const CEL_NAMES: ReadonlySet<string> = new Set(
  ("bool bytes double int list map null_type string type uint as break const continue else false for function if " +
    "import in let loop namespace null package return true var void while").split(" "),
);

function celError(error: unknown, expression: string): CelError {
  const text = summaryOf(error);
  const code = isCelError(error) ? error.code : "";
  const range = isCelError(error) ? error.range : undefined;
  const parseError = error instanceof loaded().ParseError;
  return {
    ok: false,
    error: text.charAt(0).toUpperCase() + text.slice(1),
    reason: parseError ? "syntax" : code === "unknown_variable" ? "unknown" : "type",
    offset: range?.start ?? 0,
    end: range?.end ?? expression.length,
  };
}

/** All errors of the library have these, whatever they are errors of. */
function isCelError(error: unknown): error is ParseError {
  return error instanceof Error && "summary" in error && "code" in error && "range" in error;
}

function summaryOf(error: unknown): string {
  if (isCelError(error)) return error.summary;
  return error instanceof Error ? error.message : String(error);
}

function outcomeOf(evaluate: () => unknown, expression: string): CelOutcome {
  try {
    const value = evaluate();
    if (typeof value === "boolean") return { value };
    return { error: `Cannot use the result of ${JSON.stringify(expression)}: it is not true or false` };
  } catch (error) {
    if (isCelError(error) && (error.code === "unknown_variable" || error.code === "no_such_key")) {
      return {
        error: `Cannot evaluate the expression: ${JSON.stringify(summaryOf(error).replace(/^.*: /u, ""))} is absent`,
      };
    }
    return { error: `Cannot evaluate the expression: ${summaryOf(error)}` };
  }
}

/** Without prototype: `constructor` is no variable. */
function contextOf(value: Json): Record<string, unknown> {
  const context: Record<string, unknown> = Object.create(null);
  if (isRecord(value)) { for (const [key, field] of Object.entries(value)) context[key] = celValue(field); }
  context.self = celValue(value);
  return context;
}

/** JSON to what the library computes with: whole numbers are BigInt, else `pid + 1` has no overload. */
function celValue(value: Json): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (!isRecord(value)) return value;
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, field] of Object.entries(value)) map[key] = celValue(field);
  return map;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function article(type: string): string {
  return /^[aeiou]/u.test(type) ? `an ${type}` : `a ${type}`;
}
