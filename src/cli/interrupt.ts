/**
 * Ctrl-C and its likes: the first stops the run, which then cleans up; later ones are told that it does.
 *
 * @module
 */

import type { Io } from "./io.ts";

/** Signals that end a run, with the exit code that a shell would give for them (128 + number). */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Ending = keyof typeof EXIT_CODES;

/** Listens until it is disposed of. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners: readonly (readonly [Ending, () => void])[];
  #received: Ending | undefined;
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
    if (this.#received === undefined) {
      this.#received = name;
      io.err("\nStopping and cleaning up\n");
      this.#controller.abort();
    } else if (!this.#isTold) {
      this.#isTold = true;
      io.err("Already stopping: what podlab has made is being removed\n");
    }
  }
}
