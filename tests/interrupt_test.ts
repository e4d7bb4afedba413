/**
 * Goal: whoever stops a run gets what was seen so far, the right exit code, and a machine without leftovers. Method: a lab that
 * waits for what never comes is sent signals once it says that it waits.
 */

import assert from "node:assert/strict";
import { cleanEnv, labCommand } from "./support/command_line.ts";
import { Folder } from "./support/folder.ts";
import { asRoot } from "./support/skip.ts";

const WAITING = `apiVersion: podlab/v1
kind: Lab
metadata: { name: waiting }
spec:
  pods: [{ metadata: { name: p }, spec: { containers: [{ name: c, command: [sleep, infinity] }] } }]
  observations:
    - { name: at once, exec: { in: p/c, command: [echo, hi] }, expect: { stdout: "hi\\n" } }
    - { name: never, exec: { in: p/c, command: [echo, hi] }, expect: { stdout: ho }, within: 60s }
`;

/**
 * Starts `lab ARGS`, sends a signal when it has written a text to standard error, the others when it says that it stops (signals that
 * are pending together come in no order), and waits for its end.
 */
async function interrupted(args: readonly string[], when: string, ...signals: Deno.Signal[]) {
  const [program, ...words] = labCommand(args);
  const child = new Deno.Command(program, {
    args: words,
    clearEnv: true,
    env: cleanEnv(),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const out = new Response(child.stdout).text();
  let err = "";
  const [first, ...more] = signals;
  const send = (signal: Deno.Signal | undefined): void => {
    try {
      if (signal !== undefined) child.kill(signal);
    } catch {
      // It was quicker with its cleaning up than this test.
    }
  };
  let sent = 0;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    err += text;
    if (sent === 0 && err.includes(when)) {
      send(first);
      sent = 1;
    } else if (sent === 1 && err.includes("Stopping")) {
      more.forEach(send);
      sent = signals.length + 1;
    }
  }
  return { code: (await child.status).code, out: await out, err };
}

const CASES: readonly (readonly [code: number, ...signals: Deno.Signal[]])[] = [
  [130, "SIGINT"],
  [143, "SIGTERM"],
  [129, "SIGHUP"],
  [130, "SIGINT", "SIGINT", "SIGTERM"],
];

for (const [code, ...signals] of CASES) {
  Deno.test(
    `lab run reports what it saw and exits with ${code} at ${signals.join(", ")}${asRoot.why}`,
    asRoot,
    async () => {
      using folder = new Folder({ "waiting.yaml": WAITING });
      const ran = await interrupted([folder.at("waiting.yaml"), "--report", "json"], "passed: at once", ...signals);
      assert.equal(ran.code, code);
      const { labs: [lab], summary } = JSON.parse(ran.out);
      assert.equal(lab.interrupted, true);
      assert.deepEqual(lab.leftovers, []);
      assert.deepEqual(summary, { passed: 1, failed: 0, skipped: 1, errors: 0 });
      assert.match(ran.err, /^Stopping and cleaning up$/m);
    },
  );
}

Deno.test(
  `lab run --keep waits with the pods up, says how to look around, and cleans up${asRoot.why}`,
  asRoot,
  async () => {
    using folder = new Folder({ "waiting.yaml": WAITING });
    const args = [folder.at("waiting.yaml"), "--only", "at once", "--keep"];
    const ran = await interrupted(args, "Kept until Ctrl-C", "SIGINT");
    assert.equal(ran.code, 130);
    assert.match(ran.out, /✔ at once/);
    const [, pid = ""] = /^ {2}p\/c: nsenter --target (\d+) /m.exec(ran.err) ?? [];
    assert.notEqual(pid, "");
    await assert.rejects(Deno.stat(`/proc/${pid}`), Deno.errors.NotFound);
  },
);
