/**
 * Portable instructions → x86-64. Encodings are from the Intel 64 and IA-32 Architectures Software Developer's Manual
 * (SDM), volume 2: chapter 2 for the instruction format, chapters 3 to 5 for each instruction by its name.
 *
 * @module
 */

import type { Code, Patch } from "./code.ts";
import type { Arithmetic, Condition, Instruction, Register } from "./instruction.ts";
import { systemCallNumber } from "./system_calls.ts";

/**
 * Register numbers (SDM 2, table 2-2 with REX). System call registers are the kernel's (syscall(2)); `syscall` itself
 * overwrites rcx and r11, so those two are the temporaries; the kept ones are callee-saved in the System V ABI.
 */
const REGISTERS: Readonly<Record<Register, number>> = {
  result: 0, // rax
  number: 0, // rax
  a0: 7, // rdi
  a1: 6, // rsi
  a2: 2, // rdx
  a3: 10, // r10
  a4: 8, // r8
  a5: 9, // r9
  t0: 1, // rcx
  t1: 11, // r11
  k0: 3, // rbx
  k1: 5, // rbp
  k2: 12, // r12
  k3: 13, // r13
  k4: 14, // r14
  k5: 15, // r15
  sp: 4, // rsp
};
const RDX = 2;

/** [opcode of `OP r/m64, r64`, the /digit of `OP r/m64, imm`] (SDM: ADD, SUB, AND, OR, CMP). */
const ARITHMETIC: Readonly<Record<Arithmetic | "compare", readonly [number, number]>> = {
  add: [0x01, 0],
  or: [0x09, 1],
  and: [0x21, 4],
  subtract: [0x29, 5],
  compare: [0x39, 7],
};

/** The condition's four bits in `0F 8x rel32` (SDM: Jcc; appendix B, table B-10). */
const CONDITIONS: Readonly<Record<Condition, number>> = {
  eq: 0x4,
  ne: 0x5,
  lt: 0xc,
  le: 0xe,
  gt: 0xf,
  ge: 0xd,
  ltU: 0x2,
  leU: 0x6,
  gtU: 0x7,
  geU: 0x3,
};

/** Appends one instruction. */
export function encodeX86(code: Code, i: Instruction): void {
  switch (i.op) {
    case "label":
      return code.place(i.label);
    case "immediate":
      return immediate(code, REGISTERS[i.to], i.value);
    case "move": // MOV r/m64, r64: REX.W 89 /r
      if (REGISTERS[i.to] === REGISTERS[i.from]) return;
      return registers(code, 0x89, REGISTERS[i.from], REGISTERS[i.to]);
    case "add":
    case "subtract":
    case "and":
    case "or":
      return arithmetic(code, i.op, i.to, i.by);
    case "shiftLeft": // SHL r/m64, imm8: REX.W C1 /4 ib
    case "shiftRight": // SHR r/m64, imm8: REX.W C1 /5 ib
      registers(code, 0xc1, i.op === "shiftLeft" ? 4 : 5, REGISTERS[i.to]);
      return code.u8(i.bits);
    case "divide":
      return divide(code);
    case "load64": // MOV r64, r/m64: REX.W 8B /r
      rex(code, 1, REGISTERS[i.to], REGISTERS[i.base]);
      code.u8(0x8b);
      return memory(code, REGISTERS[i.to], i.base, i.offset);
    case "load8": // MOVZX r64, r/m8: REX.W 0F B6 /r
      rex(code, 1, REGISTERS[i.to], REGISTERS[i.base]);
      code.u8(0x0f);
      code.u8(0xb6);
      return memory(code, REGISTERS[i.to], i.base, i.offset);
    case "store64": // MOV r/m64, r64: REX.W 89 /r
      rex(code, 1, REGISTERS[i.from], REGISTERS[i.base]);
      code.u8(0x89);
      return memory(code, REGISTERS[i.from], i.base, i.offset);
    case "store8": // MOV r/m8, r8: REX 88 /r; the prefix makes 4…7 mean spl, bpl, sil, dil rather than ah…bh
      rex(code, 0, REGISTERS[i.from], REGISTERS[i.base]);
      code.u8(0x88);
      return memory(code, REGISTERS[i.from], i.base, i.offset);
    case "branch": // CMP, then Jcc rel32: 0F 8x cd
      arithmetic(code, "compare", i.left, i.right);
      code.u8(0x0f);
      code.u8(0x80 | CONDITIONS[i.condition]);
      return relative(code, i.target);
    case "jump": // JMP rel32: E9 cd
      code.u8(0xe9);
      return relative(code, i.target);
    case "call": // CALL rel32: E8 cd
      code.u8(0xe8);
      return relative(code, i.target);
    case "enter": // the call has pushed the return address already
      return arithmetic(code, "subtract", "sp", i.bytes);
    case "leave": // RET: C3
      arithmetic(code, "add", "sp", i.bytes);
      return code.u8(0xc3);
    case "systemCall": // SYSCALL: 0F 05
      if (i.call !== undefined) immediate(code, REGISTERS.number, BigInt(systemCallNumber("x86_64", i.call)));
      code.u8(0x0f);
      return code.u8(0x05);
    case "address": // LEA r64, m with mod 00, r/m 101 = RIP + disp32: REX.W 8D /r (SDM 2.2.1.6)
      rex(code, 1, REGISTERS[i.to], 0);
      code.u8(0x8d);
      code.u8(((REGISTERS[i.to] & 7) << 3) | 0b101);
      return relative(code, i.target);
    case "bytes":
      return code.data(i.bytes);
  }
}

