/**
 * Writes the files that are made from sources: `deno task gen`. With `--check` it writes nothing, and fails where one of
 * them is stale.
 *
 * @module
 */

import { toolboxElf } from "../src/asm/toolbox/toolbox.ts";
import { labSchemaText } from "../src/lab/json_schema.ts";
import { resultSchemaText } from "../src/report/json_schema.ts";
import { referenceText } from "./reference.ts";

/** What is made: where it is, from the top of the project, and its text. */
const GENERATED: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: "labs/lab.schema.json", make: labSchemaText },
  { path: "labs/result.schema.json", make: resultSchemaText },
  { path: "labs/REFERENCE.md", make: () => referenceText(JSON.parse(labSchemaText())) },
  { path: "src/asm/toolbox_bytes.ts", make: toolboxModule },
];

/** The toolbox as assembled: assembling it takes a run of one lab longer than everything else before its first pod. */
function toolboxModule(): string {
  const base64 = (arch: "x86_64" | "aarch64"): string => JSON.stringify(toolboxElf(arch).toBase64());
  return `/**
 * The toolbox (toolbox/toolbox.ts) as it is assembled, in base64. Made by \`deno task gen\`, which CI checks.
 *
 * @module
 */

import type { Architecture } from "./instruction.ts";

/** The executables by architecture. */
export const TOOLBOX: Readonly<Record<Architecture, string>> = {
  x86_64: ${base64("x86_64")},
  aarch64: ${base64("aarch64")},
};
`;
}

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
