import assert from "node:assert/strict";
import fc from "fast-check";
import { expand } from "./expansion.ts";
import type { Pod } from "./lab.ts";
import { labOf, withPod } from "./support_test.ts";

async function podOf(...lines: readonly string[]): Promise<Pod> {
  const [pod] = (await labOf(withPod(lines))).pods;
  assert.ok(pod);
  return pod;
}

/** A pod with one container, with more fields of the container. */
async function containerOf(...fields: readonly string[]) {
  const lines = ["metadata: { name: web }", "spec:", "  volumes: [{ name: v }]", "  containers:", "    - name: a"];
  const [container] = (await podOf(...lines, ...fields.map((field) => `      ${field}`))).containers;
  assert.ok(container);
  return container;
}

Deno.test("readPod() fills in the API server's defaults", async () => {
  const pod = await podOf("metadata: { name: web }", "spec: { containers: [{ name: a, command: [x] }] }");
  assert.equal(pod.restartPolicy, "Always");
  assert.equal(pod.terminationGracePeriodMs, 30_000);
  assert.equal(pod.hostname.value, "web");
  for (const flag of [pod.shareProcessNamespace, pod.hostNetwork, pod.hostPID, pod.hostIPC]) {
    assert.equal(flag.value, false);
  }
  const [container] = pod.containers;
  assert.equal(container?.image.kind, "host");
  assert.equal(container?.security.allowPrivilegeEscalation.value, true);
  assert.equal(container?.security.privileged.value, false);
  assert.deepEqual(container?.resources, { limits: {}, requests: {} });
});

Deno.test("readPod() takes a Pod verbatim, and keys without value as left out", async () => {
  const pod = await podOf(
    "apiVersion: v1",
    "kind: Pod",
    "metadata: { name: web.example, labels: { app: x }, annotations: }",
    "spec:",
    "  restartPolicy: Never",
    "  terminationGracePeriodSeconds: 0",
    "  hostname: h",
    "  volumes: [{ name: a, emptyDir: }, { name: b, emptyDir: { medium: Memory, sizeLimit: 1Mi } },",
    "    { name: c, hostPath: { path: /tmp, type: Directory } }, { name: d }]",
    "  containers: [{ name: a, command: [x], securityContext: }]",
  );
  assert.deepEqual([pod.name, pod.labels, pod.restartPolicy, pod.terminationGracePeriodMs, pod.hostname.value], [
    "web.example",
    { app: "x" },
    "Never",
    0,
    "h",
  ]);
  assert.deepEqual(pod.volumes.map((volume) => volume.kind), ["emptyDir", "emptyDir", "hostPath", "emptyDir"]);
  const [, memory, host] = pod.volumes;
  assert.ok(memory?.kind === "emptyDir" && host?.kind === "hostPath");
  assert.deepEqual([memory.medium, memory.sizeLimitBytes?.value], ["Memory", 1048576]);
  assert.deepEqual([host.path.value, host.type], ["/tmp", "Directory"]);
});

Deno.test("readPod() cuts a long name for the host name, as the kubelet does", async () => {
  const name = `${"a".repeat(62)}.b`;
  const pod = await podOf(`metadata: { name: ${name} }`, "spec: { containers: [{ name: a, command: [x] }] }");
  assert.equal(pod.hostname.value, "a".repeat(62));
});

Deno.test("readContainer() puts args after command, variables expanded", async () => {
  const container = await containerOf(
    "env: [{ name: A, value: '1' }, { name: B, value: '$(A)2 $(C)' }, { name: C, value: $$(A) }, { name: D }]",
    "command: [sh, '$(B)']",
    "args: ['$(C)', '$(NO)', '$$(A)', '$(D).']",
  );
  assert.deepEqual(container.command.value, ["sh", "12 $(C)", "$(A)", "$(NO)", "$(A)", "."]);
  assert.deepEqual(container.env.map(({ value }) => value), ["1", "12 $(C)", "$(A)", ""]);
});

Deno.test("readContainer() takes the limits for requests that are not given", async () => {
  const { resources } = await containerOf(
    "command: [x]",
    "resources: { limits: { memory: 64Mi, cpu: 500m }, requests: { cpu: 0.1 } }",
  );
  assert.equal(resources.limits.memoryBytes?.value, 67108864);
  assert.equal(resources.limits.cpuMillis?.value, 500);
  assert.equal(resources.requests.memoryBytes?.value, 67108864);
  assert.equal(resources.requests.cpuMillis?.value, 100);
});

Deno.test("readContainer() takes limits of tasks from the pod's annotations", async () => {
  const pod = await podOf(
    "metadata:",
    "  name: web",
    '  annotations: { podlab.dev/pids-limit: "50", podlab.dev/pids-limit.b: "7", other/x: y }',
    "spec: { containers: [{ name: a, command: [x] }, { name: b, command: [x] }] }",
  );
  assert.deepEqual(pod.containers.map(({ resources }) => resources.limits.pids?.value), [50, 7]);
});

Deno.test("readContainer() merges the pod's users into its own", async () => {
  const pod = await podOf(
    "metadata: { name: web }",
    "spec:",
    "  securityContext: { runAsUser: 1, runAsGroup: 2 }",
    "  containers:",
    "    - { name: a, command: [x] }",
    "    - { name: b, command: [x], securityContext: { runAsUser: 0 } }",
  );
  const users = pod.containers.map(({ security }) => [security.runAsUser?.value, security.runAsGroup?.value]);
  assert.deepEqual(users, [[1, 2], [0, 2]]);
});

Deno.test("readContainer() takes capabilities with and without CAP_", async () => {
  const { security } = await containerOf(
    "command: [x]",
    "securityContext: { capabilities: { add: [CAP_NET_ADMIN, sys_time], drop: [ALL] } }",
  );
  assert.deepEqual(security.capabilitiesAdd.map(({ value }) => value), ["NET_ADMIN", "SYS_TIME"]);
  assert.deepEqual(security.capabilitiesDrop.map(({ value }) => value), ["ALL"]);
});

Deno.test("readContainer() reads images, directories and mounts", async () => {
  const container = await containerOf(
    "command: [x]",
    "image: dir:rootfs",
    "workingDir: /w",
    "volumeMounts: [{ name: v, mountPath: /x, readOnly: true, subPath: a/b }, { name: v, mountPath: /y }]",
  );
  assert.ok(container.image.kind === "dir");
  assert.equal(container.image.path, "rootfs");
  assert.equal(container.workingDir?.value, "/w");
  const mounts = container.volumeMounts.map((
    mount,
  ) => [mount.mountPath.value, mount.readOnly.value, mount.subPath?.value]);
  assert.deepEqual(mounts, [["/x", true, "a/b"], ["/y", false, undefined]]);
});

Deno.test("expand() follows Kubernetes' rules", () => {
  const variables = new Map([["A", "1"], ["B", "$(A)"], ["EMPTY", ""]]);
  const table: readonly (readonly [string, string])[] = [
    ["$(A)", "1"],
    ["x$(A)y$(A)", "x1y1"],
    ["$(B)", "$(A)"],
    ["$(NO)", "$(NO)"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$1"],
    ["$$", "$"],
    ["$", "$"],
    ["$A", "$A"],
    ["$(A", "$(A"],
    ["$()", "$()"],
    ["$(EMPTY)", ""],
  ];
  for (const [text, expected] of table) assert.equal(expand(text, variables), expected, text);
});

Deno.test("expand() leaves a text without $ as it is", () => {
  fc.assert(fc.property(fc.string(), (text) => text.includes("$") || expand(text, new Map([["A", "1"]])) === text));
});
