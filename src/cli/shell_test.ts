import assert from "node:assert/strict";
import { labOf } from "../../tests/support/run_lab.ts";
import { findContainer } from "./shell.ts";

const lab = await labOf(`apiVersion: podlab/v1
kind: Lab
metadata: { name: two }
spec:
  pods:
    - { metadata: { name: web }, spec: { containers: [{ name: app, command: [x] }, { name: log, command: [x] }] } }
    - { metadata: { name: db }, spec: { containers: [{ name: app, command: [x] }] } }
  observations: [{ name: n, pod: web, expect: { phase: Running } }]
`);

Deno.test("findContainer() finds a container by pod and name, or by a name that only one pod has", () => {
  assert.deepEqual(findContainer(lab, "db/app"), { pod: "db", container: "app" });
  assert.deepEqual(findContainer(lab, "log"), { pod: "web", container: "log" });
});

Deno.test("findContainer() refuses a name that several pods have, and one that none has", () => {
  assert.throws(() => findContainer(lab, "app"), {
    message: /"app" is meant/,
    hint: "Name the pod too: web/app, db/app",
  });
  assert.throws(() => findContainer(lab, "wbe/log"), { hint: 'Did you mean "web/log"?' });
  assert.throws(() => findContainer(lab, "lgo"), { hint: 'Did you mean "log"?' });
  assert.throws(() => findContainer(lab, "qqqqq"), { hint: "Containers: web/app, web/log, db/app" });
});
