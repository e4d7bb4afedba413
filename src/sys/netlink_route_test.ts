import assert from "node:assert/strict";
import fc from "fast-check";
import { formatAddress, formatMac } from "./addresses.ts";
import { type Attribute, decodeMessages, encodeAttributes, encodeMessage } from "./netlink.ts";
import { decodeRouteEntry, encodeDump, encodeLinkUp, type RouteEntry } from "./netlink_route.ts";

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function u32(value: number): Uint8Array {
  return bytes(hex(new Uint8Array(Uint32Array.of(value).buffer)));
}

/** What the one message of a datagram says. */
function entry(datagram: Uint8Array): RouteEntry {
  const messages = decodeMessages(datagram);
  assert.ok(messages.ok);
  const [message] = messages.value;
  assert.ok(message?.kind === "data");
  const decoded = decodeRouteEntry(message);
  assert.ok(decoded.ok, decoded.ok ? "" : decoded.error);
  return decoded.value;
}

function message(type: number, header: Uint8Array, attributes: readonly Attribute[]): Uint8Array {
  const payload = Uint8Array.from([...header, ...encodeAttributes(attributes)]);
  return encodeMessage({ type, flags: 2, sequence: 7, payload });
}

Deno.test("encodeLinkUp() is what ip(8) sends for 'link set lo up'", () => {
  assert.equal(
    hex(encodeLinkUp(1, 9)),
    hex(bytes("20000000 1000 0500 09000000 00000000 00 00 0000 01000000 01000000 01000000")),
  );
});

Deno.test("encodeDump() asks for everything of every family", () => {
  assert.equal(hex(encodeDump("links", 1)), hex(bytes(`20000000 1200 0103 01000000 00000000 ${"00".repeat(16)}`)));
  assert.equal(hex(encodeDump("addresses", 2)), hex(bytes(`18000000 1600 0103 02000000 00000000 ${"00".repeat(8)}`)));
  assert.equal(hex(encodeDump("routes", 3)), hex(bytes(`1c000000 1a00 0103 03000000 00000000 ${"00".repeat(12)}`)));
});

Deno.test("decodeRouteEntry() reads links back", () => {
  const anyLink = fc.record({
    index: fc.integer({ min: 1, max: 0x7fff_ffff }),
    name: fc.string({ minLength: 1, maxLength: 15 }).filter((name) => !name.includes("\0") && name.isWellFormed()),
    up: fc.boolean(),
    mtu: fc.nat(0xffff_ffff),
    mac: fc.uint8Array({ minLength: 6, maxLength: 6 }),
    kind: fc.constantFrom("veth", "bridge", "dummy"),
  });
  fc.assert(fc.property(anyLink, fc.nat(0xffff), (link, unknown) => {
    const header = Uint8Array.from([0, 0, 1, 0, ...u32(link.index), ...u32(link.up ? 0x1043 : 0x1042), 0, 0, 0, 0]);
    const text = (value: string): Uint8Array => new TextEncoder().encode(value + "\0");
    const datagram = message(16, header, [
      { type: 1000, data: new Uint8Array(unknown % 17) },
      { type: 1, data: link.mac },
      { type: 3, data: text(link.name) },
      { type: 4, data: u32(link.mtu) },
      { type: 18, data: encodeAttributes([{ type: 1, data: text(link.kind) }]) },
    ]);
    assert.deepEqual(entry(datagram), { kind: "link", link: { ...link, mac: formatMac(link.mac) } });
  }));
});

