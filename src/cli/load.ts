/**
 * Reads a lab file, whatever stands at its path: nothing blocks, nothing large is read.
 *
 * @module
 */

import type { Problem, ProblemCode } from "../lab/problem.ts";
import type { Source } from "../lab/span.ts";

/** Bytes that a lab file may have. */
const SIZE_MAX = 1 << 20;

/** A file's text, or why there is none. */
export type Read = { readonly source: Source } | { readonly problem: Problem };

/** Reads a file as text. */
export function readFile(path: string): Read {
  try {
    // Before it is opened: opening a FIFO waits for a writer.
    const { isFile, isDirectory, size } = Deno.statSync(path);
    if (isDirectory) return wrong(path, "file_unreadable", "it is a directory", "Name a YAML file");
    if (!isFile) return wrong(path, "file_unreadable", "it is no regular file", "Name a YAML file");
    if (size > SIZE_MAX) return tooLarge(path, size);
    const bytes = readAtMost(path, SIZE_MAX + 1);
    return bytes.length > SIZE_MAX ? tooLarge(path, bytes.length) : decoded(path, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return wrong(path, "file_unreadable", "there is no such file", "Look for a slip in its path");
    }
    if (!(error instanceof Error)) throw error;
    return wrong(path, "file_unreadable", reasonOf(error), "Look at its owner and mode: ls -l");
  }
}

/** The size that was told need not be true: a file may grow, and those of /proc have none. */
function readAtMost(path: string, count: number): Uint8Array {
  using file = Deno.openSync(path);

  const bytes = new Uint8Array(count);
  let length = 0;
  while (length < count) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function decoded(path: string, bytes: Uint8Array): Read {
  if (bytes.includes(0)) {
    return wrong(path, "file_unreadable", "it is binary: it holds NUL bytes", "A lab is a YAML file in UTF-8");
  }
  try {
    return { source: { name: path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) } };
  } catch {
    return wrong(path, "file_unreadable", "it is not UTF-8", "Save it as UTF-8; a lab is a YAML file");
  }
}

function tooLarge(path: string, size: number): Read {
  const reason = `it has ${size} bytes, the limit is ${SIZE_MAX}`;
  return wrong(path, "too_large", reason, "A lab is a YAML file that a person has written");
}

function wrong(path: string, code: ProblemCode, reason: string, hint: string): Read {
  const span = { file: path, line: 1, column: 1, start: 0, end: 0 };
  return { problem: { code, message: `Cannot read "${path}": ${reason}`, span, hint, severity: "error" } };
}

/** What the kernel said, without what Deno adds: `Permission denied (os error 13): open 'x'`. */
function reasonOf(error: Error): string {
  const text = error.message.replace(/ \(os error \d+\).*$/s, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
