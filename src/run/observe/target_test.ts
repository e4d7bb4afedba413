import assert from "node:assert/strict";
import fc from "fast-check";
import { type ConnectTarget, parseTarget } from "./target.ts";

Deno.test("parseTarget() reads each form", () => {
  const cases: [string, ConnectTarget][] = [
    ["http://localhost:8080/a/b?c=d", { kind: "http", host: "localhost", port: 8080, path: "/a/b?c=d" }],
    ["http://localhost", { kind: "http", host: "localhost", port: 80, path: "/" }],
    ["http://[::1]:81?q", { kind: "http", host: "::1", port: 81, path: "/?q" }],
    ["http://10.0.0.1:1/x#top", { kind: "http", host: "10.0.0.1", port: 1, path: "/x" }],
    ["http://h/a b/é\r\nX: y", { kind: "http", host: "h", port: 80, path: "/a%20b/%C3%A9%0D%0AX:%20y" }],
    ["http://h/already%20encoded", { kind: "http", host: "h", port: 80, path: "/already%20encoded" }],
    ["tcp://localhost:514", { kind: "tcp", host: "localhost", port: 514 }],
    ["udp://[fe80::1]:53", { kind: "udp", host: "fe80::1", port: 53 }],
    ["unix:///dev/log", { kind: "unix", path: "/dev/log" }],
  ];
  for (const [text, target] of cases) assert.deepEqual(parseTarget(text), target);
});

Deno.test("parseTarget() says what is wrong with anything else", () => {
  const wrong: [string, RegExp][] = [
    ["localhost:80", /it must be http:\/\/HOST:PORT\/PATH, tcp:/],
    ["ftp://h/", /it must be/],
    ["https://h/", /TLS is not spoken/],
    ["tcp://h", /port must be 1 to 65535/],
    ["tcp://h:0", /port must be/],
    ["http://h:65536/", /port must be/],
    ["http://:80/", /":80" is no host and port/],
    ["http://user:secret@h/", /is no host and port/],
    ["tcp://::1:80", /is no host and port/],
    ["tcp://h:1/path", /a tcp target has no path/],
    ["unix://relative", /a socket's path begins with \//],
    ["tcp://h\x1b[2J:1", /"tcp:\/\/h\\x1b\[2J:1"/],
  ];
  for (const [text, message] of wrong) {
    const target = parseTarget(text);
    assert.ok(target.kind === "invalid", text);
    assert.match(target.error, message);
  }
});

Deno.test("parseTarget() gives a path that cannot break out of the request line", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (path) => {
    const target = parseTarget(`http://h/${path}`);
    assert.ok(target.kind === "http");
    assert.match(target.path, /^\/[\x21-\x7e]*$/);
  }));
});
