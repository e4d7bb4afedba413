/**
 * Goal: README.md stays true. Method: what it names is looked for where it is: commands and flags in the command line's help, names
 * of the language in the language, files in the project.
 */

import assert from "node:assert/strict";
import { checkLab } from "../src/lab/check.ts";
import { FACTS } from "../src/lab/facts.ts";
import { ActionSchema } from "../src/lab/schema.ts";
import { parseLab } from "../src/lab/parse.ts";
import { allMatchers } from "../tools/reference.ts";
import { lab } from "./support/command_line.ts";

const ROOT = new URL("..", import.meta.url);
const README = await Deno.readTextFile(new URL("README.md", ROOT));

/** The row of a table that begins with these words. */
function row(first: string): string {
  const found = README.split("\n").find((line) => line.split("|")[1]?.trim() === first);
  assert.ok(found !== undefined, `README.md has no row "${first}"`);
  return found;
}

/** What stands in backquotes. */
function names(text: string): readonly string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
}

Deno.test("README.md begins with the two commands, which are tasks", async () => {
  const commands = [...README.matchAll(/^ {4}npx -y deno@([\d.]+) task (\w+)(.*)$/gm)];
  assert.deepEqual(commands.map(([, version, task, rest]) => [version, task, rest]), [
    ["2.9.6", "lab", " 13-pod"],
    ["2.9.6", "test", ""],
  ]);
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  for (const [, task] of README.matchAll(/deno task (?:-q )?(\w+)/g)) {
    assert.ok(task !== undefined && task in tasks, task);
  }
});

Deno.test("README.md shows what 13-pod claims, in its order", async () => {
  const text = await Deno.readTextFile(new URL("labs/13-pod.yaml", ROOT));
  const { lab: pod } = await checkLab(parseLab({ name: "13-pod.yaml", text }));
  const claims = pod?.observations.map(({ name }) => name.en) ?? [];
  const shown = [...README.matchAll(/^ {2}✔ (.*)$/gm)].map(([, name = ""]) => name);
  assert.ok(shown.length > 5);
  assert.deepEqual(shown, claims.slice(0, shown.length));
  assert.match(README, new RegExp(`^${claims.length} passed, 0 failed in `, "m"));
});

Deno.test("README.md lists every command with its flags", async () => {
  const { out } = await lab(["--help"]);
  const commands = [...out.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name = ""]) => name).filter((name) =>
    name !== "lab"
  );
  assert.ok(commands.length >= 9);
  for (const command of commands) {
    const help = (await lab([command, "--help"])).out;
    const line = row(`\`${command}\``);
    const written = [...line.matchAll(/`--([\w-]+)/g)].map(([, flag = ""]) => flag);
    // Colours are the same everywhere, and told once.
    const real = [...help.matchAll(/--([\w-]+)/g)].map(([, flag = ""]) => flag)
      .filter((flag) => !["help", "color", "no-color", "lang"].includes(flag) || written.includes(flag));
    assert.deepEqual(new Set(written), new Set(real), command);
  }
});

Deno.test("README.md names every subject, action and matcher", () => {
  assert.deepEqual(new Set(names(row("subjects"))), new Set(Object.keys(FACTS)));
  assert.deepEqual(new Set(names(row("actions"))), new Set(Object.keys(ActionSchema.entries)));
  assert.deepEqual(names(row("matchers")), allMatchers());
});

Deno.test("README.md shows a lab that is one", async () => {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(README) ?? [];
  assert.deepEqual((await checkLab(parseLab({ name: "README.md", text }))).problems, []);
});

Deno.test("README.md shows a program of at most 15 lines", () => {
  const [, text = ""] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
  const lines = text.trimEnd().split("\n");
  assert.ok(lines.length > 5 && lines.length <= 15, `${lines.length} lines`);
});

for (const file of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]) {
  Deno.test(`${file} names files that exist`, async () => {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    const links = [...text.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)].map(([, path = ""]) => path);
    const paths = [...text.matchAll(/`((?:src|tests|tools|labs|\.ci)\/[\w./-]*)`/g)].map(([, path = ""]) => path);
    for (const path of [...links, ...paths]) await assert.doesNotReject(Deno.stat(new URL(path, ROOT)), path);
  });
}

Deno.test("README.md lists the labs that there are", async () => {
  const listed = [...README.matchAll(/^\| \[[^\]]+\]\((labs\/[^)]+)\)/gm)].map(([, path = ""]) => path);
  const labs: string[] = [];
  for await (const { name } of Deno.readDir(new URL("labs", ROOT))) {
    if (name.endsWith(".yaml")) labs.push(`labs/${name}`);
  }
  assert.deepEqual([...listed].sort(), labs.sort());
});
