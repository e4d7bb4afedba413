/**
 * The project's labs, for tests that go through all of them.
 *
 * @module
 */

import { join, relative } from "node:path/posix";
import { missingPrograms } from "../../src/cli/programs.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import type { Result } from "../../src/report/result.ts";
import { toResult } from "../../src/report/to_result.ts";
import { labOf, type Ran } from "./run_lab.ts";
import { asRoot, type Skip, skipUnless } from "./skip.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** A lab in a file of this repository. */
export interface LabFile {
  /** From the repository's top: `labs/13-pod.yaml`. */
  readonly path: string;
  readonly text: string;
  readonly lab: Lab;
  /** Whether it can be run here. */
  readonly skip: Skip;
}

/** The labs below a directory of this repository, by path. */
export async function labsBelow(directory: string): Promise<readonly LabFile[]> {
  const files = yamlFiles(join(ROOT, directory)).sort();
  return await Promise.all(files.map(async (file): Promise<LabFile> => {
    const path = relative(ROOT, file);
    const text = await Deno.readTextFile(file);
    const lab = await labOf(text, path);
    const missing = missingPrograms(lab);
    return { path, text, lab, skip: asRoot.ignore ? asRoot : skipUnless(missing === undefined, missing ?? "") };
  }));
}

function yamlFiles(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return yamlFiles(join(directory, name));
    return name.endsWith(".yaml") ? [join(directory, name)] : [];
  });
}

/** What the command line would make of a run. */
export function resultOf({ lab, facts, verdict }: Ran): Result {
  const { durationMs, startedAt } = facts;
  return toResult([{ lab, file: lab.file, problems: [], facts, verdict, startedAt, durationMs }], {
    version: "0.0.0",
    durationMs,
    language: "en",
  });
}

/** What a person would be told of it. */
export function told(result: Result): string {
  return renderTerminal(result, { language: "en", color: false, sources: new Map() });
}
