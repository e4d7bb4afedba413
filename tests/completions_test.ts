/**
 * Goal: a shell that has read the script completes commands, flags, values and labs. Method: the shells themselves are asked,
 * where they are installed.
 */

import assert from "node:assert/strict";
import { cleanEnv, lab } from "./support/command_line.ts";
import { withProgram } from "./support/skip.ts";

/** What is proposed for the last word. */
async function proposed(...words: string[]): Promise<string[]> {
  const { out, code } = await lab(["__complete", "--", ...words]);
  assert.equal(code, 0);
  return out.split("\n").filter((line) => line !== "");
}

Deno.test("lab __complete proposes commands and labs for the first word", async () => {
  assert.deepEqual(await proposed("ch"), ["check"]);
  assert.deepEqual(await proposed("13-po"), ["13-pod"]);
  const all = await proposed("");
  for (const word of ["run", "doctor", "13-pod", "05-process"]) assert.ok(all.includes(word), word);
  assert.ok(!all.includes("__complete"));
});

Deno.test("lab __complete proposes flags, their values, and labs where a command takes them", async () => {
  assert.deepEqual(await proposed("run", "--fail"), ["--fail-fast"]);
  assert.deepEqual(await proposed("run", "--report", "j"), ["json", "junit"]);
  assert.deepEqual(await proposed("run", "--lang", ""), ["en", "zh"]);
  assert.deepEqual(await proposed("check", "13-po"), ["13-pod"]);
  assert.deepEqual(await proposed("13-pod", "--fail"), ["--fail-fast"]);
  assert.deepEqual(await proposed("completions", ""), ["bash", "zsh", "fish"]);
});

/** Runs a script in a shell that has read the completions. */
async function inShell(shell: string, script: string): Promise<string> {
  const { out } = await lab(["completions", shell]);
  const { stdout, stderr } = await new Deno.Command(shell, {
    args: ["-c", `${out}\n${script}`],
    clearEnv: true,
    env: cleanEnv(),
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout);
}

const bash = withProgram("/bin/bash", "bash");

Deno.test(`the bash script completes${bash.why}`, bash, async () => {
  const script = `
    complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _podlab_complete; echo "\${COMPREPLY[*]}"; }
    complete_words lab che
    complete_words lab run 13-po
    complete_words lab run --rep
    complete_words lab run --report ju
    lab --version
    complete -p lab`;
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  assert.deepEqual((await inShell("bash", script)).split("\n"), [
    "check",
    "13-pod",
    "--report --repeat",
    "junit",
    version,
    "complete -o default -F _podlab_complete lab",
    "",
  ]);
});

const zsh = withProgram("/usr/bin/zsh", "zsh");

Deno.test(`the zsh script completes${zsh.why}`, zsh, async () => {
  const script = `
    compadd() { shift; print -r -- "$@" }
    _files() { }
    words=(lab check 13-po) CURRENT=3
    _podlab_complete`;
  assert.equal(await inShell("zsh", script), "13-pod\n");
});

const fish = withProgram("/usr/bin/fish", "fish");

Deno.test(`the fish script completes${fish.why}`, fish, async () => {
  assert.match(await inShell("fish", "complete -C 'lab check 13-po'"), /^13-pod$/m);
});
