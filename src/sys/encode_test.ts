import assert from "node:assert/strict";
import fc from "fast-check";
import { CONTEXT, FLAG_FORK, FLAG_IGNORE, FLAG_LAST, FLAG_PRETEND, flagIndirect, RECORD } from "../asm/record.ts";
import { type Args, type CallName, CALLS } from "../plan/call.ts";
import { op } from "../plan/op.ts";
import { Arena } from "./arena.ts";
import * as constants from "./constants.ts";
import { type Encoding, Table } from "./encode.ts";
import { callNumber } from "./numbers.ts";

const SPAN = { file: "test.yaml", line: 1, column: 1, start: 0, end: 0 };
const AT_FDCWD = -100n;

function encoding(slots: Record<string, number> = {}, more: Partial<Encoding> = {}): Encoding {
  return {
    arch: "x86_64",
    arena: new Arena(),
    slots: new Map(Object.entries(slots)),
    programs: () => ({ toolbox: new Uint8Array([1, 2, 3]) }),
    ...more,
  };
}

function pointerTo(address: bigint): Deno.PointerObject {
  const pointer = Deno.UnsafePointer.create(address);
  assert.ok(pointer !== null);
  return pointer;
}

/** The kernel's view of an encoded table: words and what they point to. */
class Decoded {
  readonly #records: bigint;

  constructor(readonly table: Table) {
    this.#records = new DataView(table.context.buffer, table.context.byteOffset).getBigUint64(
      CONTEXT.records * 8,
      true,
    );
  }

  word(step: number, field: number): bigint {
    return new Deno.UnsafePointerView(pointerTo(this.#records + BigInt((step * 12 + field) * 8))).getBigInt64();
  }

  argument(step: number, index: number): bigint {
    return this.word(step, RECORD.arguments + index);
  }

  text(step: number, index: number): string {
    return Deno.UnsafePointerView.getCString(pointerTo(this.argument(step, index)));
  }

  /** 64-bit words of a struct that an argument points to. */
  struct(step: number, index: number, count: number): bigint[] {
    const view = new Deno.UnsafePointerView(pointerTo(this.argument(step, index)));
    return Array.from({ length: count }, (_, i) => view.getBigUint64(i * 8));
  }
}

function decoded(
  steps: readonly ReturnType<typeof op>[],
  slots: Record<string, number> = {},
  more: Partial<Encoding> = {},
): Decoded {
  return new Decoded(new Table(steps, encoding(slots, more)));
}

const words = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.includes("\0"));

Deno.test("Table encodes texts that decode to themselves, whatever they contain", () => {
  fc.assert(fc.property(words, words, words, (source, target, data) => {
    const step = op("mount", { source, target, type: null, flags: ["MS_BIND", "MS_REC"], data }, SPAN);
    const table = decoded([step]);
    assert.equal(table.text(0, 0), source);
    assert.equal(table.text(0, 1), target);
    assert.equal(table.argument(0, 2), 0n, "NULL");
    assert.equal(table.argument(0, 3), 4096n + 16384n);
    assert.equal(table.text(0, 4), data);
  }));
});

Deno.test("Table encodes argument vectors that decode to themselves", () => {
  fc.assert(fc.property(fc.array(words, { maxLength: 20 }), fc.array(words, { maxLength: 20 }), (argv, envp) => {
    const table = decoded([op("execve", { path: "/bin/true", argv, envp }, SPAN)]);
    const read = (index: number, count: number): string[] => {
      const pointers = table.struct(0, index, count + 1);
      assert.equal(pointers.at(-1), 0n, "a NULL ends the vector");
      return pointers.slice(0, -1).map((pointer) => Deno.UnsafePointerView.getCString(pointerTo(pointer)));
    };
    assert.deepEqual(read(1, argv.length), argv);
    assert.deepEqual(read(2, envp.length), envp);
  }));
});

Deno.test("Table encodes numbers of both signs to 53 bits", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => {
    assert.equal(decoded([op("exit", { status: value }, SPAN)]).argument(0, 0), BigInt(value));
  }));
});

Deno.test("Table encodes every combination of clone flags, beyond 32 bits too", () => {
  const names = Object.keys(constants.CLONE_FLAGS) as (keyof typeof constants.CLONE_FLAGS)[];
  fc.assert(fc.property(fc.subarray(names), fc.nat(1000), (flags, cgroup) => {
    const step = op("clone3", { args: { flags, pidfd: "p.pidfd", cgroup: { slot: "c" } } }, SPAN, { enters: "p" });
    const table = decoded([step], { c: cgroup });
    const struct = table.struct(0, 0, 11);
    assert.equal(struct[0], flags.reduce((sum, name) => sum + BigInt(constants.CLONE_FLAGS[name]), 0n));
    assert.notEqual(struct[1], 0n, "the place of the pidfd");
    assert.equal(struct[10], BigInt(cgroup));
    assert.equal(table.argument(0, 1), 88n, "CLONE_ARGS_SIZE_VER2");
    assert.equal(table.word(0, RECORD.flags), BigInt(FLAG_LAST | FLAG_FORK));
  }));
});

