/**
 * Texts for people, in one language or two.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Text } from "./lab.ts";

/** A text as it is written: English alone, or a map of languages. */
type WrittenText = string | { readonly en: string; readonly zh?: string | undefined };

/** Reads a text; nothing where there is none. */
export function readText(written: Cursor<WrittenText>): Text | undefined {
  const en = written.isMap() ? written.get("en").value : written.value;
  const zh = written.get("zh").value;
  if (en === undefined) return undefined;
  return zh === undefined ? { en } : { en, zh };
}
