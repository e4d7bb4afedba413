import assert from "node:assert/strict";
import fc from "fast-check";
import { CAPABILITIES, SIGNALS } from "../plan/flags.ts";
import { capabilityNames, signalNames } from "./masks.ts";

function mask(bits: readonly number[]): string {
  return bits.reduce((sum, bit) => sum | 1n << BigInt(bit), 0n).toString(16).padStart(16, "0");
}

Deno.test("capabilityNames() and signalNames() name the bits that are set", () => {
  fc.assert(fc.property(fc.subarray([...CAPABILITIES]), (names) => {
    assert.deepEqual(capabilityNames(mask(names.map((name) => CAPABILITIES.indexOf(name)))), names);
  }));
  fc.assert(fc.property(fc.subarray([...SIGNALS]), (names) => {
    assert.deepEqual(signalNames(mask(names.map((name) => SIGNALS.indexOf(name)))), names);
  }));
});

Deno.test("capabilityNames() reads the lowest bit and those beyond 32", () => {
  assert.deepEqual(capabilityNames("0000000000000003"), ["CHOWN", "DAC_OVERRIDE"]);
  assert.deepEqual(capabilityNames("0000010000000000"), ["CHECKPOINT_RESTORE"]);
});

Deno.test("signalNames() counts signals from 1", () => {
  assert.deepEqual(signalNames("0000000000001001"), ["SIGHUP", "SIGPIPE"]);
});

Deno.test("capabilityNames() leaves out bits without a name, and takes what is no mask for an empty one", () => {
  assert.deepEqual(capabilityNames("8000000000000000"), []);
  for (const text of ["", "0x1", "-1", "1".repeat(65)]) assert.deepEqual(capabilityNames(text), []);
});
