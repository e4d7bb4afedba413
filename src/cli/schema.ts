/**
 * `lab schema`: the JSON Schemas, as they are committed.
 *
 * @module
 */

import { nearest } from "../lab/suggest.ts";
import { EXIT, UsageError } from "./errors.ts";
import type { Io } from "./io.ts";

const FILES: Readonly<Record<string, URL>> = {
  lab: new URL("../../labs/lab.schema.json", import.meta.url),
  result: new URL("../../labs/result.schema.json", import.meta.url),
};

/** Prints one of the schemas. */
export default function schema(io: Io, _flags: unknown, which: string): number {
  const file = FILES[which];
  if (file === undefined) {
    const near = nearest(which, Object.keys(FILES));
    const hint = near === undefined ? "Schemas: lab, result" : `Did you mean "${near}"?`;
    throw new UsageError(`Cannot print a schema "${which}"`, hint);
  }
  io.out(Deno.readTextFileSync(file));
  return EXIT.ok;
}
