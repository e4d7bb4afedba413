/**
 * Ctrl-C and its likes: the first stops the run, which then cleans up; later ones are told that it does.
 *
 * @module
 */

import type { Io } from "./io.ts";

/** Signals that end a run, with the exit code that a shell would give for them (128 + number). */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** One Ctrl-C comes twice under `deno task`: from the terminal, and handed on by the task. */
const SAME_MS = 300;

type Ending = keyof typeof EXIT_CODES;

/** Listens until it is disposed of. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners: readonly (readonly [Ending, () => void])[];
  #received: Ending | undefined;
  #receivedAt = 0;
  #isTold = false;

  /** Begins to listen. */
  constructor(io: Io) {
    this.#listeners = (Object.keys(EXIT_CODES) as Ending[]).map((name) => [name, () => this.#receive(name, io)]);
    for (const [name, listener] of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code where a signal has come. */
  get exitCode(): number | undefined {
    return this.#received === undefined ? undefined : EXIT_CODES[this.#received];
  }

  /** Signals have their usual meaning again. */
  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }

  #receive(name: Ending, io: Io): void {
    const now = performance.now();
    // Over the terminal's own echo of ^C.
    const say = (text: string): void => io.err(`${io.errIsTerminal ? "\r" : ""}${text}\n`);
    if (this.#received === undefined) {
      this.#received = name;
      this.#receivedAt = now;
      this.#controller.abort();
      say("Stopping and cleaning up");
    } else if (!this.#isTold && now - this.#receivedAt > SAME_MS) {
      this.#isTold = true;
      say("Already stopping: what podlab has made is being removed");
    }
  }
}
