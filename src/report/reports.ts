/**
 * The reports by name, as `--report` takes them.
 *
 * @module
 */

import { suggestion } from "../lab/suggest.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import type { RenderOptions } from "./render_options.ts";
import type { Result } from "./result.ts";
import { renderTap } from "./tap.ts";
import { renderTerminal } from "./terminal.ts";

/** A Result as text, with a line feed at its end. */
export type Render = (result: Result, options: RenderOptions) => string;

/** The names that a report can be asked for by. */
export type ReportFormat = "terminal" | "json" | "junit" | "tap";

/** What renders each. */
export const REPORTS: Readonly<Record<ReportFormat, Render>> = {
  terminal: renderTerminal,
  json: renderJson,
  junit: renderJunit,
  tap: renderTap,
};

/** A report to make. */
export interface ReportSpec {
  readonly format: ReportFormat;
  /** The file to write it to; standard output where there is none. */
  readonly path?: string;
}

/** What was wrong with a `--report`, in one sentence, and what to write instead. */
export interface ReportSpecError {
  readonly message: string;
  readonly hint: string;
}

/**
 * Reads `FORMAT` or `FORMAT=PATH`.
 *
 * @example
 * ```ts
 * import { parseReport } from "./reports.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseReport("junit=out.xml"), { format: "junit", path: "out.xml" });
 * ```
 */
export function parseReport(spec: string): ReportSpec | ReportSpecError {
  const [format = "", ...rest] = spec.split("=");
  const path = rest.join("=");
  if (!isFormat(format)) {
    const hint = suggestion(format, Object.keys(REPORTS), "formats");
    return { message: `Cannot make a report in the format ${JSON.stringify(format)}`, hint };
  }
  if (rest.length === 0) return { format };
  if (path === "") {
    return {
      message: `Cannot write the report ${JSON.stringify(spec)}: the path is empty`,
      hint: `Write ${format}=PATH`,
    };
  }
  return { format, path };
}

function isFormat(text: string): text is ReportFormat {
  return Object.hasOwn(REPORTS, text);
}
