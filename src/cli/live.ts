/**
 * Progress on standard error: a line that moves on a terminal, plain lines in logs.
 *
 * @module
 */

import type { Lab, Language } from "../lab/lab.ts";
import type { RunEvent } from "../match/events.ts";
import { createProgress, type Progress } from "../report/progress.ts";
import type { Io } from "./io.ts";

const FRAME_MS = 100;

/** Shows what is going on until it is disposed of. */
export class Live implements Disposable {
  readonly #io: Io;
  readonly #progress: Progress;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #isStill = false;

  /** Begins to show. */
  constructor(io: Io, language: Language) {
    // CI systems keep what they are shown: https://docs.github.com/actions/reference/variables and its likes set CI.
    const isMoving = io.errIsTerminal && (io.env("CI") ?? "") === "" && io.env("TERM") !== "dumb";
    this.#io = io;
    this.#progress = createProgress({ language, mode: isMoving ? "line" : "lines", columns: io.columns() });
    if (isMoving) this.#timer = setInterval(() => this.#write(this.#progress.render(performance.now())), FRAME_MS);
  }

  /** Takes an event in. */
  onEvent(lab: Lab, event: RunEvent): void {
    // How to look around is told where the run waits (keep.ts).
    if (event.kind !== "kept") this.#write(this.#progress.onEvent(lab, event, performance.now()));
  }

  /** Takes the moving line away, for somebody else to write. */
  stop(): void {
    this.#io.err(this.#progress.clear());
    this.#isStill = true;
  }

  /** Shows again. */
  resume(): void {
    this.#isStill = false;
  }

  /** Ends the show. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.stop();
  }

  #write(text: string): void {
    if (!this.#isStill && text !== "") this.#io.err(text);
  }
}
