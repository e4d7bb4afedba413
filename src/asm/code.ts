/**
 * Machine code under construction: bytes, where the labels are, and which distances are still to be filled in.
 *
 * @module
 */

import type { Label } from "./instruction.ts";

/** Writes the distance to a label, once it is known, into the instruction at `at`. */
export type Patch = (code: DataView, at: number, distance: number) => void;

/** A growing run of little-endian machine code. */
export class Code {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;
  #places = new Map<Label, number>();
  #references: { label: Label; at: number; patch: Patch }[] = [];

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends one byte. */
  u8(value: number): void {
    if (this.#size === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#size++] = value;
  }

  /** Appends 32 bits. */
  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#size, value, true);
    this.#size += 4;
  }

  /** Appends 64 bits. */
  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#size, BigInt.asUintN(64, value), true);
    this.#size += 8;
  }

  /** Appends data as it is. */
  data(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** The label stands here. */
  place(label: Label): void {
    if (this.#places.has(label)) throw new Error(`Cannot place label "${label.name}" twice`);
    this.#places.set(label, this.#size);
  }

  /** What stands at `at` needs the distance from `at` to the label. */
  refer(label: Label, at: number, patch: Patch): void {
    this.#references.push({ label, at, patch });
  }

  /**
   * The finished code, every distance filled in.
   *
   * @throws Error if a label is used and never placed, or is too far away
   */
  finish(): Uint8Array<ArrayBuffer> {
    for (const { label, at, patch } of this.#references) {
      const place = this.#places.get(label);
      if (place === undefined) throw new Error(`Cannot find label "${label.name}": it is used but never placed`);
      patch(this.#view, at, place - at);
    }
    return this.#bytes.slice(0, this.#size);
  }

  #reserve(bytes: number): void {
    if (this.#size + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#size + bytes));
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
