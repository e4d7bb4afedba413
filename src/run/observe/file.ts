/**
 * A file in a container's mount namespace, read from outside. Its root is taken hold of by /proc/PID/root, and from
 * there nothing that the container has planted leads out: openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS.
 * Only a regular file is ever opened for reading, so a FIFO or a device blocks nobody.
 *
 * @module
 */

import type { Json } from "../../lab/matcher.ts";
import { openFlags } from "../../sys/constants.ts";
import { errnoName } from "../../sys/errno.ts";
import { Memory } from "../../sys/memory.ts";
import type { Context } from "../context.ts";
import type { Machine } from "../machine.ts";
import type { Found } from "../targets.ts";

const CONTENT_BYTES = 64 * 1024;
const ENTRIES_MAX = 4096;
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;
const RESOLVE_IN_ROOT = 0x10;
const RESOLVE_NO_MAGICLINKS = 0x02;
const ENOENT = -2;
const ENOTDIR = -20;
const EMPTY = Memory.text("");

const TYPES: Readonly<Record<number, string>> = {
  0o01: "fifo",
  0o02: "char",
  0o04: "directory",
  0o06: "block",
  0o10: "file",
  0o12: "symlink",
  0o14: "socket",
};

/** The facts of the subject `file`. The last component is not followed: a link is a link. */
export function fileFacts({ machine }: Context, { hostPid }: Found, path: string): Json {
  if (hostPid === undefined) return { exists: false, error: "ESRCH" };
  const root = openRoot(machine, hostPid);
  if (root < 0) return { exists: false, error: errnoName(-root) };
  try {
    const flags = openFlags(machine.kernel.arch);
    const fd = openIn(machine, root, path, flags.O_PATH | flags.O_NOFOLLOW | flags.O_CLOEXEC);
    if (fd === ENOENT || fd === ENOTDIR) return { exists: false };
    if (fd < 0) return { exists: false, error: errnoName(-fd) };
    try {
      return describe(machine, root, fd, path);
    } finally {
      machine.kernel.call("close", fd);
    }
  } finally {
    machine.kernel.call("close", root);
  }
}

/** A container's root directory as an O_PATH descriptor; -errno when it has ended. */
export function openRoot(machine: Machine, hostPid: number): number {
  const flags = openFlags(machine.kernel.arch);
  const text = Memory.text(`/proc/${hostPid}/root`);
  return machine.kernel.call("openat", AT_FDCWD, text.address, flags.O_PATH | flags.O_DIRECTORY | flags.O_CLOEXEC, 0);
}

/** Opens a path below a root. */
export function openIn(machine: Machine, root: number, path: string, flags: number, mode = 0): number {
  const how = new Memory(24);
  how.view.setBigUint64(0, BigInt(flags), true);
  how.view.setBigUint64(8, BigInt(mode), true);
  how.view.setBigUint64(16, BigInt(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), true);
  const text = Memory.text(path);
  return machine.kernel.call("openat2", root, text.address, how.address, how.bytes.length);
}

/** File type and permissions of an open descriptor, from struct statx (statx(2)). */
export function modeOf(machine: Machine, fd: number): number {
  return statx(machine, fd)?.view.getUint16(28, true) ?? 0;
}

function statx(machine: Machine, fd: number): Memory | undefined {
  const buffer = new Memory(256);
  const result = machine.kernel.call(
    "statx",
    fd,
    EMPTY.address,
    AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
    STATX_BASIC_STATS,
    buffer.address,
  );
  return result < 0 ? undefined : buffer;
}

function describe(machine: Machine, root: number, fd: number, path: string): Json {
  const stat = statx(machine, fd);
  if (stat === undefined) return { exists: false, error: "EIO" };
  const { view } = stat;
  const mode = view.getUint16(28, true);
  const type = TYPES[mode >> 12] ?? "unknown";
  return {
    exists: true,
    type,
    mode: `0${(mode & 0o7777).toString(8)}`,
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    size: Number(view.getBigUint64(40, true)),
    inode: Number(view.getBigUint64(32, true)),
    // makedev(3): unique, and small enough for a number
    filesystem: view.getUint32(136, true) * 0x10_0000 + view.getUint32(140, true),
    ...(type === "char" || type === "block"
      ? { device: `${view.getUint32(128, true)}:${view.getUint32(132, true)}` }
      : {}),
    ...content(machine, root, fd, path, type),
  };
}

function content(machine: Machine, root: number, fd: number, path: string, type: string): Record<string, Json> {
  if (type === "symlink") {
    const target = new Memory(4096);
    const length = machine.kernel.call("readlinkat", fd, EMPTY.address, target.address, target.bytes.length);
    return length < 0 ? {} : { content: new TextDecoder().decode(target.bytes.subarray(0, length)) };
  }
  if (type !== "file" && type !== "directory") return {};
  const flags = openFlags(machine.kernel.arch);
  const open = flags.O_NOFOLLOW | flags.O_NONBLOCK | flags.O_NOCTTY | flags.O_CLOEXEC;
  const readable = openIn(machine, root, path, type === "directory" ? open | flags.O_DIRECTORY : open);
  if (readable < 0) return {};
  try {
    // It may have been exchanged since: what is open now is what counts.
    const now = TYPES[modeOf(machine, readable) >> 12];
    if (now === "directory") return { entries: entries(machine, readable) };
    return now === "file" ? { content: readText(machine, readable) } : {};
  } finally {
    machine.kernel.call("close", readable);
  }
}

function readText(machine: Machine, fd: number): string {
  const buffer = new Memory(CONTENT_BYTES);
  let length = 0;
  while (length < CONTENT_BYTES) {
    const count = machine.kernel.call("read", fd, buffer.address + length, CONTENT_BYTES - length);
    if (count <= 0) break;
    length += count;
  }
  return new TextDecoder().decode(buffer.bytes.subarray(0, length));
}

/** getdents64(2): struct linux_dirent64 has d_reclen at 16 and d_name at 19. */
function entries(machine: Machine, fd: number): string[] {
  const buffer = new Memory(32 * 1024);
  const names: string[] = [];
  while (names.length < ENTRIES_MAX) {
    const count = machine.kernel.call("getdents64", fd, buffer.address, buffer.bytes.length);
    if (count <= 0) break;
    for (let offset = 0; offset < count;) {
      const length = buffer.view.getUint16(offset + 16, true);
      const end = buffer.bytes.indexOf(0, offset + 19);
      const name = new TextDecoder().decode(buffer.bytes.subarray(offset + 19, end));
      if (name !== "." && name !== "..") names.push(name);
      offset += length;
    }
  }
  return names.slice(0, ENTRIES_MAX).sort();
}
