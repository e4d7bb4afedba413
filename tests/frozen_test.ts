// Goal: a frozen container can neither stop its runner nor outlive it. A process that is cloned into a frozen cgroup stands
// still before it executes its program, and whoever waits for that (CLONE_VFORK) with it; and v1's freezer keeps even those
// who are killed. Method: each way for a container to end while it is frozen, on v2 and on v1.

import assert from "node:assert/strict";
import { clean } from "../src/run/clean.ts";
import { canFreeze, CGROUP_KINDS, hostOf } from "./support/host_kinds.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { labOf, onePod, run } from "./support/run_lab.ts";
import { killRunner, startRunner } from "./support/runner.ts";
import { asRoot, skipUnless } from "./support/skip.ts";

const FROZEN = "{ name: it stands still, do: { freeze: p/c }, cgroup: p/c, expect: { frozen: true }, within: 5s }";

/** What happens to a frozen container; the pod restarts it, but the deadline is well before a second restart. */
const CASES: readonly (readonly [what: string, observation: string])[] = [
  [
    "starts it again when it is killed",
    "{ name: n, do: { kill: p/c }, pod: p, expect: { containers: { c: { state: running, restartCount: 1 } } }, within: 5s }",
  ],
  [
    "starts it again when it is stopped",
    "{ name: n, do: { restart: p/c }, pod: p, expect: { containers: { c: { state: running } } }, within: 5s }",
  ],
  [
    "says that nothing can run in it",
    '{ name: n, exec: { in: p/c, command: ["true"] }, expect: { error: { contains: is frozen } } }',
  ],
  ["ends it with its pod", "{ name: n, do: { kill: p/infra }, pod: p, expect: { infra: terminated }, within: 5s }"],
  [
    "runs commands in it when it was thawed",
    '{ name: n, do: { thaw: p/c }, exec: { in: p/c, command: ["true"] }, expect: { exitCode: 0 } }',
  ],
];

function labText(observations: readonly string[]): string {
  return onePod(["{ name: c, command: [sleep, infinity] }"], observations, "terminationGracePeriodSeconds: 1")
    .replace("restartPolicy: Never", "restartPolicy: Always");
}

for (const kind of CGROUP_KINDS) {
  const skip = asRoot.ignore ? asRoot : skipUnless(canFreeze(kind), `no freezer in this host's ${kind} cgroups`);

  for (const [what, observation] of CASES) {
    Deno.test({
      name: `runLab() ${what}, frozen, on ${kind} cgroups${skip.why}`,
      ...skip,
      async fn() {
        const lab = await labOf(labText([FROZEN, observation]));
        const before = snapshot();
        const { facts, verdict } = await run(lab, {}, hostOf(kind, lab));
        assert.deepEqual(facts.errors, []);
        assert.deepEqual(verdict.observations.map(({ status }) => status), ["passed", "passed"]);
        assert.deepEqual(facts.leftovers, []);
        assertNothingLeft(before);
      },
    });
  }

  Deno.test({
    name:
      `clean() finds no process in the way when a runner was killed with a frozen container, on ${kind} cgroups${skip.why}`,
    ...skip,
    async fn() {
      const before = snapshot();
      const runner = await startRunner(kind, labText([FROZEN]));
      await killRunner(runner);
      const { problems } = await clean(hostOf(kind));
      assert.deepEqual(problems, []);
      assertNothingLeft(before);
    },
  });
}
