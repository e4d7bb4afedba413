/**
 * Texts that a terminal shows as they are.
 *
 * @module
 */

import assert from "node:assert/strict";

/** Asserts that nothing but line feeds controls a terminal: no C0, C1 or DEL, and nothing that hides or turns text (Cf). */
export function assertPrintable(text: string): void {
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
}
