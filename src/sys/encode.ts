/**
 * Steps of a plan → a table in memory (record.ts), and what the kernel made of them. The only place that knows both.
 *
 * @module
 */

import {
  CONTEXT,
  CONTEXT_BYTES,
  FLAG_EXPECT,
  FLAG_FORK,
  FLAG_IGNORE,
  FLAG_LAST,
  FLAG_PRETEND,
  flagIndirect,
  RECORD,
  RECORD_BYTES,
} from "../asm/record.ts";
import { parameters } from "../plan/call.ts";
import type { Op } from "../plan/op.ts";
import type { Arena, Place } from "./arena.ts";
import { encodeArgument, type Programs, type Scope } from "./arguments.ts";
import { errnoNumber } from "./errno.ts";
import type { Architecture } from "./kernel.ts";
import { callNumber } from "./numbers.ts";

export type { Programs } from "./arguments.ts";

/** No call answers this: the mark of a record that was not reached. */
const NOT_MADE = 0x7fff_0000_0000;
const WORD = 8;
const RECORD_WORDS = RECORD_BYTES / WORD;

/** Says for a step whether it is to fail with an errno (`EPERM` …) instead of being made: for tests of what happens then. */
export type Faults = (step: Op) => string | undefined;

/** Values of slots: descriptors and process ids that earlier calls gave. */
export type Slots = Map<string, number>;

/** What a table is encoded with. */
export interface Encoding {
  readonly arch: Architecture;
  readonly arena: Arena;
  readonly slots: Slots;
  readonly programs: () => Programs;
  readonly faults?: Faults | undefined;
}

/** A table in memory, ready to be run, and read afterwards. */
export class Table {
  readonly context: Uint8Array<ArrayBuffer>;
  readonly #context: Place;
  readonly #records: Place;
  readonly #outputs = new Map<string, Place>();
  readonly #buffers = new Map<string, Place>();
  readonly #encoding: Encoding;
  readonly #scope: Scope;
  readonly #steps: number;

  constructor(steps: readonly Op[], encoding: Encoding) {
    this.#steps = steps.length;
    this.#encoding = encoding;
    this.#scope = this.#makeScope(encoding);
    this.#context = encoding.arena.allocate(CONTEXT_BYTES);
    this.#records = encoding.arena.allocate(steps.length * RECORD_BYTES);
    this.context = this.#context.bytes;
    this.#context.setWord(CONTEXT.records, this.#records.address);
    steps.forEach((step, index) => this.#encode(step, index));
  }

  /** The raw result of a step; `undefined` where it was not made. */
  result(index: number): number | undefined {
    const raw = this.#records.word(index * RECORD_WORDS + RECORD.result);
    return raw === NOT_MADE ? undefined : raw;
  }

  /** The step that failed, in whichever process; `undefined` where none did. */
  get failed(): number | undefined {
    const address = this.#context.word(CONTEXT.failed);
    return address === 0 ? undefined : (address - this.#records.address) / RECORD_BYTES;
  }

  /** What the table stored, by slot; slots that nothing was stored to are not in it. */
  outputs(): ReadonlyMap<string, number> {
    const values = new Map<string, number>();
    for (const [name, place] of this.#outputs) {
      const value = place.word(0);
      // 0 is standard input's, so a pidfd that is 0 was not written.
      if (value !== NOT_MADE && (value !== 0 || !name.endsWith(".pidfd"))) values.set(name, value);
    }
    return values;
  }

  /** A copy of the memory that the kernel filled. */
  buffers(): [string, Uint8Array][] {
    return [...this.#buffers].map(([name, place]) => [name, place.bytes.slice()]);
  }

  #encode(step: Op, index: number): void {
    const put = (field: number, value: number): void => this.#records.setWord(index * RECORD_WORDS + field, value);
    put(RECORD.number, callNumber(step.call, this.#encoding.arch));
    put(RECORD.result, NOT_MADE);
    let flags = index === this.#steps - 1 ? FLAG_LAST : 0;
    flags |= this.#encodeArguments(step, put);
    if (step.call === "clone3" || step.call === "clone") flags |= FLAG_FORK;
    if (step.tolerate === "any") flags |= FLAG_IGNORE;
    else if (step.tolerate !== undefined) put(RECORD.tolerated, errnoNumber(step.tolerate) ?? 0);
    put(RECORD.skip, this.#skip(step, index));
    if (step.expect !== undefined) {
      flags |= FLAG_EXPECT;
      put(RECORD.store, typeof step.expect === "number" ? step.expect : this.#scope.known(step.expect));
    } else if (step.as !== undefined) put(RECORD.store, this.#scope.output(step.as).address);
    const fault = this.#encoding.faults?.(step);
    if (fault !== undefined) {
      flags |= FLAG_PRETEND;
      put(RECORD.result, -(errnoNumber(fault) ?? 0));
    }
    put(RECORD.flags, flags);
  }

  /** The flags say which arguments are where an earlier call's result will be. */
  #encodeArguments(step: Op, put: (field: number, value: number) => void): number {
    const args = step.args as Readonly<Record<string, unknown>>;
    const scope = this.#scope;
    let flags = 0;
    let position = 0;
    for (const [name, kind] of parameters(step.call)) {
      scope.indirect = false;
      const word = encodeArgument(kind, args[name], scope);
      if (position < 6) put(RECORD.arguments + position, word);
      if (scope.indirect) flags |= flagIndirect(position);
      position++;
    }
    return flags;
  }

  #skip(step: Op, index: number): number {
    // What its maker goes on with is for a stone; the process that enters the routine leaves it with the first clone.
    const skip = (index === 0 ? undefined : step.resume) ?? step.skip ?? 0;
    if (index + skip + 1 > this.#steps - (skip > 0 ? 1 : 0)) {
      throw new RangeError(`Step ${index} skips beyond the last`);
    }
    return skip;
  }

  #makeScope({ arch, arena, programs, slots }: Encoding): Scope {
    const outputs = this.#outputs;
    return {
      arch,
      arena,
      programs,
      length: 0,
      indirect: false,
      given: (slot) => outputs.get(slot),
      output: (slot) => {
        const there = outputs.get(slot);
        if (there !== undefined) return there;
        const place = arena.allocate(WORD);
        // A pidfd is written as 32 bits: the upper half must be 0 by then, so it is not marked but left at 0.
        if (!slot.endsWith(".pidfd")) place.setWord(0, NOT_MADE);
        outputs.set(slot, place);
        return place;
      },
      known: ({ slot }) => {
        const value = slots.get(slot);
        if (value === undefined) throw new Error(`The plan uses "${slot}" before anything gives it`);
        return value;
      },
      buffer: (name, size) => {
        const place = arena.allocate(size);
        this.#buffers.set(name, place);
        return place;
      },
    };
  }
}
