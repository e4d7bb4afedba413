// Goal: what killed runners have left is found wherever it is, and nothing of a runner that lives is touched, be it in
// another PID namespace. Method: directories with the names of runs, in this process's own cgroups and elsewhere.

import assert from "node:assert/strict";
import { clean } from "../src/run/clean.ts";
import { probeHost } from "../src/run/probe_host.ts";
import { isAlive, newRun } from "../src/run/run_name.ts";
import { labOf, onePod, run } from "./support/run_lab.ts";
import { asRoot, skipUnless } from "./support/skip.ts";

const [pid, started, namespace] = newRun().split("-").map(Number);
/** No process was started at the first clock tick. */
const DEAD = `${pid}-1-${namespace}-1`;

Deno.test("isAlive() knows this process from one that had its pid before", () => {
  assert.equal(isAlive(newRun()), true);
  assert.equal(isAlive(DEAD), false);
  assert.equal(isAlive("init.scope"), undefined);
});

const first = skipUnless(namespace === 4026531836, "not in the first PID namespace");

Deno.test({
  name: `isAlive() takes a run of another PID namespace for dead when nobody is in that${first.why}`,
  ...first,
  fn() {
    assert.equal(isAlive(`1-1-${namespace}9-1`), false);
  },
});

Deno.test({
  name: `isAlive() cannot tell of a run in a PID namespace where someone lives${asRoot.why}`,
  ...asRoot,
  async fn() {
    const other = new Deno.Command("unshare", {
      args: [
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        "readlink /proc/$$/ns/pid || readlink /proc/self/ns/pid; cat",
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = other.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    try {
      const child = Deno.readTextFileSync(`/proc/${other.pid}/task/${other.pid}/children`).trim();
      const inode = /\d+/.exec(Deno.readLinkSync(`/proc/${child}/ns/pid`))?.[0];
      assert.notEqual(Number(inode), namespace);
      assert.equal(isAlive(`${pid}-${started}-${inode}-1`), undefined);
    } finally {
      await other.stdin.close();
      await other.stdout.cancel();
      await other.status;
    }
  },
});

/** A hierarchy of this host's, and a cgroup in it that is not above or below the one that podlab would use. */
function elsewhere(): { readonly base: string; readonly other: string } | undefined {
  const base = probeHost().cgroup.hierarchies[0]?.base;
  return base === undefined ? undefined : { base, other: `${base}/elsewhere` };
}

Deno.test({
  name: `clean() removes dead runs from cgroups that are not its own, and leaves others alone${asRoot.why}`,
  ...asRoot,
  async fn() {
    const place = elsewhere();
    if (place === undefined) return;
    const alive = `${place.other}/podlab/${newRun()}`;
    const foreign = `${place.other}/podlab/other`;
    const dead = [`${place.base}/podlab/${DEAD}`, `${place.other}/podlab/${DEAD}`];
    for (const path of [...dead, alive, foreign]) Deno.mkdirSync(`${path}/pod`, { recursive: true });
    // With hostPID someone may be in it still.
    const left = new Deno.Command("sleep", { args: ["1000"] }).spawn();
    Deno.writeTextFileSync(`${place.other}/podlab/${DEAD}/pod/cgroup.procs`, String(left.pid));
    try {
      const { problems } = await clean(probeHost());
      assert.deepEqual(problems, []);
      assert.deepEqual([...dead, alive, foreign].filter(exists), [alive, foreign]);
      assert.equal((await left.status).signal, "SIGKILL");
    } finally {
      for (const path of [alive, foreign]) for (const one of [`${path}/pod`, path]) Deno.removeSync(one);
      for (const path of [`${place.other}/podlab`, place.other]) Deno.removeSync(path);
    }
  },
});

Deno.test({
  name: `runLab() removes what a killed runner has left where it runs itself${asRoot.why}`,
  ...asRoot,
  async fn() {
    const place = elsewhere();
    if (place === undefined) return;
    const dead = `${place.base}/podlab/${DEAD}`;
    Deno.mkdirSync(`${dead}/pod`, { recursive: true });
    const lab = await labOf(onePod(["{ name: c, command: [sleep, infinity] }"], [
      "{ name: up, pod: p, expect: { phase: Running } }",
    ]));
    const { facts } = await run(lab);
    assert.deepEqual(facts.errors, []);
    assert.ok(!exists(dead));
  },
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
