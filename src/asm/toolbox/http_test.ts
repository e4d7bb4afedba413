import assert from "node:assert/strict";
import {
  type Machine,
  MACHINES,
  type ProgramFile,
  type RunningProgram,
  type StartOptions,
  until,
} from "../../../tests/support/programs.ts";
import { portOf, toolbox, toolboxFile } from "../../../tests/support/toolbox.ts";

const encoder = new TextEncoder();

/** A served directory. */
class Site implements AsyncDisposable {
  readonly #file: ProgramFile;
  readonly root: string;
  readonly server: RunningProgram;

  constructor(machine: Machine, options: StartOptions = {}) {
    this.#file = toolboxFile(machine);
    const outside = this.#file.folder;
    this.root = `${outside}/www`;
    Deno.mkdirSync(`${this.root}/sub/empty`, { recursive: true });
    Deno.writeTextFileSync(`${outside}/secret`, "secret");
    Deno.writeTextFileSync(`${this.root}/index.html`, "<p>home\n");
    Deno.writeTextFileSync(`${this.root}/sub/index.html`, "<p>sub\n");
    Deno.writeTextFileSync(`${this.root}/with space?`, "odd name");
    Deno.writeTextFileSync(`${this.root}/data.json`, "{}");
    Deno.writeTextFileSync(`${this.root}/none`, "");
    Deno.writeTextFileSync(`${this.root}/large`, "0123456789abcdef".repeat(100_000));
    Deno.symlinkSync("../secret", `${this.root}/leak`);
    Deno.symlinkSync("/etc/hostname", `${this.root}/absolute`);
    Deno.symlinkSync("sub/index.html", `${this.root}/inner`);
    new Deno.Command("mkfifo", { args: [`${this.root}/fifo`] }).outputSync();
    this.server = this.#file.start(["http", "0", this.root], options);
  }

  /** Sends a request as it is; status line, fields and body of the answer. */
  async ask(request: string): Promise<{ status: string; head: string; body: string }> {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: await portOf(this.server) });
    await connection.write(encoder.encode(request));
    const answer = await new Response(connection.readable).text();
    const end = answer.indexOf("\r\n\r\n");
    const [status = "", ...fields] = answer.slice(0, end).split("\r\n");
    return { status: status.replace("HTTP/1.1 ", ""), head: fields.join("\n"), body: answer.slice(end + 4) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#file[Symbol.dispose]();
  }
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