/** MOV with the shortest encoding for the value. */
function immediate(code: Code, to: number, value: bigint): void {
  const unsigned = BigInt.asUintN(64, value);
  const signed = BigInt.asIntN(64, value);
  if (unsigned < 0x1_0000_0000n) { // MOV r32, imm32: B8+rd id; a 32-bit write clears the upper half
    if (to >= 8) code.u8(0x41);
    code.u8(0xb8 | (to & 7));
    code.u32(Number(unsigned));
  } else if (signed >= -0x8000_0000n && signed < 0n) { // MOV r/m64, imm32 with its sign: REX.W C7 /0 id
    registers(code, 0xc7, 0, to);
    code.u32(Number(signed));
  } else { // MOV r64, imm64: REX.W B8+rd io
    rex(code, 1, 0, to);
    code.u8(0xb8 | (to & 7));
    code.u64(unsigned);
  }
}

/** `OP r/m64, r64`, or with a constant `REX.W 83 /digit ib` and `REX.W 81 /digit id`, both extended with their sign. */
function arithmetic(code: Code, op: Arithmetic | "compare", to: Register, by: Register | number): void {
  const [opcode, digit] = ARITHMETIC[op];
  if (typeof by === "string") return registers(code, opcode, REGISTERS[by], REGISTERS[to]);
  if (by !== (by | 0)) throw new RangeError(`Cannot ${op} ${by}: it does not fit in 32 bits`);
  const short = by >= -128 && by <= 127;
  registers(code, short ? 0x83 : 0x81, digit, REGISTERS[to]);
  if (short) code.u8(by & 0xff);
  else code.u32(by);
}

/** DIV r/m64 (REX.W F7 /6): rdx:rax / operand → rax, remainder rdx; rdx is cleared by XOR r/m32, r32 (31 /r). */
function divide(code: Code): void {
  code.u8(0x31);
  code.u8(modrm(0b11, RDX, RDX));
  registers(code, 0xf7, 6, REGISTERS.t0);
  registers(code, 0x89, RDX, REGISTERS.t1);
}

/** REX.W, a one-byte opcode and a ModRM byte with two registers, or with an opcode's /digit as `register`. */
function registers(code: Code, opcode: number, register: number, rm: number): void {
  rex(code, 1, register, rm);
  code.u8(opcode);
  code.u8(modrm(0b11, register, rm));
}

/** The REX prefix (SDM 2.2.1): 0100WR0B, R and B being the fourth bits of the two registers. */
function rex(code: Code, wide: 0 | 1, register: number, rm: number): void {
  code.u8(0x40 | (wide << 3) | ((register >> 3) << 2) | (rm >> 3));
}

function modrm(mod: number, register: number, rm: number): number {
  return (mod << 6) | ((register & 7) << 3) | (rm & 7);
}

/**
 * ModRM for `[base + offset]` (SDM 2, table 2-2): mod 00 without, mod 01 with an 8-bit, mod 10 with a 32-bit displacement.
 * r/m 100 (rsp and r12) means that a SIB byte follows: 24 = that base, no index. With mod 00, r/m 101 (rbp and r13) would
 * mean something else, so these two get a displacement of 0.
 */
function memory(code: Code, register: number, base: Register, offset: number): void {
  const rm = REGISTERS[base];
  const none = offset === 0 && (rm & 7) !== 0b101;
  const short = offset >= -128 && offset <= 127;
  code.u8(modrm(none ? 0b00 : short ? 0b01 : 0b10, register, rm));
  if ((rm & 7) === 0b100) code.u8(0x24);
  if (none) return;
  if (short) code.u8(offset & 0xff);
  else code.u32(offset);
}

/** Room for a 32-bit distance, counted from its end. */
function relative(code: Code, target: Parameters<Code["refer"]>[0]): void {
  code.refer(target, code.size, patchRelative);
  code.u32(0);
}

const patchRelative: Patch = (code, at, distance) => code.setInt32(at, distance - 4, true);
