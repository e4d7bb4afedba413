import assert from "node:assert/strict";
import { MACHINES, ProgramFile } from "../../tests/support/programs.ts";
import { assemble } from "./assemble.ts";
import { elf } from "./elf.ts";
import type { Architecture, Label } from "./instruction.ts";
import { label, Program } from "./program.ts";
import { CONTEXT, CONTEXT_BYTES, FLAG_FORK, FLAG_LAST, flagIndirect, RECORD, RECORD_BYTES } from "./record.ts";
import { routine } from "./routine.ts";
import { type SystemCall, systemCallNumber } from "./system_calls.ts";

/** A record whose words may be addresses of the program's data. */
interface Call {
  readonly call: SystemCall;
  readonly arguments: readonly (number | Label)[];
  readonly flags?: number;
  readonly tolerated?: number;
  readonly skip?: number;
}

const EBADF = 9;
const CLONE_VM_VFORK_SIGCHLD = 0x4100 | 17;

/** An executable that runs the routine over records on its stack, reaps the child and ends with the child's status. */
function routineProgram(architecture: Architecture): Uint8Array<ArrayBuffer> {
  const [entry, first, second, third, slot] = ["entry", "first", "second", "third", "slot"].map(label);
  assert.ok(entry && first && second && third && slot);
  const calls: Call[] = [
    { call: "write", arguments: [1, first, 6] },
    { call: "close", arguments: [-1], tolerated: EBADF },
    { call: "write", arguments: [slot, second, 7], flags: flagIndirect(0), skip: 1 },
    { call: "exit_group", arguments: [9] }, // skipped
    { call: "clone", arguments: [CLONE_VM_VFORK_SIGCHLD], flags: FLAG_FORK },
    { call: "write", arguments: [1, third, 6], flags: FLAG_LAST },
  ];
  const bytes = CONTEXT_BYTES + calls.length * RECORD_BYTES;
  const p = new Program();
  p.subtract("sp", bytes);
  p.move("t0", "sp");
  p.add("t0", CONTEXT_BYTES);
  p.store64("t0", "sp", CONTEXT.records * 8);
  const store = (offset: number, word: number | Label) => {
    if (typeof word === "number") p.immediate("t0", word);
    else p.address("t0", word);
    p.store64("t0", "sp", offset);
  };
  store(CONTEXT.failed * 8, 0);
  calls.forEach((call, i) => {
    const record = CONTEXT_BYTES + i * RECORD_BYTES;
    const words: (number | Label)[] = new Array(RECORD_BYTES / 8).fill(0);
    words[RECORD.number] = systemCallNumber(architecture, call.call);
    call.arguments.forEach((word, a) => words[RECORD.arguments + a] = word);
    words[RECORD.flags] = call.flags ?? 0;
    words[RECORD.tolerated] = call.tolerated ?? 0;
    words[RECORD.skip] = call.skip ?? 0;
    words.forEach((word, w) => store(record + w * 8, word));
  });
  p.move("a0", "sp");
  p.call(entry);
  p.move("a0", "result"); // the child's id
  p.move("a1", "sp");
  p.immediate("a2", 0);
  p.immediate("a3", 0);
  p.systemCall("wait4");
  p.load8("a0", "sp", 1);
  p.systemCall("exit_group");
  p.place(entry);
  p.bytes(routine(architecture));
  p.place(first);
  p.bytes(new TextEncoder().encode("first\n"));
  p.place(second);
  p.bytes(new TextEncoder().encode("second\n"));
  p.place(third);
  p.bytes(new TextEncoder().encode("third\n"));
  p.place(slot);
  p.bytes(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
  return elf(architecture, assemble(architecture, p));
}

for (const machine of MACHINES) {
  Deno.test(`routine() for ${machine.architecture} runs in a program of its own${machine.skip}`, {
    ignore: machine.skip !== "",
  }, async () => {
    using file = new ProgramFile(machine, routineProgram(machine.architecture));
    await using process = file.start([]);
    assert.equal(await process.end(), 0);
    assert.equal(process.stdout, "first\nsecond\nthird\n");
  });
}
