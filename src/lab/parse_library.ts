/**
 * The YAML library as ECMAScript modules. Its entry for Node, which Deno takes, is a hundred CommonJS modules that are
 * looked up one by one: loading them takes ten times as long, a fifth of a whole run of a lab. The same sources lie beside
 * them as modules, which the package calls its entry for browsers.
 *
 * @module
 */

import type * as Yaml from "yaml";
// Puts the package into the graph of modules, so that it is downloaded with the others.
import "yaml/package.json" with { type: "json" };

const MODULES = "../browser/index.js";

/** A package that is laid out differently is taken as it comes. */
async function load(): Promise<typeof Yaml> {
  const entry = import.meta.resolve("yaml");
  try {
    return await import(new URL(MODULES, entry).href);
  } catch {
    return await import(entry);
  }
}

/** The parts of the library that `parse.ts` is made of. */
export const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser }: Pick<
  typeof Yaml,
  "Composer" | "isAlias" | "isMap" | "isScalar" | "isSeq" | "Lexer" | "Parser"
> = await load();
