import assert from "node:assert/strict";
import {
  addressOf,
  type Call,
  CallTable,
  disassemble,
  disassemblerFor,
  MappedRoutine,
} from "../../tests/support/machine_code.ts";
import { FLAG_EXPECT, FLAG_FORK, FLAG_IGNORE, FLAG_LAST, FLAG_PRETEND, flagIndirect } from "./record.ts";
import { routine } from "./routine.ts";
import { type SystemCall, systemCallNumber } from "./system_calls.ts";

const HERE = Deno.build.arch;
const n = (call: SystemCall) => systemCallNumber(HERE, call);
const last: Call = { number: n("getpid"), flags: FLAG_LAST };
const EBADF = 9;
const EINVAL = 22;

/** clone3's `struct clone_args` for a child that shares memory, announced by a pidfd, reaped with `__WALL`. */
class CloneArguments {
  readonly words = new BigUint64Array(11);
  readonly pidfd = new Int32Array(2);

  constructor(flags = 0n) {
    const CLONE_VM = 0x100n;
    const CLONE_PIDFD = 0x1000n;
    const CLONE_VFORK = 0x4000n;
    this.words[0] = flags | CLONE_VM | CLONE_VFORK | CLONE_PIDFD;
    this.words[1] = addressOf(this.pidfd);
  }

  get call(): Call {
    return { number: n("clone3"), arguments: [addressOf(this.words), this.words.byteLength], flags: FLAG_FORK };
  }
}

const CLONE_FILES = 0x400n;
const CLONE_PARENT = 0x8000n;

/** Reaps the child behind a pidfd and closes it; the child's exit status, or 128 + its signal. */
function reap(machine: MappedRoutine, pidfd: number | undefined): number {
  const P_PIDFD = 3;
  const WEXITED_WALL = 4 | 0x4000_0000;
  const siginfo = new Int32Array(32);
  const wait: Call = { number: n("waitid"), arguments: [P_PIDFD, pidfd ?? -1, addressOf(siginfo), WEXITED_WALL, 0] };
  const close: Call = { number: n("close"), arguments: [pidfd ?? -1], flags: FLAG_LAST };
  assert.deepEqual(machine.run(new CallTable([wait, close])), { result: 0, failed: undefined });
  const CLD_EXITED = 1;
  const [code, status = 0] = [siginfo[2], siginfo[6]]; // si_code, si_status
  return code === CLD_EXITED ? status : 128 + status;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value + "\0");
}

Deno.test("routine() makes one call and writes its raw result", () => {
  using machine = new MappedRoutine(routine(HERE));
  const table = new CallTable([last]);
  assert.deepEqual(machine.run(table), { result: 0, failed: undefined });
  assert.equal(table.result(0), Deno.pid);
});

Deno.test("routine() passes all six arguments, also by way of slots that earlier calls stored to", () => {
  using machine = new MappedRoutine(routine(HERE));
  const fd = new BigInt64Array(1);
  const address = new BigInt64Array(1);
  const length = new BigInt64Array([4096n]);
  const flags = new BigInt64Array([1n]); // MAP_SHARED
  const offset = new BigInt64Array([4096n]);
  const protection = new BigInt64Array([3n]);
  const content = text("indirect");
  const name = text("test");
  const slots = [address, length, protection, flags, fd, offset];
  const allIndirect = slots.map((_, i) => flagIndirect(i)).reduce((a, b) => a | b);
  const table = new CallTable([
    { number: n("memfd_create"), arguments: [addressOf(name), 0], store: addressOf(fd) },
    { number: n("ftruncate"), arguments: [addressOf(fd), 8192], flags: flagIndirect(0) },
    { number: n("pwrite64"), arguments: [addressOf(fd), addressOf(content), 8, 4096], flags: flagIndirect(0) },
    { number: n("mmap"), arguments: slots.map(addressOf), flags: allIndirect, store: addressOf(address) },
    {
      number: n("pwrite64"),
      arguments: [addressOf(fd), addressOf(address), 8, 0],
      flags: flagIndirect(0) | flagIndirect(1),
    },
    { number: n("munmap"), arguments: [addressOf(address), 4096], flags: flagIndirect(0) },
    { number: n("close"), arguments: [addressOf(fd)], flags: flagIndirect(0) | FLAG_LAST },
  ]);
  assert.deepEqual(machine.run(table), { result: 0, failed: undefined });
  assert.deepEqual([1, 2, 4, 5, 6].map((i) => table.result(i)), [0, 8, 8, 0, 0]);
  assert.equal(BigInt(table.result(0)), fd[0]);
  assert.equal(address[0], BigInt(table.result(3)));
});

