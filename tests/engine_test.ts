// Goal: containers live, end, restart and are acted upon as Kubernetes has it, and nothing that a container does reaches
// the host or holds up the runner. Method: small labs run for real; each observation must come out as written here.

import assert from "node:assert/strict";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { labOf, onePod, run } from "./support/run_lab.ts";
import { asRoot } from "./support/skip.ts";

/** Runs a lab and asserts that every observation of it holds, and that nothing is left. */
function holds(name: string, text: string): void {
  Deno.test({
    name: `${name}${asRoot.why}`,
    ...asRoot,
    async fn() {
      const before = snapshot();
      const { facts, verdict } = await run(await labOf(text));
      assert.deepEqual(facts.errors, []);
      for (const judged of verdict.observations) {
        assert.equal(judged.status, "passed", `${judged.observation.name.en}: ${JSON.stringify(judged)}`);
      }
      assert.deepEqual(facts.leftovers, []);
      assertNothingLeft(before);
    },
  });
}

holds(
  "a program that is not there is the container's StartError, not the lab's failure",
  onePod(
    ["{ name: a, command: [nope] }", "{ name: b, command: [sleep, infinity] }"],
    [
      "{ name: s, pod: p, expect: { containers: { a: { state: terminated, reason: StartError, exitCode: 128, message: { contains: nope } }, b: { state: running } } } }",
    ],
  ),
);

holds(
  "restartPolicy Always starts a container again at once the first time, then waits as CrashLoopBackOff",
  onePod(
    ['{ name: a, command: [sh, -c, "exit 3"] }'],
    [
      "{ name: s, pod: p, expect: { phase: Running, containers: { a: { state: waiting, reason: CrashLoopBackOff, restartCount: 1 } } }, within: 3s }",
      "{ name: last, pod: p, expect: { containerStatuses: [{ lastState: { terminated: { exitCode: 3, reason: Error } } }] } }",
    ],
  ).replace("restartPolicy: Never", "restartPolicy: Always"),
);

holds(
  "restartPolicy OnFailure starts only what has failed",
  onePod(
    ["{ name: good, command: [toolbox, 'true'] }", "{ name: bad, command: [toolbox, 'false'] }"],
    [
      "{ name: s, pod: p, expect: { containers: { good: { state: terminated, reason: Completed, restartCount: 0 }, bad: { restartCount: { gte: 1 } } } }, within: 3s }",
    ],
  ).replace("restartPolicy: Never", "restartPolicy: OnFailure"),
);

holds(
  "a pod whose containers have all succeeded has Succeeded, and one with a failure has Failed",
  onePod(["{ name: a, command: [toolbox, 'true'] }"], ["{ name: s, pod: p, expect: { phase: Succeeded }, within: 3s }"])
    .replace(
      "  observations:",
      [
        "    - metadata: { name: q }",
        "      spec: { restartPolicy: Never, containers: [{ name: a, command: [toolbox, exit, '5'] }] }",
        "  observations:",
        "    - { name: f, pod: q, expect: { phase: Failed, containers: { a: { exitCode: 5, reason: Error } } }, within: 3s }",
      ].join("\n"),
    ),
);

holds(
  "init containers run one after another before the containers, and their failure stops the pod",
  onePod(
    ["{ name: a, command: [cat, /v/x], volumeMounts: [{ name: v, mountPath: /v }] }"],
    ["{ name: s, logs: p/a, expect: { text: 'one two ' }, within: 3s }"],
    `volumes: [{ name: v, emptyDir: {} }]
        initContainers:
          - { name: i, command: [sh, -c, "printf 'one ' >> /v/x"], volumeMounts: [{ name: v, mountPath: /v }] }
          - { name: j, command: [sh, -c, "printf 'two ' >> /v/x"], volumeMounts: [{ name: v, mountPath: /v }] }`,
  ).replace(
    "  observations:",
    [
      "    - metadata: { name: q }",
      "      spec:",
      "        restartPolicy: Never",
      "        initContainers: [{ name: i, command: [toolbox, 'false'] }]",
      "        containers: [{ name: a, command: [sleep, infinity] }]",
      "  observations:",
      "    - { name: f, pod: q, expect: { phase: Failed, containers: { i: { exitCode: 1 }, a: { state: waiting } } } }",
    ].join("\n"),
  ),
);

