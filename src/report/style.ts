/**
 * Colours of a terminal (ECMA-48 SGR): the only place that writes an escape sequence.
 *
 * @module
 */

/** What a text is, to be seen at a glance. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue";

const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 };

/** Puts a text, already made safe to print, into a style. */
export type Paint = (style: Style, text: string) => string;

/** A painter; without colours it leaves texts as they are. */
export function painter(color: boolean): Paint {
  return (style, text) => color && text !== "" ? `\x1b[${SGR[style]}m${text}\x1b[0m` : text;
}
