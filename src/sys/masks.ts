/**
 * Sets that procfs writes as hexadecimal masks, as names.
 *
 * @module
 */

import { CAPABILITIES, type CapabilityName, type SignalName, SIGNALS } from "../plan/flags.ts";

/** The capabilities of a mask (`CapEff` …). Those that this version has no name for are left out. */
export function capabilityNames(hex: string): CapabilityName[] {
  const mask = parseMask(hex);
  return CAPABILITIES.filter((_, bit) => hasBit(mask, bit));
}

/** The signals of a mask (`SigIgn` …), whose lowest bit is signal 1. Real-time signals are left out. */
export function signalNames(hex: string): SignalName[] {
  const mask = parseMask(hex);
  return SIGNALS.filter((_, bit) => hasBit(mask, bit));
}

function parseMask(hex: string): bigint {
  return /^[\da-f]{1,64}$/i.test(hex) ? BigInt(`0x${hex}`) : 0n;
}

function hasBit(mask: bigint, bit: number): boolean {
  return (mask >> BigInt(bit) & 1n) === 1n;
}
