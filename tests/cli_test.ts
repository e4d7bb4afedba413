/**
 * Goal: the command line does what README.md says, with the right exit codes, and never shows a stack. Method: it is run as a
 * user runs it. What each command prints in detail its own tests say.
 */

import assert from "node:assert/strict";
import { lab } from "./support/command_line.ts";
import { Folder } from "./support/folder.ts";
import { asRoot, skipUnless, withProgram } from "./support/skip.ts";

const LAB = (name: string, expected: string): string =>
  `apiVersion: podlab/v1
kind: Lab
metadata: { name: ${name}, tags: [demo] }
spec:
  pods: [{ metadata: { name: p }, spec: { containers: [{ name: c, command: [sleep, infinity] }] } }]
  observations:
    - { name: it says hi, exec: { in: p/c, command: [echo, hi] }, expect: { stdout: "${expected}\\n" } }
`;

function sample(): Folder {
  return new Folder({
    "labs/good.yaml": LAB("good", "hi"),
    "labs/bad.yaml": LAB("bad", "ho"),
    "wrong.yaml": LAB("wrong", "hi").replace("metadata", "metadta"),
    "binary.yaml": new Uint8Array([0, 1, 2]),
    "empty/x.txt": "",
  });
}

/** Nothing that a user reads shows where in podlab it came from. */
function assertNoStack(text: string): void {
  assert.doesNotMatch(text, /^\s+at .*\.ts:\d+/m);
  assert.doesNotMatch(text, /Internal error/);
}

Deno.test("lab --help and --version need nothing, lab alone helps but has checked nothing", async () => {
  const help = await lab(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.out, /^ {2}run +Run labs/m);
  assert.doesNotMatch(help.out, /__complete/);
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  assert.deepEqual(await lab(["--version"]), { code: 0, out: `${version}\n`, err: "" });
  assert.deepEqual(await lab([]), { code: 2, out: help.out, err: "" });
});

Deno.test("lab COMMAND --help says what each command takes", async () => {
  for (const command of ["run", "check", "plan", "list", "doctor", "shell", "clean", "schema", "completions"]) {
    const { code, out, err } = await lab([command, "--help"]);
    assert.deepEqual([code, err], [0, ""], command);
    assert.match(out, new RegExp(`^USAGE\\n  lab ${command}`), command);
  }
});

const USAGE_ERRORS: readonly (readonly [args: readonly string[], err: RegExp])[] = [
  [["rnu", "good"], /^Cannot find a lab or command "rnu"\n {2}= Did you mean the command "run"\?/],
  [["run", "goood"], /^Cannot find a lab "goood"\n {2}= Did you mean the lab "good"\?/],
  [["run"], /^Expected at least 1 argument/],
  [["good", "--repot", "json"], /did you mean --report\?/],
  [["good", "--report", "jsno"], /"jsno"\n {2}= Did you mean "json"\?/],
  [["good", "--repeat", "0"], /Expected a whole number from 1/],
  [["good", "--shard", "3/2"], /^Cannot run the part "3\/2"/],
  [["good", "--keep", "--jobs", "2"], /^Cannot keep several runs at once/],
  [["./gone.yaml"], /^Cannot find the file ".\/gone.yaml"/],
  [["empty"], /^Cannot find a lab below "empty"/],
  [["plan", "good", "bad"], /^Cannot take 2 labs at once/],
  [["shell", "good"], /^Cannot open a shell without a container\n {2}= Containers: p\/c/],
  [["schema", "reslut"], /Did you mean "result"\?/],
  [["completions", "csh"], /Did you mean "zsh"\?|Shells: bash, zsh, fish/],
];

for (const [args, expected] of USAGE_ERRORS) {
  Deno.test(`lab ${args.join(" ")} exits with 2 and says what to write instead`, async () => {
    using folder = sample();
    const { code, out, err } = await lab(args, { cwd: folder.path });
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, expected);
    assertNoStack(err);
  });
}

Deno.test("lab run exits with 2 for each file that is none, and says so at once", async () => {
  using folder = sample();
  await new Deno.Command("mkfifo", { args: [folder.at("fifo.yaml")] }).output();
  await Deno.create(folder.at("large.yaml")).then((file) => file.close());
  await Deno.truncate(folder.at("large.yaml"), 100 << 20);
  for (
    const [file, code] of Object.entries({
      "fifo.yaml": "file_unreadable",
      "binary.yaml": "file_unreadable",
      "large.yaml": "too_large",
      "/dev/null": "file_unreadable",
      "wrong.yaml": "unknown_key",
    })
  ) {
    const ran = await lab(["run", file], { cwd: folder.path });
    assert.equal(ran.code, 2, file);
    assert.match(ran.out + ran.err, new RegExp(`${file}:\\d+:\\d+ ${code}: `));
    assertNoStack(ran.out + ran.err);
  }
});

