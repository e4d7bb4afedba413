import assert from "node:assert/strict";
import { MACHINES, until } from "../../../tests/support/programs.ts";
import { portOf, toolbox, toolboxFile } from "../../../tests/support/toolbox.ts";

const encoder = new TextEncoder();

/** Everything that comes back until the other side closes. */
async function readAll(connection: Deno.TcpConn): Promise<string> {
  return await new Response(connection.readable).text();
}

for (const machine of MACHINES) {
  const { architecture, skip } = machine;
  const test = (name: string, body: () => Promise<void>) =>
    Deno.test(`toolbox on ${architecture} ${name}${skip}`, { ignore: skip !== "" }, body);

  test("echo serves several clients at once, by IPv4 and IPv6, and ends when it is asked to", async () => {
    using file = toolboxFile(machine);
    await using server = file.start(["echo", "0"]);
    const port = await portOf(server);
    using idle = await Deno.connect({ hostname: "127.0.0.1", port });
    for (const hostname of ["127.0.0.1", "::1"]) {
      const client = await Deno.connect({ hostname, port });
      await client.write(encoder.encode(`to ${hostname}`));
      await client.closeWrite();
      assert.equal(await readAll(client), `to ${hostname}`);
    }
    await idle.write(encoder.encode("late"));
    const buffer = new Uint8Array(16);
    const bytes = await idle.read(buffer);
    assert.equal(new TextDecoder().decode(buffer.subarray(0, bytes ?? 0)), "late");
    server.kill("SIGTERM");
    assert.equal(await server.end(), 0);
  });

  test("echo names the port that is taken", async () => {
    using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const outcome = await toolbox(machine, ["echo", String(listener.addr.port)]);
    assert.deepEqual(outcome, { status: 1, stdout: "", stderr: "echo: EADDRINUSE\n" });
  });

  test("connect sends text and prints what comes back", async () => {
    using file = toolboxFile(machine);
    await using server = file.start(["echo", "0"]);
    const port = String(await portOf(server));
    const sent = await toolbox(machine, ["connect", "127.0.0.1", port, "hello\n"]);
    assert.deepEqual(sent, { status: 0, stdout: "hello\n", stderr: "" });
    const silent = await toolbox(machine, ["connect", "localhost", port]);
    assert.deepEqual(silent, { status: 0, stdout: "", stderr: "" });
    server.kill("SIGINT");
    assert.equal(await server.end(), 0);
    const refused = await toolbox(machine, ["connect", "127.0.0.1", port]);
    assert.deepEqual(refused, { status: 1, stdout: "", stderr: "connect: ECONNREFUSED\n" });
  });

  test("recv prints what syslog sends by UDP, each on a line, and ends after so many", async () => {
    using file = toolboxFile(machine);
    await using receiver = file.start(["recv", "udp:0", "3"]);
    const port = await portOf(receiver);
    assert.equal((await toolbox(machine, ["syslog", `127.0.0.1:${port}`, "first", "line"])).status, 0);
    assert.equal((await toolbox(machine, ["syslog", `localhost:${port}`, "ends with newline\n"])).status, 0);
    assert.equal((await toolbox(machine, ["syslog", `localhost:${port}`, ""])).status, 0);
    assert.equal(await receiver.end(), 0);
    assert.equal(receiver.stdout, "<13>podlab: first line\n<13>podlab: ends with newline\n<13>podlab: \n");
  });

  test("recv takes the place of an earlier socket file, and everyone may send to it", async () => {
    using file = toolboxFile(machine);
    const path = `${file.folder}/log`;
    const none = await toolbox(machine, ["syslog", path, "x"]);
    assert.deepEqual([none.status, none.stderr], [1, `${path}: ENOENT\n`]);
    for (const round of ["first", "second"]) {
      await using receiver = file.start(["recv", `unix:${path}`]);
      await until(() => receiver.stderr === `recv: listening on ${path}\n`, () => receiver.stderr);
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o666);
      assert.equal((await toolbox(machine, ["syslog", path, round])).status, 0);
      await until(() => receiver.stdout === `<13>podlab: ${round}\n`, () => receiver.stdout);
      receiver.kill("SIGTERM");
      assert.equal(await receiver.end(), 0);
    }
  });

  test("recv leaves a file alone that is no socket, and names a path that is too long", async () => {
    using file = toolboxFile(machine);
    const path = `${file.folder}/file`;
    await Deno.writeTextFile(path, "precious");
    const taken = await toolbox(machine, ["recv", `unix:${path}`]);
    assert.deepEqual(taken, { status: 1, stdout: "", stderr: `unix:${path}: EADDRINUSE\n` });
    assert.equal(await Deno.readTextFile(path), "precious");
    const long = `/${"x".repeat(107)}`;
    assert.equal((await toolbox(machine, ["recv", `unix:${long}`])).stderr, `unix:${long}: ENAMETOOLONG\n`);
    assert.equal((await toolbox(machine, ["syslog", long, "x"])).stderr, `${long}: ENAMETOOLONG\n`);
  });

  test("syslog cuts what is too long for a datagram of its own", async () => {
    using file = toolboxFile(machine);
    await using receiver = file.start(["recv", "udp:0", "1"]);
    const port = await portOf(receiver);
    const words = new Array(30).fill("w".repeat(500));
    assert.equal((await toolbox(machine, ["syslog", `127.0.0.1:${port}`, ...words])).status, 0);
    assert.equal(await receiver.end(), 0);
    assert.equal(receiver.stdout, `<13>podlab: ${words.join(" ")}`.slice(0, 8191) + "\n");
  });
}
