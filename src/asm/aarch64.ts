/**
 * Portable instructions → aarch64 (A64). Encodings are from the Arm Architecture Reference Manual for A-profile (DDI 0487),
 * chapter C6, "A64 Base Instruction Descriptions", by each instruction's name. Every instruction is 32 bits.
 *
 * @module
 */

import type { Code, Patch } from "./code.ts";
import type { Arithmetic, Condition, Instruction, Register } from "./instruction.ts";
import { systemCallNumber } from "./system_calls.ts";

/**
 * Register numbers. System call registers are the kernel's (syscall(2)); x19…x24 are callee-saved in the AAPCS64. As a
 * base and in ADD/SUB with a constant, 31 means sp; elsewhere it means the zero register.
 */
const REGISTERS: Readonly<Record<Register, number>> = {
  result: 0,
  number: 8,
  a0: 0,
  a1: 1,
  a2: 2,
  a3: 3,
  a4: 4,
  a5: 5,
  t0: 9,
  t1: 10,
  k0: 19,
  k1: 20,
  k2: 21,
  k3: 22,
  k4: 23,
  k5: 24,
  sp: 31,
};
/** x16 (IP0), which the AAPCS64 leaves to whoever puts code together, holds constants that fit in no instruction. */
const SPARE = 16;
const ZERO = 31;

/** `OP Xd, Xn, Xm`: Rm at bit 16, Rn at 5, Rd at 0 (ADD, SUB, AND, ORR, SUBS: "shifted register"). */
const SHIFTED_REGISTER: Readonly<Record<Arithmetic | "compare", number>> = {
  add: 0x8b00_0000,
  subtract: 0xcb00_0000,
  and: 0x8a00_0000,
  or: 0xaa00_0000,
  compare: 0xeb00_0000,
};
/** `OP Xd, Xn, #imm12{, LSL #12}` (ADD, SUB, ADDS, SUBS: "immediate"): imm12 at bit 10, the shift at 22. */
const ADD_IMMEDIATE = 0x9100_0000;
const SUB_IMMEDIATE = 0xd100_0000;
const ADDS_IMMEDIATE = 0xb100_0000;
const SUBS_IMMEDIATE = 0xf100_0000;
const LSL_12 = 1 << 22;

/** [opcode with an unsigned offset in units, opcode with a signed 9-bit offset in bytes, unit] (LDR/LDUR, STR/STUR …). */
const MEMORY: Readonly<Record<"load64" | "load8" | "store64" | "store8", readonly [number, number, number]>> = {
  load64: [0xf940_0000, 0xf840_0000, 8],
  load8: [0x3940_0000, 0x3840_0000, 1],
  store64: [0xf900_0000, 0xf800_0000, 8],
  store8: [0x3900_0000, 0x3800_0000, 1],
};

/** The condition's four bits in B.cond (C1.2.4, "Condition code"). */
const CONDITIONS: Readonly<Record<Condition, number>> = {
  eq: 0b0000,
  ne: 0b0001,
  lt: 0b1011,
  le: 0b1101,
  gt: 0b1100,
  ge: 0b1010,
  ltU: 0b0011, // LO
  leU: 0b1001, // LS
  gtU: 0b1000, // HI
  geU: 0b0010, // HS
};

