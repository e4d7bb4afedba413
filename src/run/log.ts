/**
 * What a container writes: kept bounded, whatever it writes.
 *
 * @module
 */

/** How much of a container's output is kept, the newest. */
const KEPT_BYTES = 256 * 1024;
const FIRST_BYTES = 4 * 1024;

/** One of a container's two streams. */
export type Stream = "stdout" | "stderr";

/** A run of bytes of one stream. */
interface Segment {
  readonly stream: Stream;
  length: number;
}

/** A container's output, both streams in the order that they were read in, in a ring that grows to its limit. */
export class Log {
  #ring = new Uint8Array(0);
  /** Where the oldest byte lies. */
  #start = 0;
  #length = 0;
  readonly #segments: Segment[] = [];
  /** Bytes written in all. */
  bytes = 0;
  truncated = false;

  append(stream: Stream, bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (bytes.length > KEPT_BYTES) this.truncated = true;
    const kept = bytes.length > KEPT_BYTES ? bytes.subarray(bytes.length - KEPT_BYTES) : bytes;
    this.#makeRoom(kept.length);
    this.#copyIn(kept);
    const last = this.#segments.at(-1);
    if (last?.stream === stream) last.length += kept.length;
    else this.#segments.push({ stream, length: kept.length });
  }

  /** What is kept of a stream, or of both; invalid UTF-8 is replaced. */
  text(stream: Stream | "both" = "both"): string {
    const all = new Uint8Array(this.#length);
    let from = this.#start;
    let length = 0;
    for (const segment of this.#segments) {
      if (stream === "both" || segment.stream === stream) {
        this.#copyOut(from, segment.length, all.subarray(length));
        length += segment.length;
      }
      from = (from + segment.length) % Math.max(1, this.#ring.length);
    }
    return new TextDecoder().decode(all.subarray(0, length));
  }

  /** The last lines. */
  tail(lines: number): string[] {
    return this.text().replace(/\n$/, "").split("\n").slice(-lines).filter((line) => line !== "");
  }

  #makeRoom(length: number): void {
    const wanted = this.#length + length;
    if (wanted > this.#ring.length && this.#ring.length < KEPT_BYTES) this.#grow(wanted);
    for (let excess = this.#length + length - this.#ring.length; excess > 0;) excess -= this.#dropOldest(excess);
  }

  #grow(wanted: number): void {
    let size = Math.max(this.#ring.length, FIRST_BYTES);
    while (size < wanted && size < KEPT_BYTES) size *= 2;
    const ring = new Uint8Array(size);
    this.#copyOut(this.#start, this.#length, ring);
    this.#ring = ring;
    this.#start = 0;
  }

  /** Forgets bytes of the oldest segment; how many. */
  #dropOldest(most: number): number {
    const [oldest] = this.#segments;
    if (oldest === undefined) return most;
    const dropped = Math.min(most, oldest.length);
    oldest.length -= dropped;
    if (oldest.length === 0) this.#segments.shift();
    this.#start = (this.#start + dropped) % this.#ring.length;
    this.#length -= dropped;
    this.truncated = true;
    return dropped;
  }

  #copyIn(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const at = (this.#start + this.#length) % this.#ring.length;
    const first = Math.min(bytes.length, this.#ring.length - at);
    this.#ring.set(bytes.subarray(0, first), at);
    this.#ring.set(bytes.subarray(first), 0);
    this.#length += bytes.length;
  }

  #copyOut(from: number, length: number, to: Uint8Array): void {
    const first = Math.min(length, this.#ring.length - from);
    to.set(this.#ring.subarray(from, from + first));
    to.set(this.#ring.subarray(0, length - first), first);
  }
}
