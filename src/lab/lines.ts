/**
 * From offsets to lines and columns.
 *
 * @module
 */

import type { Source, Span } from "./span.ts";

/** The lines of a text: `\n` ends one, with or without `\r` before it, as the YAML library and editors have it. */
export class Lines {
  readonly #file: string;
  readonly #starts: readonly number[];
  readonly #length: number;

  /** Finds where each line starts. */
  constructor(source: Source) {
    const starts = [0];
    for (const match of source.text.matchAll(/\n/gu)) starts.push(match.index + 1);
    this.#file = source.name;
    this.#starts = starts;
    this.#length = source.text.length;
  }

  /** The span between two offsets; what is past the end of the text is at its end. */
  span(from: number, to: number): Span {
    const start = Math.min(from, this.#length);
    const end = Math.min(Math.max(from, to), this.#length);
    const line = this.#lineAt(start);
    return {
      file: this.#file,
      line: line + 1,
      column: start - (this.#starts[line] ?? 0) + 1,
      start,
      end,
    };
  }

  /** The last line that starts at or before an offset, by halving. */
  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
