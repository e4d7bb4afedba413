import assert from "node:assert/strict";
import fc from "fast-check";
import { exchange, type HttpRequest, type Stream } from "./http_exchange.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A connection whose peer sends these pieces, then closes; it remembers what was sent and how much was read. */
class Scripted implements Stream {
  sent = "";
  reads = 0;
  readonly #pieces: Iterator<Uint8Array>;

  constructor(pieces: Iterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.iterator]();
  }

  write(bytes: Uint8Array): Promise<void> {
    this.sent += decoder.decode(bytes);
    return Promise.resolve();
  }

  read(): Promise<Uint8Array | undefined> {
    this.reads++;
    const next = this.#pieces.next();
    return Promise.resolve(next.done === true ? undefined : next.value);
  }
}

const GET: HttpRequest = { method: "GET", url: { kind: "http", host: "localhost", port: 8080, path: "/" } };

async function answerTo(request: HttpRequest, answer: string): ReturnType<typeof exchange> {
  return await exchange(new Scripted([encoder.encode(answer)]), request);
}

/** The answer, which must be one. */
async function read(answer: string, request = GET): Promise<{ status: number; body: string; truncated: boolean }> {
  const outcome = await answerTo(request, answer);
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.error);
  return outcome.value;
}

async function errorOf(answer: string): Promise<string> {
  const outcome = await answerTo(GET, answer);
  assert.ok(!outcome.ok, `"${answer}" was taken`);
  return outcome.error;
}

async function sentFor(request: HttpRequest): Promise<string> {
  const stream = new Scripted([]);
  await exchange(stream, request);
  return stream.sent;
}

Deno.test("exchange() sends a request that asks the server to close", async () => {
  assert.equal(await sentFor(GET), "GET / HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n");
  const url = { kind: "http", host: "::1", port: 80, path: "/a?b" } as const;
  assert.equal(
    await sentFor({ method: "POST", url, headers: { Accept: "text/plain", HOST: "web" }, body: "é" }),
    "POST /a?b HTTP/1.1\r\nHOST: web\r\nConnection: close\r\nContent-Length: 2\r\nAccept: text/plain\r\n\r\né",
  );
  assert.match(await sentFor({ method: "PUT", url }), /Host: \[::1\]\r\n.*Content-Length: 0\r\n/s);
});

Deno.test("exchange() sends nothing where a header or method would make another request of it", async () => {
  for (const headers of [{ "X-A": "1\r\nX-B: 2" }, { "X A": "1" }, { "": "1" }]) {
    const stream = new Scripted([]);
    assert.equal((await exchange(stream, { ...GET, headers: { ...headers } })).ok, false);
    assert.equal(stream.sent, "");
  }
  assert.equal((await answerTo({ ...GET, method: "GET / X" }, "")).ok, false);
});

Deno.test("exchange() reads status, headers and a body of known length, and nothing after that", async () => {
  const answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-Two: a\r\nx-two:  b \r\n\r\nhello, garbage";
  assert.deepEqual(await answerTo(GET, answer), {
    ok: true,
    value: { status: 404, headers: { "content-length": "5", "x-two": "a, b" }, body: "hello", truncated: false },
  });
});

Deno.test("exchange() reads a body until the server closes, and one in chunks with extensions and trailers", async () => {
  assert.equal((await read("HTTP/1.0 200 OK\r\n\r\nall of it\n")).body, "all of it\n");
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n";
  assert.equal(
    (await read(`${chunked}4;a=b\r\nwiki\r\nA \r\npedia\r\n in\r\n0\r\nX: y\r\n\r\n`)).body,
    "wikipedia\r\n in",
  );
});

Deno.test("exchange() takes lines that end with LF alone, a folded header and a missing reason", async () => {
  const outcome = await answerTo(GET, "HTTP/1.1 200\nX-Long: one\n two\nContent-Length: 0\n\n");
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.value.headers, { "x-long": "one two", "content-length": "0" });
});

