/**
 * Errors of the command line, as a user reads them.
 *
 * @module
 */

import type { Io } from "./io.ts";

/** What a command ends with; the codes of ARCHITECTURE.md. */
export const EXIT = { ok: 0, failed: 1, usage: 2, host: 3, nothing: 4, interrupted: 130, terminated: 143 } as const;

/** What was asked for cannot be done: it is told in one sentence, without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(message: string, readonly hint?: string, readonly exitCode: number = EXIT.usage) {
    super(message);
  }
}

/** Tells an error and gives the exit code. What is no {@linkcode UsageError} is a bug, whose stack only its hunter wants. */
export function tellError(error: unknown, io: Io): number {
  if (error instanceof UsageError) {
    io.err(`${error.message}\n${error.hint === undefined ? "" : `  = ${error.hint}\n`}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  io.err(`Internal error: ${message.replaceAll(/\s+/g, " ")}\n`);
  if ((io.env("PODLAB_DEBUG") ?? "") === "") {
    io.err("  = This is a bug: please report it with what PODLAB_DEBUG=1 shows\n");
  } else if (error instanceof Error) io.err(`${error.stack ?? ""}\n`);
  return EXIT.host;
}