holds(
  "stop sends SIGTERM and, when the grace period is over, SIGKILL; start and restart start again",
  onePod(
    [
      `{ name: polite, command: [sh, -c, "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"] }`,
      "{ name: deaf, command: [toolbox, sleep, infinity] }",
    ],
    [
      "{ name: up, logs: p/polite, expect: { text: { contains: ready } }, within: 3s }",
      "{ name: t, do: { stop: p/polite }, pod: p, expect: { containers: { polite: { exitCode: 7 } } } }",
      "{ name: k, do: { stop: p/deaf }, pod: p, expect: { containers: { deaf: { exitCode: 137, signal: 9 } } } }",
      "{ name: s, do: { start: p/deaf }, pod: p, expect: { containers: { deaf: { state: running, restartCount: 1 } } } }",
      "{ name: r, do: { restart: p/deaf }, pod: p, expect: { containers: { deaf: { state: running, restartCount: 2 } } } }",
    ],
    "terminationGracePeriodSeconds: 1",
  ),
);

holds(
  "freeze stops a container's time, thaw lets it go on",
  onePod(
    [`{ name: a, command: [sh, -c, "while :; do echo tick; sleep 0.01; done"] }`],
    [
      "{ name: on, logs: p/a, expect: { lines: { length: { gt: 2 } } }, within: 3s }",
      "{ name: off, do: { freeze: p/a }, cgroup: p/a, expect: { frozen: true }, within: 2s }",
      "{ name: again, do: { thaw: p/a }, cgroup: p/a, expect: { frozen: false }, within: 2s }",
      "{ name: gone, do: [{ freeze: p/a }, { kill: p/a }], pod: p, expect: { containers: { a: { exitCode: 137 } } } }",
    ],
  ),
);

holds(
  "nothing that a container plants leads out of its root, or blocks the runner",
  onePod(
    [
      `{ name: a, command: [sh, -c, "ln -s /proc/1/root/etc/shadow /x; ln -s ../../../../../etc /up; mkfifo /fifo; mknod /null c 1 3; ln -s /proc/1/root /root/magic; echo ready; exec sleep infinity"] }`,
    ],
    [
      "{ name: up, logs: p/a, expect: { text: { contains: ready } }, within: 3s }",
      "{ name: link, file: { in: p/a, path: /x }, expect: { type: symlink, content: /proc/1/root/etc/shadow } }",
      "{ name: magic, file: { in: p/a, path: /root/magic/etc/passwd }, expect: { exists: false, error: ELOOP } }",
      '{ name: up and up, file: { in: p/a, path: /up/hostname }, expect: { content: "p\\n" } }',
      "{ name: shadow, file: { in: p/a, path: /etc/shadow }, expect: { exists: false } }",
      "{ name: fifo, file: { in: p/a, path: /fifo }, expect: { type: fifo, content: { absent: true } } }",
      "{ name: device, file: { in: p/a, path: /null }, expect: { type: char, device: '1:3', content: { absent: true } } }",
    ],
  ),
);

holds(
  "write makes a regular file in a container, and exec sees it",
  onePod(
    ["{ name: a, command: [sleep, infinity] }"],
    [
      "{ name: w, do: { write: { in: p/a, path: /tmp/x, content: hello } }, exec: { in: p/a, command: [cat, /tmp/x] }, expect: { stdout: hello } }",
    ],
  ),
);

holds(
  "a pod that an action creates first is not there before, and one that was deleted can be made again",
  onePod(
    ["{ name: a, command: [sleep, infinity] }"],
    [
      "{ name: c, do: { create: p }, pod: p, expect: { phase: Running } }",
      "{ name: d, do: [{ delete: p }, { create: p }], pod: p, expect: { phase: Running, containers: { a: { restartCount: 0 } } } }",
    ],
    "terminationGracePeriodSeconds: 0",
  ),
);

holds(
  "a flood of output is bounded, and neither blocks the runner nor another container",
  onePod(
    ["{ name: f, command: [toolbox, flood] }", "{ name: q, command: [sh, -c, 'echo quiet; exec sleep infinity'] }"],
    [
      "{ name: b, logs: p/f, expect: { bytes: { gt: 5000000 }, truncated: true, text: { cel: 'size(self) <= 262144' } }, within: 20s }",
      '{ name: q, logs: p/q, expect: { text: "quiet\\n" }, within: 2s }',
      "{ name: e, exec: { in: p/q, command: [toolbox, 'true'] }, expect: { exitCode: 0 } }",
    ],
  ),
);

holds(
  "exec feeds standard input, has its own deadline, and says clearly when it cannot run",
  onePod(
    ["{ name: a, command: [sleep, infinity] }", "{ name: dead, command: [toolbox, 'true'] }"],
    [
      "{ name: in, exec: { in: p/a, command: [cat], stdin: hi }, expect: { exitCode: 0, stdout: hi, timedOut: false } }",
      "{ name: late, exec: { in: p/a, command: 'sleep 100 & sleep 100', timeout: 200ms }, expect: { timedOut: true, exitCode: 137 } }",
      "{ name: none, exec: { in: p/a, command: [nope] }, expect: { error: { contains: nope } } }",
      "{ name: dead, exec: { in: p/dead, command: [ls] }, expect: { error: { contains: terminated } }, within: 2s }",
    ],
  ),
);