Deno.test("decodeRouteEntry() reads addresses and routes back", () => {
  const anyAddress = fc.constantFrom(4, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  fc.assert(fc.property(anyAddress, fc.integer({ min: 1, max: 32 }), fc.nat(0xffff), (address, prefix, index) => {
    const family = address.length === 4 ? 2 : 10;
    const shown = `${formatAddress(address)}/${prefix}`;
    const addressHeader = Uint8Array.from([family, prefix, 0, 0, ...u32(index)]);
    assert.deepEqual(entry(message(20, addressHeader, [{ type: 1, data: address }])), {
      kind: "address",
      address: { index, address: shown },
    });
    const routeHeader = Uint8Array.from([family, prefix, 0, 0, 252, 0, 0, 1, 0, 0, 0, 0]);
    const attributes = [[1, address], [4, u32(index)], [5, address], [15, u32(1000)]] as const;
    assert.deepEqual(entry(message(24, routeHeader, attributes.map(([type, data]) => ({ type, data })))), {
      kind: "routes",
      routes: [{ destination: shown, gateway: formatAddress(address), oif: index, table: 1000 }],
    });
  }));
});

Deno.test("decodeRouteEntry() names loopback, which has no kind, and the kind of others", () => {
  const loopback = message(16, bytes("00 00 0403 01000000 49000100 00000000"), [
    { type: 3, data: bytes("6c6f00") },
    { type: 4, data: u32(65536) },
    { type: 1, data: new Uint8Array(6) },
  ]);
  assert.deepEqual(entry(loopback), {
    kind: "link",
    link: { index: 1, name: "lo", up: true, mtu: 65536, mac: "00:00:00:00:00:00", kind: "loopback" },
  });
  // A tunnel has no hardware address, hardware no kind: the keys are missing, not empty.
  const bare = message(16, bytes("00 00 feff 03000000 00000000 00000000"), [{ type: 3, data: bytes("743000") }]);
  assert.deepEqual(entry(bare), { kind: "link", link: { index: 3, name: "t0", up: false, mtu: 0 } });
});

Deno.test("decodeRouteEntry() takes the own address of a point-to-point device, not the peer's", () => {
  const datagram = message(20, bytes("02 20 00 00 05000000"), [
    { type: 1, data: bytes("0a000002") },
    { type: 2, data: bytes("0a000001") },
  ]);
  assert.deepEqual(entry(datagram), { kind: "address", address: { index: 5, address: "10.0.0.1/32" } });
});

Deno.test("decodeRouteEntry() reads the routes that Linux reports", () => {
  // Recorded from Linux 6.18 with the routes that ip(8) shows as the text on the left.
  const recorded: [string, RouteEntry][] = [
    ["3400000018000200070000009e36000002100000fc03fd010000000008000f00e8030000080001000a0700000800040002000000", {
      kind: "routes", // 10.7.0.0/16 dev br0 table 1000
      routes: [{ destination: "10.7.0.0/16", oif: 2, table: 1000 }],
    }],
    [
      "4c00000018000200070000009e36000002100000fe0300010000000008000f00fe000000080001000a0600001600" +
      "12000a00fe80000000000000000000000000000100000800040002000000",
      {
        kind: "routes", // 10.6.0.0/16 via inet6 fe80::1 dev br0
        routes: [{ destination: "10.6.0.0/16", gateway: "fe80::1", oif: 2, table: 254 }],
      },
    ],
    ["2c00000018000200070000009e36000002100000fe0300060000000008000f00fe000000080001000a080000", {
      kind: "routes", // blackhole 10.8.0.0/16
      routes: [{ destination: "10.8.0.0/16", table: 254 }],
    }],
    [
      "5000000018000200070000009e36000002100000fe0300010000000008000f00fe000000080001000a09000024000900" +
      "1000000002000000080005000a0102011000000002000000080005000a010202",
      {
        kind: "routes", // 10.9.0.0/16 nexthop via 10.1.2.1 dev br0 nexthop via 10.1.2.2 dev br0
        routes: [
          { destination: "10.9.0.0/16", gateway: "10.1.2.1", oif: 2, table: 254 },
          { destination: "10.9.0.0/16", gateway: "10.1.2.2", oif: 2, table: 254 },
        ],
      },
    ],
    ["340000001800020007000000e435000002000000fe0300010000000008000f00fe00000008000500c00002010800040004000000", {
      kind: "routes", // default via 192.0.2.1 dev eth0
      routes: [{ destination: "default", gateway: "192.0.2.1", oif: 4, table: 254 }],
    }],
  ];
  for (const [datagram, expected] of recorded) assert.deepEqual(entry(bytes(datagram)), expected);
});

Deno.test("decodeRouteEntry() leaves out copies in a route cache", () => {
  assert.deepEqual(entry(message(24, bytes("02 20 00 00 fe 00 00 01 00020000"), [])), { kind: "routes", routes: [] });
});

Deno.test("decodeRouteEntry() takes what it does not know, and refuses what is cut off", () => {
  assert.deepEqual(entry(message(28, new Uint8Array(12), [])), { kind: "other", type: 28 });
  for (const type of [16, 20, 24]) {
    const decoded = decodeRouteEntry({ kind: "data", type, flags: 0, sequence: 1, payload: new Uint8Array(7) });
    assert.equal(decoded.ok, false);
  }
});

Deno.test("decodeRouteEntry() ends for any payload", () => {
  const types = fc.constantFrom(16, 20, 24);
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 60 }), (type, payload, hops) => {
      decodeRouteEntry({ kind: "data", type, flags: 0, sequence: 1, payload });
      entry(message(24, new Uint8Array(12), [{ type: 9, data: hops }]));
    }),
  );
});
