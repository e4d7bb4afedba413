/**
 * Lines of text for people, and errors.
 *
 * @module
 */

import type { Body } from "../language/body.ts";
import { type Callable, define, type Local, system, type Value } from "../language/value.ts";
import { errorName } from "./errors.ts";
import { STDERR } from "./kernel.ts";
import { formatDecimal, textLength } from "./text.ts";

/** A part of a line: a text known now, a text in memory, or a number to be written in decimal. */
export type Part = string | Value | { readonly decimal: Value };

const IOVEC_BYTES = 16;
const DECIMAL_BYTES = 20;

/** Writes the parts as one, so that lines of several processes do not mix. */
export function say(f: Body, fd: number | Value, ...parts: readonly Part[]): void {
  const vector = f.buffer(parts.length * IOVEC_BYTES);
  parts.forEach((part, i) => {
    const base = i * IOVEC_BYTES;
    if (typeof part === "string") {
      f.setWord(vector, part, base);
      f.setWord(vector, new TextEncoder().encode(part).length, base + 8);
    } else if ("decimal" in part) {
      const digits = f.buffer(DECIMAL_BYTES);
      f.setWord(vector, digits, base);
      f.setWord(vector, formatDecimal(digits, part.decimal).minus(digits), base + 8);
    } else {
      f.setWord(vector, part, base);
      f.setWord(vector, textLength(part), base + 8);
    }
  });
  f.do(system("writev", fd, vector, parts.length));
}

/** Says `WHAT: ERROR` on standard error; the answer is the exit status 1. */
export const complain: Callable<[what: Local, answer: Local]> = define(
  "complain",
  (f, what: Local, answer: Local) => {
    say(f, STDERR, what, ": ", errorName(answer), "\n");
    f.return(1);
  },
);

/** Writes all bytes, however many calls that takes; 0 or -errno. */
export const writeAll: Callable<[fd: Local, at: Local, bytes: Local]> = define(
  "writeAll",
  (f, fd: Local, at: Local, bytes: Local) => {
    f.while(bytes.is(">", 0), () => {
      const written = f.local(system("write", fd, at, bytes));
      f.if(written.is("<", 0), () => f.return(written));
      f.add(at, written);
      f.set(bytes, bytes.minus(written));
    });
  },
);

const CHUNK_BYTES = 16384;

/** Copies everything from one descriptor to another, up to the end; 0 or -errno of either. */
export const copyAll: Callable<[from: Local, to: Local]> = define("copyAll", (f, from: Local, to: Local) => {
  const chunk = f.buffer(CHUNK_BYTES);
  f.forever(() => {
    const bytes = f.local(system("read", from, chunk, CHUNK_BYTES));
    f.if(bytes.is("<=", 0), () => f.return(bytes));
    const outcome = f.local(writeAll(to, chunk, bytes));
    f.if(outcome.is("<", 0), () => f.return(outcome));
  });
});
