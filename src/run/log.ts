/**
 * What a container writes: kept bounded, whatever it writes.
 *
 * @module
 */

/** How much of a container's output is kept, the newest. */
const KEPT_BYTES = 256 * 1024;

/** One of a container's two streams. */
export type Stream = "stdout" | "stderr";

/** A container's output, both streams in the order that they were read in. */
export class Log {
  #chunks: { stream: Stream; bytes: Uint8Array }[] = [];
  #kept = 0;
  /** Bytes written in all. */
  bytes = 0;
  truncated = false;

  append(stream: Stream, bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.#kept += bytes.length;
    this.#chunks.push({ stream, bytes: bytes.slice() });
    while (this.#kept > KEPT_BYTES && this.#chunks.length > 1) {
      this.#kept -= this.#chunks.shift()?.bytes.length ?? 0;
      this.truncated = true;
    }
  }

  /** What is kept of a stream, or of both; invalid UTF-8 is replaced. */
  text(stream: Stream | "both" = "both"): string {
    const chunks = this.#chunks.filter((chunk) => stream === "both" || chunk.stream === stream);
    const all = new Uint8Array(chunks.reduce((total, { bytes }) => total + bytes.length, 0));
    let offset = 0;
    for (const { bytes } of chunks) {
      all.set(bytes, offset);
      offset += bytes.length;
    }
    return new TextDecoder().decode(all);
  }

  /** The last lines. */
  tail(lines: number): string[] {
    return this.text().replace(/\n$/, "").split("\n").slice(-lines).filter((line) => line !== "");
  }
}