holds(
  "security settings reach the process",
  onePod(
    [
      "{ name: a, command: [toolbox, sleep, infinity], securityContext: { runAsUser: 1234, runAsGroup: 2345, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } } }",
      "{ name: b, command: [toolbox, sleep, infinity], securityContext: { capabilities: { drop: [KILL], add: [SYS_PTRACE] } } }",
    ],
    [
      "{ name: a, process: p/a, expect: { uid: 1234, gid: 2345, noNewPrivs: true, capabilities: { length: 0 }, boundingCapabilities: { equals: [NET_BIND_SERVICE] } } }",
      "{ name: ro, exec: { in: p/a, command: [sh, -c, 'echo x > /x || echo x > /usr/x'] }, expect: { exitCode: { gt: 0 }, stderr: { contains: Read-only } } }",
      "{ name: b, process: p/b, expect: { uid: 0, noNewPrivs: false, capabilities: { all: [{ contains: SYS_PTRACE }, { not: { contains: KILL } }, { not: { contains: SYS_ADMIN } }] } } }",
    ],
  ),
);

holds(
  "volumes: a subPath stays below its volume, read-only is read-only, a size limit holds",
  onePod(
    [
      "{ name: a, command: [sleep, infinity], volumeMounts: [{ name: v, mountPath: /v }, { name: v, mountPath: /ro, readOnly: true }, { name: v, mountPath: /sub, subPath: x/y }] }",
    ],
    [
      "{ name: sub, exec: { in: p/a, command: 'echo hi > /sub/f; cat /v/x/y/f' }, expect: { stdout: \"hi\\n\" } }",
      "{ name: ro, exec: { in: p/a, command: 'echo hi > /ro/f' }, expect: { exitCode: { gt: 0 }, stderr: { contains: Read-only } } }",
      "{ name: size, exec: { in: p/a, command: 'head -c 2000000 /dev/zero > /v/big' }, expect: { exitCode: { gt: 0 }, stderr: { contains: No space } } }",
    ],
    "volumes: [{ name: v, emptyDir: { sizeLimit: 1Mi } }]",
  ),
);

Deno.test({
  name: `a subPath that a container has turned into a link out of its volume is refused, with its place${asRoot.why}`,
  ...asRoot,
  async fn() {
    const before = snapshot();
    const mount = "volumeMounts: [{ name: v, mountPath: /v }]";
    const text = onePod(
      ["{ name: a, command: [ls, /x], volumeMounts: [{ name: v, mountPath: /x, subPath: out }] }"],
      ["{ name: s, pod: p, expect: { phase: Running } }"],
      `volumes: [{ name: v, emptyDir: {} }]
        initContainers: [{ name: i, command: [ln, -s, /etc, /v/out], ${mount} }]`,
    );
    const { facts } = await run(await labOf(text));
    const [error] = facts.errors;
    assert.match(error?.call ?? "", /^openat2\(.*"out".*RESOLVE_BENEATH/);
    assert.equal(error?.errno, "EXDEV");
    assert.equal(text.slice(error?.span?.start, error?.span?.end), "out");
    assertNothingLeft(before);
  },
});

Deno.test({
  name: `an interrupted run stops at once, says what was seen so far, and leaves nothing${asRoot.why}`,
  ...asRoot,
  async fn() {
    const before = snapshot();
    const text = onePod(
      ["{ name: a, command: [sleep, infinity] }"],
      [
        "{ name: seen, pod: p, expect: { phase: Running } }",
        "{ name: never, pod: p, expect: { phase: Failed }, within: 1m }",
      ],
    );
    const lab = await labOf(text);
    const over = new AbortController();
    const started = performance.now();
    // The second look shows that it is waiting.
    const running = run(lab, { signal: over.signal, only: () => (setTimeout(() => over.abort(), 100), true) });
    const { facts, verdict } = await running;
    assert.ok(performance.now() - started < 10_000);
    assert.equal(facts.interrupted, true);
    assert.deepEqual(verdict.observations.map(({ status }) => status), ["passed", "skipped"]);
    assertNothingLeft(before);
  },
});

Deno.test({
  name: `a lab that takes longer than its timeout ends with an error that says so${asRoot.why}`,
  ...asRoot,
  async fn() {
    const before = snapshot();
    const text = onePod(
      ["{ name: a, command: [sleep, infinity] }"],
      ["{ name: s, pod: p, expect: { phase: Running } }"],
      "initContainers: [{ name: i, command: [sleep, infinity] }]",
    ).replace("spec:\n  pods", "spec:\n  timeout: 300ms\n  pods");
    const { facts, verdict } = await run(await labOf(text));
    assert.equal(facts.errors[0]?.kind, "deadline");
    assert.notEqual(verdict.observations[0]?.status, "passed");
    assertNothingLeft(before);
  },
});