for (const machine of MACHINES) {
  const { architecture, skip } = machine;
  const test = (name: string, body: () => Promise<void>) =>
    Deno.test(`toolbox http on ${architecture} ${name}${skip}`, { ignore: skip !== "" }, body);

  test("serves files, and the index of directories", async () => {
    await using site = new Site(machine);
    const home = await site.ask(get("/"));
    const fields = "Content-Type: text/html; charset=utf-8\nContent-Length: 8\nConnection: close\nAllow: GET, HEAD";
    assert.deepEqual(home, { status: "200 OK", head: fields, body: "<p>home\n" });
    for (const path of ["/sub", "/sub/", "//sub/./index.html", "/sub/?query", "/inner", "/%73ub/#fragment"]) {
      assert.equal((await site.ask(get(path))).body, "<p>sub\n", path);
    }
    assert.equal((await site.ask(get("/with%20space%3f"))).body, "odd name");
    assert.match((await site.ask(get("/data.json"))).head, /^Content-Type: application\/json\n/);
    const none = await site.ask(get("/none"));
    assert.deepEqual([none.status, none.body], ["200 OK", ""]);
    const large = await site.ask(get("/large"));
    assert.match(large.head, /Content-Type: text\/plain; charset=utf-8\nContent-Length: 1600000\n/);
    assert.equal(large.body, "0123456789abcdef".repeat(100_000));
  });

  test("answers HEAD without a body", async () => {
    await using site = new Site(machine);
    const head = await site.ask("HEAD / HTTP/1.0\r\n\r\n");
    assert.deepEqual([head.status, head.body], ["200 OK", ""]);
    assert.match(head.head, /Content-Length: 8\n/);
    const missing = await site.ask("HEAD /missing HTTP/1.0\r\n\r\n");
    assert.deepEqual([missing.status, missing.body], ["404 Not Found", ""]);
  });

  test("refuses what is not there, not allowed or not understood", async () => {
    await using site = new Site(machine);
    const answers: readonly (readonly [string, string])[] = [
      [get("/missing"), "404 Not Found"],
      [get("/none/below"), "404 Not Found"],
      [get("/sub/empty/"), "404 Not Found"],
      [get("/" + "x".repeat(300)), "404 Not Found"],
      [get("/fifo"), "403 Forbidden"],
      [get("/../secret"), "403 Forbidden"],
      [get("/sub/../../secret"), "403 Forbidden"],
      [get("/%2e%2e/secret"), "403 Forbidden"],
      [get("/sub/..%2f..%2fsecret"), "403 Forbidden"],
      [get("/%00"), "400 Bad Request"],
      [get("/%g0"), "400 Bad Request"],
      [get("/%4"), "400 Bad Request"],
      [get("index.html"), "400 Bad Request"],
      ["POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", "405 Method Not Allowed"],
      ["nonsense\r\n\r\n", "405 Method Not Allowed"],
      ["GET /" + "y".repeat(9000), "404 Not Found"], // longer than is read: what was read counts
    ];
    for (const [request, status] of answers) {
      const answer = await site.ask(request);
      assert.deepEqual([answer.status, answer.body], [status, `${status}\n`], request.slice(0, 60));
    }
  });

  // the emulator has no openat2; without it every .. is refused, and links are trusted
  if (machine.emulator === undefined) {
    test("follows links and .. inside of the directory only", async () => {
      await using site = new Site(machine);
      assert.equal((await site.ask(get("/sub/../sub/"))).body, "<p>sub\n");
      for (const path of ["/leak", "/absolute"]) {
        assert.equal((await site.ask(get(path))).status, "403 Forbidden", path);
      }
    });
  }

  test("logs each request on a line", async () => {
    await using site = new Site(machine);
    await site.ask(get("/"));
    await site.ask(get("/missing?really"));
    await site.ask("PUT /%41 HTTP/1.1\r\n\r\n");
    const log = "GET / 200 OK\nGET /missing?really 404 Not Found\nPUT /%41 405 Method Not Allowed\n";
    await until(() => site.server.stdout === log, () => site.server.stdout);
  });

  test("serves others while a client says nothing, and survives those who leave", async () => {
    await using site = new Site(machine);
    const port = await portOf(site.server);
    using _idle = await Deno.connect({ hostname: "127.0.0.1", port });
    for (const part of ["", "GET", "GET / HTTP/1.1\r\n"]) {
      using leaver = await Deno.connect({ hostname: "127.0.0.1", port });
      await leaver.write(encoder.encode(part));
    }
    using hurried = await Deno.connect({ hostname: "127.0.0.1", port });
    await hurried.write(encoder.encode(get("/large")));
    assert.equal((await site.ask(get("/"))).status, "200 OK");
    site.server.kill("SIGTERM");
    assert.equal(await site.server.end(), 0);
  });

  // only root can start it as someone whose processes are counted; the emulator has threads, which count as well
  if (Deno.uid() === 0 && machine.emulator === undefined) {
    test("answers 503 when it cannot start a child", async () => {
      await using site = new Site(machine, { uid: 61235, through: ["prlimit", "--nproc=1:1"] });
      const answer = await site.ask(get("/"));
      assert.deepEqual([answer.status, answer.body], ["503 Service Unavailable", "503 Service Unavailable\n"]);
    });
  }

  test("names a directory that is none", async () => {
    const outcome = await toolbox(machine, ["http", "0", "/etc/hostname"]);
    assert.deepEqual(outcome, { status: 1, stdout: "", stderr: "/etc/hostname: ENOTDIR\n" });
    assert.equal((await toolbox(machine, ["http", "0", "/nowhere"])).stderr, "/nowhere: ENOENT\n");
  });
}
