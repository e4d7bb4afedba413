/**
 * Names that may be there once.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Problems } from "./problems.ts";
import { clipped } from "./tree.ts";

/** Reports each name that an earlier one has already. */
export function checkUnique(names: readonly Cursor<string>[], noun: string, problems: Problems): void {
  const seen = new Map<string, Cursor<string>>();
  for (const name of names) {
    if (name.value === undefined) continue;
    const earlier = seen.get(name.value);
    if (earlier === undefined) {
      seen.set(name.value, name);
      continue;
    }
    const place = earlier.span.file === name.span.file ? `line ${earlier.span.line}` : earlier.span.file;
    const message = `Cannot name two ${noun}s ${clipped(name.value)}`;
    problems.error("duplicate_name", name.span, message, `The other one is in ${place}`);
  }
}
