// Goal: whatever step of a lab's plan fails, the run ends with an error that names the step and its place in the file,
// and leaves nothing behind. Method: the lab runs once for each step that it makes, with that one call failing through
// the table (an injected errno) instead of being made.

import assert from "node:assert/strict";
import type { RunError } from "../src/match/events.ts";
import { describe } from "../src/plan/describe.ts";
import type { Op } from "../src/plan/op.ts";
import { probeHost } from "../src/run/probe_host.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { labOf, run } from "./support/run_lab.ts";
import { asRoot } from "./support/skip.ts";

/** So many runs at once: much of a run is waiting for the kernel. */
const AT_ONCE = 4;

/** Errors that each call's man page lists and that can happen here; others get EPERM. */
const ERRNOS: Readonly<Record<string, string>> = {
  clone3: "EAGAIN",
  execve: "EACCES",
  execveat: "EACCES",
  mkdirat: "ENOSPC",
  mknodat: "ENOSPC",
  move_mount: "EINVAL",
  openat: "EMFILE",
  openat2: "EMFILE",
  setns: "EINVAL",
  socket: "ENFILE",
  write: "EIO",
};

/** Steps whose failure the plan tolerates, or for which it has another way: the run may succeed all the same. */
function isTolerant(step: Op): boolean {
  return step.tolerate !== undefined || step.expect !== undefined;
}

const text = Deno.readTextFileSync(new URL("../labs/13-pod.yaml", import.meta.url));
// The first observation is enough to know that the pods came up; the others' own steps are faults of their own test.
const lab = await labOf(text, "labs/13-pod.yaml");
const host = probeHost(lab);

/** Counts the steps of a run, and lets one of them fail. */
class Injection {
  made = 0;
  injected: Op | undefined;
  /** Whether the injected step is one of those that are only made when the step before them did not succeed. */
  otherwise = false;
  #leftOut = 0;

  constructor(readonly at: number) {}

  readonly faults = (step: Op): string | undefined => {
    const otherwise = this.#leftOut > 0;
    this.#leftOut = step.skip ?? Math.max(0, this.#leftOut - 1);
    if (this.made++ !== this.at) return undefined;
    this.injected = step;
    this.otherwise = otherwise;
    return ERRNOS[step.call] ?? "EPERM";
  };
}

Deno.test({
  name: `runLab() ends with the step's name and place, and leaves nothing, whichever step fails${asRoot.why}`,
  ...asRoot,
  async fn(t) {
    const all = new Injection(-1);
    await run(lab, { faults: all.faults, only: ({ index }) => index < 5 }, host);
    assert.ok(all.made > 300, `only ${all.made} steps were made`);
    const before = snapshot();
    let tolerated = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < all.made) tolerated += await failAt(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    assertNothingLeft(before);
    await t.step(`${all.made} steps failed once each, ${tolerated} of them tolerated by the plan`, () => {
      assert.ok(tolerated < all.made / 2);
    });
  },
});

/** Runs the lab with one step failing; 1 where the plan tolerates that. */
async function failAt(at: number): Promise<number> {
  const injection = new Injection(at);
  const { facts } = await run(lab, { faults: injection.faults, only: ({ index }) => index < 5 }, host);
  const step = injection.injected;
  if (step === undefined) return 0; // restarts and looks are not always as many
  const name = `${describe(step)} at ${step.span.line}:${step.span.column}`;
  assert.deepEqual(facts.leftovers, [], name);
  const errors = errorsOf(facts);
  const told = errors.find((error) => error.call === describe(step));
  if (told === undefined && (isTolerant(step) || injection.otherwise || step.call === "execve")) return 1;
  assert.ok(told !== undefined, `${name}: no error tells of it; told: ${JSON.stringify(errors)}`);
  assert.deepEqual(told.span, step.span, name);
  assert.match(told.message, / failed: E[A-Z]+ \(.+\)$/);
  assert.ok(told.process !== undefined && told.process !== "", name);
  return 0;
}

function errorsOf(facts: Awaited<ReturnType<typeof run>>["facts"]): RunError[] {
  return [...facts.errors, ...facts.observed.flatMap(({ error }) => error === undefined ? [] : [error])];
}
