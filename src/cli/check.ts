/**
 * `lab check`: what is wrong with lab files.
 *
 * @module
 */

import { EXIT } from "./errors.ts";
import { findLabs } from "./find.ts";
import type { Io } from "./io.ts";
import { isFine, type LoadedLab, readLab, tellProblems } from "./read_lab.ts";

/** Flags of `lab check`. */
export interface CheckFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Checks files and tells their problems. */
export default async function check(io: Io, flags: CheckFlags, ...words: string[]): Promise<number> {
  const labs: LoadedLab[] = [];
  for (const file of findLabs(words, io.commands)) labs.push(await readLab(file));
  const wrong = labs.filter((lab) => !isFine(lab)).length;
  if (flags.json === true) io.out(`${JSON.stringify(labs.map(toJson), undefined, 2)}\n`);
  else {
    tellProblems(io, labs, flags.color);
    const all = `${labs.length} ${labs.length === 1 ? "lab" : "labs"}`;
    if (wrong > 0) io.err(`${wrong === labs.length ? all : `${wrong} of ${all}`} cannot be run\n`);
    else io.out(`${all} ${labs.length === 1 ? "is" : "are"} fine\n`);
  }
  return wrong === 0 ? EXIT.ok : EXIT.usage;
}

function toJson({ file, lab, problems }: LoadedLab): unknown {
  return {
    file,
    name: lab?.name ?? null,
    problems: problems.map(({ code, severity, message, hint, span }) => ({
      code,
      severity,
      message,
      hint: hint ?? null,
      file: span.file,
      line: span.line,
      column: span.column,
    })),
  };
}
