// Goal: where clone3(2) is refused, as by container engines' seccomp profiles (ENOSYS), pods are made with clone(2), and a
// lab observes the same. Method: a whole lab with host facts that deny clone3; the steps that are made are listened to, so
// that a forgotten clone3 is seen although this kernel would answer it.

import assert from "node:assert/strict";
import { probeHost } from "../src/run/probe_host.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { labOf, run } from "./support/run_lab.ts";
import { asRoot } from "./support/skip.ts";

Deno.test({
  name: `runLab() passes 13-pod, and leaves nothing, when there is no clone3${asRoot.why}`,
  ...asRoot,
  async fn() {
    const lab = await labOf(Deno.readTextFileSync(new URL("../labs/13-pod.yaml", import.meta.url)), "labs/13-pod.yaml");
    const before = snapshot();
    const calls = new Set<string>();
    const listen = ({ call }: { call: string }): undefined => {
      calls.add(call);
    };
    const { facts, verdict } = await run(lab, { faults: listen }, { ...probeHost(lab), clone3: false });
    assert.deepEqual(facts.errors, []);
    assert.deepEqual(
      verdict.observations.map(({ status }) => status),
      lab.observations.map(() => "passed"),
    );
    assert.deepEqual(facts.leftovers, []);
    assert.ok(calls.has("clone"));
    assert.ok(!calls.has("clone3"), "a clone3 was made");
    assertNothingLeft(before);
  },
});