Deno.test("routine() stops at the call that fails and says which it was", () => {
  using machine = new MappedRoutine(routine(HERE));
  const slot = new BigInt64Array([7n]);
  const table = new CallTable([
    { number: n("getpid") },
    { number: n("close"), arguments: [-1], store: addressOf(slot) },
    last,
  ]);
  assert.deepEqual(machine.run(table), { result: -EBADF, failed: 1 });
  assert.equal(table.result(1), -EBADF);
  assert.equal(table.result(2), 0, "the call after it was not made");
  assert.equal(slot[0], 7n, "a failure is not stored");
});

Deno.test("routine() goes on after a tolerated error, and only after that one", () => {
  using machine = new MappedRoutine(routine(HERE));
  const slot = new BigInt64Array([7n]);
  const close = { number: n("close"), arguments: [-1], store: addressOf(slot), skip: 1 };
  const tolerant = new CallTable([{ ...close, tolerated: EBADF }, { number: n("getpid") }, last]);
  assert.deepEqual(machine.run(tolerant), { result: 0, failed: undefined });
  assert.equal(tolerant.result(1), Deno.pid, "a tolerated failure skips nothing");
  assert.equal(slot[0], 7n, "a tolerated failure is not stored");
  assert.deepEqual(machine.run(new CallTable([{ ...close, tolerated: EINVAL }, last])), { result: -EBADF, failed: 0 });
  assert.deepEqual(machine.run(new CallTable([{ ...close, flags: FLAG_IGNORE }, last])), {
    result: 0,
    failed: undefined,
  });
  const lastOne = new CallTable([{ ...close, flags: FLAG_IGNORE | FLAG_LAST }]);
  assert.deepEqual(machine.run(lastOne), { result: 0, failed: undefined });
});

Deno.test("routine() skips the alternatives of a call that succeeded", () => {
  using machine = new MappedRoutine(routine(HERE));
  const never = { number: n("close"), arguments: [-1] };
  const table = new CallTable([{ number: n("getpid"), skip: 2 }, never, never, last]);
  assert.deepEqual(machine.run(table), { result: 0, failed: undefined });
  assert.equal(table.result(3), Deno.pid);
});

Deno.test("routine() takes a pretended result without making the call", () => {
  using machine = new MappedRoutine(routine(HERE));
  const slot = new BigInt64Array(1);
  const pretend = { number: n("getpid"), flags: FLAG_PRETEND, store: addressOf(slot) };
  assert.deepEqual(machine.run(new CallTable([{ ...pretend, result: 42 }, last])), { result: 0, failed: undefined });
  assert.equal(slot[0], 42n);
  const fault = new CallTable([last, { ...pretend, result: -EINVAL }]);
  fault.words[8] = 0n; // not the last
  assert.deepEqual(machine.run(fault), { result: -EINVAL, failed: 1 });
});

Deno.test("routine() clones a child that executes a program", () => {
  using machine = new MappedRoutine(routine(HERE));
  const clone = new CloneArguments();
  const path = text("/bin/sh");
  const words = [text("sh"), text("-c"), text("exit 7")];
  const argv = new BigUint64Array([...words.map(addressOf), 0n]);
  const table = new CallTable([
    clone.call,
    { number: n("execve"), arguments: [addressOf(path), addressOf(argv), 0], flags: FLAG_LAST },
  ]);
  const { result, failed } = machine.run(table);
  assert.equal(failed, undefined);
  assert.ok(result > 0 && result === table.result(0));
  assert.equal(reap(machine, clone.pidfd[0]), 7);
});

Deno.test("routine() ends a child at the last record with 0, at a failure with 127 and the record", () => {
  using machine = new MappedRoutine(routine(HERE));
  const good = new CloneArguments();
  assert.equal(machine.run(new CallTable([good.call, last])).failed, undefined);
  assert.equal(reap(machine, good.pidfd[0]), 0);
  const bad = new CloneArguments();
  const table = new CallTable([bad.call, { number: n("getpid") }, { number: n("close"), arguments: [-1] }, last]);
  const { result, failed } = machine.run(table);
  assert.ok(result > 0, "the clone itself succeeded");
  assert.equal(failed, 2);
  assert.equal(table.result(1), result, "the child ran the records");
  assert.equal(table.result(2), -EBADF);
  assert.equal(reap(machine, bad.pidfd[0]), 127);
});

