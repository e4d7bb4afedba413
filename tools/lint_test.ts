import assert from "node:assert/strict";
import plugin from "./lint.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

/** The rules that a line of a file breaks. */
function broken(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, `${ROOT}${path}`, source).map(({ id }) => id.replace("podlab/", ""));
}

const CASES: readonly (readonly [rule: string, path: string, breaks: string, holds: string])[] = [
  ["layering", "src/lab/check.ts", 'import "../plan/plan.ts";', 'import "./lab.ts";'],
  ["layering", "src/lab/check.ts", 'export * from "../match/judge.ts";', 'export * from "./deeper/lab.ts";'],
  ["layering", "src/plan/compile.ts", 'import "../run/run.ts";', 'import "../lab/lab.ts";'],
  ["layering", "src/plan/compile.ts", 'const x = await import("../sys/kernel.ts");', 'await import("./op.ts");'],
  ["layering", "src/match/judge.ts", 'import type { Op } from "../plan/op.ts";', 'import "../lab/matcher.ts";'],
  ["layering", "src/report/json.ts", 'import "../cli/load.ts";', 'import "../match/events.ts";'],
  ["layering", "src/asm/language/body.ts", 'import "../../lab/lab.ts";', 'import "../record.ts";'],
  ["layering", "src/sys/encode.ts", 'import "../lab/lab.ts";', 'import "../plan/op.ts";'],
  ["layering", "src/run/run.ts", 'import "../cli/load.ts";', 'import "../sys/kernel.ts";'],
  ["layering", "src/cli/run.ts", 'import "../../tools/gen.ts";', 'import "../report/json.ts";'],
  ["layering", "src/main.ts", 'import "./sys/kernel.ts";', 'import "./cli/app.ts";'],
  ["layering", "src/helpers/any.ts", 'import "../lab/lab.ts";', 'import "./other.ts";'],
  ["pure", "src/lab/parse.ts", "Deno.readTextFileSync('x');", "text.readTextFileSync('x');"],
  ["pure", "src/plan/compile.ts", "const now = Date.now();", "const then = Date.parse(text);"],
  ["pure", "src/match/fold.ts", "const now = new Date();", "const then = new Date(0);"],
  ["pure", "src/match/fold.ts", "const id = Math.random();", "const id = Math.max(1, 2);"],
  ["pure", "src/report/html.ts", "await fetch('x');", "await fetched('x');"],
  ["pure", "src/report/html.ts", "const t = performance.now();", "const t = clock.now();"],
  ["pure", "src/report/html.ts", "setTimeout(f, 1);", "later(f, 1);"],
  ["pure", "src/asm/elf.ts", 'import "node:fs";', 'import "./code.ts";'],
  ["pure", "src/asm/elf.ts", "type A = Deno.Kv;", "type A = Other.Kv;"],
  ["pure", "src/asm/elf.ts", "const g = globalThis.Deno;", "const g = globalThese.Deno;"],
  ["one-importer", "src/run/clean.ts", 'import "yaml";', 'import "node:assert/strict";'],
  ["one-importer", "src/cli/run.ts", 'import "@stricli/core";', 'import "./app.ts";'],
  ["one-importer", "src/cli/run.ts", 'import "left-pad";', 'import "../report/json.ts";'],
  ["one-importer", "src/lab/check.ts", 'import "npm:yaml@2";', 'import "./parse.ts";'],
  ["one-dlopen", "src/run/run.ts", 'Deno.dlopen("libc.so.6", {});', "kernel.dlopen();"],
  ["one-dlopen", "src/run/run.ts", 'Deno["dlopen"]("libc.so.6", {});', 'Deno["open"]("x");'],
];

for (const [rule, path, breaks, holds] of CASES) {
  Deno.test(`lint rule ${rule} refuses ${breaks} in ${path}, and lets ${holds} pass`, () => {
    assert.deepEqual(new Set(broken(path, breaks)), new Set([rule]));
    assert.deepEqual(broken(path, holds), []);
  });
}

Deno.test("lint rules let each dependency into its own file", () => {
  assert.deepEqual(broken("src/lab/parse.ts", 'import "yaml";'), []);
  assert.deepEqual(broken("src/cli/app.ts", 'import "@stricli/core";'), []);
  assert.deepEqual(broken("src/sys/kernel.ts", 'Deno.dlopen("libc.so.6", {});'), []);
  assert.deepEqual(broken("src/lab/quantity_test.ts", 'import "fast-check";'), []);
});

Deno.test("lint rules let tests use what they test with", () => {
  assert.deepEqual(broken("src/lab/parse_test.ts", 'import "../../tests/support/golden.ts"; Deno.test("x", f);'), []);
});
