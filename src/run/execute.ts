/**
 * Runs the steps of a plan. It decides nothing: it encodes them, hands them to the kernel, keeps the books of what they
 * opened and made, and turns a failure into an error with its place.
 *
 * @module
 */

import type { CallName } from "../plan/call.ts";
import { makers } from "../plan/chain.ts";
import type { Op } from "../plan/op.ts";
import { Arena } from "../sys/arena.ts";
import { type Faults, type Programs, Table } from "../sys/encode.ts";
import type { Kernel } from "../sys/kernel.ts";
import { stepFailed } from "./errors.ts";

/** Calls whose result is a new descriptor. */
const OPENING: ReadonlySet<CallName> = new Set(["openat", "openat2", "open_tree", "socket"]);

/** Waiting for a child without exit signal takes `__WALL` (waitid(2)). */
const P_PIDFD = 3;
const SIGKILL = 9;
const WEXITED_WALL = 4 | 0x4000_0000;

/** Executes steps for one lab. Not for use by two at once within one step, which is why every method is synchronous. */
export class Executor {
  /** Descriptors and process ids by the plan's names. */
  readonly slots = new Map<string, number>();
  /** The slots whose descriptors are open in the runner. */
  readonly open = new Set<string>();
  /** Memory that the kernel filled, by the plan's names. */
  readonly buffers = new Map<string, Uint8Array>();
  readonly #arena = new Arena();
  /** What the steps that are being run have opened. */
  #opened: string[] = [];

  constructor(readonly kernel: Kernel, readonly programs: () => Programs, readonly faults?: Faults) {
    this.slots.set("runner.pid", Deno.pid);
  }

  /**
   * Runs steps: the runner's own up to the first clone, the chain of processes that begins there, and the runner's own
   * after it. When the chain has been run, its last process has executed its program.
   *
   * @throws {RunFailure} If a step fails; what the steps had opened is then closed, whom they had made is killed and
   * reaped.
   */
  run(steps: readonly Op[]): void {
    const first = steps.findIndex((step) => step.enters !== undefined);
    const from = first < 0 ? steps.length : first;
    const to = first < 0 ? steps.length : first + 1 + (steps[first]?.resume ?? steps.length);
    const opened: string[] = [];
    this.#opened = opened;
    try {
      this.#table(steps.slice(0, from));
      this.#table(steps.slice(from, to));
      this.#table(steps.slice(to));
    } catch (error) {
      this.#endAll(steps, opened);
      for (const slot of opened) this.close(slot);
      throw error;
    } finally {
      this.#opened = [];
    }
  }

  /** The descriptor or process id of a slot. */
  value(slot: string): number {
    const value = this.slots.get(slot);
    if (value === undefined) throw new Error(`Nothing has given "${slot}"`);
    return value;
  }

  /** Takes a descriptor into the books under a name. */
  adopt(slot: string, fd: number): void {
    this.slots.set(slot, fd);
    this.open.add(slot);
    this.#opened.push(slot);
  }

  /** Closes a slot's descriptor if it is open. */
  close(slot: string): void {
    if (!this.open.delete(slot)) return;
    this.kernel.call("close", this.value(slot));
    this.slots.delete(slot);
  }

  #table(steps: readonly Op[]): void {
    if (steps.length === 0) return;
    this.#arena.reset();
    const { arch } = this.kernel;
    const { slots, programs, faults } = this;
    const table = new Table(steps, { arch, arena: this.#arena, slots, programs, faults });
    this.kernel.run(table.context);
    this.#keepBooks(steps, table);
    for (const [name, bytes] of table.buffers()) this.buffers.set(name, bytes);
    const { failed } = table;
    const step = failed === undefined ? undefined : steps[failed];
    if (failed !== undefined && step !== undefined) {
      throw stepFailed(step, makers(steps)[failed]?.process ?? "runner", -(table.result(failed) ?? 0));
    }
  }

  #keepBooks(steps: readonly Op[], table: Table): void {
    const outputs = table.outputs();
    const by = makers(steps);
    steps.forEach((step, index) => {
      const result = table.result(index);
      if (by[index]?.sharesDescriptors !== true || result === undefined || result < 0) return;
      if (step.enters !== undefined) {
        const pidfd = `${step.enters}.pidfd`;
        const value = outputs.get(pidfd);
        if (value !== undefined) this.adopt(pidfd, value);
        if (step.as !== undefined) this.slots.set(step.as, result);
      } else if (OPENING.has(step.call) && step.as !== undefined) this.adopt(step.as, result);
      else if (step.call === "close") {
        const { fd } = step.args;
        if (typeof fd === "object") {
          this.open.delete(fd.slot);
          this.slots.delete(fd.slot);
        }
      }
    });
  }

  /** Kills and reaps whomever the steps have made, stepping stones too: they end by themselves, but for this. */
  #endAll(steps: readonly Op[], opened: readonly string[]): void {
    for (const step of steps) {
      const slot = `${step.enters}.pidfd`;
      if (step.enters === undefined || !this.open.has(slot) || !opened.includes(slot)) continue;
      const pidfd = this.value(slot);
      this.kernel.call("pidfd_send_signal", pidfd, SIGKILL, 0, 0);
      this.kernel.call("waitid", P_PIDFD, pidfd, 0, WEXITED_WALL, 0);
      this.close(slot);
    }
  }
}
