import assert from "node:assert/strict";
import { networkFacts } from "./network_facts.ts";

const lo = { index: 1, name: "lo", up: true, mtu: 65536, mac: "00:00:00:00:00:00", kind: "loopback" };
const eth0 = { index: 2, name: "eth0", up: true, mtu: 1500, mac: "02:00:00:00:00:01", kind: "veth" };

Deno.test("networkFacts() puts addresses to their devices, and names devices in the routes of the main table", () => {
  const facts = networkFacts({
    links: [eth0, lo],
    addresses: [
      { index: 1, address: "127.0.0.1/8" },
      { index: 2, address: "10.1.0.2/24" },
      { index: 1, address: "::1/128" },
    ],
    routes: [
      { destination: "default", gateway: "10.1.0.1", oif: 2, table: 254 },
      { destination: "10.8.0.0/16", table: 254 },
      { destination: "127.0.0.0/8", oif: 1, table: 255 },
    ],
  });
  assert.deepEqual(facts, {
    interfaces: [
      { ...lo, addresses: ["127.0.0.1/8", "::1/128"] },
      { ...eth0, addresses: ["10.1.0.2/24"] },
    ],
    names: ["lo", "eth0"],
    addresses: ["127.0.0.1", "10.1.0.2", "::1"],
    routes: [{ destination: "default", gateway: "10.1.0.1", interface: "eth0" }, { destination: "10.8.0.0/16" }],
  });
});

Deno.test("networkFacts() names an address once though two devices have it", () => {
  const addresses = [{ index: 1, address: "10.0.0.1/32" }, { index: 2, address: "10.0.0.1/24" }];
  assert.deepEqual(networkFacts({ links: [lo, eth0], addresses, routes: [] }).addresses, ["10.0.0.1"]);
});

Deno.test("networkFacts() of an empty namespace has empty lists", () => {
  assert.deepEqual(networkFacts({ links: [], addresses: [], routes: [] }), {
    interfaces: [],
    names: [],
    addresses: [],
    routes: [],
  });
});
