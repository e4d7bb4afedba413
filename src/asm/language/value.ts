/**
 * What a program computes with: expressions as data. A value is a 64-bit word, a number or an address alike.
 *
 * @module
 */

import type { Arithmetic, Condition, Label } from "../instruction.ts";
import type { SystemCall } from "../system_calls.ts";
import type { Body } from "./body.ts";

/** How a value comes about. */
export type Node =
  | { readonly kind: "constant"; readonly value: bigint }
  /** Address of the text, in UTF-8, ended by a byte 0. */
  | { readonly kind: "text"; readonly text: string }
  /** Address of constant data. */
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** Address of a function. */
  | { readonly kind: "function"; readonly definition: Definition }
  /** A local variable, by its slot in the frame. */
  | { readonly kind: "local"; readonly slot: number }
  /** Address of memory in the frame. */
  | { readonly kind: "buffer"; readonly offset: number }
  | { readonly kind: "arithmetic"; readonly op: Arithmetic; readonly left: Value; readonly right: Value }
  | { readonly kind: "divide"; readonly part: "quotient" | "remainder"; readonly left: Value; readonly right: Value }
  | { readonly kind: "shift"; readonly op: "shiftLeft" | "shiftRight"; readonly value: Value; readonly bits: number }
  | { readonly kind: "load"; readonly op: "load64" | "load8"; readonly address: Value; readonly offset: number }
  | { readonly kind: "call"; readonly definition: Definition; readonly arguments: readonly Value[] }
  | { readonly kind: "system"; readonly call: SystemCall; readonly arguments: readonly Value[] };

/** Something to compute with; a string stands for the address of its text. */
export type Operand = Value | number | bigint | string;

/** A comparison of signed words. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** What an `if` or `while` asks. */
export type Test =
  | { readonly kind: "compare"; readonly condition: Condition; readonly left: Value; readonly right: Value }
  | { readonly kind: "all" | "any"; readonly tests: readonly Test[] };

/** A function of the program. Its body is written down when the program is linked. */
export interface Definition {
  readonly name: string;
  readonly label: Label;
  readonly parameters: number;
  readonly write: (f: Body, parameters: readonly Local[]) => void;
}

const CONDITIONS: Readonly<Record<Comparison, Condition>> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

/** An expression; nothing is computed until a statement uses it, and then each time anew. */
export class Value {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  plus(other: Operand): Value {
    if (this.node.kind === "buffer" && typeof other === "number") {
      return new Value({ kind: "buffer", offset: this.node.offset + other });
    }
    return new Value({ kind: "arithmetic", op: "add", left: this, right: toValue(other) });
  }

  minus(other: Operand): Value {
    return new Value({ kind: "arithmetic", op: "subtract", left: this, right: toValue(other) });
  }

  and(other: Operand): Value {
    return new Value({ kind: "arithmetic", op: "and", left: this, right: toValue(other) });
  }

  or(other: Operand): Value {
    return new Value({ kind: "arithmetic", op: "or", left: this, right: toValue(other) });
  }

  shiftedLeft(bits: number): Value {
    return new Value({ kind: "shift", op: "shiftLeft", value: this, bits });
  }

  shiftedRight(bits: number): Value {
    return new Value({ kind: "shift", op: "shiftRight", value: this, bits });
  }

  /** Unsigned. */
  dividedBy(other: Operand): Value {
    return new Value({ kind: "divide", part: "quotient", left: this, right: toValue(other) });
  }

  /** The remainder, unsigned. */
  modulo(other: Operand): Value {
    return new Value({ kind: "divide", part: "remainder", left: this, right: toValue(other) });
  }

  /** The byte at this address, an offset further. */
  byte(offset = 0): Value {
    return new Value({ kind: "load", op: "load8", address: this, offset });
  }

  /** The word at this address, an offset in bytes further. */
  word(offset = 0): Value {
    return new Value({ kind: "load", op: "load64", address: this, offset });
  }

  /** A question about this value. */
  is(comparison: Comparison, other: Operand): Test {
    return { kind: "compare", condition: CONDITIONS[comparison], left: this, right: toValue(other) };
  }
}

/** A local variable: what a statement can assign to. */
export class Local extends Value {
  readonly slot: number;

  constructor(slot: number) {
    super({ kind: "local", slot });
    this.slot = slot;
  }
}

/** The operand as a value. */
export function toValue(operand: Operand): Value {
  if (operand instanceof Value) return operand;
  if (typeof operand === "string") return new Value({ kind: "text", text: operand });
  return new Value({ kind: "constant", value: BigInt(operand) });
}

/** The address of constant data. */
export function data(bytes: Uint8Array): Value {
  return new Value({ kind: "data", bytes });
}

/** True when all are; asked in order, no further than needed. */
export function all(...tests: readonly Test[]): Test {
  return { kind: "all", tests };
}

/** True when one is; asked in order, no further than needed. */
export function any(...tests: readonly Test[]): Test {
  return { kind: "any", tests };
}

/** The kernel's raw answer to a system call: -errno on failure. */
export function system(call: SystemCall, ...operands: readonly Operand[]): Value {
  return new Value({ kind: "system", call, arguments: operands.map(toValue) });
}

/** A function of the program, as it is called. */
export interface Callable<Parameters extends readonly Local[]> {
  (...operands: { readonly [K in keyof Parameters]: Operand }): Value;
  readonly definition: Definition;
}

/**
 * A function: `body` writes its statements by means of `f`. It has as many parameters as `body` has after `f` (six at most)
 * and returns 0 unless it says otherwise.
 */
export function define<Parameters extends readonly Local[]>(
  name: string,
  body: (f: Body, ...parameters: Parameters) => void,
): Callable<Parameters> {
  const write: (f: Body, ...parameters: never) => void = body;
  const definition: Definition = {
    name,
    label: { name },
    parameters: body.length - 1,
    write: (f, parameters) => Reflect.apply(write, undefined, [f, ...parameters]),
  };
  const call = (...operands: { readonly [K in keyof Parameters]: Operand }) =>
    new Value({ kind: "call", definition, arguments: operands.map(toValue) });
  return Object.assign(call, { definition });
}

/** The address of a function. */
export function addressOf(callable: { readonly definition: Definition }): Value {
  return new Value({ kind: "function", definition: callable.definition });
}
