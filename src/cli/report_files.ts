/**
 * Where reports go: one to standard output, others to files.
 *
 * @module
 */

import { dirname } from "node:path/posix";
import type { RenderOptions } from "../report/render_options.ts";
import { parseReport, REPORTS, type ReportSpec } from "../report/reports.ts";
import type { Result } from "../report/result.ts";
import { EXIT, UsageError } from "./errors.ts";
import type { Io } from "./io.ts";

/** What `--report` asks for. A report for the terminal comes besides those that go to files. */
export function readReports(texts: readonly string[]): readonly ReportSpec[] {
  const reports = texts.map((text) => {
    const report = parseReport(text);
    if ("message" in report) throw new UsageError(report.message, report.hint);
    return report;
  });
  const toOutput = reports.filter(({ path }) => path === undefined);
  if (toOutput.length > 1) {
    const formats = toOutput.map(({ format }) => format).join(" and ");
    throw new UsageError(`Cannot write ${formats} to standard output at once`, "Give all but one a file: FORMAT=PATH");
  }
  const paths = reports.flatMap(({ path }) => path ?? []);
  for (const path of paths) checkPath(path, paths);
  return toOutput.length > 0 ? reports : [{ format: "terminal" }, ...reports];
}

/** A run may take minutes: that its report cannot be written is said before. */
function checkPath(path: string, paths: readonly string[]): void {
  const fail = (reason: string, hint: string): never => {
    throw new UsageError(`Cannot write a report to "${path}": ${reason}`, hint);
  };
  if (paths.filter((other) => other === path).length > 1) fail("another one goes there", "Give each its own file");
  const folder = dirname(path);
  if (infoOf(folder)?.isDirectory !== true) fail(`"${folder}" is no directory`, `Make it: mkdir -p "${folder}"`);
  if (infoOf(path)?.isDirectory === true) fail("it is a directory", "Name a file in it");
}

function infoOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** Renders and writes all reports. */
export function writeReports(
  io: Io,
  reports: readonly ReportSpec[],
  result: Result,
  options: RenderOptions,
): void {
  const failures: string[] = [];
  // Those in files first: the last thing on the screen is then the report that was waited for.
  for (
    const { format, path } of reports.toSorted((a, b) => Number(a.path === undefined) - Number(b.path === undefined))
  ) {
    const text = REPORTS[format](result, { ...options, color: path === undefined && options.color });
    if (path === undefined) io.out(text);
    else {
      try {
        Deno.writeTextFileSync(path, text);
      } catch (error) {
        failures.push(`"${path}": ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  if (failures.length > 0) {
    throw new UsageError(`Cannot write the report to ${failures.join(", ")}`, undefined, EXIT.host);
  }
}
