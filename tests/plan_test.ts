/**
 * Goal: what `lab plan` prints does not change unnoticed. Method: labs compiled for machines that do not change, compared with
 * golden files, in which a reader can also see what podlab does.
 */

import assert from "node:assert/strict";
import { compile } from "../src/plan/compile.ts";
import { describePlan, planToJson } from "../src/plan/describe.ts";
import type { HostFacts } from "../src/plan/host.ts";
import { assertGolden } from "./support/golden.ts";
import { hybridHost, unprivilegedHost, v2Host } from "./support/host_fixture.ts";
import { labOf } from "./support/run_lab.ts";

/** Two containers that share a volume, one of them limited. */
const POD = `apiVersion: podlab/v1
kind: Lab
metadata: { name: pod }
spec:
  pods:
    - metadata: { name: web }
      spec:
        volumes: [{ name: shared, emptyDir: {} }]
        containers:
          - name: a
            command: [sh, -c, "echo hello from a > /data/index.html; exec toolbox http 8080 /data"]
            volumeMounts: [{ name: shared, mountPath: /data }]
          - name: b
            command: [sleep, infinity]
            volumeMounts: [{ name: shared, mountPath: /data, readOnly: true }]
            resources: { limits: { memory: 64Mi, cpu: 500m } }
  observations:
    - { name: it is there, pod: web, expect: { phase: Running } }
`;

/** What that pod does not have: each Pod field that has steps of its own. */
const FIELDS = `apiVersion: podlab/v1
kind: Lab
metadata: { name: fields }
spec:
  pods:
    - metadata: { name: p, annotations: { podlab.dev/pids-limit: "20" } }
      spec:
        hostname: other
        shareProcessNamespace: true
        volumes:
          - { name: memory, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
          - { name: logs, hostPath: { path: /var/log, type: Directory } }
        initContainers:
          - { name: first, command: [sh, -c, "echo ready > /m/ready"], volumeMounts: [{ name: memory, mountPath: /m }] }
        containers:
          - name: strict
            command: [sleep, infinity]
            workingDir: /tmp
            volumeMounts:
              - { name: memory, mountPath: /m/deep, subPath: part }
              - { name: logs, mountPath: /var/log, readOnly: true }
            resources: { requests: { cpu: 250m }, limits: { memory: 32Mi } }
            securityContext:
              runAsUser: 1000
              runAsGroup: 1000
              readOnlyRootFilesystem: true
              allowPrivilegeEscalation: false
              capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
          - { name: free, command: [sleep, infinity], securityContext: { privileged: true } }
    - metadata: { name: bare }
      spec: { hostNetwork: true, hostPID: true, hostIPC: true, containers: [{ name: c, command: [sleep, infinity] }] }
  observations:
    - { name: it is there, pod: p, expect: { phase: Running } }
`;

const CASES: readonly (readonly [name: string, text: string, host: HostFacts])[] = [
  ["pod.v2", POD, v2Host],
  ["pod.hybrid", POD, hybridHost],
  ["pod.unprivileged", POD, unprivilegedHost],
  ["fields.v2", FIELDS, { ...v2Host, paths: { "/var/log": "directory" } }],
];

for (const [name, text, host] of CASES) {
  Deno.test(`describePlan() of compile() is tests/golden/${name}.plan.txt`, async () => {
    const lab = await labOf(text, `${name.split(".")[0]}.yaml`);
    assertGolden(`${name}.plan.txt`, describePlan(compile(lab, host, "RUN")));
  });
}

Deno.test("planToJson() holds every step of the printed plan, in its order", async () => {
  const plan = compile(await labOf(FIELDS, "fields.yaml"), v2Host, "RUN");
  const printed = describePlan(plan).split("\n").filter((line) => line.startsWith("  ")).length;
  const texts = JSON.stringify(planToJson(plan)).match(/"text":"[a-z]/g) ?? [];
  assert.ok(printed > 200);
  // Refusals and notices have a text too, which begins with a capital letter.
  assert.equal(texts.length, printed);
});
