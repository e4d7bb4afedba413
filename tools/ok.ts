/**
 * Everything about the code that can be said without running it: `deno task ok`.
 *
 * @module
 */

/** What is checked, with the arguments of `deno`. */
const CHECKS: readonly (readonly [name: string, ...args: string[]])[] = [
  ["formatting", "fmt", "--check"],
  ["lint and layering", "lint"],
  ["types", "check", "--frozen", "."],
  ["types of examples", "check", "--frozen", "--doc", "mod.ts", "README.md"],
  ["documentation", "doc", "--lint", "mod.ts"],
  ["generated files", "run", "-A", "tools/gen.ts", "--check"],
];

const encoder = new TextEncoder();

/** Runs one check; shows its output only where it fails. */
function check(name: string, args: readonly string[]): boolean {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: new URL("..", import.meta.url),
    stdin: "null",
  }).outputSync();
  Deno.stdout.writeSync(encoder.encode(`${success ? "ok    " : "FAILED"}  ${name}\n`));
  if (success) return true;
  Deno.stdout.writeSync(stdout);
  Deno.stderr.writeSync(stderr);
  Deno.stderr.writeSync(encoder.encode(`  = deno ${args.join(" ")}\n`));
  return false;
}

if (import.meta.main) {
  const failures = CHECKS.map(([name, ...args]) => check(name, args)).filter((success) => !success).length;
  Deno.exit(failures === 0 ? 0 : 1);
}
