/**
 * Arguments of system calls → words, and structs in memory that the words lead to.
 *
 * @module
 */

import type { Kind, Kinds, Slot } from "../plan/call.ts";
import { CAPABILITIES, SIGNALS } from "../plan/flags.ts";
import type { Arena, Place } from "./arena.ts";
import * as constants from "./constants.ts";
import type { Architecture } from "./kernel.ts";

/** Programs that a step may write to a file. */
export type Programs = Readonly<Record<"toolbox", Uint8Array<ArrayBuffer>>>;

/** What arguments are encoded with, and what an encoder says besides the word that it returns. */
export interface Scope {
  readonly arch: Architecture;
  readonly arena: Arena;
  readonly programs: () => Programs;
  /** What the argument is that says how long this one is; set by encoders of buffers. */
  length: number;
  /** Whether the word is the address of a word that holds the value, as an earlier call of the table gives it. */
  indirect: boolean;
  /** The place that a call of the table writes a slot's value to; `undefined` where none does. */
  given(slot: string): Place | undefined;
  /** The same, made where it is not there. */
  output(slot: string): Place;
  /** The value of a slot that was given before the table. */
  known(slot: Slot): number;
  /** Memory that is given back under a name. */
  buffer(name: string, size: number): Place;
}

/** Encodes an argument. */
type Encoder<K extends Kind> = (value: Kinds[K], scope: Scope) => number;

/** The word of an argument of any kind; see {@linkcode Scope} for what else comes of it. */
export function encodeArgument(kind: Kind, value: unknown, scope: Scope): number {
  // The table of calls gives each parameter its kind, and the type of an op each argument that of its parameter's kind.
  return (ENCODERS[kind] as (value: unknown, scope: Scope) => number)(value, scope);
}

const OPEN_FLAGS = { x86_64: constants.openFlags("x86_64"), aarch64: constants.openFlags("aarch64") } as const;
const WORD = 8;

/** One encoder for every kind of argument, so that a new one cannot be forgotten. */
const ENCODERS: { readonly [K in Kind]: Encoder<K> } = {
  text: (text, { arena }) => text === null ? 0 : arena.text(text),
  bytes: (data, scope) => {
    const { address, length } = scope.arena.data(typeof data === "string" ? data : scope.programs()[data.program]);
    scope.length = length;
    return address;
  },
  "=length": (_, { length }) => length,
  "=size": (_, { length }) => length,
  "=null": () => 0,
  fd: (fd, scope) => {
    if (fd === "AT_FDCWD") return constants.AT_FDCWD;
    if (typeof fd === "number") return fd;
    const given = scope.given(fd.slot);
    scope.indirect = given !== undefined;
    return given === undefined ? scope.known(fd) : given.address;
  },
  int: (value) => value,
  mode: (value) => value,
  strings: (texts, scope) => struct(scope, [...texts.map((text) => scope.arena.text(text)), 0]),
  mountFlags: flags(constants.MOUNT_FLAGS),
  umountFlags: flags(constants.UMOUNT_FLAGS),
  openFlags: (names, { arch }) => sum(OPEN_FLAGS[arch], names),
  treeFlags: flags(constants.TREE_FLAGS),
  moveFlags: flags(constants.MOVE_FLAGS),
  atFlags: flags(constants.AT_FLAGS),
  cloneFlags: flags(constants.CLONE_FLAGS),
  closeRangeFlags: flags(constants.CLOSE_RANGE_FLAGS),
  socketDomain: (name) => constants.SOCKET_DOMAINS[name],
  socketType: flags(constants.SOCKET_TYPES),
  waitFlags: flags(constants.WAIT_FLAGS),
  prctlOption: (name) => constants.PRCTL_OPTIONS[name],
  prctlValue: (value) => typeof value === "number" ? value : NAMED.get(value) ?? 0,
  signal: (name) => SIGNALS.indexOf(name) + 1,
  node: ({ type, mode }) => constants.NODE_TYPES[type] + mode,
  // new_encode_dev of linux/kdev_t.h
  device: ({ major, minor }) => (minor & 0xff) + major * 0x100 + (minor >>> 8) * 0x100000,
  // struct open_how, linux/openat2.h
  openHow: ({ flags, mode, resolve }, scope) =>
    struct(scope, [sum(OPEN_FLAGS[scope.arch], flags), mode ?? 0, sum(constants.RESOLVE_FLAGS, resolve)]),
  // struct mount_attr, linux/mount.h: attr_set, attr_clr, propagation, userns_fd
  mountAttr: ({ set }, scope) => struct(scope, [sum(constants.MOUNT_ATTRS, set), 0, 0, 0]),
  // struct clone_args, linux/sched.h. The kernel reads the cgroup's descriptor from it, so that must be known by now.
  cloneArgs: ({ flags, pidfd, cgroup }, scope) =>
    struct(scope, [
      sum(constants.CLONE_FLAGS, flags),
      pidfd === undefined ? 0 : scope.output(pidfd).address,
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      cgroup === undefined ? 0 : scope.known(cgroup),
    ]),
  buffer: ({ buffer, size }, scope) => scope.buffer(buffer, size).address,
  out: (slot, scope) => scope.output(slot).address,
  // struct sigaction of the kernel: handler, flags, restorer (not on aarch64), mask; all 0 but the handler. What follows
  // is the size of the mask.
  sigaction: (name, scope) => {
    const address = struct(scope, [name === "SIG_IGN" ? 1 : 0, 0, 0, 0]);
    scope.length = WORD;
    return address;
  },
  sigset: (name, scope) => struct(scope, [name === "all" ? -1 : 0]),
  capabilities,
  gids: (gids, { arena }) => {
    if (gids.length === 0) return 0;
    const { address, chunk, offset } = arena.allocate(gids.length * 4);
    gids.forEach((gid, index) => chunk.setUint32(offset + index * 4, gid, true));
    return address;
  },
  rlimitName: (name) => constants.RLIMITS[name],
  rlimit: ({ soft, hard }, scope) => struct(scope, [soft, hard]),
};

const CAPABILITY_VERSION_3 = 0x20080522;

/** struct __user_cap_header_struct and twice struct __user_cap_data_struct, linux/capability.h. */
function capabilities({ effective, permitted, inheritable }: Kinds["capabilities"], scope: Scope): number {
  const header = scope.arena.allocate(8);
  header.setWord(0, CAPABILITY_VERSION_3);
  const { address, chunk, offset } = scope.arena.allocate(24);
  [effective, permitted, inheritable].forEach((names, set) => {
    for (const name of names) {
      const number = CAPABILITIES.indexOf(name);
      const at = offset + (number >> 5) * 12 + set * 4;
      chunk.setUint32(at, (chunk.getUint32(at, true) | (1 << (number & 31))) >>> 0, true);
    }
  });
  scope.length = address;
  return header.address;
}

function struct(scope: Scope, words: readonly number[]): number {
  const place = scope.arena.allocate(words.length * WORD);
  words.forEach((word, index) => place.setWord(index, word));
  scope.length = words.length * WORD;
  return place.address;
}

function flags(table: Readonly<Record<string, number>>): (names: readonly string[]) => number {
  return (names) => sum(table, names);
}

function sum(table: Readonly<Record<string, number>>, names: readonly string[]): number {
  let total = 0;
  for (const name of names) total += table[name] ?? 0;
  return total;
}

/** Signals count from 1, capabilities from 0. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ...SIGNALS.map((name, index) => [name, index + 1] as const),
  ...CAPABILITIES.map((name, index) => [name, index] as const),
]);
