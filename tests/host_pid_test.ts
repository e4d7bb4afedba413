// Goal: pods with `hostPID`, whose processes no PID namespace of the pod's ties together, end as well. Method: the
// container's program leaves processes behind, one of them in a session of its own; once the run ends by itself, once its
// runner is killed, and then `clean` has to find them by their cgroup.

import assert from "node:assert/strict";
import { clean } from "../src/run/clean.ts";
import { CGROUP_KINDS, hasCgroups, hostOf } from "./support/host_kinds.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { until } from "./support/programs.ts";
import { labOf, onePod, run } from "./support/run_lab.ts";
import { killRunner, startRunner } from "./support/runner.ts";
import { asRoot, skipUnless } from "./support/skip.ts";

const LAB = onePod(
  ['{ name: c, command: [sh, -c, "sleep 1001 & setsid sleep 1002 & exec sleep 1000"] }'],
  [
    "{ name: they are there, cgroup: p/c, expect: { processes: 3 }, within: 5s }",
    "{ name: it is number 1 nowhere, process: p/c, expect: { pid: { gt: 1 } } }",
  ],
  "hostPID: true",
);

/** Processes in a runner's cgroups that have a program, by its arguments. */
function programs(runner: number): string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(({ name: pid }) => {
    try {
      const inside = Deno.readTextFileSync(`/proc/${pid}/cgroup`).includes(`/podlab/${runner}-`);
      const args = Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      return inside && args !== "" ? [args] : [];
    } catch {
      return [];
    }
  }).sort();
}

for (const kind of CGROUP_KINDS) {
  const skip = asRoot.ignore ? asRoot : skipUnless(hasCgroups(kind), `this host has no ${kind} cgroups`);

  Deno.test({
    name: `runLab() ends what a hostPID container has left behind, on ${kind} cgroups${skip.why}`,
    ...skip,
    async fn() {
      const lab = await labOf(LAB);
      const before = snapshot();
      const { facts, verdict } = await run(lab, {}, hostOf(kind, lab));
      assert.deepEqual(facts.errors, []);
      assert.deepEqual(verdict.observations.map(({ status }) => status), ["passed", "passed"]);
      assert.deepEqual(programs(Deno.pid), []);
      assertNothingLeft(before);
    },
  });

  Deno.test({
    name:
      `clean() ends what a hostPID container has left behind when its runner was killed, on ${kind} cgroups${skip.why}`,
    ...skip,
    async fn() {
      const before = snapshot();
      const runner = await startRunner(kind, LAB);
      // There are three as soon as the shell has forked, which is before it executes its last command.
      await until(() => programs(runner.pid).includes("sleep 1000"), () => programs(runner.pid).join());
      await killRunner(runner);
      // The kernel ends infra and the container's own process (PDEATHSIG); it knows nothing of the others.
      await until(
        () => !programs(runner.pid).some((args) => args === "sleep 1000" || args === "infra"),
        () => programs(runner.pid).join(),
      );
      assert.deepEqual(programs(runner.pid), ["sleep 1001", "sleep 1002"]);
      const { problems } = await clean(hostOf(kind));
      assert.deepEqual(problems, []);
      assert.deepEqual(programs(runner.pid), []);
      assertNothingLeft(before);
    },
  });
}
