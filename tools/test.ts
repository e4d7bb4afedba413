/**
 * All tests: `deno task test`. Installs what they want where it may, runs them, says which were skipped and why, and counts.
 *
 * Arguments are handed on to `deno test`: paths instead of all tests, flags (`--filter`) besides.
 *
 * @module
 */

import { installPackages } from "./packages.ts";
import { closingText, type Counts, countTests, sum } from "./test_counts.ts";

const ROOT = new URL("..", import.meta.url);
const FOLDERS = ["src", "tests", "tools"];
const DOCUMENTED = ["mod.ts", "README.md"];

const encoder = new TextEncoder();

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** Runs `deno test` and counts. A run that failed without a failed test (a module that cannot be loaded) counts as one. */
async function runTests(args: readonly string[]): Promise<Counts> {
  const report = await Deno.makeTempFile({ prefix: "podlab-tests-", suffix: ".xml" });
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", `--junit-path=${report}`, ...args],
      cwd: ROOT,
      stdin: "null",
    }).spawn().status;
    const counts = countTests(await Deno.readTextFile(report));
    return success || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

async function main(args: readonly string[]): Promise<number> {
  // The tests get Ctrl-C as well; what they came to is still worth counting.
  Deno.addSignalListener("SIGINT", () => {});
  await installPackages(say);
  const hasPaths = args.some((arg) => !arg.startsWith("-") && isThere(arg));
  let counts = await runTests(hasPaths ? args : [...args, ...FOLDERS]);
  if (args.length === 0) {
    // Examples are modules of their own: what stays open for the process's life is opened before them.
    counts = sum(counts, await runTests(["--doc", "--preload=tests/support/open_kernel.ts", ...DOCUMENTED]));
  }
  Deno.stdout.writeSync(encoder.encode(`\n${closingText(counts)}`));
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
