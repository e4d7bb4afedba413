/**
 * `lab list`: the labs that there are.
 *
 * @module
 */

import { type Language, textIn } from "../lab/lab.ts";
import { shownText } from "../lab/width.ts";
import { padEnd } from "../report/columns.ts";
import { textWidth } from "../lab/width.ts";
import { EXIT } from "./errors.ts";
import { findLabs, labFolders, labsBelow } from "./find.ts";
import { type Io, languageOf } from "./io.ts";
import { isFine, type LoadedLab, readLab } from "./read_lab.ts";

/** Flags of `lab list`. */
export interface ListFlags {
  readonly json?: boolean;
  readonly lang?: Language;
}

/** Prints a table of labs: all that have a name, or those of the files and directories given. */
export default async function list(io: Io, flags: ListFlags, ...words: string[]): Promise<number> {
  const labs: LoadedLab[] = [];
  for (const file of words.length > 0 ? findLabs(words) : named()) labs.push(await readLab(file));
  if (flags.json === true) io.out(`${JSON.stringify(labs.map(toJson), undefined, 2)}\n`);
  else io.out(table(labs.map((lab) => row(lab, flags.lang ?? languageOf(io)))));
  return EXIT.ok;
}

function named(): string[] {
  const { project, current } = labFolders();
  return [...new Set([project, current])].flatMap((folder) => isDirectory(folder) ? labsBelow(folder) : []);
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

const HEAD = ["NAME", "OBSERVATIONS", "TITLE", "TAGS", "FILE"] as const;

function row(loaded: LoadedLab, language: Language): readonly string[] {
  const { lab, file } = loaded;
  if (!isFine(loaded) || lab === undefined) return [nameOfFile(file), "-", "(lab check says what is wrong)", "", file];
  return [lab.name, String(lab.observations.length), textIn(lab.title, language), lab.tags.join(","), file];
}

function nameOfFile(file: string): string {
  return (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/, "");
}

function table(rows: readonly (readonly string[])[]): string {
  const all = [HEAD, ...rows].map((cells) => cells.map(shownText));
  const widths = HEAD.map((_, column) => Math.max(...all.map((cells) => textWidth(cells[column] ?? ""))));
  return all.map((cells) => `${cells.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join("  ").trimEnd()}\n`)
    .join("");
}

function toJson({ lab, file, problems }: LoadedLab): unknown {
  return {
    name: lab?.name ?? nameOfFile(file),
    title: lab?.title ?? null,
    tags: lab?.tags ?? [],
    observations: lab?.observations.length ?? null,
    requires: lab?.requires.map(({ value }) => value) ?? [],
    file,
    fine: !problems.some((problem) => problem.severity === "error"),
  };
}
