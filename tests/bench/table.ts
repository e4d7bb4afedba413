/**
 * Rows as text.
 *
 * @module
 */

import type { Row } from "./rounds.ts";

/** A part of the benchmark. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const HEAD = ["", "median", "min", "ratio", "runs", "target"] as const;

/** A section as a table; what is missing is said below it. */
export function renderSection({ title, rows }: Section): string {
  const cells = [HEAD, ...rows.filter(({ missing }) => missing === undefined).map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? "")].length)));
  const lines = cells.map((row) =>
    row.map((text, column) =>
      column === 0 || column === 5 ? text.padEnd(widths[column] ?? 0) : right(text, widths[column])
    )
      .join("  ").trimEnd()
  );
  const missing = rows.flatMap((row) => row.missing === undefined ? [] : [`not measured: ${row.name}: ${row.missing}`]);
  return `${[`# ${title}`, ...lines, ...missing].join("\n")}\n`;
}

function cellsOf({ name, unit, median, min, ratio, against, runs, target }: Row): string[] {
  const compared = ratio === undefined ? "" : `${ratio.toFixed(2)} × ${against}`;
  return [name, figure(median, unit), figure(min, unit), compared, String(runs), target ?? ""];
}

function figure(value: number | undefined, unit: string): string {
  return value === undefined ? "" : `${value.toFixed(value < 100 ? 2 : 0)} ${unit}`;
}

function right(text: string, width = 0): string {
  return text.padStart(width);
}
