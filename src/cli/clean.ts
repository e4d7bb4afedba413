/**
 * `lab clean`: removes what killed runners have left.
 *
 * @module
 */

import { shownText } from "../lab/width.ts";
import { clean, type Cleaned } from "../run/clean.ts";
import { probeHost } from "../run/probe_host.ts";
import { EXIT } from "./errors.ts";
import type { Io } from "./io.ts";

/** More of a kind is told by its number. */
const LINES_MAX = 10;

/** Sweeps the cgroup hierarchies and says what was done. */
export default async function cleanUp(io: Io): Promise<number> {
  const cleaned = await clean(probeHost());
  io.out(cleanedText(cleaned));
  for (const line of limited(cleaned.problems)) io.err(`${line}\n`);
  return cleaned.problems.length === 0 ? EXIT.ok : EXIT.host;
}

/** What was removed, run by run, and what is still running. */
export function cleanedText({ removed, running, problems }: Cleaned): string {
  const counts = new Map<string, number>();
  for (const path of removed) {
    const run = path.slice(path.lastIndexOf("/") + 1);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  const lines = [
    ...limited(
      [...counts].map(([run, count]) => `removed ${run}: ${count} cgroup ${count === 1 ? "directory" : "directories"}`),
    ),
    ...limited(running.map((run) => `left ${run}: it is still running`)),
  ];
  if (lines.length === 0 && problems.length === 0) lines.push("Nothing to clean up");
  return lines.map((line) => `${line}\n`).join("");
}

function limited(lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, LINES_MAX).map(shownText);
  return lines.length > LINES_MAX ? [...shown, `… and ${lines.length - LINES_MAX} more`] : shown;
}
