/**
 * Durations for people: no more digits than mean something.
 *
 * @module
 */

import { formatMs } from "../lab/quantity.ts";

/**
 * Milliseconds as text with three significant digits: `1.23s`, `132ms`, `0.5ms`. Whole minutes and more keep seconds.
 */
export function shortDuration(ms: number): string {
  return formatMs(ms < 60_000 ? Number(ms.toPrecision(3)) : Math.round(ms / 1000) * 1000);
}

/** Milliseconds rounded to a microsecond, for data. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
