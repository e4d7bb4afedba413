/**
 * From the words of a command line to lab files: NAME, FILE or DIR.
 *
 * @module
 */

import { dirname, join, relative } from "node:path/posix";
import { listed, nearest } from "../lab/suggest.ts";
import { UsageError } from "./errors.ts";
import { readFile } from "./load.ts";

/** Where labs are found by name: the project's own, then those of the current directory. */
export interface LabFolders {
  readonly project: string;
  readonly current: string;
}

/** The folders for this process. */
export function labFolders(): LabFolders {
  const project = decodeURIComponent(new URL("../../labs", import.meta.url).pathname);
  return {
    project: relative(Deno.cwd(), project).startsWith("..") ? project : relative(Deno.cwd(), project),
    current: "labs",
  };
}

/** More entries than this below one directory are a mistake (`lab /`). */
const ENTRIES_MAX = 10_000;

const YAML = /\.ya?ml$/;

/** Says that a document is a Lab, in whichever style it is written. Decides which files of a DIR are meant. */
const LAB_DOCUMENT = /\bkind["']?[ \t]*:[ \t]*["']?Lab\b/;

/**
 * The files that words stand for, each once, in the order of the words.
 *
 * @param words Names of labs, files, directories.
 * @param others What the first word could have been meant for besides a lab.
 * @throws {UsageError} If a word stands for nothing.
 */
export function findLabs(words: readonly string[], others: readonly string[] = [], folders = labFolders()): string[] {
  const files = words.flatMap((word, index) => {
    const found = findLab(word, folders);
    if (found.length === 0) throw notFound(word, index === 0 ? others : [], folders);
    return found;
  });
  return [...new Set(files)];
}

function findLab(word: string, folders: LabFolders): readonly string[] {
  const isPath = YAML.test(word) || word.startsWith("/") || word.startsWith(".");
  const named = isPath ? undefined : byName(word, folders);
  if (named !== undefined) return [named];
  if (kindOf(word) === "directory") return labsBelow(word);
  // Whatever is there but is no regular file is told about where it is read.
  const there = [word, `${word}.yaml`, `${word}.yml`].find((path) => kindOf(path) !== "absent");
  return there === undefined ? [] : [there];
}

function byName(name: string, { project, current }: LabFolders): string | undefined {
  if (name === "") return undefined;
  const candidates = [project, current].flatMap((folder) => [`${folder}/${name}.yaml`, `${folder}/${name}.yml`]);
  return candidates.find((path) => kindOf(path) === "file");
}

function kindOf(path: string): "file" | "directory" | "other" | "absent" {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return isFile ? "file" : isDirectory ? "directory" : "other";
  } catch (error) {
    return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ? "absent" : "other";
  }
}

/** The lab files of a directory and those below it, sorted by path. */
export function labsBelow(directory: string): string[] {
  const found: string[] = [];
  let entries = 0;
  const walk = (folder: string): void => {
    for (const entry of readDirectory(folder)) {
      if (++entries > ENTRIES_MAX) {
        const hint = "Name a directory that holds labs";
        throw new UsageError(`Cannot search "${directory}": it holds more than ${ENTRIES_MAX} files`, hint);
      }
      const path = `${folder.replace(/\/+$/, "")}/${entry.name}`;
      if (entry.isDirectory && !entry.name.startsWith(".") && entry.name !== "node_modules") walk(path);
      else if (YAML.test(entry.name) && kindOf(path) === "file" && isLabFile(path)) found.push(path);
    }
  };
  walk(directory);
  return found.sort();
}

function readDirectory(folder: string): readonly Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/ \(os error \d+\).*$/, "") : String(error);
    throw new UsageError(`Cannot read the directory "${folder}": ${reason}`);
  }
}

/** A file that cannot be read is taken for a lab, so that it is told about. */
function isLabFile(path: string): boolean {
  const read = readFile(path);
  return "problem" in read || LAB_DOCUMENT.test(read.source.text);
}

/** Names by which labs can be asked for, sorted. */
export function labNames({ project, current }: LabFolders = labFolders()): string[] {
  const names = [project, current].flatMap((folder) => {
    if (kindOf(folder) !== "directory") return [];
    return labsBelow(folder).map((path) => path.slice(folder.length + 1).replace(YAML, ""));
  });
  return [...new Set(names)].sort();
}

function notFound(word: string, others: readonly string[], folders: LabFolders): UsageError {
  if (kindOf(word) === "directory") {
    const hint = "A lab is a YAML file with apiVersion: podlab/v1 and kind: Lab";
    return new UsageError(`Cannot find a lab below "${word}"`, hint);
  }
  if (word.includes("/") || YAML.test(word)) return fileNotFound(word);
  const labs = labNames(folders);
  const nearLab = nearest(word, labs) ?? labs.find((name) => word.length >= 2 && name.includes(word));
  const nearCommand = nearest(word, others);
  const near = [
    ...(nearLab === undefined ? [] : [`the lab "${nearLab}"`]),
    ...(nearCommand === undefined ? [] : [`the command "${nearCommand}"`]),
  ];
  const all = labs.length === 0 ? "There are no labs here: give the path of a file" : `Labs: ${listed(labs)}`;
  const message = others.length === 0 ? `Cannot find a lab "${word}"` : `Cannot find a lab or command "${word}"`;
  return new UsageError(message, near.length === 0 ? all : `Did you mean ${near.join(" or ")}?`);
}

function fileNotFound(path: string): UsageError {
  const folder = dirname(path);
  const beside = kindOf(folder) === "directory" ? readDirectory(folder).map(({ name }) => join(folder, name)) : [];
  const near = nearest(join(path), beside.filter((name) => YAML.test(name)));
  const hint = near === undefined ? "lab list shows the labs that have a name" : `Did you mean "${near}"?`;
  return new UsageError(`Cannot find the file "${path}"`, hint);
}
