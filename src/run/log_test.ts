import assert from "node:assert/strict";
import fc from "fast-check";
import { Log, type Stream } from "./log.ts";

const KEPT = 256 * 1024;
const encoder = new TextEncoder();

Deno.test("Log keeps the newest bytes of what was written, stream by stream, as a plain list would", () => {
  const writes = fc.array(
    fc.record({
      stream: fc.constantFrom<Stream>("stdout", "stderr"),
      length: fc.oneof(fc.nat(100), fc.nat(100_000), fc.constantFrom(KEPT, KEPT + 1, 2 * KEPT)),
      letter: fc.constantFrom("a", "b", "c", "d"),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(writes, (all) => {
      const log = new Log();
      let plain: { stream: Stream; letter: string }[] = [];
      let bytes = 0;
      for (const { stream, length, letter } of all) {
        log.append(stream, encoder.encode(letter.repeat(length)));
        bytes += length;
        const added = Array.from({ length: Math.min(length, KEPT) }, () => ({ stream, letter }));
        plain = [...plain, ...added].slice(-KEPT);
      }
      assert.equal(log.bytes, bytes);
      assert.equal(log.truncated, bytes > KEPT);
      for (const stream of ["both", "stdout", "stderr"] as const) {
        const expected = plain.filter((one) => stream === "both" || one.stream === stream).map(({ letter }) => letter);
        assert.ok(log.text(stream) === expected.join(""), stream);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("Log gives the last lines, and replaces what is no UTF-8", () => {
  const log = new Log();
  log.append("stdout", encoder.encode("one\ntwo\n"));
  log.append("stderr", new Uint8Array([0xff, 0x0a]));
  assert.deepEqual(log.tail(2), ["two", "\ufffd"]);
  assert.deepEqual(new Log().tail(3), []);
});
