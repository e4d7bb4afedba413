/**
 * `lab plan`: the system calls that a lab comes to.
 *
 * @module
 */

import { compile } from "../plan/compile.ts";
import { describePlan, planToJson } from "../plan/describe.ts";
import { probeHost } from "../run/probe_host.ts";
import { EXIT } from "./errors.ts";
import type { Io } from "./io.ts";
import { readOneLab } from "./read_lab.ts";

/** Stands in paths for the run's own directory, whose name each run makes up. */
const RUN = "RUN";

/** Flags of `lab plan`. */
export interface PlanFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Prints a lab's plan for this host. */
export default async function plan(io: Io, flags: PlanFlags, ...words: string[]): Promise<number> {
  const lab = await readOneLab(io, words, flags.color);
  if (lab === undefined) return EXIT.usage;
  const compiled = compile(lab, probeHost(lab), RUN);
  io.out(flags.json === true ? `${JSON.stringify(planToJson(compiled), undefined, 2)}\n` : describePlan(compiled));
  return EXIT.ok;
}
