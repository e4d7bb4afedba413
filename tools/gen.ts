/**
 * Writes the files that are made from sources: `deno task gen`. With `--check` it writes nothing, and fails where one of
 * them is stale.
 *
 * @module
 */

import { labSchemaText } from "../src/lab/json_schema.ts";
import { resultSchemaText } from "../src/report/json_schema.ts";
import { referenceText } from "./reference.ts";

/** What is made: where it is, from the top of the project, and its text. */
const GENERATED: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: "labs/lab.schema.json", make: labSchemaText },
  { path: "labs/result.schema.json", make: resultSchemaText },
  { path: "labs/REFERENCE.md", make: () => referenceText(JSON.parse(labSchemaText())) },
];

/** A file's text; nothing where there is none. */
function textOf(url: URL): string | undefined {
  try {
    return Deno.readTextFileSync(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function main(args: readonly string[]): number {
  const checks = args.includes("--check");
  let stale = 0;
  for (const { path, make } of GENERATED) {
    const url = new URL(`../${path}`, import.meta.url);
    const text = make();
    if (textOf(url) === text) continue;
    stale++;
    if (!checks) Deno.writeTextFileSync(url, text);
    const message = checks ? `${path} is stale: run deno task gen` : `wrote ${path}`;
    Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  }
  return checks && stale > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(main(Deno.args));
