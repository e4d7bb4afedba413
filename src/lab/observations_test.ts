import assert from "node:assert/strict";
import type { Action, Subject } from "./lab.ts";
import { check, expecting, HEAD, labOf, observed } from "./support_test.ts";

/** A subject or an action without its place. */
function bare<T extends Subject | Action>({ span: _, ...rest }: T): unknown {
  return rest;
}

const A = { pod: "web", container: "a" };
const B = { pod: "web", container: "b" };
const INFRA = { pod: "web", container: "infra" };

Deno.test("readSubject() reads each subject, defaults filled in", async () => {
  const table: readonly (readonly [string, string, unknown])[] = [
    ["exec: { in: a, command: [id, -u] }", "exitCode: 0", {
      kind: "exec",
      in: A,
      command: ["id", "-u"],
      stdin: "",
      timeoutMs: 10_000,
    }],
    ["exec: { in: web/a, command: id -u, stdin: x, timeout: 1s }", "exitCode: 0", {
      kind: "exec",
      in: A,
      command: ["sh", "-c", "id -u"],
      stdin: "x",
      timeoutMs: 1000,
    }],
    ["process: [a, web/b]", "pid: 1", { kind: "process", of: [A, B] }],
    ["cgroup: web/infra", "version: 2", { kind: "cgroup", of: [INFRA] }],
    ["network: web", "hostname: web", { kind: "network", of: [INFRA] }],
    ["network: [web, a]", "hostname: web", { kind: "network", of: [INFRA, A] }],
    ["namespaces: [a, infra, host]", "shared: [time]", { kind: "namespaces", of: [A, INFRA, "host"] }],
    ["connect: { from: infra, to: 'tcp://[::1]:80' }", "ok: true", {
      kind: "connect",
      from: INFRA,
      to: "tcp://[::1]:80",
      send: "",
      timeoutMs: 2000,
    }],
    ["http: { from: a, post: 'http://localhost/', headers: { x-y: z }, body: hi }", "status: 200", {
      kind: "http",
      from: A,
      method: "POST",
      url: "http://localhost/",
      headers: { "x-y": "z" },
      body: "hi",
      timeoutMs: 2000,
    }],
    ["file: { in: a, path: /x }", "exists: true", { kind: "file", in: A, path: "/x" }],
    ["logs: a", "text: x", { kind: "logs", of: A, stream: "both" }],
    ["logs: { of: a, stream: stderr }", "text: x", { kind: "logs", of: A, stream: "stderr" }],
    ["pod: web", "phase: Running", { kind: "pod", pod: "web" }],
    ["host: true", "cpus: 1", { kind: "host" }],
    ["host:", "cpus: 1", { kind: "host" }],
    ["host: {}", "cpus: 1", { kind: "host" }],
  ];
  for (const [subject, expect, expected] of table) {
    assert.deepEqual(bare((await observed(expecting(subject, `{ ${expect} }`))).subject), expected, subject);
  }
});

Deno.test("readActions() reads each action, one or several", async () => {
  const table: readonly (readonly [string, readonly unknown[]])[] = [
    ["{ kill: infra }", [{ kind: "signal", to: INFRA, signal: "SIGKILL" }]],
    ["{ signal: { to: a, signal: term } }", [{ kind: "signal", to: A, signal: "SIGTERM" }]],
    ["[{ stop: a }, { start: a }, { restart: b }]", [
      { kind: "stop", target: A },
      { kind: "start", target: A },
      { kind: "restart", target: B },
    ]],
    ["[{ freeze: a }, { wait: 100ms }, { thaw: a }]", [
      { kind: "freeze", target: A },
      { kind: "wait", ms: 100 },
      { kind: "thaw", target: A },
    ]],
    ["[{ delete: web }, { create: web }]", [{ kind: "delete", pod: "web" }, { kind: "create", pod: "web" }]],
    ["{ write: { in: a, path: /x, content: y } }", [{ kind: "write", in: A, path: "/x", content: "y" }]],
  ];
  for (const [actions, expected] of table) {
    const { actions: read } = await observed(expecting(`pod: web\n      do: ${actions}`, "{ phase: x }"));
    assert.deepEqual(read.map(bare), expected, actions);
  }
});

Deno.test("readObservations() finds earlier observations by their name in any language", async () => {
  const { observations } = await labOf(`${HEAD}
    - { name: { en: first, zh: 第一 }, pod: web, expect: { phase: x } }
    - { name: second, pod: web, expect: { phase: x }, after: 第一 }
    - { name: third, pod: web, expect: { phase: x }, after: [second, first, 第一] }
`);
  assert.deepEqual(observations.map(({ after }) => after), [[], [0], [0, 1]]);
});

Deno.test("readObservations() reads times, points and who sees what", async () => {
  const { observations } = await labOf(`${HEAD}
    - { name: a, pod: web, expect: { phase: x }, within: 1m30s, points: 2.5, visibility: hidden, hint: look, tags: [t] }
    - { name: b, pod: web, expect: { phase: x }, throughout: 2s, hint: { en: look, zh: 看 } }
    - { name: c, pod: web, expect: { phase: x } }
`);
  const [a, b, c] = observations;
  assert.ok(a?.mode.kind === "within" && b?.mode.kind === "throughout");
  assert.deepEqual([a.mode.ms, a.points, a.visibility, a.hint, a.tags], [90_000, 2.5, "hidden", { en: "look" }, ["t"]]);
  assert.deepEqual([b.mode.ms, b.hint], [2000, { en: "look", zh: "看" }]);
  assert.deepEqual([c?.mode, c?.visibility, c?.index], [{ kind: "once" }, "visible", 2]);
});

Deno.test("a container alone names one only where a lab has one pod", async () => {
  const pod = "---\nkind: Pod\nmetadata: { name: db }\nspec: { containers: [{ name: c, command: [x] }] }\n";
  const { problems } = await check(expecting("process: a", "{ pid: 1 }") + pod);
  assert.deepEqual(problems.map(({ code, hint }) => [code, hint]), [["bad_reference", 'Did you mean "web/a"?']]);
});
