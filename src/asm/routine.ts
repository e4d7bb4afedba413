/**
 * The spawn routine: a small function in machine code that executes a table of system calls (record.ts). A table without
 * `FLAG_FORK` is a batch of calls in this process; with it, it is posix_spawn(3) generalised: the runner clones a child,
 * the child goes on with the table, may clone further, and ends in execve.
 *
 * Why not in JavaScript: Deno has several threads, so after a clone only async-signal-safe code may run, which JavaScript
 * is not. The child shares the runner's memory (`CLONE_VM`) while the runner's thread stands still (`CLONE_VFORK`), on the
 * same stack at the same sp. Therefore nothing below is called and nothing is written to the stack after the first clone:
 * the state is in kept registers, which the kernel gives to parent and child alike.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import { type Architecture, ARGUMENTS, type Register } from "./instruction.ts";
import { label, Program } from "./program.ts";
import {
  CONTEXT,
  EXIT_FAILED,
  FLAG_EXPECT,
  FLAG_FORK,
  FLAG_IGNORE,
  FLAG_LAST,
  FLAG_PRETEND,
  flagIndirect,
  RECORD,
  RECORD_BYTES,
} from "./record.ts";

const WORD = 8;
/** The kernel answers -errno, and errno is at most 4095 (include/linux/err.h). */
const ERRNO_MAX = 4095;

/** What the kept registers hold. */
const record: Register = "k0";
const context: Register = "k1";
/** 0 in the process that entered the routine, 1 in every process cloned since. */
const isChild: Register = "k2";
const result: Register = "k3";
const SAVED = [record, context, isChild, result];
const FRAME_BYTES = SAVED.length * WORD;

/**
 * The routine as position-independent machine code: `int64_t routine(struct context *)` in the platform's C calling
 * convention. It returns the child's id (a table that forks), 0 (the last record was reached), or the raw -errno of the
 * call that failed in the entering process; a failure in a child is in `CONTEXT.failed`, final when the routine returns.
 *
 * Write it to a fresh mapping before that becomes executable by mprotect(2): aarch64 kernels make the instruction cache
 * coherent when a page first becomes executable, not later.
 */
export function routine(architecture: Architecture): Uint8Array<ArrayBuffer> {
  const p = new Program();
  const at = labels();

  p.enter(FRAME_BYTES);
  SAVED.forEach((register, i) => p.store64(register, "sp", i * WORD));
  p.move(context, "a0");
  p.load64(record, context, CONTEXT.records * WORD);
  p.immediate(isChild, 0);

  p.place(at.record);
  branchIfFlag(p, FLAG_PRETEND, at.pretend);
  makeCall(p);
  p.move(result, "result");
  p.store64(result, record, RECORD.result * WORD);
  p.jump(at.judge);
  p.place(at.pretend);
  p.load64(result, record, RECORD.result * WORD);

  p.place(at.judge);
  p.branch(result, "geU", -ERRNO_MAX, at.failed);
  branchIfFlag(p, FLAG_FORK, at.forked);
  branchIfFlag(p, FLAG_EXPECT, at.expected);
  storeResult(p);
  p.place(at.succeeded);
  skipRecords(p, at);

  p.place(at.forked);
  p.branch(result, "eq", 0, at.child);
  storeResult(p);
  p.branch(isChild, "eq", 0, at.leave);
  p.load64("t0", record, RECORD.skip * WORD);
  p.branch("t0", "ne", 0, at.succeeded);
  exit(p, "exit", 0);
  p.place(at.child);
  p.immediate(isChild, 1);
  p.jump(at.next);

  p.place(at.expected);
  p.load64("t0", record, RECORD.store * WORD);
  p.subtract("t0", result);
  p.branch("t0", "eq", 0, at.succeeded);
  p.jump(at.next);

  p.place(at.failed);
  forgive(p, at);
  p.store64(record, context, CONTEXT.failed * WORD);
  p.branch(isChild, "eq", 0, at.leave);
  exit(p, "exit_group", EXIT_FAILED);

  p.place(at.last);
  p.immediate(result, 0);
  p.branch(isChild, "eq", 0, at.leave);
  exit(p, "exit", 0);

  p.place(at.leave);
  p.move("result", result);
  SAVED.forEach((register, i) => p.load64(register, "sp", i * WORD));
  p.leave(FRAME_BYTES);
  return assemble(architecture, p);
}

function labels() {
  return {
    record: label("record"),
    pretend: label("pretend"),
    judge: label("judge"),
    succeeded: label("succeeded"),
    forked: label("forked"),
    child: label("child"),
    expected: label("expected"),
    failed: label("failed"),
    next: label("next"),
    last: label("last"),
    leave: label("leave"),
  };
}

function branchIfFlag(p: Program, flag: number, target: ReturnType<typeof label>): void {
  p.load64("t0", record, RECORD.flags * WORD);
  p.and("t0", flag);
  p.branch("t0", "ne", 0, target);
}

/** The record's call: arguments from the record, or from where it points to. */
function makeCall(p: Program): void {
  p.load64("t1", record, RECORD.flags * WORD);
  ARGUMENTS.forEach((argument, i) => {
    const direct = label(`argument ${i} is direct`);
    p.load64(argument, record, (RECORD.arguments + i) * WORD);
    p.move("t0", "t1");
    p.and("t0", flagIndirect(i));
    p.branch("t0", "eq", 0, direct);
    p.load64(argument, argument);
    p.place(direct);
  });
  p.load64("number", record, RECORD.number * WORD);
  p.systemCall();
}

function storeResult(p: Program): void {
  const nowhere = label("store nowhere");
  p.load64("t0", record, RECORD.store * WORD);
  p.branch("t0", "eq", 0, nowhere);
  p.store64(result, "t0");
  p.place(nowhere);
}

/** On to the next record, over as many as this one says; `next` is where a tolerated failure goes on. */
function skipRecords(p: Program, at: ReturnType<typeof labels>): void {
  const skipping = label("skipping");
  const skipped = label("skipped");
  branchIfFlag(p, FLAG_LAST, at.last);
  p.load64("t0", record, RECORD.skip * WORD);
  p.place(skipping);
  p.branch("t0", "eq", 0, skipped);
  p.add(record, RECORD_BYTES);
  p.subtract("t0", 1);
  p.jump(skipping);
  p.place(at.next);
  branchIfFlag(p, FLAG_LAST, at.last);
  p.place(skipped);
  p.add(record, RECORD_BYTES);
  p.jump(at.record);
}

/** Goes on with the next record if the record tolerates its failure. */
function forgive(p: Program, at: ReturnType<typeof labels>): void {
  branchIfFlag(p, FLAG_IGNORE, at.next);
  p.load64("t0", record, RECORD.tolerated * WORD);
  p.add("t0", result);
  p.branch("t0", "eq", 0, at.next); // errno + -errno
}

/** Ends a child. No stack is touched on the way. */
function exit(p: Program, call: "exit" | "exit_group", status: number): void {
  p.immediate("a0", status);
  p.systemCall(call);
}
