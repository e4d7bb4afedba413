/**
 * A runner in a process of its own, to be killed: `deno run -A runner.ts KIND < LAB` runs a lab to its last observation,
 * says so by a line on stdout, and then keeps the lab up.
 *
 * @module
 */

import { runLab } from "../../src/run/run.ts";
import { type CgroupKind, hostOf } from "./host_kinds.ts";
import { labOf } from "./run_lab.ts";

/** Starts such a runner and waits until it has made all observations; what it is told to observe must hold. */
export async function startRunner(kind: CgroupKind, lab: string): Promise<Deno.ChildProcess> {
  const runner = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", import.meta.url, kind],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = runner.stdin.getWriter();
  await input.write(new TextEncoder().encode(lab));
  await input.close();
  const said: ReadableStreamDefaultReader<Uint8Array> = runner.stdout.getReader();
  const { value } = await said.read();
  said.releaseLock();
  const text = new TextDecoder().decode(value);
  if (text !== "up\n") throw new Error(`The runner says ${JSON.stringify(text)}`);
  return runner;
}

/** Kills a runner as nothing can be caught, and reaps it. */
export async function killRunner(runner: Deno.ChildProcess): Promise<void> {
  runner.kill("SIGKILL");
  await runner.stdout.cancel();
  await runner.status;
}

async function main(kind: CgroupKind): Promise<void> {
  const lab = await labOf(await new Response(Deno.stdin.readable).text());
  const say = (text: string): void => {
    Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  };
  let wrong = false;
  const keep = (): Promise<void> => {
    if (!wrong) say("up");
    return wrong ? Promise.resolve() : new Promise(() => {});
  };
  for await (const event of runLab(lab, hostOf(kind, lab), { keep })) {
    if (event.kind === "error" || (event.kind === "observation_ended" && event.observed.status !== "passed")) {
      wrong = true;
      say(JSON.stringify(event));
    }
  }
}

if (import.meta.main) await main(Deno.args[0] === "v1" ? "v1" : "own");