Deno.test("exchange() skips answers that only announce another, but for a switch of protocols", async () => {
  const final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  assert.equal(
    (await read(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${final}`)).body,
    "ok",
  );
  assert.match(await errorOf(`HTTP/1.1 101 Switching Protocols\r\n\r\n${final}`), /switched to another protocol/);
});

Deno.test("exchange() reads no body where there is none, whatever the headers say", async () => {
  const head = { ...GET, method: "HEAD" };
  assert.equal((await read("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", head)).body, "");
  for (const status of [204, 304]) {
    assert.equal((await read(`HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n`)).body, "");
  }
});

Deno.test("exchange() says what is wrong with a malformed answer", async () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
  const cases: [string, RegExp][] = [
    ["", /the server sent no answer$/],
    ["HTTP/1.1 200 OK\r\nX: y\r\n", /closed the connection within the headers$/],
    ["SSH-2.0-\x1b[2J\r\n", /it is no HTTP\/1.1: it begins with "SSH-2.0-\\x1b\[2J"$/],
    ["HTTP/1.1 99 Low\r\n\r\n", /it is no HTTP/],
    ["HTTP/2 200\r\n\r\n", /it is no HTTP/],
    [`${ok}No colon\r\n\r\n`, /malformed header: "No colon"$/],
    [`${ok}Space : x\r\n\r\n`, /malformed header/],
    [`${ok} folded onto nothing\r\n\r\n`, /malformed header/],
    [`${ok}X: a\rb\r\n\r\n`, /malformed header/],
    [`${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, /malformed length: "5, 6"$/],
    [`${ok}Content-Length: -1\r\n\r\n`, /malformed length/],
    [`${ok}Content-Length: 99999999999999999999\r\n\r\n`, /malformed length/],
    [`${ok}Content-Length: 5\r\n\r\nhell`, /closed the connection after 4 of 5 bytes$/],
    [`${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, /unknown transfer coding: "gzip, chunked"$/],
    [`${chunked}xyz\r\n`, /malformed chunk$/],
    [`${chunked}2\r\nabc\r\n0\r\n\r\n`, /malformed chunk$/],
    [`${chunked}${"0".repeat(2000)}1\r\n`, /malformed chunk$/],
    [`${chunked}5\r\nhel`, /within a chunk of 5 bytes$/],
    [`${chunked}2\r\nok\r\n`, /within a chunked body$/],
  ];
  for (const [answer, message] of cases) assert.match(await errorOf(answer), message);
});

Deno.test("exchange() takes a header named like what every object has", async () => {
  const outcome = await answerTo(GET, "HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\nContent-Length: 0\r\n\r\n");
  assert.ok(outcome.ok);
  assert.deepEqual(Object.entries(outcome.value.headers).slice(0, 2), [["__proto__", "x"], ["constructor", "y"]]);
});

Deno.test("exchange() keeps the first bytes of a long body, however its end is told", async () => {
  const limits = { headBytes: 1000, bodyBytes: 4 };
  const bodies = [
    "Content-Length: 5\r\n\r\nhello",
    "\r\nhello",
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
  ];
  for (const body of bodies) {
    for (const [bodyBytes, kept, truncated] of [[4, "hell", true], [5, "hello", false]] as const) {
      const stream = new Scripted([encoder.encode(`HTTP/1.1 200 OK\r\n${body}`)]);
      const outcome = await exchange(stream, GET, { ...limits, bodyBytes });
      assert.ok(outcome.ok, outcome.ok ? "" : outcome.error);
      assert.equal(outcome.value.body, kept);
      assert.equal(outcome.value.truncated, truncated, body);
    }
  }
});

Deno.test("exchange() does not cut a character in two, nor drop a byte order mark", async () => {
  const stream = new Scripted([encoder.encode("HTTP/1.1 200 OK\r\n\r\n\ufeff€€")]);
  const outcome = await exchange(stream, GET, { headBytes: 100, bodyBytes: 8 });
  assert.ok(outcome.ok);
  assert.equal(outcome.value.body, "\ufeff€");
});

/** The beginning once, then the same piece for ever. */
function* endless(head: string, piece: string): Generator<Uint8Array> {
  yield encoder.encode(head);
  for (;;) yield encoder.encode(piece);
}

Deno.test("exchange() stops reading from a server that never ends", async () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
  const piece = "x".repeat(1000);
  const cases: [Generator<Uint8Array>, boolean][] = [
    [endless(`${ok}\r\n`, piece), true],
    [endless(`${ok}Content-Length: 999999999999\r\n\r\n`, piece), true],
    [endless(`${chunked}FFFFFFFFF\r\n`, piece), true],
    [endless(chunked, `1;${"e".repeat(1000)}\r\nx\r\n`), false],
    [endless(ok, `X: ${piece}\r\n`), false],
    [endless(ok, piece), false],
    [endless("", "HTTP/1.1 100 Continue\r\n\r\n"), false],
    [endless("", "\n"), false],
    [endless(`${ok}Content-Length: 5\r\n\r\n`, ""), false],
  ];
  for (const [index, [pieces, ok]] of cases.entries()) {
    const stream = new Scripted(pieces);
    const outcome = await exchange(stream, GET);
    assert.equal(outcome.ok, ok, `case ${index}`);
    assert.ok(stream.reads < 70_000, `case ${index} took ${stream.reads} reads`);
  }
});

Deno.test("exchange() gives the same for any split of the same bytes", async () => {
  const answers = [
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\nX: é\r\n\r\nhé\r\nlo!",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nw\r\ni\r\n3;x=y\r\n€\r\n0\r\n\r\n",
    "HTTP/1.0 500 Oh\nA: b\n c\n\nuntil the end",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki!\r\n0\r\n\r\n",
    "nonsense",
  ];
  const anyCuts = fc.array(fc.nat(200), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...answers),
      anyCuts,
      fc.integer({ min: 1, max: 12 }),
      async (answer, cuts, bodyBytes) => {
        const bytes = encoder.encode(answer);
        const limits = { headBytes: 200, bodyBytes };
        const whole = await exchange(new Scripted([bytes]), GET, limits);
        const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) =>
          a - b
        );
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        assert.deepEqual(await exchange(new Scripted(pieces), GET, limits), whole);
        const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
        assert.deepEqual(await exchange(new Scripted(single), GET, limits), whole);
      },
    ),
  );
});

Deno.test("exchange() ends with a value for any bytes", async () => {
  const heads = ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 100 }), async (head, noise) => {
      const outcome = await exchange(new Scripted([encoder.encode(head), noise]), GET);
      assert.equal(typeof outcome.ok, "boolean");
    }),
  );
});
