/**
 * `--keep`: waits with a lab still up, until the user has looked around.
 *
 * @module
 */

import type { Io } from "./io.ts";

/**
 * Says how to look around, and returns at Enter (or the end of standard input); where there is no terminal to press it at, at
 * the abort.
 */
export async function waitToEnd(io: Io, how: readonly string[], signal: AbortSignal): Promise<void> {
  const isTerminal = Deno.stdin.isTerminal();
  const end = isTerminal ? "Press Enter to clean up" : "Kept until Ctrl-C";
  io.err(["The pods are still up. To look around:", ...how.map((line) => `  ${line}`), end, ""].join("\n"));
  await (isTerminal ? Promise.race([Deno.stdin.read(new Uint8Array(1024)), aborted(signal)]) : aborted(signal));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
