/**
 * Comparing texts so that a failure shows the lines that differ; golden files.
 *
 * @module
 */

import assert from "node:assert/strict";
import { lineDiff } from "../../src/match/diff.ts";

const GOLDEN = new URL("../golden/", import.meta.url);

/** Fails with a line diff where the texts are not the same. (`assert.equal` shows a long text on one line.) */
export function assertText(actual: string, expected: string, message = "The texts are not the same"): void {
  if (actual !== expected) assert.fail(`${message} (- expected, + actual)\n${lineDiff(expected, actual)}`);
}

/**
 * Fails where the text is not that of `tests/golden/NAME`. With UPDATE_GOLDEN=1 in the environment writes the file instead:
 * then read the difference in version control.
 */
export function assertGolden(name: string, actual: string): void {
  const file = new URL(name, GOLDEN);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    Deno.mkdirSync(new URL(".", file), { recursive: true });
    Deno.writeTextFileSync(file, actual);
    return;
  }
  assertText(actual, readGolden(file), `tests/golden/${name} is not what is made now; UPDATE_GOLDEN=1 writes it`);
}

/** One that is missing differs in every line. */
function readGolden(file: URL): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
