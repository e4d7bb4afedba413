import assert from "node:assert/strict";
import { exists } from "../../../tests/support/machine_code.ts";
import { MACHINES, type RunningProgram, until } from "../../../tests/support/programs.ts";
import { toolbox, toolboxFile } from "../../../tests/support/toolbox.ts";
import { systemCallNumber } from "../system_calls.ts";

const isRoot = Deno.uid() === 0;
const hasNamespaceTools = isRoot && exists("/usr/bin/unshare") && exists("/usr/bin/nsenter");
const skipNamespaces = hasNamespaceTools ? "" : " (skipped: wants root, unshare and nsenter of util-linux)";

function childrenOf(pid: number): number[] {
  return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ").filter((id) => id !== "").map(Number);
}

for (const machine of MACHINES) {
  const { architecture, skip } = machine;
  const test = (name: string, body: () => Promise<void>) =>
    Deno.test(`toolbox on ${architecture} ${name}${skip}`, { ignore: skip !== "" }, body);

  test("fork starts children, and none of them stays", async () => {
    assert.deepEqual(await toolbox(machine, ["fork", "7"]), { status: 0, stdout: "forked 7 of 7\n", stderr: "" });
    assert.deepEqual(await toolbox(machine, ["fork", "0"]), { status: 0, stdout: "forked 0 of 0\n", stderr: "" });
  });

  test("fork holds its children until it is killed", async () => {
    using file = toolboxFile(machine);
    await using bomb = file.start(["fork", "3", "hold"]);
    await until(() => bomb.stdout === "forked 3 of 3\n");
    const children = childrenOf(bomb.pid);
    assert.equal(children.length, 3);
    bomb.kill("SIGKILL");
    await bomb.end();
    await until(() => children.every((id) => !isRunning(id)));
  });

  test("zombie counts its orphans", async () => {
    const { status, stdout } = await toolbox(machine, ["zombie", "2"]);
    assert.equal(status, 0);
    assert.match(stdout, /^zombies: [0-2] of 2\n$/); // it depends on this machine's PID 1
    assert.equal((await toolbox(machine, ["zombie", "0"])).stdout, "zombies: 0 of 0\n");
  });

  test("reap ends when it is asked to", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      using file = toolboxFile(machine);
      await using reaper = file.start(["reap"]);
      await until(() => awaitsSignals(reaper));
      reaper.kill(signal);
      assert.equal(await reaper.end(), 0);
    }
  });
}

const [native] = MACHINES.filter(({ emulator }) => emulator === undefined);
assert.ok(native);

Deno.test(`toolbox fork says how many it could start${isRoot ? "" : " (skipped: wants root)"}`, {
  ignore: !isRoot,
}, async () => {
  using file = toolboxFile(native);
  // itself and four children
  await using bomb = file.start(["fork", "9"], { uid: 61234, through: ["prlimit", "--nproc=5:5"] });
  assert.equal(await bomb.end(), 1);
  assert.equal(bomb.stdout, "forked 4 of 9: EAGAIN\n");
});

Deno.test(`toolbox zombie sees its orphans stay where PID 1 does not reap${skipNamespaces}`, {
  ignore: !hasNamespaceTools,
}, async () => {
  using file = toolboxFile(native);
  const args = ["--pid", "--fork", "--mount-proc", file.path, "zombie", "2"];
  const { stdout } = await new Deno.Command("unshare", { args }).output();
  assert.equal(new TextDecoder().decode(stdout), "zombies: 2 of 2\n");
});

Deno.test(`toolbox reap reaps orphans as PID 1, and ends on SIGTERM even so${skipNamespaces}`, {
  ignore: !hasNamespaceTools,
}, async () => {
  using file = toolboxFile(native);
  const args = ["--pid", "--fork", "--mount-proc", "--kill-child", file.path, "reap"];
  const namespace = new Deno.Command("unshare", { args, stdout: "null", stderr: "null" }).spawn();
  await until(() => childrenOf(namespace.pid).length === 1);
  const [reaper] = childrenOf(namespace.pid);
  await until(() => Deno.readTextFileSync(`/proc/${reaper}/comm`) === "toolbox\n");
  const inside = ["--target", String(reaper), "--pid", "--mount", file.path, "zombie", "5"];
  const { stdout } = await new Deno.Command("nsenter", { args: inside }).output();
  assert.equal(new TextDecoder().decode(stdout), "zombies: 0 of 5\n");
  assert.ok(reaper);
  Deno.kill(reaper, "SIGTERM");
  assert.equal((await namespace.status).code, 0);
});

/** Whether there is such a process, and not as a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether it waits for signals; before that they would end it the hard way. */
function awaitsSignals({ pid }: RunningProgram): boolean {
  const call = systemCallNumber(Deno.build.arch, "rt_sigtimedwait");
  return Deno.readTextFileSync(`/proc/${pid}/syscall`).startsWith(`${call} `);
}
