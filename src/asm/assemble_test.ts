import assert from "node:assert/strict";
import fc from "fast-check";
import { disassemble, disassemblerFor } from "../../tests/support/machine_code.ts";
import { MACHINES, ProgramFile } from "../../tests/support/programs.ts";
import { assemble } from "./assemble.ts";
import { elf } from "./elf.ts";
import type { Condition, Register } from "./instruction.ts";
import { label, Program } from "./program.ts";

const REGISTERS: Register[] = ["result", "number", "a0", "a1", "a2", "a3", "a4", "a5", "t0", "t1"];
REGISTERS.push("k0", "k1", "k2", "k3", "k4", "k5");
const CONDITIONS: Condition[] = ["eq", "ne", "lt", "le", "gt", "ge", "ltU", "leU", "gtU", "geU"];
const WORD_MASK = 2n ** 64n - 1n;

/** Each instruction with each register, and with constants on both sides of each limit of an encoding. */
function everyInstruction(): Program {
  const p = new Program();
  const start = label("start");
  const end = label("end");
  p.place(start);
  p.enter(32);
  for (const register of REGISTERS) {
    p.immediate(register, 1);
    p.move(register, "a1");
    p.add("a1", register);
    p.load64(register, "k1", 0);
    p.load8("a1", register, 1);
    p.store64("a1", register, 8);
    p.store8(register, "sp", 2);
    p.shiftLeft(register, 3);
    p.branch(register, "eq", "a1", start);
    p.address(register, end);
  }
  const words = [0n, -1n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n, -0x8000_0000n, -0x8000_0001n];
  for (const word of [...words, 0x1234_0000_5678_9abcn, -0x1234_0000_5679n]) p.immediate("a2", word);
  for (const constant of [0, 127, 128, -128, -129, 4095, 4096, -4095, -4096, 0x7f_ffff, 0x7fff_ffff, -0x8000_0000]) {
    p.add("k0", constant);
    p.subtract("k0", constant);
    p.and("k0", constant);
    p.or("k0", constant);
    p.branch("k0", "geU", constant, end);
  }
  for (const op of ["subtract", "and", "or"] as const) p[op]("k4", "a5");
  for (const offset of [0, 8, 120, 127, 128, 248, 255, -1, -128, -129, -256]) {
    p.load64("t0", "k3", offset);
    p.store64("t0", "sp", offset);
    p.load8("t0", "k2", offset);
    p.store8("t0", "k5", offset);
  }
  for (const offset of [4095, 32760]) offset % 8 === 0 ? p.load64("t1", "sp", offset) : p.load8("t1", "sp", offset);
  for (const condition of CONDITIONS) p.branch("k0", condition, "t1", start);
  for (const bits of [1, 63]) {
    p.shiftLeft("a4", bits);
    p.shiftRight("a4", bits);
  }
  p.divide();
  p.move("a0", "sp");
  p.call(start);
  p.jump(end);
  p.immediate("number", 39);
  p.systemCall();
  p.systemCall("openat2");
  p.place(end);
  p.enter(0);
  p.leave(0);
  p.enter(65536);
  p.leave(65536);
  p.bytes(new Uint8Array([1, 2, 3]));
  return p;
}

for (const { architecture } of MACHINES) {
  const golden = new URL(`../../tests/golden/instructions.${architecture}.txt`, import.meta.url);
  const disassembler = disassemblerFor(architecture);
  const skip = disassembler === undefined ? " (skipped: its objdump is not installed)" : "";

  Deno.test(`assemble() for ${architecture} makes instructions that objdump reads as meant${skip}`, {
    ignore: disassembler === undefined,
  }, () => {
    const listing = disassemble(architecture, assemble(architecture, everyInstruction()));
    if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, listing);
    assert.equal(listing, Deno.readTextFileSync(golden));
  });

  Deno.test(`assemble() for ${architecture} makes the very bytes of the listing`, () => {
    const columns = Deno.readTextFileSync(golden).matchAll(/^[0-9a-f]+: ((?:[0-9a-f]{2} )+|[0-9a-f]{8} )/gm);
    const listed = [...columns].flatMap(([, bytes = ""]) => {
      const words = bytes.trim().split(" ");
      return words.flatMap((word) => word.length === 2 ? [word] : (word.match(/../g) ?? []).toReversed());
    });
    assert.equal(listed.join(" "), assemble(architecture, everyInstruction()).toHex().replace(/..(?!$)/g, "$& "));
  });

  Deno.test(`assemble() for ${architecture} names a label that is missing, twice there or too far`, () => {
    const lost = label("lost");
    const missing = new Program();
    missing.jump(lost);
    assert.throws(() => assemble(architecture, missing), /Cannot find label "lost"/);
    const twice = new Program();
    twice.place(lost);
    twice.place(lost);
    assert.throws(() => assemble(architecture, twice), /Cannot place label "lost" twice/);
    const large = new Program();
    assert.throws(() => {
      large.branch("k0", "eq", 2 ** 31, lost);
      assemble(architecture, large);
    }, /2147483648.*does not fit in 32 bits/);
  });
}

Deno.test("assemble() for aarch64 refuses an offset that no instruction can hold", () => {
  for (const offset of [-257, 257, 32768]) {
    const p = new Program();
    p.load64("t0", "sp", offset);
    assert.throws(() => assemble("aarch64", p), new RegExp(`offset ${offset}`));
  }
});

/** What a run of instructions makes of `result` and `t0` in `result`, and what it should. */
interface Sample {
  readonly emit: (p: Program) => void;
  readonly expected: (left: bigint, right: bigint) => bigint;
}

const CONSTANTS = [0, 1, 127, -128, -129, 4095, -4096, 0x123_4567, -0x8000_0000, 0x7fff_ffff];

