/**
 * Memory for one table: its records, strings and structs, with stable addresses as long as the arena is alive.
 *
 * @module
 */

const CHUNK_BYTES = 256 * 1024;
const encoder = new TextEncoder();

/** A place in memory: its address, and a view for what is in it. */
export interface Place {
  /** Addresses of user space have at most 47 bits here, so a number holds them exactly. */
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
}

/** Hands out memory that lives as long as the arena does. */
export class Arena {
  readonly #chunks: { buffer: ArrayBuffer; address: number }[] = [];
  #used = CHUNK_BYTES;
  readonly #texts = new Map<string, number>();

  /** Zeroed memory, aligned to 8 bytes. */
  allocate(size: number): Place {
    const aligned = (size + 7) & ~7;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#used + aligned > chunk.buffer.byteLength) {
      const buffer = new ArrayBuffer(Math.max(CHUNK_BYTES, aligned));
      chunk = { buffer, address: addressOf(new Uint8Array(buffer)) };
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    const offset = this.#used;
    this.#used += aligned;
    const bytes = new Uint8Array(chunk.buffer, offset, size);
    return { address: chunk.address + offset, bytes, view: new DataView(chunk.buffer, offset, size) };
  }

  /** Begins again: what was handed out before may be overwritten. */
  reset(): void {
    const first = this.#chunks[0];
    this.#chunks.length = first === undefined ? 0 : 1;
    if (first !== undefined) new Uint8Array(first.buffer, 0, this.#used).fill(0);
    this.#used = first === undefined ? CHUNK_BYTES : 0;
    this.#texts.clear();
  }

  /**
   * A NUL-terminated string; equal strings share one place.
   *
   * @throws {RangeError} If the text contains NUL, which no C string can hold.
   */
  text(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (text.includes("\0")) throw new RangeError("Cannot pass a string that contains NUL to the kernel");
    const place = this.allocate(text.length * 3 + 1);
    encoder.encodeInto(text, place.bytes);
    this.#texts.set(text, place.address);
    return place.address;
  }

  /** Bytes and how many they are. */
  data(data: string | Uint8Array): { address: number; length: number } {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    const place = this.allocate(bytes.length);
    place.bytes.set(bytes);
    return { address: place.address, length: bytes.length };
  }
}

/** The address of a view's memory, which must be kept alive by whoever uses the address. */
export function addressOf(view: Uint8Array<ArrayBuffer>): number {
  return Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(view)));
}
