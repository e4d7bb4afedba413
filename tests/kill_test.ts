// Goal: after kill -9 of the runner every process of its pods is gone at once, by the kernel, and nothing but empty cgroup
// directories remains, which one clean removes. Method: the runner is killed at a hundred moments: some spread over its
// whole run, most of them over the part in which it makes and ends pods, which its first cgroup announces.

import assert from "node:assert/strict";
import { probeHost } from "../src/run/probe_host.ts";
import { clean } from "../src/run/clean.ts";
import { assertNothingLeft, cgroups, snapshot } from "./support/leaks.ts";
import { asRoot } from "./support/skip.ts";

const KILLS = 100;
/** Every so many kills one is timed from the start of the runner. */
const FROM_START_EVERY = 5;
const GONE_WITHIN_MS = 2000;
const MAIN = new URL("../src/main.ts", import.meta.url).pathname;
const LAB = new URL("../labs/13-pod.yaml", import.meta.url).pathname;

/** Starts a runner; its pods are in cgroups that name its pid. */
function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", MAIN, "run", LAB],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** How long a whole run takes, and how long of it there are pods. */
async function measure(): Promise<{ whole: number; pods: number }> {
  const started = performance.now();
  const runner = start();
  await firstCgroup(runner.pid);
  const up = performance.now();
  const { code } = await runner.status;
  assert.equal(code, 0, "the lab itself must pass");
  const over = performance.now();
  return { whole: over - started, pods: over - up };
}

/** Resolves when a runner has made its first cgroup, or has ended. */
async function firstCgroup(runner: number): Promise<void> {
  while (isRunning(runner) && !cgroups().some((path) => path.includes(`/podlab/${runner}-`))) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function isRunning(pid: number): boolean {
  try {
    return hasProgram(String(pid));
  } catch {
    return false;
  }
}

/** Processes of a runner's pods, those in a cgroup of its runs, that still have a program: can do anything. */
function podProcesses(runner: number): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/cgroup`).includes(`/podlab/${runner}-`) && hasProgram(pid);
    } catch {
      return false;
    }
  });
}

/** A process that has ended has no program any more, even while infra waits for the host's init to reap its members. */
function hasProgram(pid: string): boolean {
  return Deno.readLinkSync(`/proc/${pid}/exe`) !== "";
}

function describeProcess(pid: string): string {
  return ["comm", "wchan", "status", "cgroup"].map((file) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/${file}`).replace(/\s+/g, " ").slice(0, 300);
    } catch {
      return "gone";
    }
  }).join(" | ");
}

async function kill(ms: number, fromStart: boolean): Promise<number> {
  const runner = start();
  if (!fromStart) await firstCgroup(runner.pid);
  await new Promise((resolve) => setTimeout(resolve, ms));
  try {
    runner.kill("SIGKILL");
  } catch {
    // It was over already.
  }
  await runner.status;
  return runner.pid;
}

/** Waits until the kernel has taken the last process of a killed runner's pods away. */
async function assertGone(runner: number): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  while (podProcesses(runner).length > 0) {
    assert.ok(
      performance.now() < deadline,
      `processes of the killed runner ${runner} live on: ${podProcesses(runner).map(describeProcess).join("; ")}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test({
  name: `clean() finds nothing but empty cgroups after a hundred runners were killed at all moments${asRoot.why}`,
  ...asRoot,
  async fn(t) {
    await clean(probeHost());
    const before = snapshot();
    const { whole, pods } = await measure();
    let caught = 0;
    for (let index = 0; index < KILLS; index++) {
      const fromStart = index % FROM_START_EVERY === 0;
      const runner = await kill((fromStart ? whole : pods) * index / KILLS, fromStart);
      await assertGone(runner);
      if (cgroups().some((path) => path.includes(`/podlab/${runner}-`))) caught++;
    }
    await t.step(
      `${caught} of ${KILLS} runners were killed while their pods were up`,
      () => assert.ok(caught > KILLS / 3),
    );
    const { problems } = await clean(probeHost());
    assert.deepEqual(problems, []);
    assertNothingLeft(before);
  },
});
