/**
 * The notation in which portable programs are written down: one method for each instruction.
 *
 * @module
 */

import type { Condition, Instruction, Label, Register } from "./instruction.ts";
import type { SystemCall } from "./system_calls.ts";

/** A new label. */
export function label(name: string): Label {
  return { name };
}

/** A list of instructions under construction. */
export class Program {
  readonly instructions: Instruction[] = [];

  /** Appends another program. */
  append(other: Program): void {
    for (const instruction of other.instructions) this.instructions.push(instruction);
  }

  /** What comes next can be reached by this label. */
  place(label: Label): void {
    this.instructions.push({ op: "label", label });
  }

  /** `to = value`. */
  immediate(to: Register, value: number | bigint): void {
    this.instructions.push({ op: "immediate", to, value: BigInt(value) });
  }

  /** `to = from`. */
  move(to: Register, from: Register): void {
    if (to !== from) this.instructions.push({ op: "move", to, from });
  }

  /** `to = to + by`. */
  add(to: Register, by: Register | number): void {
    this.instructions.push({ op: "add", to, by });
  }

  /** `to = to - by`. */
  subtract(to: Register, by: Register | number): void {
    this.instructions.push({ op: "subtract", to, by });
  }

  /** `to = to & by`. */
  and(to: Register, by: Register | number): void {
    this.instructions.push({ op: "and", to, by });
  }

  /** `to = to | by`. */
  or(to: Register, by: Register | number): void {
    this.instructions.push({ op: "or", to, by });
  }

  /** `to = to << bits`. */
  shiftLeft(to: Register, bits: number): void {
    this.instructions.push({ op: "shiftLeft", to, bits });
  }

  /** `to = to >> bits`, zeros from the left. */
  shiftRight(to: Register, bits: number): void {
    this.instructions.push({ op: "shiftRight", to, bits });
  }

  /** `t1 = result mod t0; result = result / t0`, unsigned. */
  divide(): void {
    this.instructions.push({ op: "divide" });
  }

  /** `to =` the 64-bit word at `base + offset`. */
  load64(to: Register, base: Register, offset = 0): void {
    this.instructions.push({ op: "load64", to, base, offset });
  }

  /** `to =` the byte at `base + offset`. */
  load8(to: Register, base: Register, offset = 0): void {
    this.instructions.push({ op: "load8", to, base, offset });
  }

  /** The 64-bit word at `base + offset` `= from`. */
  store64(from: Register, base: Register, offset = 0): void {
    this.instructions.push({ op: "store64", from, base, offset });
  }

  /** The byte at `base + offset` `=` the low byte of `from`. */
  store8(from: Register, base: Register, offset = 0): void {
    this.instructions.push({ op: "store8", from, base, offset });
  }

  /** Go to `target` if `left condition right`. */
  branch(left: Register, condition: Condition, right: Register | number, target: Label): void {
    this.instructions.push({ op: "branch", condition, left, right, target });
  }

  /** Go to `target`. */
  jump(target: Label): void {
    this.instructions.push({ op: "jump", target });
  }

  /** Call the function at `target`: arguments in `a0`…`a5`, answer in `result`. */
  call(target: Label): void {
    this.instructions.push({ op: "call", target });
  }

  /** Start of a function with `bytes` of stack at `sp`. */
  enter(bytes: number): void {
    this.instructions.push({ op: "enter", bytes });
  }

  /** Return from a function with `bytes` of stack. */
  leave(bytes: number): void {
    this.instructions.push({ op: "leave", bytes });
  }

  /** Ask the kernel, with `a0`…`a5`, for this call or else for the one whose number is in `number`. */
  systemCall(call?: SystemCall): void {
    this.instructions.push({ op: "systemCall", call });
  }

  /** `to =` the address of `target`. */
  address(to: Register, target: Label): void {
    this.instructions.push({ op: "address", to, target });
  }

  /** Data. */
  bytes(bytes: Uint8Array): void {
    this.instructions.push({ op: "bytes", bytes });
  }
}
