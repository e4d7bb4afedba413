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
import { type Kind, type Kinds, parameters, type Slot } from "../plan/call.ts";
import { CAPABILITIES, SIGNALS } from "../plan/flags.ts";
import type { Op } from "../plan/op.ts";
import type { Arena, Place } from "./arena.ts";
import * as constants from "./constants.ts";
import { errnoNumber } from "./errno.ts";
import type { Architecture } from "./kernel.ts";
import { callNumber } from "./numbers.ts";

/** No call answers this: the mark of a record that was not reached. */
const NOT_MADE = 0x7fff_0000_0000;
const WORD = 8;

/** Says for a step whether it is to fail with an errno (`EPERM` …) instead of being made: for tests of what happens then. */
export type Faults = (step: Op) => string | undefined;

/** Values of slots: descriptors and process ids that earlier calls gave. */
export type Slots = Map<string, number>;

/** Programs that a step may write to a file. */
export type Programs = Readonly<Record<"toolbox", Uint8Array<ArrayBuffer>>>;

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
  readonly #openFlags: Readonly<Record<string, number>>;

  readonly #steps: number;

  constructor(steps: readonly Op[], encoding: Encoding) {
    this.#steps = steps.length;
    this.#encoding = encoding;
    this.#openFlags = constants.openFlags(encoding.arch);
    this.#context = encoding.arena.allocate(CONTEXT_BYTES);
    this.#records = encoding.arena.allocate(steps.length * RECORD_BYTES);
    this.context = this.#context.bytes;
    setWord(this.#context.view, CONTEXT.records, this.#records.address);
    steps.forEach((step, index) => this.#encode(step, index, index === steps.length - 1));
  }

  /** The raw result of a step; `undefined` where it was not made. */
  result(index: number): number | undefined {
    const raw = Number(this.#records.view.getBigInt64((index * 12 + RECORD.result) * WORD, true));
    return raw === NOT_MADE ? undefined : raw;
  }

  /** The step that failed, in whichever process; `undefined` where none did. */
  get failed(): number | undefined {
    const address = getWord(this.#context.view, CONTEXT.failed);
    return address === 0 ? undefined : (address - this.#records.address) / RECORD_BYTES;
  }

  /** What the table stored, by slot; slots that nothing was stored to are not in it. */
  outputs(): [string, number][] {
    return [...this.#outputs].flatMap(([name, place]) => {
      const value = Number(place.view.getBigInt64(0, true));
      // 0 is standard input's, so a pidfd that is 0 was not written.
      return value === NOT_MADE || (value === 0 && name.endsWith(".pidfd")) ? [] : [[name, value]];
    });
  }

  /** A copy of the memory that the kernel filled. */
  buffers(): [string, Uint8Array][] {
    return [...this.#buffers].map(([name, place]) => [name, place.bytes.slice()]);
  }

  #encode(step: Op, index: number, last: boolean): void {
    const { arch, faults } = this.#encoding;
    const { view } = this.#records;
    const base = index * 12;
    const put = (field: number, value: number): void => setWord(view, base + field, value);
    let flags = last ? FLAG_LAST : 0;
    put(RECORD.number, callNumber(step.call, arch));
    put(RECORD.result, NOT_MADE);
    const args = step.args as Readonly<Record<string, unknown>>;
    let position = 0;
    let length = 0;
    for (const [name, kind] of parameters(step.call)) {
      const encoded = this.#argument(kind, args[name], length);
      if (position < 6) put(RECORD.arguments + position, encoded.value);
      if (encoded.indirect) flags |= flagIndirect(position);
      if (kind !== "=null") length = encoded.length ?? 0;
      position++;
    }
    if (step.call === "clone3" || step.call === "clone") flags |= FLAG_FORK;
    if (step.tolerate === "any") flags |= FLAG_IGNORE;
    else if (step.tolerate !== undefined) put(RECORD.tolerated, errnoNumber(step.tolerate) ?? 0);
    // What its maker goes on with is for a stone; the process that enters the routine leaves it with the first clone.
    const skip = (index === 0 ? undefined : step.resume) ?? step.skip ?? 0;
    if (index + skip + 1 > this.#steps - (skip > 0 ? 1 : 0)) {
      throw new RangeError(`Step ${index} skips beyond the last`);
    }
    put(RECORD.skip, skip);
    if (step.expect !== undefined) {
      flags |= FLAG_EXPECT;
      put(RECORD.store, typeof step.expect === "number" ? step.expect : this.#known(step.expect));
    } else if (step.as !== undefined) put(RECORD.store, this.#output(step.as).address);
    const fault = faults?.(step);
    if (fault !== undefined) {
      flags |= FLAG_PRETEND;
      put(RECORD.result, -(errnoNumber(fault) ?? 0));
    }
    put(RECORD.flags, flags);
  }

  #known({ slot }: Slot): number {
    const value = this.#encoding.slots.get(slot);
    if (value === undefined) throw new Error(`The plan uses "${slot}" before anything gives it`);
    return value;
  }

  #output(slot: string): Place {
    const known = this.#outputs.get(slot);
    if (known !== undefined) return known;
    const place = this.#encoding.arena.allocate(WORD);
    // A pidfd is written as 32 bits: the upper half must be 0 by then, so it is not marked but left at 0.
    if (!slot.endsWith(".pidfd")) place.view.setBigInt64(0, BigInt(NOT_MADE), true);
    this.#outputs.set(slot, place);
    return place;
  }

  #argument(kind: Kind, value: unknown, previous: number): Encoded {
    return (this.#encoders[kind] as (value: unknown, previous: number) => Encoded)(value, previous);
  }

  #flags(table: Readonly<Record<string, number>>): (names: readonly string[]) => Encoded {
    return (names) => ({ value: sum(table, names) });
  }

  #struct(words: readonly number[]): Encoded {
    const place = this.#encoding.arena.allocate(words.length * WORD);
    words.forEach((word, index) => setWord(place.view, index, word));
    return { value: place.address, length: words.length * WORD };
  }

  #fd(fd: Kinds["fd"]): Encoded {
    if (fd === "AT_FDCWD") return { value: constants.AT_FDCWD };
    if (typeof fd === "number") return { value: fd };
    const output = this.#outputs.get(fd.slot);
    return output === undefined ? { value: this.#known(fd) } : { value: output.address, indirect: true };
  }

  #strings(texts: readonly string[]): Encoded {
    return this.#struct([...texts.map((text) => this.#encoding.arena.text(text)), 0]);
  }

  /** One encoder for every kind of argument, so that a new one cannot be forgotten. */
  readonly #encoders: { readonly [K in Kind]: (value: Kinds[K], previous: number) => Encoded } = {
    text: (text) => ({ value: text === null ? 0 : this.#encoding.arena.text(text) }),
    bytes: (data) => {
      const bytes = typeof data === "string" ? data : this.#encoding.programs()[data.program];
      const { address, length } = this.#encoding.arena.data(bytes);
      return { value: address, length };
    },
    "=length": (_, previous) => ({ value: previous }),
    "=size": (_, previous) => ({ value: previous }),
    "=null": () => ({ value: 0 }),
    fd: (fd) => this.#fd(fd),
    int: (value) => ({ value }),
    mode: (value) => ({ value }),
    strings: (texts) => this.#strings(texts),
    mountFlags: this.#flags(constants.MOUNT_FLAGS),
    umountFlags: this.#flags(constants.UMOUNT_FLAGS),
    openFlags: (names) => ({ value: sum(this.#openFlags, names) }),
    treeFlags: this.#flags(constants.TREE_FLAGS),
    moveFlags: this.#flags(constants.MOVE_FLAGS),
    atFlags: this.#flags(constants.AT_FLAGS),
    cloneFlags: this.#flags(constants.CLONE_FLAGS),
    closeRangeFlags: this.#flags(constants.CLOSE_RANGE_FLAGS),
    socketDomain: (name) => ({ value: constants.SOCKET_DOMAINS[name] }),
    socketType: this.#flags(constants.SOCKET_TYPES),
    waitFlags: this.#flags(constants.WAIT_FLAGS),
    prctlOption: (name) => ({ value: constants.PRCTL_OPTIONS[name] }),
    prctlValue: (value) => ({ value: typeof value === "number" ? value : named(value) }),
    signal: (name) => ({ value: SIGNALS.indexOf(name) + 1 }),
    node: ({ type, mode }) => ({ value: constants.NODE_TYPES[type] + mode }),
    // new_encode_dev of linux/kdev_t.h
    device: ({ major, minor }) => ({ value: (minor & 0xff) + major * 0x100 + (minor >>> 8) * 0x100000 }),
    // struct open_how, linux/openat2.h
    openHow: ({ flags, mode, resolve }) =>
      this.#struct([sum(this.#openFlags, flags), mode ?? 0, sum(constants.RESOLVE_FLAGS, resolve)]),
    // struct mount_attr, linux/mount.h: attr_set, attr_clr, propagation, userns_fd
    mountAttr: ({ set }) => this.#struct([sum(constants.MOUNT_ATTRS, set), 0, 0, 0]),
    // struct clone_args, linux/sched.h
    cloneArgs: ({ flags, pidfd, cgroup }) =>
      this.#struct([
        sum(constants.CLONE_FLAGS, flags),
        pidfd === undefined ? 0 : this.#output(pidfd).address,
        ...[0, 0, 0, 0, 0, 0, 0, 0],
        cgroup === undefined ? 0 : this.#cgroup(cgroup),
      ]),
    buffer: ({ buffer, size }) => {
      const place = this.#encoding.arena.allocate(size);
      this.#buffers.set(buffer, place);
      return { value: place.address };
    },
    out: (slot) => ({ value: this.#output(slot).address }),
    // struct sigaction of the kernel: handler, flags, restorer (not on aarch64), mask; all 0 but the handler
    sigaction: (name) => {
      const { value } = this.#struct([name === "SIG_IGN" ? 1 : 0, 0, 0, 0]);
      return { value, length: WORD };
    },
    sigset: (name) => {
      const { value } = this.#struct([name === "all" ? -1 : 0]);
      return { value, length: WORD };
    },
    capabilities: (sets) => this.#capabilities(sets),
    gids: (gids) => {
      const place = this.#encoding.arena.allocate(gids.length * 4);
      gids.forEach((gid, index) => place.view.setUint32(index * 4, gid, true));
      return { value: gids.length === 0 ? 0 : place.address };
    },
    rlimitName: (name) => ({ value: constants.RLIMITS[name] }),
    rlimit: ({ soft, hard }) => this.#struct([soft, hard]),
  };

  /** The descriptor of a cgroup must be known when the struct is made: the kernel reads it from memory. */
  #cgroup(cgroup: Slot): number {
    const { slots } = this.#encoding;
    const value = slots.get(cgroup.slot);
    if (value === undefined) throw new Error(`The plan clones into "${cgroup.slot}" before it is open`);
    return value;
  }

  /** struct __user_cap_header_struct (version 3) and twice struct __user_cap_data_struct, linux/capability.h. */
  #capabilities({ effective, permitted, inheritable }: Kinds["capabilities"]): Encoded {
    const CAPABILITY_VERSION_3 = 0x20080522;
    const header = this.#encoding.arena.allocate(8);
    header.view.setUint32(0, CAPABILITY_VERSION_3, true);
    const data = this.#encoding.arena.allocate(24);
    [effective, permitted, inheritable].forEach((names, set) => {
      for (const name of names) {
        const number = CAPABILITIES.indexOf(name);
        const offset = (number >> 5) * 12 + set * 4;
        data.view.setUint32(offset, (data.view.getUint32(offset, true) | (1 << (number & 31))) >>> 0, true);
      }
    });
    return { value: header.address, length: data.address };
  }
}

/** An argument's value; for a buffer the size that a following argument takes over. */
interface Encoded {
  readonly value: number;
  readonly length?: number;
  readonly indirect?: boolean;
}

function sum(table: Readonly<Record<string, number>>, names: readonly string[]): number {
  let total = 0;
  for (const name of names) total += table[name] ?? 0;
  return total;
}

function named(name: string): number {
  const signal = SIGNALS.findIndex((known) => known === name);
  return signal >= 0 ? signal + 1 : CAPABILITIES.findIndex((known) => known === name);
}

/** Writes a number of up to 53 bits, or a negative one, as 64 bits in two's complement; faster than by bigint. */
function setWord(view: DataView<ArrayBuffer>, index: number, value: number): void {
  view.setUint32(index * WORD, value >>> 0, true);
  view.setInt32(index * WORD + 4, Math.floor(value / 0x1_0000_0000), true);
}

function getWord(view: DataView<ArrayBuffer>, index: number): number {
  return view.getUint32(index * WORD, true) + view.getUint32(index * WORD + 4, true) * 0x1_0000_0000;
}
