/**
 * What comes of reading from a peer that may send anything.
 *
 * @module
 */

/** A value, or a sentence that says why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** That an answer cannot be read, and why. */
export function unreadable(why: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error: `Cannot read the answer: ${why}` };
}
