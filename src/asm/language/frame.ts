/**
 * A function's memory on the stack: a slot for each local variable and intermediate value, then its buffers.
 *
 * @module
 */

const WORD = 8;
const SLOTS_MAX = 64;
const STACK_ALIGNMENT = 16;

/** The frame of one function, growing as the function is written down. Offsets are from `sp`. */
export class Frame {
  #slots = 0;
  #free: number[] = [];
  #bufferBytes = 0;

  /** A slot that nobody else uses until it is given back. */
  take(): number {
    const slot = this.#free.pop() ?? this.#slots++;
    if (slot >= SLOTS_MAX) throw new RangeError(`Cannot have more than ${SLOTS_MAX} locals in one function`);
    return slot;
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.#free.push(slot);
  }

  /** Where a slot is. */
  offset(slot: number): number {
    return slot * WORD;
  }

  /** Makes room for a buffer; where it is. Buffers lie above every slot, however many slots are still to come. */
  buffer(bytes: number): number {
    const offset = SLOTS_MAX * WORD + this.#bufferBytes;
    this.#bufferBytes += align(bytes);
    return offset;
  }

  /** Size of the frame. */
  get bytes(): number {
    return this.#bufferBytes === 0 ? align(this.#slots * WORD) : SLOTS_MAX * WORD + this.#bufferBytes;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / STACK_ALIGNMENT) * STACK_ALIGNMENT;
}