Deno.test("lab check tells the problems of all files, or that all are fine", async () => {
  using folder = sample();
  const cwd = folder.path;
  assert.deepEqual(await lab(["check", "labs"], { cwd }), { code: 0, out: "2 labs are fine\n", err: "" });
  const wrong = await lab(["check", "wrong.yaml", "good", "binary.yaml"], { cwd });
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.match(wrong.err, /^wrong\.yaml:3:1 unknown_key: .*\n.*\n.*\^{7}\n.*Did you mean "metadata"\?/m);
  assert.match(wrong.err, /2 of 3 labs cannot be run\n$/);
  const json = await lab(["check", "--json", "wrong.yaml"], { cwd });
  assert.equal(json.code, 2);
  const [{ problems }] = JSON.parse(json.out);
  assert.deepEqual(problems.map(({ code, line, column }: Record<string, unknown>) => [code, line, column]).at(-1), [
    "unknown_key",
    3,
    1,
  ]);
});

Deno.test("lab check reads the files that a lab names relative to the lab", async () => {
  const pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, command: [x] }] }\n";
  const text = LAB("good", "hi").replace(/pods: .*/, "pods: [{ file: deep/pod.yaml }]");
  using folder = new Folder({ "labs/good.yaml": text, "labs/deep/pod.yaml": pod });
  assert.equal((await lab(["check", "labs/good.yaml"], { cwd: folder.path })).code, 0);
  await Deno.writeTextFile(folder.at("labs/deep/pod.yaml"), pod.replace("name: c", "nmae: c"));
  const wrong = await lab(["check", "labs/good.yaml"], { cwd: folder.path });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /^labs\/deep\/pod\.yaml:4:\d+ unknown_key: .*\n +4 \| spec: /m);
  await Deno.remove(folder.at("labs/deep/pod.yaml"));
  const gone = await lab(["check", "labs/good.yaml"], { cwd: folder.path });
  assert.match(gone.err, /^labs\/good\.yaml:5:18 file_unreadable: /m);
});

Deno.test("lab list shows the labs by name, those of a folder, and as data", async () => {
  using folder = sample();
  const cwd = folder.path;
  const all = await lab(["list"], { cwd });
  assert.match(all.out, /^13-pod +\d+ +Why do we need Pods\? +\S+ +\S+13-pod\.yaml$/m);
  assert.match(all.out, /^good +1 +good +demo +labs\/good\.yaml$/m);
  assert.match((await lab(["list", "--lang", "zh"], { cwd })).out, /为什么我们需要 Pod？/);
  const data = JSON.parse((await lab(["list", "labs", "--json"], { cwd })).out);
  assert.deepEqual(data[1], {
    name: "good",
    title: { en: "good" },
    tags: ["demo"],
    observations: 1,
    requires: [],
    file: "labs/good.yaml",
    fine: true,
  });
});

