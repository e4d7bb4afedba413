/**
 * Whole processes: the command line from its start to its end.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import type { JsonReport } from "../../src/report/json_schema.ts";
import { withOneObservation } from "./labs.ts";
import type { Contender } from "./rounds.ts";
import type { Scale } from "./scale.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MAIN = `${ROOT}src/main.ts`;
const LAB = `${ROOT}labs/13-pod.yaml`;
/** `deno run` with the flags of the task. */
const RUN: readonly string[] = config.tasks.lab.command.split(" ").slice(1, -1);

/** Start-up. */
export function startUps(directory: string): Contender[] {
  const empty = `${directory}/empty.ts`;
  Deno.writeTextFileSync(empty, "export {};\n");
  const name = "an empty script";
  return [
    { name, once: () => deno([...RUN, empty]) },
    { name: "lab --help", once: () => deno([...RUN, MAIN, "--help"]), against: name, target: "≤ 1.5" },
  ];
}

/** Labs from the command to its end. */
export function labRuns(directory: string): Contender[] {
  const one = `${directory}/one.yaml`;
  Deno.writeTextFileSync(one, withOneObservation(Deno.readTextFileSync(LAB)));
  return [
    { name: "lab run, the pods of 13-pod and one observation", once: () => deno([...RUN, MAIN, "run", one]) },
    { name: "lab run 13-pod, waiting not counted", once: () => withoutWaiting(directory), target: "< 150 ms" },
    { name: "lab run 13-pod", once: () => deno([...RUN, MAIN, "run", LAB]) },
    { name: "deno task lab 13-pod", once: () => deno(["task", "lab", "13-pod"]) },
  ];
}

/** Pods of two containers. */
export function scales(): Contender[] {
  const counts = [10, 100, 500];
  const latest = new Map<number, Scale>();
  const times = counts.map((count): Contender => ({
    name: `${count} pods, up, each`,
    once: async () => {
      const scale = await scaleOf(count);
      latest.set(count, scale);
      return scale.upMs;
    },
    ...(count === 10 ? {} : { against: "10 pods, up, each", target: "≤ 1.2" }),
  }));
  const figure = (count: number, of: (scale: Scale) => number) => (): Promise<number> => {
    const scale = latest.get(count);
    return scale === undefined ? Promise.reject(new Error("there was no run")) : Promise.resolve(of(scale));
  };
  return [
    ...times,
    ...counts.map((count): Contender => ({
      name: `${count} pods, down, each`,
      once: figure(count, ({ downMs }) => downMs),
      ...(count === 10 ? {} : { against: "10 pods, down, each" }),
    })),
    ...counts.map((count): Contender => ({
      name: `${count} pods, the runner's memory at most`,
      once: figure(count, ({ peakMb }) => peakMb),
      unit: "MB",
      ...(count === 500 ? { target: "< 120 MB" } : {}),
    })),
  ];
}

/** Runs Deno; milliseconds. */
async function deno(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const { success, stderr } = await output(args);
  const taken = performance.now() - begun;
  if (!success) throw new Error(stderr.trim().split("\n").at(-1));
  return taken;
}

/** Observations that were looked at more than once were waited for. */
async function withoutWaiting(directory: string): Promise<number> {
  const path = `${directory}/report.json`;
  const taken = await deno([...RUN, MAIN, "run", LAB, "--report", `json=${path}`]);
  const report: JsonReport = JSON.parse(await Deno.readTextFile(path));
  const waited = report.labs.flatMap(({ observations }) => observations).filter(({ looks }) => looks > 1);
  return taken - waited.reduce((total, { durationMs }) => total + durationMs, 0);
}

async function scaleOf(count: number): Promise<Scale> {
  const { success, stdout, stderr } = await output([...RUN, new URL("scale.ts", import.meta.url).href, String(count)]);
  if (!success) throw new Error(stderr.trim().split("\n")[0]);
  return JSON.parse(stdout);
}

async function output(args: readonly string[]): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
