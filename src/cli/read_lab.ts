/**
 * From the path of a lab file to a checked lab: the pure stages, fed with files.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "node:path/posix";
import { formatProblems } from "../lab/excerpt.ts";
import { checkLab, referencedFiles } from "../lab/check.ts";
import type { Lab } from "../lab/lab.ts";
import { parseLab } from "../lab/parse.ts";
import type { Problem } from "../lab/problem.ts";
import type { Tree } from "../lab/tree.ts";
import { UsageError } from "./errors.ts";
import { findLabs } from "./find.ts";
import { type Io, useColor } from "./io.ts";
import { readFile } from "./load.ts";

/** What came of a lab file. */
export interface LoadedLab {
  /** The path as the user gave it. */
  readonly file: string;
  /** Absent where one of the problems is an error. */
  readonly lab?: Lab;
  readonly problems: readonly Problem[];
  /** The text of the file, and of those that it names, by the names in spans. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads and checks a lab file and the files that it names. */
export async function readLab(file: string): Promise<LoadedLab> {
  const read = readFile(file);
  if ("problem" in read) return { file, problems: [read.problem], sources: new Map() };
  const tree = parseLab(read.source);
  const sources = new Map([[file, read.source.text]]);
  const files = new Map<string, Tree | Problem>();
  for (const { path } of referencedFiles(tree)) {
    if (files.has(path)) continue;
    const referenced = readFile(isAbsolute(path) ? path : join(dirname(file), path));
    if ("problem" in referenced) files.set(path, referenced.problem);
    else {
      files.set(path, parseLab(referenced.source));
      sources.set(referenced.source.name, referenced.source.text);
    }
  }
  return { file, sources, ...await checkLab(tree, files) };
}

/** Whether a lab can be run. */
export function isFine(loaded: LoadedLab): loaded is LoadedLab & { readonly lab: Lab } {
  return loaded.lab !== undefined && !loaded.problems.some((problem) => problem.severity === "error");
}

/** The one lab that a command takes. Tells what is wrong with it. */
export async function readOneLab(io: Io, words: readonly string[], color?: boolean): Promise<Lab | undefined> {
  const files = findLabs(words, io.commands);
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) {
    throw new UsageError(`Cannot take ${files.length} labs at once`, `Name one of them: ${files.join(", ")}`);
  }
  const loaded = await readLab(file);
  tellProblems(io, [loaded], color);
  return isFine(loaded) ? loaded.lab : undefined;
}

/** Writes what is wrong with files to standard error. */
export function tellProblems(io: Io, labs: readonly LoadedLab[], color?: boolean): void {
  const options = { color: useColor(io, io.errIsTerminal, color) };
  for (const { problems, sources } of labs) {
    if (problems.length > 0) io.err(`${formatProblems(problems, sources, options)}\n\n`);
  }
}