Deno.test("lab plan prints the calls and their places, or all of it as data", async () => {
  using folder = sample();
  const plan = await lab(["plan", "good"], { cwd: folder.path });
  assert.equal(plan.code, 0);
  assert.match(plan.out, /^ {2}execve\(.*"sleep".* # 5:\d+$/m);
  const data = JSON.parse((await lab(["plan", "good", "--json"], { cwd: folder.path })).out);
  assert.equal(data.lab, "good");
});

Deno.test("lab doctor shows the facts of this host, and as data", async () => {
  const { out, code } = await lab(["doctor"]);
  assert.match(out, /^kernel +Linux \d/);
  const json = await lab(["doctor", "--json"]);
  const { host, missing } = JSON.parse(json.out);
  assert.equal(host.architecture, Deno.build.arch);
  const fatal = missing.some((one: { fatal: boolean }) => one.fatal);
  assert.deepEqual([code, json.code], fatal ? [3, 3] : [0, 0]);
});

Deno.test("lab schema prints the committed schemas", async () => {
  for (const which of ["lab", "result"]) {
    const file = new URL(`../labs/${which}.schema.json`, import.meta.url);
    assert.deepEqual(await lab(["schema", which]), { code: 0, out: await Deno.readTextFile(file), err: "" });
  }
});

Deno.test("lab paths are relative to where the user stands, though deno task starts in the project", async () => {
  using folder = sample();
  const cwd = decodeURIComponent(new URL("..", import.meta.url).pathname);
  const { out } = await lab(["check", "labs/good.yaml"], { cwd, env: { INIT_CWD: folder.path } });
  assert.equal(out, "1 lab is fine\n");
});

Deno.test("lab output may be cut off by its reader", async () => {
  const command = `${Deno.execPath()} run -A --no-check src/main.ts schema | head -c 10; echo " \${PIPESTATUS[0]}"`;
  const cwd = new URL("..", import.meta.url);
  const { stdout, stderr } = await new Deno.Command("bash", { args: ["-c", command], cwd }).output();
  assert.match(new TextDecoder().decode(stdout), / 0\n$/);
  assert.equal(new TextDecoder().decode(stderr), "");
});

Deno.test(`lab run exits with 0, 1, 2, 3 or 4 as it ended${asRoot.why}`, asRoot, async () => {
  using folder = sample();
  const cwd = folder.path;
  await Deno.writeTextFile(
    folder.at("labs/needy.yaml"),
    LAB("needy", "hi").replace("  pods:", "  requires: { programs: [no-such-program] }\n  pods:"),
  );
  await Deno.writeTextFile(
    folder.at("broken.yaml"),
    LAB("broken", "hi").replace("name: c,", "name: c, image: dir:/nowhere,"),
  );
  const codeOf = async (...args: string[]): Promise<number> => (await lab(args, { cwd })).code;
  assert.equal(await codeOf("good"), 0);
  assert.equal(await codeOf("good", "bad"), 1);
  assert.equal(await codeOf("bad", "wrong.yaml"), 2);
  assert.equal(await codeOf("broken.yaml", "bad"), 3);
  assert.equal(await codeOf("needy"), 4);
  assert.equal(await codeOf("needy", "good"), 0);
  assert.equal(await codeOf("good", "--only", "nothing like it"), 4);
});

Deno.test(`lab run writes reports to files beside the terminal's${asRoot.why}`, asRoot, async () => {
  using folder = sample();
  const cwd = folder.path;
  const { out, code } = await lab(["bad", "good", "--report", "json=out.json", "--report", "junit=out.xml"], { cwd });
  assert.equal(code, 1);
  assert.match(out, /^✘ bad(?: {2}[\d.]+m?s)?\n {2}✘ it says hi\n/);
  assert.match(out, /labs\/bad\.yaml:7:\d+\n +7 \| .*\n/);
  const json = JSON.parse(await Deno.readTextFile(folder.at("out.json")));
  assert.deepEqual(json.summary, { passed: 1, failed: 1, skipped: 0, errors: 0 });
  assert.equal(json.exitCode, 1);
  assert.match(await Deno.readTextFile(folder.at("out.xml")), /^<\?xml /);
  const tap = await lab(["good", "--report", "tap"], { cwd });
  assert.match(tap.out, /^TAP version 14\n1\.\.1\n/);
});

Deno.test(`lab run --repeat, --fail-fast, --shard and --jobs choose what is run${asRoot.why}`, asRoot, async () => {
  using folder = sample();
  const cwd = folder.path;
  const labsOf = async (...args: string[]) =>
    JSON.parse((await lab([...args, "--report", "json"], { cwd })).out).labs
      .map(({ name, status, repetition = 0 }: Record<string, string | number>) => `${name} ${status} ${repetition}`);
  assert.deepEqual(await labsOf("good", "--repeat", "3", "--jobs", "2"), [1, 2, 3].map((n) => `good passed ${n}`));
  assert.deepEqual(await labsOf("labs", "--fail-fast"), ["bad failed 0", "good skipped 0"]);
  assert.deepEqual(await labsOf("labs", "--shard", "2/2"), ["good passed 0"]);
  assert.deepEqual(await labsOf("labs", "--jobs", "2"), ["bad failed 0", "good passed 0"]);
  const flaky = await lab(["bad", "--repeat", "2"], { cwd });
  assert.match(flaky.out, /bad: "it says hi" failed in 2 of 2 runs \(100%\)/);
});

Deno.test(`lab shell runs a command in a container and exits with its code${asRoot.why}`, asRoot, async () => {
  using folder = sample();
  const ran = await lab(["shell", "good", "c", "--", "sh", "-c", "echo $0 $$ > /dev/stderr; exit 7"], {
    cwd: folder.path,
  });
  assert.deepEqual([ran.code, ran.out], [7, ""]);
  assert.match(ran.err, /^sh \d+\n$/);
  const gone = await lab(["shell", "good", "c", "--", "no-such-program"], { cwd: folder.path });
  assert.notEqual(gone.code, 0);
  assertNoStack(gone.err);
});

const setpriv = withProgram("/usr/bin/setpriv", "util-linux");
const canDrop = skipUnless(Deno.uid() === 0 && !setpriv.ignore, "needs root and /usr/bin/setpriv to give root up");

Deno.test(
  `lab run without privileges exits with 3 and one message, after wrong files${canDrop.why}`,
  canDrop,
  async () => {
    using folder = sample();
    const prefix = ["/usr/bin/setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"];
    const options = { cwd: folder.path, prefix };
    const refused = await lab(["good", "bad"], options);
    assert.deepEqual([refused.code, refused.out], [3, ""]);
    assert.match(refused.err, /^Cannot run labs here: podlab needs capabilities SYS_ADMIN.*\n {2}= .*privileged.*\n$/);
    assert.equal((await lab(["shell", "good", "c"], options)).code, 3);

    const wrong = await lab(["good", "wrong.yaml"], options);
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /^wrong\.yaml:3:1 unknown_key/m);
    assert.doesNotMatch(wrong.err, /Cannot run labs here/);

    const tap = await lab(["good", "--report", "tap"], options);
    assert.equal(tap.code, 3);
    assert.match(tap.out, /^not ok 1 - good/m);

    for (const args of [["check", "good"], ["plan", "good"], ["list"], ["schema"], ["--help"]]) {
      assert.equal((await lab(args, options)).code, 0, args[0]);
    }
    assert.equal((await lab(["doctor"], options)).code, 3);
  },
);
