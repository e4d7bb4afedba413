import assert from "node:assert/strict";
import { parseLab } from "./parse.ts";
import { checkLab } from "./check.ts";
import { labOf } from "./support_test.ts";
import { SIGNALS } from "./names.ts";

/** A lab that uses most of the language. */
const EXAMPLE = `# yaml-language-server: $schema=./lab.schema.json
apiVersion: podlab/v1
kind: Lab
metadata:
  name: 13-pod
  title: { en: "Why do we need Pods?", zh: "为什么我们需要 Pod？" }
  tags: [pod, network]
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
    - name: { en: "b reaches a on localhost", zh: "b 可以用 localhost 访问 a" }
      http: { from: web/b, get: "http://localhost:8080/" }
      expect: { status: 200, body: { contains: "hello from a" } }
      within: 2s                     # eventually; \`throughout: 2s\` means: all that time

    - name: every container is PID 1 of its own PID namespace
      process: [web/a, web/b]
      expect: { pid: 1, hostPid: { gt: 1 } }

    - name: the containers live in the infra container's network namespace
      namespaces: [web/infra, web/a, web/b]
      expect: { shared: [net, ipc, uts], separate: [pid, mnt] }

    - name: b is limited
      cgroup: web/b
      expect: { memory: { max: 64Mi }, cpu: { max: 500m } }

    - name: what a wrote, b reads
      exec: { in: web/b, command: [cat, /data/index.html] }
      expect: { exitCode: 0, stdout: "hello from a\\n" }

    - name: the pod outlives container a …
      do: { kill: web/a }
      pod: web
      expect: { infra: running, containers: { b: { state: running } } }

    - name: … but not its infra container
      do: { kill: web/infra }
      pod: web
      expect: { phase: Failed, containers: { b: { state: terminated } } }
      within: 2s
`;

Deno.test("checkLab() finds nothing wrong with the example", async () => {
  const lab = await labOf(EXAMPLE);
  assert.equal(lab.name, "13-pod");
  assert.deepEqual(lab.title, { en: "Why do we need Pods?", zh: "为什么我们需要 Pod？" });
  assert.deepEqual(lab.tags, ["pod", "network"]);
  assert.equal(lab.timeoutMs, 120_000);
  assert.deepEqual(lab.pods.map((pod) => [pod.name, pod.containers.length]), [["web", 2]]);
  assert.equal(lab.observations.length, 7);
});

Deno.test("checkLab() resolves what observations look at and do", async () => {
  const { observations } = await labOf(EXAMPLE);
  const [http, process, namespaces, , exec, killed] = observations;
  assert.deepEqual(http?.mode.kind, "within");
  assert.ok(http?.subject.kind === "http");
  assert.deepEqual([http.subject.from, http.subject.method, http.subject.url], [
    { pod: "web", container: "b" },
    "GET",
    "http://localhost:8080/",
  ]);
  assert.ok(process?.subject.kind === "process");
  assert.deepEqual(process.subject.of.map(({ container }) => container), ["a", "b"]);
  assert.ok(namespaces?.subject.kind === "namespaces");
  assert.deepEqual(namespaces.subject.of[0], { pod: "web", container: "infra" });
  assert.ok(exec?.subject.kind === "exec");
  assert.deepEqual(exec.subject.command, ["cat", "/data/index.html"]);
  const [action] = killed?.actions ?? [];
  assert.ok(action?.kind === "signal");
  assert.equal(action.signal, "SIGKILL");
  assert.equal(SIGNALS.indexOf(action.signal) + 1, 9);
});

Deno.test("checkLab() gives each part its place in the file", async () => {
  const { pods, observations } = await labOf(EXAMPLE);
  const at = (span: { readonly start: number } | undefined, text: string) =>
    assert.ok(EXAMPLE.startsWith(text, span?.start), text);
  at(pods[0]?.span, "metadata: { name: web }");
  at(pods[0]?.containers[1]?.resources.limits.memoryBytes?.span, "64Mi");
  at(pods[0]?.containers[1]?.volumeMounts[0]?.readOnly.span, "true");
  at(observations[0]?.subject.span, "http:");
  at(observations[0]?.span, "name: { en:");
  at(observations[5]?.actions[0]?.span, "kill:");
  at(observations[6]?.mode.kind === "within" ? observations[6].mode.span : undefined, "2s");
});

Deno.test("checkLab() gives the same answer twice", async () => {
  const twice = await Promise.all([0, 1].map(() => checkLab(parseLab({ name: "lab.yaml", text: EXAMPLE }))));
  assert.deepEqual(twice[0], twice[1]);
});