function samples(): Sample[] {
  const list: Sample[] = [
    { emit: (p) => p.add("result", "t0"), expected: (a, b) => a + b },
    { emit: (p) => p.subtract("result", "t0"), expected: (a, b) => a - b },
    { emit: (p) => p.and("result", "t0"), expected: (a, b) => a & b },
    { emit: (p) => p.or("result", "t0"), expected: (a, b) => a | b },
    { emit: quotient, expected: (a, b) => a / (b | 1n) },
    { emit: remainder, expected: (a, b) => a % (b | 1n) },
    { emit: lowByte, expected: (a) => a & 0xffn },
  ];
  for (const bits of [0, 1, 12, 31, 32, 63]) {
    list.push({ emit: (p) => p.shiftLeft("result", bits), expected: (a) => a << BigInt(bits) });
    list.push({ emit: (p) => p.shiftRight("result", bits), expected: (a) => a >> BigInt(bits) });
  }
  for (const constant of CONSTANTS) {
    const c = BigInt(constant);
    list.push({ emit: (p) => p.add("result", constant), expected: (a) => a + c });
    list.push({ emit: (p) => p.subtract("result", constant), expected: (a) => a - c });
    list.push({ emit: (p) => p.and("result", constant), expected: (a) => a & c });
    list.push({ emit: (p) => p.or("result", constant), expected: (a) => a | c });
    list.push({ emit: (p) => p.immediate("result", constant), expected: () => c });
  }
  for (const condition of CONDITIONS) {
    for (const constant of [undefined, ...CONSTANTS]) {
      list.push({
        emit: (p) => holds(p, condition, constant ?? "t0"),
        expected: (a, b) => BigInt(compare(condition, a, constant === undefined ? b : BigInt(constant))),
      });
    }
  }
  return list;
}

function quotient(p: Program): void {
  p.or("t0", 1);
  p.divide();
}

function remainder(p: Program): void {
  quotient(p);
  p.move("result", "t1");
}

function lowByte(p: Program): void {
  p.immediate("t1", -1);
  p.store64("t1", "sp");
  p.store8("result", "sp");
  p.load8("result", "sp");
}

function holds(p: Program, condition: Condition, right: Register | number): void {
  const [yes, end] = [label("yes"), label("end")];
  p.branch("result", condition, right, yes);
  p.immediate("result", 0);
  p.jump(end);
  p.place(yes);
  p.immediate("result", 1);
  p.place(end);
}

function compare(condition: Condition, a: bigint, b: bigint): boolean {
  const isUnsigned = condition.endsWith("U");
  const [left, right] = isUnsigned
    ? [BigInt.asUintN(64, a), BigInt.asUintN(64, b)]
    : [a, b].map((x) => BigInt.asIntN(64, x));
  if (left === undefined || right === undefined) return false;
  const outcome = { eq: left === right, lt: left < right, gt: left > right };
  switch (condition.replace("U", "")) {
    case "eq":
      return outcome.eq;
    case "ne":
      return !outcome.eq;
    case "lt":
      return outcome.lt;
    case "le":
      return !outcome.gt;
    case "gt":
      return outcome.gt;
    default:
      return !outcome.lt;
  }
}

/** Reads pairs of words until there are no more, writes what each sample makes of each. */
function sampleProgram(list: readonly Sample[]): Program {
  const p = new Program();
  const [next, end] = [label("next"), label("end")];
  const outBytes = list.length * 8;
  p.subtract("sp", 32 + outBytes);
  p.place(next);
  p.immediate("a0", 0);
  p.move("a1", "sp");
  p.add("a1", 8);
  p.immediate("a2", 16);
  p.systemCall("read");
  p.branch("result", "ne", 16, end);
  list.forEach(({ emit }, i) => {
    p.load64("result", "sp", 8);
    p.load64("t0", "sp", 16);
    emit(p);
    p.store64("result", "sp", 32 + i * 8);
  });
  p.immediate("a0", 1);
  p.move("a1", "sp");
  p.add("a1", 32);
  p.immediate("a2", outBytes);
  p.systemCall("write");
  p.jump(next);
  p.place(end);
  p.immediate("a0", 0);
  p.systemCall("exit_group");
  return p;
}

for (const machine of MACHINES) {
  Deno.test(`assemble() for ${machine.architecture} makes code that computes what is meant${machine.skip}`, {
    ignore: machine.skip !== "",
  }, async () => {
    const list = samples();
    const word = fc.oneof(
      fc.bigInt({ min: 0n, max: WORD_MASK }),
      fc.integer().map((n) => BigInt.asUintN(64, BigInt(n))),
    );
    const close = fc.tuple(word, fc.constantFrom(-1n, 0n, 1n)).map(([a, d]) => [a, BigInt.asUintN(64, a + d)] as const);
    const pairs = fc.sample(fc.oneof(fc.tuple(word, word), close), { numRuns: 200 });
    using file = new ProgramFile(
      machine,
      elf(machine.architecture, assemble(machine.architecture, sampleProgram(list))),
    );
    await using process = file.start([]);
    await process.input(new Uint8Array(new BigUint64Array(pairs.flat()).buffer));
    assert.equal(await process.end(), 0);
    const output = await process.stdoutBytes;
    const computed = new BigUint64Array(output.buffer);
    assert.equal(computed.length, pairs.length * list.length);
    pairs.forEach(([left, right], i) =>
      list.forEach(({ emit, expected }, j) => {
        const value = computed[i * list.length + j];
        assert.equal(value, BigInt.asUintN(64, expected(left, right)), `${emit} of ${left} and ${right}`);
      })
    );
  });
}