Deno.test("routine() returns the error of a clone that fails, or tries the next record where that is tolerated", () => {
  using machine = new MappedRoutine(routine(HERE));
  const clone = new CloneArguments();
  const wrong = { ...clone.call, arguments: [addressOf(clone.words), 1] };
  assert.deepEqual(machine.run(new CallTable([wrong, last])), { result: -EINVAL, failed: 0 });
  const CLONE_VM_VFORK = 0x4100;
  const __WALL = 0x4000_0000;
  const fallback = new CallTable([
    { ...wrong, tolerated: EINVAL, skip: 1 },
    { number: n("clone"), arguments: [CLONE_VM_VFORK], flags: FLAG_FORK },
    last,
  ]);
  const { result } = machine.run(fallback);
  assert.ok(result > 0);
  const wait = new CallTable([{ number: n("wait4"), arguments: [result, 0, __WALL, 0], flags: FLAG_LAST }]);
  assert.deepEqual(machine.run(wait), { result: 0, failed: undefined });
  assert.equal(wait.result(0), result);
});

Deno.test("routine() lets a stepping stone go on after the records of its child", () => {
  using machine = new MappedRoutine(routine(HERE));
  const stone = new CloneArguments(CLONE_FILES);
  const child = new CloneArguments(CLONE_FILES | CLONE_PARENT);
  const childWas = new BigInt64Array(1);
  const stoneWas = new BigInt64Array(1);
  const table = new CallTable([
    stone.call,
    { ...child.call, skip: 2 },
    { number: n("getpid"), store: addressOf(childWas) },
    { number: n("exit"), arguments: [5] },
    { number: n("getpid"), store: addressOf(stoneWas) },
    { number: n("exit"), arguments: [6] },
  ]);
  const { result, failed } = machine.run(table);
  assert.equal(failed, undefined);
  assert.equal(stoneWas[0], BigInt(result));
  assert.equal(childWas[0], BigInt(table.result(1)));
  assert.equal(reap(machine, child.pidfd[0]), 5);
  assert.equal(reap(machine, stone.pidfd[0]), 6);
});

Deno.test("routine() takes a call for successful when its result is the expected one, and else goes on", () => {
  using machine = new MappedRoutine(routine(HERE));
  const never = { number: n("close"), arguments: [-1] };
  const expecting = (pid: number) => ({ number: n("getpid"), store: BigInt(pid), flags: FLAG_EXPECT, skip: 1 });
  assert.equal(machine.run(new CallTable([expecting(Deno.pid), never, last])).failed, undefined);
  assert.equal(machine.run(new CallTable([expecting(Deno.pid + 1), never, last])).failed, 1);
});

Deno.test("routine() clones from a clone, and the stepping stone ends with 0", () => {
  using machine = new MappedRoutine(routine(HERE));
  const stone = new CloneArguments(CLONE_FILES);
  const inner = new CloneArguments(CLONE_PARENT | CLONE_FILES);
  const innermost = new CloneArguments(CLONE_PARENT | CLONE_FILES);
  const innerId = new BigInt64Array(1);
  const table = new CallTable([
    stone.call,
    { number: n("getpid") },
    { ...inner.call, store: addressOf(innerId) },
    { number: n("getpid") },
    innermost.call,
    { number: n("exit"), arguments: [5], flags: FLAG_LAST },
  ]);
  const { result, failed } = machine.run(table);
  assert.equal(failed, undefined);
  assert.equal(table.result(1), result);
  assert.equal(table.result(3), Number(innerId[0]));
  assert.notEqual(table.result(3), result);
  assert.equal(reap(machine, stone.pidfd[0]), 0);
  assert.equal(reap(machine, inner.pidfd[0]), 0);
  assert.equal(reap(machine, innermost.pidfd[0]), 5);
});

for (const architecture of ["x86_64", "aarch64"] as const) {
  const disassembler = disassemblerFor(architecture);
  const skip = disassembler === undefined
    ? " (skipped: no objdump for it, apt install binutils-aarch64-linux-gnu)"
    : "";
  Deno.test(`routine() for ${architecture} disassembles to the listing in tests/golden${skip}`, {
    ignore: disassembler === undefined,
  }, () => {
    const golden = new URL(`../../tests/golden/routine.${architecture}.txt`, import.meta.url);
    const listing = disassemble(architecture, routine(architecture));
    if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, listing);
    assert.equal(listing, Deno.readTextFileSync(golden));
  });
}