/** Appends one instruction. */
export function encodeAarch64(code: Code, i: Instruction): void {
  switch (i.op) {
    case "label":
      return code.place(i.label);
    case "immediate":
      return immediate(code, REGISTERS[i.to], i.value);
    case "move":
      if (REGISTERS[i.to] === REGISTERS[i.from]) return;
      return move(code, i.to, i.from);
    case "add":
    case "subtract":
    case "and":
    case "or":
      return arithmetic(code, i.op, REGISTERS[i.to], i.by);
    case "shiftLeft": // LSL Xd, Xn, #n = UBFM with immr = -n mod 64, imms = 63 - n
      return bitfield(code, i.to, (64 - i.bits) % 64, 63 - i.bits);
    case "shiftRight": // LSR Xd, Xn, #n = UBFM with immr = n, imms = 63
      return bitfield(code, i.to, i.bits, 63);
    case "divide":
      return divide(code);
    case "load64":
    case "load8":
      return memory(code, i.op, REGISTERS[i.to], REGISTERS[i.base], i.offset);
    case "store64":
    case "store8":
      return memory(code, i.op, REGISTERS[i.from], REGISTERS[i.base], i.offset);
    case "branch": // CMP = SUBS to the zero register, then B.cond: imm19 at bit 5
      compare(code, REGISTERS[i.left], i.right);
      code.refer(i.target, code.size, patchConditional);
      return code.u32(0x5400_0000 | CONDITIONS[i.condition]);
    case "jump": // B: imm26
      code.refer(i.target, code.size, patchBranch);
      return code.u32(0x1400_0000);
    case "call": // BL: imm26
      code.refer(i.target, code.size, patchBranch);
      return code.u32(0x9400_0000);
    case "enter": // STR x30, [sp, #-16]!: the link register holds the return address, sp stays a multiple of 16
      code.u32(0xf81f_0ffe);
      return addConstant(code, REGISTERS.sp, -i.bytes);
    case "leave": // LDR x30, [sp], #16; RET
      addConstant(code, REGISTERS.sp, i.bytes);
      code.u32(0xf841_07fe);
      return code.u32(0xd65f_03c0);
    case "systemCall": // SVC #0
      if (i.call !== undefined) immediate(code, REGISTERS.number, BigInt(systemCallNumber("aarch64", i.call)));
      return code.u32(0xd400_0001);
    case "address": // ADR: immlo at bit 29, immhi at 5
      code.refer(i.target, code.size, patchAddress);
      return code.u32(0x1000_0000 | REGISTERS[i.to]);
    case "bytes":
      code.data(i.bytes);
      while (code.size % 4 !== 0) code.u8(0);
      return;
  }
}

/** MOVZ or MOVN for the first 16 bits that matter, MOVK for each further ones: imm16 at bit 5, which 16 at 21. */
function immediate(code: Code, to: number, value: bigint): void {
  const [movz, movn, movk] = [0xd280_0000, 0x9280_0000, 0xf280_0000];
  const negative = BigInt.asIntN(64, value) < 0n;
  const filler = negative ? 0xffff : 0;
  const parts = [0, 1, 2, 3].map((at) => ({ at, part: Number(BigInt.asUintN(16, value >> BigInt(at * 16))) }));
  const matter = parts.filter(({ part }) => part !== filler);
  const [first, ...rest] = matter.length > 0 ? matter : parts.slice(0, 1);
  if (first === undefined) return;
  const part = negative ? first.part ^ 0xffff : first.part;
  code.u32((negative ? movn : movz) | (first.at << 21) | (part << 5) | to);
  for (const { at, part } of rest) code.u32(movk | (at << 21) | (part << 5) | to);
}

/** ORR Xd, XZR, Xm; to and from sp ADD Xd, Xn, #0, since 31 is the zero register in ORR. */
function move(code: Code, to: Register, from: Register): void {
  if (to === "sp" || from === "sp") return code.u32(ADD_IMMEDIATE | (REGISTERS[from] << 5) | REGISTERS[to]);
  code.u32(SHIFTED_REGISTER.or | (REGISTERS[from] << 16) | (ZERO << 5) | REGISTERS[to]);
}

function arithmetic(code: Code, op: Arithmetic, to: number, by: Register | number): void {
  if (typeof by === "number" && Math.abs(by) < 1 << 24) {
    if (op === "add") return addConstant(code, to, by);
    if (op === "subtract") return addConstant(code, to, -by);
  }
  const operand = typeof by === "number" ? spare(code, by) : REGISTERS[by];
  code.u32(SHIFTED_REGISTER[op] | (operand << 16) | (to << 5) | to);
}

