import assert from "node:assert/strict";
import fc from "fast-check";
import { MACHINES, ProgramFile } from "../../../tests/support/programs.ts";
import { assemble } from "../assemble.ts";
import { elf } from "../elf.ts";
import type { Architecture } from "../instruction.ts";
import type { Body } from "./body.ts";
import { link } from "./link.ts";
import { all, any, define, type Local, system, type Test, toValue, type Value } from "./value.ts";

const STDOUT = 1;

/** An executable that writes the words which `body` leaves in memory to standard output. */
function wordsProgram(architecture: Architecture, count: number, body: (f: Body, words: Value) => void) {
  const main = define("main", (f, _stack: Local) => {
    const words = f.buffer(count * 8);
    body(f, words);
    f.do(system("write", STDOUT, words, count * 8));
  });
  return elf(architecture, assemble(architecture, link(main)));
}

/** A value, and what it should be. */
interface Sample {
  readonly value: (locals: readonly Value[]) => Value;
  readonly expected: (locals: readonly bigint[]) => bigint;
}

const identity = define("identity", (f, value: Local) => f.return(value));
const minus = define("minus", (f, left: Local, right: Local) => f.return(left.minus(right)));
const LOCALS = 3;
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.integer().map((n) => BigInt.asUintN(64, BigInt(n))),
);

const { sample } = fc.letrec<{ sample: Sample }>((tie) => {
  const pair = (make: (a: Value, b: Value) => Value, model: (a: bigint, b: bigint) => bigint) =>
    fc.tuple(tie("sample"), tie("sample")).map(([a, b]): Sample => ({
      value: (locals) => make(a.value(locals), b.value(locals)),
      expected: (locals) => BigInt.asUintN(64, model(a.expected(locals), b.expected(locals))),
    }));
  const constant = word.map((n): Sample => ({ value: () => toValue(n), expected: () => n }));
  const local = fc.nat(LOCALS - 1).map((i): Sample => ({
    value: (locals) => locals[i] ?? toValue(0),
    expected: (locals) => locals[i] ?? 0n,
  }));
  return {
    sample: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      constant,
      local,
      pair((a, b) => a.plus(b), (a, b) => a + b),
      pair((a, b) => a.minus(b), (a, b) => a - b),
      pair((a, b) => a.and(b), (a, b) => a & b),
      pair((a, b) => a.or(b), (a, b) => a | b),
      pair((a, b) => a.dividedBy(b.or(1)), (a, b) => a / (b | 1n)),
      pair((a, b) => a.modulo(b.or(1)), (a, b) => a % (b | 1n)),
      pair((a, b) => minus(a, b), (a, b) => a - b),
      pair((a, b) => minus(b, identity(a)), (a, b) => b - a),
      pair((a, b) => a.shiftedLeft(7).plus(b.shiftedRight(9)), (a, b) => (a << 7n) + (b >> 9n)),
    ),
  };
});

for (const machine of MACHINES) {
  const { architecture, skip } = machine;
  const ignore = skip !== "";

  const run = async (count: number, body: (f: Body, words: Value) => void) => {
    using file = new ProgramFile(machine, wordsProgram(architecture, count, body));
    await using process = file.start([]);
    assert.equal(await process.end(), 0);
    return [...new BigUint64Array((await process.stdoutBytes).buffer)];
  };

  Deno.test(`link() for ${architecture} makes expressions that compute what is meant${skip}`, { ignore }, async () => {
    const samples = fc.sample(sample, { numRuns: 300, seed: 1 });
    const locals = fc.sample(word, { numRuns: LOCALS, seed: 2 });
    const computed = await run(samples.length, (f, words) => {
      const variables = locals.map((value) => f.local(value));
      samples.forEach(({ value }, i) => f.setWord(words, value(variables), i * 8));
    });
    assert.deepEqual(computed, samples.map(({ expected }) => expected(locals)));
  });

  Deno.test(
    `link() for ${architecture} makes tests that stop at the first part that decides${skip}`,
    { ignore },
    async () => {
      const cases = [0, 1, 2, 3, 4, 5, 6, 7];
      const is = (bit: number) => bit !== 0;
      const meant = cases.map((bits) => {
        const [a, b, c] = [is(bits & 1), is(bits & 2), is(bits & 4)];
        return [a && b && c, a || b || c, a && (b || c), a || (b && c)].map(Number);
      });
      const computed = await run(cases.length * 4, (f, words) => {
        cases.forEach((bits, row) => {
          const [a, b, c] = [1, 2, 4].map((bit) => f.local(bits & bit).is("!=", 0));
          assert.ok(a && b && c);
          const tests: Test[] = [all(a, b, c), any(a, b, c), all(a, any(b, c)), any(a, all(b, c))];
          tests.forEach((test, column) => {
            const at = (row * 4 + column) * 8;
            f.if(test, () => f.setWord(words, 1, at), () => f.setWord(words, 0, at));
          });
        });
      });
      assert.deepEqual(computed.map(Number), meant.flat());
    },
  );

  Deno.test(`link() for ${architecture} makes loops, returns, bytes, texts and data${skip}`, { ignore }, async () => {
    const sumBelow = define("sumBelow", (f, limit: Local) => {
      const [sum, i] = [f.local(0), f.local(0)];
      f.forever(() => {
        f.if(i.is("==", limit), () => f.stop());
        f.add(sum, i);
        f.add(i, 1);
      });
      f.return(sum);
    });
    const early = define("early", (f, n: Local) => {
      f.while(n.is("<", 10), () => f.return(7));
    });
    const computed = await run(8, (f, words) => {
      f.setWord(words, sumBelow(5), 0);
      f.setWord(words, early(0), 8);
      f.setWord(words, early(10), 16);
      const bytes = f.buffer(16);
      f.setWord(bytes, -1);
      f.setByte(bytes, 0x1234, 1);
      f.setWord(words, bytes.word(), 24);
      f.setWord(words, toValue("az").byte(1), 32);
      f.setWord(words, toValue("az").word().and(0xff_ffff), 40);
      const far = f.buffer(100_000).plus(90_000);
      f.setWord(far, 5, 3);
      f.setByte(far, 9, 4);
      f.setWord(words, far.word(3), 48);
      f.setWord(words, far.byte(4), 56);
    });
    const az = 0x7a61n;
    assert.deepEqual(computed, [10n, 7n, 0n, 0xffff_ffff_ffff_34ffn, 0x7an, az, 0x905n, 9n]);
  });
}

Deno.test("link() takes up each function and text once, and only those in use", () => {
  const unused = define("unused", (f) => f.do(system("read", 0, "never", 0)));
  const used = define("used", (f) => f.do(system("write", 1, "twice", 5)));
  const main = define("main", (f, _stack: Local) => {
    f.do(used());
    f.do(used());
    f.do(system("write", 1, "twice", 5));
  });
  const { instructions } = link(main);
  const data = instructions.flatMap((i) => i.op === "bytes" ? [new TextDecoder().decode(i.bytes)] : []);
  assert.deepEqual(data, ["twice\0"]);
  assert.equal(instructions.filter(({ op }) => op === "enter").length, 2);
  assert.equal(unused().node.kind, "call");
});

Deno.test("define() refuses what no frame or register can hold", () => {
  const greedy = define("greedy", (f, _stack: Local) => {
    for (let i = 0; i < 100; i++) f.local(i);
  });
  assert.throws(() => link(greedy), /Cannot have more than 64 locals/);
  const lost = define("lost", (f, _stack: Local) => f.stop());
  assert.throws(() => link(lost), /Cannot stop outside of a loop/);
});
