import assert from "node:assert/strict";
import fc from "fast-check";
import {
  attributeText,
  decodeAttributes,
  decodeMessages,
  encodeAttributes,
  encodeMessage,
  type NetlinkMessage,
} from "./netlink.ts";

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function messages(datagram: Uint8Array): readonly NetlinkMessage[] {
  const decoded = decodeMessages(datagram);
  assert.ok(decoded.ok);
  return decoded.value;
}

const anyAttribute = fc.tuple(fc.nat(0x3fff), fc.uint8Array({ maxLength: 30 })).map(([type, data]) => ({ type, data }));
const anyMessage = fc.record({
  // Below 16 are netlink's own types.
  type: fc.integer({ min: 16, max: 0xffff }),
  flags: fc.nat(0xffff),
  sequence: fc.integer({ min: 0, max: 0xffff_ffff }),
  payload: fc.uint8Array({ maxLength: 50 }),
});

Deno.test("decodeMessages() reads back what encodeMessage() wrote, several to a datagram", () => {
  fc.assert(fc.property(fc.array(anyMessage, { maxLength: 5 }), (sent) => {
    const received = messages(concat(sent.map(encodeMessage)));
    assert.deepEqual(received, sent.map((message) => ({ kind: "data", ...message })));
  }));
});

Deno.test("decodeAttributes() reads back what encodeAttributes() wrote", () => {
  fc.assert(fc.property(fc.array(anyAttribute, { maxLength: 8 }), (attributes) => {
    assert.deepEqual(decodeAttributes(encodeAttributes(attributes)), { ok: true, value: attributes });
  }));
});

Deno.test("decodeMessages() and decodeAttributes() end with a value for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
    for (const decoded of [decodeMessages(noise), decodeAttributes(noise)]) {
      assert.ok(decoded.ok ? Array.isArray(decoded.value) : decoded.error.startsWith("Cannot read from netlink"));
    }
  }));
});

Deno.test("decodeMessages() says where a datagram is cut off", () => {
  fc.assert(fc.property(anyMessage, fc.nat(), (message, cut) => {
    const whole = encodeMessage(message);
    const missing = 1 + cut % (whole.length - 1);
    const decoded = decodeMessages(whole.subarray(0, whole.length - missing));
    const padding = whole.length - 16 - message.payload.length;
    // A missing padding loses nothing.
    assert.equal(decoded.ok, missing <= padding);
  }));
});

Deno.test("decodeMessages() refuses a length that would make it read the same bytes for ever", () => {
  for (const length of ["00000000", "0f000000", "ffffffff"]) {
    const decoded = decodeMessages(bytes(`${length} 1000 0000 00000000 00000000`));
    assert.deepEqual(decoded, { ok: false, error: "Cannot read from netlink: truncated message at byte 0" });
  }
  assert.equal(decodeAttributes(bytes("0000 0100")).ok, false);
  assert.equal(decodeAttributes(bytes("0300 0100")).ok, false);
});

Deno.test("decodeAttributes() takes the flag bits off a nested attribute's type", () => {
  const decoded = decodeAttributes(bytes("0500 1280 61000000"));
  assert.deepEqual(decoded, { ok: true, value: [{ type: 0x12, data: bytes("61") }] });
});

Deno.test("decodeMessages() knows the kernel's acknowledgement, refusal and end of a dump", () => {
  // Recorded from Linux 6.18: a device that there is not; a route of 40 bits, with the extended acknowledgement on.
  const noDevice = bytes(
    "34000000 0200 0000 09000000 e4350000 edffffff" +
      "20000000 1000 0500 09000000 00000000 00000000 e7030000 01000000 01000000",
  );
  assert.deepEqual(messages(noDevice), [{ kind: "error", sequence: 9, errno: 19 }]);
  const badPrefix = bytes(
    "4c000000 0200 0002 09000000 e4350000 eaffffff" +
      "1c000000 1800 0506 09000000 00000000 02280000 fe030001 00000000" +
      "1a00 0100 496e76616c696420707265666978206c656e677468000000",
  );
  assert.deepEqual(messages(badPrefix), [
    { kind: "error", sequence: 9, errno: 22, text: "Invalid prefix length" },
  ]);
  const acknowledgement = bytes("24000000 0200 0001 05000000 00000000 00000000 10000000 1000 0500 05000000 00000000");
  assert.deepEqual(messages(acknowledgement), [{ kind: "acknowledgement", sequence: 5 }]);
  const done = bytes("14000000 0300 0200 07000000 e4350000 00000000");
  assert.deepEqual(messages(done), [{ kind: "done", sequence: 7, interrupted: false }]);
});

Deno.test("decodeMessages() tells a dump that failed or was changed meanwhile from a good one", () => {
  const failed = bytes("14000000 0300 0200 07000000 e4350000 f4ffffff");
  assert.deepEqual(messages(failed), [{ kind: "error", sequence: 7, errno: 12 }]);
  const interrupted = bytes("14000000 0300 1200 07000000 e4350000 00000000");
  assert.deepEqual(messages(interrupted), [{ kind: "done", sequence: 7, interrupted: true }]);
  assert.equal(decodeMessages(bytes("10000000 0400 0000 07000000 e4350000")).ok, false);
});

Deno.test("decodeMessages() keeps the errno when the explanation after it is broken", () => {
  const broken = bytes(
    "28000000 0200 0003 09000000 e4350000 eaffffff 10000000 1800 0506 09000000 00000000 ff00 0100",
  );
  assert.deepEqual(messages(broken), [{ kind: "error", sequence: 9, errno: 22 }]);
  assert.equal(decodeMessages(bytes("14000000 0200 0000 09000000 e4350000 eaffffff")).ok, false);
});

Deno.test("attributeText() ends at NUL, or at the end of the attribute", () => {
  assert.equal(attributeText(bytes("6c6f00ff")), "lo");
  assert.equal(attributeText(bytes("6c6f")), "lo");
});
