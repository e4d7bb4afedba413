/**
 * Streams that remember, for tests of commands without a process.
 *
 * @module
 */

import type { Io } from "../../src/cli/io.ts";

/** An {@linkcode Io} and what was written to it. */
export interface FakeIo extends Io {
  /** All that was written to standard output, and to standard error. */
  readonly written: { out: string; err: string };
}

/** An Io that is no terminal, with an environment of its own. */
export function fakeIo(env: Readonly<Record<string, string>> = {}, changes: Partial<Io> = {}): FakeIo {
  const written = { out: "", err: "" };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    outIsTerminal: false,
    errIsTerminal: false,
    env: (name) => env[name],
    columns: () => 80,
    commands: [],
    ...changes,
  };
}
