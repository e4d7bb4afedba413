/**
 * What every report is told besides the Result.
 *
 * @module
 */

import type { Language } from "../lab/lab.ts";

/** How to render. */
export interface RenderOptions {
  /** Of fixed texts, and of names where they come in both. */
  readonly language: Language;
  /** Whether to use colours; only for a terminal. */
  readonly color: boolean;
  /** The text of each file, by its name in spans, for source lines. */
  readonly sources: ReadonlyMap<string, string>;
  /** The machine's name, for JUnit; `localhost` by default. */
  readonly hostname?: string;
}
