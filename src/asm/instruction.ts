/**
 * The portable instructions: what a program for x86-64 and for aarch64 is written in, as plain data. A back end turns
 * each of them into machine code.
 *
 * @module
 */

import type { SystemCall } from "./system_calls.ts";

/** Architectures that podlab makes machine code for, named as `uname -m` names them. */
export type Architecture = "x86_64" | "aarch64";

/**
 * A register by its role. System call and function arguments share `a0`…`a5`; `t0`, `t1` and the arguments are lost in
 * a system call or a call; `k0`…`k5` are kept.
 *
 * `result` is the same register as `number` on x86-64 (rax) and as `a0` on aarch64 (x0). So move the result away before
 * the next arguments are loaded, and load `number` after the arguments.
 */
export type Register =
  | "result"
  | "number"
  | "a0"
  | "a1"
  | "a2"
  | "a3"
  | "a4"
  | "a5"
  | "t0"
  | "t1"
  | "k0"
  | "k1"
  | "k2"
  | "k3"
  | "k4"
  | "k5"
  | "sp";

/** The argument registers in order. */
export const ARGUMENTS = ["a0", "a1", "a2", "a3", "a4", "a5"] as const satisfies Register[];

/** Registers that a function keeps for its caller, in order. */
export const KEPT = ["k0", "k1", "k2", "k3", "k4", "k5"] as const satisfies Register[];

/** Comparisons; those that end in U take their operands as unsigned. */
export type Condition = "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "ltU" | "leU" | "gtU" | "geU";

/** A place in a program. Two labels are the same only if they are the same object; the name is for people. */
export interface Label {
  readonly name: string;
}

/** Arithmetic of the shape `to = to OP by`. */
export type Arithmetic = "add" | "subtract" | "and" | "or";

/** One portable instruction. Offsets and sizes are in bytes, words are 64 bits, little-endian. */
export type Instruction =
  | { readonly op: "label"; readonly label: Label }
  /** `to = value`, any 64-bit value. */
  | { readonly op: "immediate"; readonly to: Register; readonly value: bigint }
  | { readonly op: "move"; readonly to: Register; readonly from: Register }
  /** A constant must fit in 32 bits, signed. */
  | { readonly op: Arithmetic; readonly to: Register; readonly by: Register | number }
  | { readonly op: "shiftLeft" | "shiftRight"; readonly to: Register; readonly bits: number }
  /** Unsigned: `t1 = result mod t0; result = result / t0`; `a2` is lost. `t0` must not be 0. */
  | { readonly op: "divide" }
  /** `load8` fills the upper bits with zeros. */
  | { readonly op: "load64" | "load8"; readonly to: Register; readonly base: Register; readonly offset: number }
  | { readonly op: "store64" | "store8"; readonly from: Register; readonly base: Register; readonly offset: number }
  /** Go to `target` if `left CONDITION right`. A constant must fit in 32 bits, signed; it is extended with its sign. */
  | {
    readonly op: "branch";
    readonly condition: Condition;
    readonly left: Register;
    readonly right: Register | number;
    readonly target: Label;
  }
  | { readonly op: "jump"; readonly target: Label }
  | { readonly op: "call"; readonly target: Label }
  /** Start of a function: save the return address and take `bytes` of stack (a multiple of 16) from `sp` upwards. */
  | { readonly op: "enter"; readonly bytes: number }
  /** End of a function: give the `bytes` back and return. */
  | { readonly op: "leave"; readonly bytes: number }
  /** This call, or the one in `number`, with `a0`…`a5`; the raw answer, -errno on failure, is in `result`. */
  | { readonly op: "systemCall"; readonly call: SystemCall | undefined }
  /** `to` = the address of `target`, relative to here. */
  | { readonly op: "address"; readonly to: Register; readonly target: Label }
  /** Data. What follows it starts at a multiple of 4 bytes where the architecture wants that. */
  | { readonly op: "bytes"; readonly bytes: Uint8Array };
