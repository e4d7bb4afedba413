/**
 * Text in the columns of a terminal.
 *
 * @module
 */

import { textWidth, widthOf } from "../lab/width.ts";

/** The text with spaces after it, up to that many columns. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** The text cut with an ellipsis to that many columns. */
export function fit(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}
