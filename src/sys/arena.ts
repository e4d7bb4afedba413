/**
 * Memory for one table: its records, strings and structs, with stable addresses as long as the arena is alive.
 *
 * @module
 */

const CHUNK_BYTES = 256 * 1024;
const WORD = 8;
const encoder = new TextEncoder();

/** A place in memory: its address, and ways to what is in it. Numbers are 64 bits, little-endian. */
export class Place {
  constructor(
    /** Addresses of user space have at most 47 bits here, so a number holds them exactly. */
    readonly address: number,
    /** What it is a part of: a view of its own for each of hundreds of places would cost more than what is put there. */
    readonly chunk: DataView<ArrayBuffer>,
    readonly offset: number,
    readonly size: number,
  ) {}

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.chunk.buffer, this.offset, this.size);
  }

  /** Writes a number of up to 53 bits, or a negative one, in two's complement; faster than by bigint. */
  setWord(index: number, value: number): void {
    const at = this.offset + index * WORD;
    this.chunk.setUint32(at, value >>> 0, true);
    this.chunk.setInt32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  /** Reads a number of up to 53 bits and its sign. */
  word(index: number): number {
    const at = this.offset + index * WORD;
    return this.chunk.getUint32(at, true) + this.chunk.getInt32(at + 4, true) * 0x1_0000_0000;
  }
}

/** Hands out memory that lives as long as the arena does. */
export class Arena {
  readonly #chunks: { view: DataView<ArrayBuffer>; address: number }[] = [];
  #used = CHUNK_BYTES;
  readonly #texts = new Map<string, number>();

  /** Zeroed memory, aligned to 8 bytes. */
  allocate(size: number): Place {
    const aligned = (size + 7) & ~7;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#used + aligned > chunk.view.byteLength) {
      const buffer = new ArrayBuffer(Math.max(CHUNK_BYTES, aligned));
      chunk = { view: new DataView(buffer), address: addressOf(new Uint8Array(buffer)) };
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    const offset = this.#used;
    this.#used += aligned;
    return new Place(chunk.address + offset, chunk.view, offset, size);
  }

  /** Begins again: what was handed out before may be overwritten. */
  reset(): void {
    const first = this.#chunks[0];
    this.#chunks.length = first === undefined ? 0 : 1;
    if (first !== undefined) new Uint8Array(first.view.buffer, 0, this.#used).fill(0);
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
    const { address } = asciiText(this.allocate(text.length + 1), text) ?? this.#encodedText(text);
    this.#texts.set(text, address);
    return address;
  }

  /** Bytes and how many they are. */
  data(data: string | Uint8Array): { address: number; length: number } {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    const place = this.allocate(bytes.length);
    place.bytes.set(bytes);
    return { address: place.address, length: bytes.length };
  }

  #encodedText(text: string): Place {
    const place = this.allocate(text.length * 3 + 1);
    encoder.encodeInto(text, place.bytes);
    return place;
  }
}

/** Writes a text of ASCII alone, as nearly all are: faster than by an encoder. `undefined` for any other. */
function asciiText(place: Place, text: string): Place | undefined {
  const { chunk, offset } = place;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return undefined;
    chunk.setUint8(offset + index, code);
  }
  return place;
}

/** The address of a view's memory, which must be kept alive by whoever uses the address. */
export function addressOf(view: Uint8Array<ArrayBuffer>): number {
  return Number(Deno.UnsafePointer.value(Deno.UnsafePointer.of(view)));
}