/** One ADD or SUB for each half of a constant of 24 bits and a sign. */
function addConstant(code: Code, to: number, value: number): void {
  const opcode = value < 0 ? SUB_IMMEDIATE : ADD_IMMEDIATE;
  const size = Math.abs(value);
  const [high, low] = [size >> 12, size & 0xfff];
  if (high !== 0) code.u32(opcode | LSL_12 | (high << 10) | (to << 5) | to);
  if (low !== 0 || high === 0) code.u32(opcode | (low << 10) | (to << 5) | to);
}

/** SUBS XZR, Xn, #imm12; ADDS for a negative constant (CMN); by way of a register for a large one. */
function compare(code: Code, left: number, right: Register | number): void {
  if (typeof right === "number" && Math.abs(right) < 1 << 12) {
    const opcode = right < 0 ? ADDS_IMMEDIATE : SUBS_IMMEDIATE;
    return code.u32(opcode | (Math.abs(right) << 10) | (left << 5) | ZERO);
  }
  const operand = typeof right === "number" ? spare(code, right) : REGISTERS[right];
  code.u32(SHIFTED_REGISTER.compare | (operand << 16) | (left << 5) | ZERO);
}

/** Puts a constant of 32 bits and a sign into the spare register. */
function spare(code: Code, value: number): number {
  if (value !== (value | 0)) throw new RangeError(`Cannot use ${value}: it does not fit in 32 bits`);
  immediate(code, SPARE, BigInt(value));
  return SPARE;
}

/** UBFM Xd, Xn, #immr, #imms: immr at bit 16, imms at 10. */
function bitfield(code: Code, to: Register, immr: number, imms: number): void {
  code.u32(0xd340_0000 | (immr << 16) | (imms << 10) | (REGISTERS[to] << 5) | REGISTERS[to]);
}

/** UDIV x16, x0, x9, then the remainder x10 = x0 - x16 × x9 by MSUB (Rm at 16, Ra at 10, Rn at 5), then MOV x0, x16. */
function divide(code: Code): void {
  const { result, t0, t1 } = REGISTERS;
  code.u32(0x9ac0_0800 | (t0 << 16) | (result << 5) | SPARE);
  code.u32(0x9b00_8000 | (t0 << 16) | (result << 10) | (SPARE << 5) | t1);
  code.u32(SHIFTED_REGISTER.or | (SPARE << 16) | (ZERO << 5) | result);
}

/** Unsigned offset in units, imm12 at bit 10; else signed offset in bytes, imm9 at bit 12. */
function memory(code: Code, op: keyof typeof MEMORY, register: number, base: number, offset: number): void {
  const [scaled, unscaled, unit] = MEMORY[op];
  const units = offset / unit;
  const operands = (base << 5) | register;
  if (Number.isInteger(units) && units >= 0 && units < 1 << 12) return code.u32(scaled | (units << 10) | operands);
  if (offset < -256 || offset > 255) throw new RangeError(`Cannot ${op} at offset ${offset}: it does not fit`);
  code.u32(unscaled | ((offset & 0x1ff) << 12) | operands);
}

const patchConditional: Patch = (code, at, distance) => insert(code, at, field(distance / 4, 19) << 5);
const patchBranch: Patch = (code, at, distance) => insert(code, at, field(distance / 4, 26));
const patchAddress: Patch = (code, at, distance) => {
  const bits = field(distance, 21);
  insert(code, at, ((bits & 0b11) << 29) | ((bits >>> 2) << 5));
};

function insert(code: DataView, at: number, bits: number): void {
  code.setUint32(at, code.getUint32(at, true) | bits, true);
}

/** A signed field of a given width. */
function field(value: number, width: number): number {
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** (width - 1)) {
    throw new RangeError(`Cannot reach a label ${value} away: it does not fit in ${width} bits`);
  }
  return value & (2 ** width - 1);
}