Deno.test("Table takes a slot's value when it is known, and its place when an earlier step gives it", () => {
  const open = op("openat", { dirfd: "AT_FDCWD", path: "/", flags: ["O_PATH"], mode: 0 }, SPAN, { as: "fd" });
  const close = op("close", { fd: { slot: "fd" } }, SPAN);
  const later = decoded([open, close]);
  assert.equal(later.argument(0, 0), AT_FDCWD);
  assert.equal(later.word(1, RECORD.flags), BigInt(flagIndirect(0) | FLAG_LAST));
  assert.equal(later.argument(1, 0), later.word(0, RECORD.store));
  const known = decoded([close, open], { fd: 7 });
  assert.equal(known.argument(0, 0), 7n);
  assert.equal(known.word(0, RECORD.flags), 0n);
  assert.throws(() => decoded([close]), /uses "fd" before anything gives it/);
});

Deno.test("Table gives lengths and sizes that follow from what stands before them", () => {
  const steps = [
    op("write", { fd: 1, data: "zwölf" }, SPAN),
    op("rt_sigprocmask", { how: 2, set: "all" }, SPAN),
    op("openat2", { dirfd: 3, path: "a", how: { flags: ["O_PATH"], resolve: ["RESOLVE_BENEATH"] } }, SPAN),
    op("mount_setattr", { dirfd: 3, path: "a", flags: [], attr: { set: ["MOUNT_ATTR_RDONLY"] } }, SPAN),
    op("write", { fd: 1, data: { program: "toolbox" } }, SPAN),
  ];
  const table = decoded(steps);
  assert.equal(table.argument(0, 2), 6n);
  assert.equal(table.argument(1, 3), 8n);
  assert.equal(table.argument(2, 3), 24n);
  assert.deepEqual(table.struct(2, 2, 3), [0o10000000n, 0n, 8n]);
  assert.equal(table.argument(3, 4), 32n);
  assert.equal(table.argument(4, 2), 3n);
});

Deno.test("Table marks what is tolerated, ignored and pretended", () => {
  const make = (tolerate?: string): ReturnType<typeof op> =>
    op("mkdirat", { dirfd: "AT_FDCWD", path: "/x", mode: 0o755 }, SPAN, tolerate === undefined ? {} : { tolerate });
  const table = decoded([make("EEXIST"), make("any"), make(), make()], {}, {
    faults: (step) => step.tolerate === undefined ? "ENOSPC" : undefined,
  });
  assert.equal(table.word(0, RECORD.tolerated), 17n);
  assert.equal(table.word(1, RECORD.flags), BigInt(FLAG_IGNORE));
  assert.equal(table.word(2, RECORD.flags), BigInt(FLAG_PRETEND));
  assert.equal(table.word(2, RECORD.result), -28n);
});

Deno.test("Table refuses a skip beyond its last step, where no table is", () => {
  const step = op("getppid", {}, SPAN, { skip: 1 });
  assert.throws(() => decoded([step, op("exit", { status: 0 }, SPAN)]), /skips beyond the last/);
  assert.doesNotThrow(() => decoded([step, op("setsid", {}, SPAN), op("exit", { status: 0 }, SPAN)]));
});

Deno.test("Table refuses a text that no C string can hold", () => {
  assert.throws(() => decoded([op("chdir", { path: "a\0b" }, SPAN)]), RangeError);
});

Deno.test("capset() gets each capability's bit in the right one of six words", () => {
  const step = op("capset", {
    capabilities: { effective: ["CHOWN", "SYSLOG"], permitted: ["BPF"], inheritable: ["SYS_TIME"] },
  }, SPAN);
  const table = decoded([step]);
  const view = new Deno.UnsafePointerView(pointerTo(table.argument(0, 1)));
  const read = Array.from({ length: 6 }, (_, i) => view.getUint32(i * 4));
  assert.deepEqual(read, [1, 0, 1 << 25, 1 << (34 - 32), 1 << (39 - 32), 0]);
});

Deno.test("callNumber() agrees with the headers of this machine", async (t) => {
  const source = `#include <stdio.h>\n#include <sys/syscall.h>\nint main(){${
    (Object.keys(CALLS) as CallName[]).map((name) => `printf("%d\\n", SYS_${name});`).join("")
  }}`;
  const directory = await Deno.makeTempDir({ prefix: "podlab-numbers-" });
  try {
    await Deno.writeTextFile(`${directory}/numbers.c`, source);
    const compiler = await new Deno.Command("cc", { args: ["-o", `${directory}/numbers`, `${directory}/numbers.c`] })
      .output().catch(() => undefined);
    await t.step({
      name: compiler?.success === true
        ? "by a C program"
        : "by a C program (skipped: there is no C compiler or header)",
      ignore: compiler?.success !== true,
      async fn() {
        const { stdout } = await new Deno.Command(`${directory}/numbers`).output();
        const numbers = new TextDecoder().decode(stdout).trim().split("\n").map(Number);
        assert.deepEqual(
          (Object.keys(CALLS) as CallName[]).map((name) => callNumber(name, Deno.build.arch)),
          numbers,
        );
      },
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("Args leaves out what follows from other arguments", () => {
  const args: Args<"write"> = { fd: 1, data: "x" };
  assert.deepEqual(Object.keys(args), ["fd", "data"]);
});
