/**
 * Small groups of steps that files and directories take.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import type { Kinds } from "./call.ts";
import type { MountFlag } from "./flags.ts";
import type { OpDetails } from "./op.ts";
import { type Op, op } from "./op.ts";

/** Makes a directory; with `tolerate: "EEXIST"` one that may be there. */
export function makeDirectory(path: string, mode: number, span: Span, details: OpDetails = {}): Op {
  return op("mkdirat", { dirfd: "AT_FDCWD", path, mode }, span, details);
}

/** Makes a directory and those above it, as far as they are missing. Symbolic links on the way are followed. */
export function makeDirectories(path: string, span: Span): Op[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((_, index) =>
    makeDirectory(`/${parts.slice(0, index + 1).join("/")}`, 0o755, span, { tolerate: "EEXIST" })
  );
}

/** Writes to a file that is there: a cgroup's or procfs's. */
export function writeTo(path: string, data: string, span: Span, details: OpDetails = {}): Op[] {
  return [openToWrite(path, span), ...fill(data, span, details)];
}

/** The same for a file that not every kernel has; then the data goes nowhere. */
export function writeIfThere(path: string, data: string, span: Span): Op[] {
  return [
    openToWrite(path, span, { tolerate: "ENOENT", skip: 1 }),
    openToWrite("/dev/null", span, { why: "where the kernel has no such file" }),
    ...fill(data, span),
  ];
}

function openToWrite(path: string, span: Span, details: OpDetails = {}): Op {
  return op("openat", { dirfd: "AT_FDCWD", path, flags: ["O_WRONLY", "O_CLOEXEC"], mode: 0 }, span, {
    as: "file",
    ...details,
  });
}

function fill(data: Kinds["bytes"], span: Span, details: OpDetails = {}): Op[] {
  return [
    op("write", { fd: { slot: "file" }, data }, span, details),
    op("close", { fd: { slot: "file" } }, span),
  ];
}

/** Makes a file with its content. The mode is subject to the umask. */
export function makeFile(path: string, data: Kinds["bytes"], mode: number, span: Span): Op[] {
  return [
    op(
      "openat",
      {
        dirfd: "AT_FDCWD",
        path,
        flags: ["O_WRONLY", "O_CREAT", "O_EXCL", "O_CLOEXEC"],
        mode,
      },
      span,
      { as: "file" },
    ),
    ...fill(data, span),
  ];
}

/** Makes an empty file to mount a file on, where nothing is there. */
export function makeMountPoint(path: string, span: Span): Op {
  return op(
    "mknodat",
    { dirfd: "AT_FDCWD", path, node: { type: "S_IFREG", mode: 0o644 }, device: { major: 0, minor: 0 } },
    span,
    { tolerate: "EEXIST" },
  );
}

/** mount(2), all arguments in its order. */
export function mount(
  source: string | null,
  target: string,
  type: string | null,
  flags: readonly MountFlag[],
  data: string | null,
  span: Span,
  tolerate?: string,
): Op {
  return op("mount", { source, target, type, flags, data }, span, tolerate === undefined ? {} : { tolerate });
}
