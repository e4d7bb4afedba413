/**
 * Small fixed pieces of memory for calls that the runner makes for itself.
 *
 * @module
 */

import { addressOf } from "./arena.ts";

/** Bytes with their address, alive as long as this object is. */
export class Memory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly address: number;

  constructor(content: number | string | Uint8Array) {
    this.bytes = typeof content === "number"
      ? new Uint8Array(content)
      : typeof content === "string"
      ? new TextEncoder().encode(content)
      : new Uint8Array(content);
    this.view = new DataView(this.bytes.buffer);
    // Deno gives no address for an empty buffer.
    this.address = this.bytes.length === 0 ? 0 : addressOf(this.bytes);
  }

  /** A NUL-terminated string. */
  static text(text: string): Memory {
    return new Memory(text + "\0");
  }
}
