import assert from "node:assert/strict";
import { MACHINES, until } from "../../../tests/support/programs.ts";
import { toolbox, toolboxFile } from "../../../tests/support/toolbox.ts";
import { toolboxElf, toolboxHelp } from "./toolbox.ts";

const NOBODY = 65534;
const isRoot = Deno.uid() === 0;

for (const machine of MACHINES) {
  const { architecture, skip } = machine;
  const test = (name: string, body: () => Promise<void>, ignore = false) =>
    Deno.test(`toolbox on ${architecture} ${name}${skip}`, { ignore: ignore || skip !== "" }, body);

  Deno.test(`toolboxElf() for ${architecture} is small and the same each time`, () => {
    const elf = toolboxElf(architecture);
    assert.ok(elf.length < 32768, `${elf.length} bytes`);
    assert.deepEqual(toolboxElf(architecture), elf);
  });

  test("lists its subcommands", async () => {
    const { status, stdout } = await toolbox(machine, ["help"]);
    assert.equal(status, 0);
    for (const { name, synopsis, summary } of toolboxHelp) {
      const line = stdout.split("\n").find((line) => line.startsWith(`  ${name} `));
      assert.ok(line?.includes(synopsis) && line.endsWith(summary), name);
    }
  });

  test("says how it is used when it is called wrongly", async () => {
    const nothing = await toolbox(machine, []);
    assert.deepEqual([nothing.status, nothing.stdout], [2, ""]);
    assert.match(nothing.stderr, /^usage: toolbox SUBCOMMAND/);
    const unknown = await toolbox(machine, ["htpt"]);
    const says = "toolbox: unknown subcommand: htpt; toolbox help lists them\n";
    assert.deepEqual(unknown, { status: 2, stdout: "", stderr: says });
  });

  const wrong: readonly (readonly string[])[] = [
    ["http", "8080"],
    ["http", "8080", ".", "more"],
    ["http", "65536", "."],
    ["http", "-1", "."],
    ["echo", ""],
    ["echo", "12a"],
    ["memory", "64MB"],
    ["memory", "Mi"],
    ["memory", "0"],
    ["memory", "99999999999999999999"],
    ["memory", "9999999999Gi"],
    ["cpu", "fast"],
    ["fork", "many"],
    ["fork", "1", "keep"],
    ["zombie", "257"],
    ["syslog", "127.0.0.1:514"],
    ["syslog", "127.0.0.1", "text"],
    ["syslog", "127.0.0.256:514", "text"],
    ["syslog", "127.0.0:514", "text"],
    ["syslog", "localhosts:514", "text"],
    ["recv", "tcp:1"],
    ["recv", "udp:1", "-1"],
    ["connect", "example.org", "80"],
    ["connect", "127.0.0.1.1", "80"],
    ["flood", "1.5"],
    ["sleep", "1s"],
    ["sleep", ".5"],
    ["sleep", "0.0000000001"],
    ["write", "/tmp"],
    ["exit", "256"],
    ["true", "really"],
    ["id", "root"],
  ];
  test("answers wrong arguments with a line of usage and 2", async () => {
    for (const args of wrong) {
      const { status, stdout, stderr } = await toolbox(machine, args);
      const help = toolboxHelp.find(({ name }) => name === args[0]);
      const usage = `usage: toolbox ${`${help?.name} ${help?.synopsis}`.trim()}\n`;
      assert.deepEqual([args, status, stdout, stderr], [args, 2, "", usage]);
    }
  });

  // the emulator gives it any name; on the machine itself a link does, below
  if (machine.emulator !== undefined) {
    test("is the subcommand that a link to it is named after", async () => {
      assert.equal((await toolbox(machine, ["7"], { name: "/usr/bin/exit" })).status, 7);
      assert.equal((await toolbox(machine, [], { name: "false" })).status, 1);
      assert.equal((await toolbox(machine, ["exit", "8"], { name: "box" })).status, 8);
    });
  }

  test("true, false and exit end with their status", async () => {
    const statuses = [];
    for (const args of [["true"], ["false"], ["exit", "0"], ["exit", "255"]]) {
      statuses.push((await toolbox(machine, args)).status);
    }
    assert.deepEqual(statuses, [0, 1, 0, 255]);
  });

  test("cat prints files and standard input, and names what it cannot read", async () => {
    const folder = await Deno.makeTempDir();
    const large = "0123456789\n".repeat(5000);
    await Deno.writeTextFile(`${folder}/large`, large);
    await Deno.writeTextFile(`${folder}/small`, "small");
    const files = [`${folder}/large`, `${folder}/none`, folder, `${folder}/small`];
    const outcome = await toolbox(machine, ["cat", ...files]);
    await Deno.remove(folder, { recursive: true });
    assert.equal(outcome.stdout, large + "small");
    assert.deepEqual([outcome.status, outcome.stderr], [1, `${folder}/none: ENOENT\n${folder}: EISDIR\n`]);
    assert.deepEqual(await toolbox(machine, ["cat"], { input: "in" }), { status: 0, stdout: "in", stderr: "" });
  });

  test("write replaces a file by a line", async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/file`;
    await Deno.writeTextFile(path, "something longer than that");
    assert.equal((await toolbox(machine, ["write", path, "a line"])).status, 0);
    assert.equal(await Deno.readTextFile(path), "a line\n");
    const failed = await toolbox(machine, ["write", folder, "x"]);
    await Deno.remove(folder, { recursive: true });
    assert.deepEqual(failed, { status: 1, stdout: "", stderr: `${folder}: EISDIR\n` });
  });

  test("id, uname and sig say what the kernel knows", async () => {
    const expected = new Deno.Command("id", { args: ["-G"] }).outputSync().stdout;
    const groups = new TextDecoder().decode(expected).trim().split(" ").map(Number);
    const id = /^uid=(\d+) gid=(\d+) groups=([\d,]*)\n$/.exec((await toolbox(machine, ["id"])).stdout);
    assert.deepEqual([id?.[1], id?.[2]].map(Number), [Deno.uid(), Deno.gid()]);
    const listed = (id?.[3] ?? "").split(",").filter((group) => group !== "").map(Number);
    assert.deepEqual(new Set([Deno.gid(), ...listed]), new Set(groups));
    assert.equal((await toolbox(machine, ["uname"])).stdout, `${Deno.osRelease()} ${Deno.hostname()}\n`);
    const word = "\t[0-9a-f]{16}\n";
    assert.match((await toolbox(machine, ["sig"])).stdout, new RegExp(`^SigBlk:${word}SigIgn:${word}SigCgt:${word}$`));
  });

  test("settime says that it may not", async () => {
    const outcome = await toolbox(machine, ["settime"], { uid: NOBODY });
    assert.deepEqual(outcome, { status: 1, stdout: "", stderr: "clock_settime: EPERM\n" });
  }, !isRoot); // as root it would set the clock; only root can be someone else

  test("sleep ends after its time, or never", async () => {
    assert.equal((await toolbox(machine, ["sleep", "0.02"])).status, 0);
    assert.equal((await toolbox(machine, ["sleep", "0"])).status, 0);
    using file = toolboxFile(machine);
    await using forever = file.start(["sleep", "infinity"]);
    await until(() => stateOf(forever.pid) === "S");
    forever.kill("SIGTERM");
    assert.equal(await forever.end(), 128 + 15);
  });

  test("memory holds what it says", async () => {
    using file = toolboxFile(machine);
    await using hog = file.start(["memory", "24Mi"]);
    await until(() => hog.stdout !== "");
    assert.equal(hog.stdout, `holding ${24 * 1024 * 1024} bytes\n`);
    const resident = /VmRSS:\s+(\d+) kB/.exec(await Deno.readTextFile(`/proc/${hog.pid}/status`))?.[1];
    assert.ok(Number(resident) >= 24 * 1024, `${resident} kB`);
  });

  test("memory reads quantities, and names what it cannot get", async () => {
    for (const [quantity, bytes] of [["1000", 1000], ["2k", 2000], ["1Ki", 1024], ["3M", 3_000_000]] as const) {
      using file = toolboxFile(machine);
      await using hog = file.start(["memory", quantity]);
      await until(() => hog.stdout !== "");
      assert.equal(hog.stdout, `holding ${bytes} bytes\n`);
    }
    const outcome = await toolbox(machine, ["memory", "999999999Gi"]);
    assert.deepEqual(outcome, { status: 1, stdout: "", stderr: "memory: ENOMEM\n" });
  });

  test("cpu computes for some time, or for ever", async () => {
    assert.equal((await toolbox(machine, ["cpu", "0.02"])).status, 0);
    using file = toolboxFile(machine);
    await using hog = file.start(["cpu"]);
    await until(() => ticksOf(hog.pid) >= 3);
    assert.equal(stateOf(hog.pid), "R");
  });

  test("flood writes as many bytes as it is told, or until it is killed", async () => {
    const { status, stdout } = await toolbox(machine, ["flood", "100k"]);
    assert.deepEqual([status, stdout.length], [0, 100_000]);
    assert.match(stdout, /^(x{63}\n)+x*$/);
    using file = toolboxFile(machine);
    await using hog = file.start(["flood"]);
    await until(() => hog.stdout.length > 1_000_000);
  });
}

Deno.test("toolbox is the subcommand that a symbolic link to it is named after", async () => {
  const [machine] = MACHINES.filter(({ emulator }) => emulator === undefined);
  assert.ok(machine);
  using file = toolboxFile(machine);
  await Deno.symlink(file.path, `${file.folder}/exit`);
  await using process = file.start(["6"], { name: `${file.folder}/exit` });
  assert.equal(await process.end(), 6);
});

/** Fields after the name in /proc/PID/stat (proc_pid_stat(5)): state first. */
function statOf(pid: number): string[] {
  return Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
}

function stateOf(pid: number): string | undefined {
  return statOf(pid)[0];
}

function ticksOf(pid: number): number {
  return Number(statOf(pid)[11]) + Number(statOf(pid)[12]);
}
