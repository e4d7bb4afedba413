import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatAddress,
  hostAddresses,
  internetSocketAddress,
  netlinkSocketAddress,
  parseAddress,
  unixSocketAddress,
} from "./addresses.ts";

function bytes(...hex: string[]): Uint8Array {
  return Uint8Array.from(hex.join("").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Addresses of either length, with zero bytes more often than by chance. */
const anyAddress = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 16, maxLength: 16 }).map((list) =>
    Uint8Array.from(list)
  ),
);

Deno.test("parseAddress() reads back what formatAddress() wrote", () => {
  fc.assert(fc.property(anyAddress, (address) => {
    assert.deepEqual(parseAddress(formatAddress(address)), address);
  }));
});

Deno.test("formatAddress() writes RFC 5952's canonical form", () => {
  const cases: [string, string][] = [
    ["7f000001", "127.0.0.1"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["fe80000000000000000000000000000a", "fe80::a"],
    // One zero group is not shortened (4.2.2); the longer run is (4.2.3); of equal runs the first is.
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010000000000010000000000000001", "2001:0:0:1::1"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["20010db8000000010000000000000000", "2001:db8:0:1::"],
    ["00000000000000000000ffffc0a80001", "::ffff:192.168.0.1"],
  ];
  for (const [hex, text] of cases) assert.equal(formatAddress(bytes(hex)), text);
});

Deno.test("parseAddress() reads every way to write an IPv6 address", () => {
  assert.deepEqual(parseAddress("2001:DB8:0:0:0:0:0:1"), bytes("20010db8000000000000000000000001"));
  assert.deepEqual(parseAddress("1::"), bytes("00010000000000000000000000000000"));
  assert.deepEqual(parseAddress("::192.168.0.1"), bytes("000000000000000000000000c0a80001"));
  assert.deepEqual(parseAddress("64:ff9b::1.2.3.4"), bytes("0064ff9b000000000000000001020304"));
  assert.deepEqual(parseAddress("1:2:3:4:5:6:7::"), bytes("00010002000300040005000600070000"));
});

Deno.test("parseAddress() refuses what is not an address", () => {
  const wrong = [
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4 ",
    "localhost",
    ":",
    ":::",
    "1::2::3",
    "1:2",
  ];
  wrong.push(
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "::1.2.3",
    "1.2.3.4::",
    "[::1]",
  );
  for (const text of wrong) assert.equal(parseAddress(text), undefined, text);
});

Deno.test("hostAddresses() tries IPv4 first for localhost, and resolves no other name", () => {
  assert.deepEqual(hostAddresses("localhost").map(formatAddress), ["127.0.0.1", "::1"]);
  assert.deepEqual(hostAddresses("10.0.0.7").map(formatAddress), ["10.0.0.7"]);
  assert.deepEqual(hostAddresses("example.com"), []);
});

Deno.test("internetSocketAddress() lays out sockaddr_in and sockaddr_in6", () => {
  assert.deepEqual(
    internetSocketAddress(Uint8Array.of(127, 0, 0, 1), 8080),
    bytes("0200", "1f90", "7f000001", "0000000000000000"),
  );
  assert.deepEqual(
    internetSocketAddress(bytes("00000000000000000000000000000001"), 80),
    bytes("0a00", "0050", "00000000", "00000000000000000000000000000001", "00000000"),
  );
  assert.throws(() => internetSocketAddress(Uint8Array.of(1, 2, 3), 80), RangeError);
  assert.throws(() => internetSocketAddress(Uint8Array.of(127, 0, 0, 1), 65536), RangeError);
});

Deno.test("unixSocketAddress() ends with one NUL and takes at most 107 bytes", () => {
  assert.deepEqual(unixSocketAddress("/a"), bytes("0100", "2f61", "00"));
  assert.equal(unixSocketAddress("/".repeat(107)).length, 110);
  for (const path of ["", "a\0b", "/".repeat(108), "/" + "é".repeat(54)]) {
    assert.throws(() => unixSocketAddress(path), RangeError);
  }
});

Deno.test("netlinkSocketAddress() lays out sockaddr_nl", () => {
  assert.deepEqual(netlinkSocketAddress(), bytes("1000", "0000", "00000000", "00000000"));
  assert.deepEqual(netlinkSocketAddress(0x1234, 1), bytes("1000", "0000", "34120000", "01000000"));
});
