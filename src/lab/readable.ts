/**
 * What a text must be before it is read as YAML.
 *
 * @module
 */

import type { Lines } from "./lines.ts";
import type { Problems } from "./problems.ts";

/** One MiB of text: a lab of five hundred pods has a fifth of it. */
export const TEXT_LENGTH_MAX = 1 << 20;

/**
 * Control characters other than tab, line ends and NEL: not in c-printable of YAML 1.2.2 §5.1, though the library lets
 * them pass.
 */
const CONTROL = /[^\P{Cc}\t\n\r\u{85}]/u;

/** Whether a text is text at all, and short enough; adds the problem where not. */
export function isReadable(text: string, lines: Lines, problems: Problems): boolean {
  if (text.length > TEXT_LENGTH_MAX) {
    const message = `Cannot use this file: it has ${text.length} characters, the limit is ${TEXT_LENGTH_MAX}`;
    problems.error("too_large", lines.span(0, 0), message, "Split it into several labs");
    return false;
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    const message = "Cannot read this file as text: it holds a NUL character";
    problems.error("file_unreadable", lines.span(nul, nul + 1), message, "A lab is a YAML file in UTF-8");
    return false;
  }
  const control = CONTROL.exec(text);
  if (control === null) return true;
  const name = `U+${(control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const message = `Cannot read this file as YAML: it holds the control character ${name}`;
  const hint = 'Write it as an escape in double quotes, as in "\\x1b"';
  problems.error("yaml_syntax", lines.span(control.index, control.index + 1), message, hint);
  return false;
}
