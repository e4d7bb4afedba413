/**
 * Pipes between the runner and containers, read and written as they are ready.
 *
 * @module
 */

import type { Machine } from "./machine.ts";

/** After so many full reads in a row a writer has to wait a moment: the others want to be read too. */
const FULL_READS_MAX = 8;
const CHUNK_BYTES = 64 * 1024;
const BREATH_MS = 5;
const EAGAIN = -11;

/** Reads a pipe into a sink until its end, never more at a time than is fair. */
export class Pump {
  /** Resolves at the end of the pipe, which is then closed. */
  readonly done: Promise<void>;
  #ended = false;

  constructor(readonly machine: Machine, readonly fd: number, readonly sink: (bytes: Uint8Array) => void) {
    this.done = this.#run();
  }

  /** Takes what is in the pipe now, at most as much as a pipe holds by default. */
  drain(): void {
    if (!this.#ended) this.#take();
  }

  /** Stops reading and closes. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.machine.close(this.fd);
  }

  async #run(): Promise<void> {
    let full = 0;
    while (!this.#ended) {
      await this.machine.reactor.readable(this.fd);
      if (this.#ended) return;
      full = this.#take() === CHUNK_BYTES ? full + 1 : 0;
      if (full < FULL_READS_MAX || this.#ended) continue;
      full = 0;
      await this.machine.reactor.sleep(BREATH_MS);
    }
  }

  #take(): number {
    const read = this.machine.read(this.fd);
    if (typeof read === "number") {
      if (read !== EAGAIN) this.stop();
      return 0;
    }
    if (read.length === 0) this.stop();
    else this.sink(read);
    return read.length;
  }
}

/** Writes to a pipe as it takes it, then closes it. */
export class Feed {
  readonly done: Promise<void>;
  #ended = false;

  constructor(readonly machine: Machine, readonly fd: number, text: string) {
    this.done = this.#run(new TextEncoder().encode(text));
  }

  /** Stops writing and closes. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.machine.close(this.fd);
  }

  async #run(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && !this.#ended) {
      const written = this.machine.write(this.fd, rest);
      if (written >= 0) rest = rest.subarray(written);
      else if (written === EAGAIN) await this.machine.reactor.writable(this.fd);
      else break;
    }
    this.stop();
  }
}
