/**
 * Quantities at places of a document.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Problems } from "./problems.ts";
import { parseBytes, parseDuration, parseMillicpu } from "./quantity.ts";
import type { Reading } from "./quantity.ts";
import type { At } from "./span.ts";
import { exactNumber } from "./tree.ts";

/** A place where a quantity is written. */
type Place = Cursor<string | number>;

/** Bytes; nothing where none are written or where they are wrong, which is reported. */
export function bytesAt(place: Place, problems: Problems): At<number> | undefined {
  return quantityAt(place, parseBytes, problems);
}

/** Thousandths of a CPU. */
export function millicpuAt(place: Place, problems: Problems): At<number> | undefined {
  return quantityAt(place, parseMillicpu, problems);
}

/** Milliseconds. */
export function durationAt(place: Place, problems: Problems): At<number> | undefined {
  return quantityAt(place, parseDuration, problems);
}

/** Milliseconds of which there must be some: a deadline of none would be over before anything is looked at. */
export function positiveDurationAt(place: Place, problems: Problems): At<number> | undefined {
  const duration = durationAt(place, problems);
  if (duration === undefined || duration.value > 0) return duration;
  problems.error("bad_value", duration.span, "Cannot use a duration of zero here");
  return undefined;
}

function quantityAt(
  place: Place,
  parse: (text: string | number) => Reading<number>,
  problems: Problems,
): At<number> | undefined {
  const { node } = place;
  if (node?.kind !== "scalar" || place.value === undefined) return undefined;
  const reading = parse(exactNumber(node) ?? place.value);
  if (reading.ok) return { value: reading.value, span: place.span };
  problems.error("bad_quantity", place.span, reading.message, reading.hint);
  return undefined;
}
