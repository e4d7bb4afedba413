/**
 * `lab clean`: removes what killed runners have left.
 *
 * @module
 */

import { shownText } from "../lab/width.ts";
import { clean } from "../run/clean.ts";
import { probeHost } from "../run/probe_host.ts";
import { EXIT } from "./errors.ts";
import type { Io } from "./io.ts";

/** Sweeps the cgroup hierarchies and says what was done. */
export default async function cleanUp(io: Io): Promise<number> {
  const { removed, running, problems } = await clean(probeHost());
  for (const path of removed) io.out(`removed  ${shownText(path)}\n`);
  for (const run of running) io.out(`running  ${shownText(run)}\n`);
  for (const problem of problems) io.err(`Cannot remove ${shownText(problem)}\n`);
  if (removed.length + running.length + problems.length === 0) io.out("Nothing to clean up\n");
  return problems.length === 0 ? EXIT.ok : EXIT.host;
}
