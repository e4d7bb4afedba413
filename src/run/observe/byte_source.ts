/**
 * Bytes that come in pieces, read as lines and lengths: how they were split makes no difference.
 *
 * @module
 */

/** What bytes come from: `undefined`, or no bytes, is the end. */
export interface Source {
  read(): Promise<Uint8Array | undefined>;
}

/** Takes bytes from a source, no more of them than is needed. */
export class ByteSource {
  readonly #source: Source;
  /** What was read and not taken yet lies from `start` to `end`. */
  #buffer = new Uint8Array();
  #start = 0;
  #end = 0;
  #ended = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * A line without its end (LF or CR LF); `undefined` where the source ends before the line does.
   *
   * @param max How long it may be, in bytes. `"too long"` for a longer one.
   */
  async line(max: number): Promise<Uint8Array | "too long" | undefined> {
    let searched = 0;
    for (;;) {
      const waiting = this.#buffer.subarray(this.#start, this.#end);
      const end = waiting.indexOf(0x0a, searched);
      if (end > max || (end === -1 && waiting.length > max)) return "too long";
      if (end !== -1) {
        const line = this.#take(end + 1).subarray(0, end);
        return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
      }
      searched = waiting.length;
      if (!await this.#fill()) return undefined;
    }
  }

  /** So many bytes, or fewer where the source ends before. */
  async bytes(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = count;
    while (missing > 0 && (this.#start < this.#end || await this.#fill())) {
      const part = this.#take(Math.min(missing, this.#end - this.#start));
      missing -= part.length;
      parts.push(part);
    }
    return concat(parts);
  }

  /** A copy, as the buffer is written over. */
  #take(count: number): Uint8Array {
    const taken = this.#buffer.slice(this.#start, this.#start + count);
    this.#start += count;
    return taken;
  }

  /** Reads once more; whether anything came. */
  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    const more = await this.#source.read();
    if (more === undefined || more.length === 0) {
      // Without this, a source that gave no bytes again and again would be read for ever.
      this.#ended = true;
      return false;
    }
    this.#append(more);
    return true;
  }

  /** Room is doubled, so that a line that comes byte by byte is not copied as often as it has bytes. */
  #append(more: Uint8Array): void {
    if (this.#end + more.length > this.#buffer.length) {
      const waiting = this.#buffer.subarray(this.#start, this.#end);
      const room = new Uint8Array(2 * (waiting.length + more.length));
      room.set(waiting);
      this.#buffer = room;
      this.#end = waiting.length;
      this.#start = 0;
    }
    this.#buffer.set(more, this.#end);
    this.#end += more.length;
  }
}

/** Byte strings one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
