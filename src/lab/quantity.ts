/**
 * Quantities as Kubernetes writes them, durations as Go writes them, file modes; and back to text.
 *
 * Everything is computed in whole numbers (BigInt): `0.1` of a CPU is exactly 100 thousandths.
 *
 * @module
 */

import type { Unit } from "./matcher.ts";

/** What reading a text came to: its value, or one sentence on why it has none and what to write instead. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Longer texts are no quantities, and must not become numbers of a million digits. */
const TEXT_LENGTH_MAX = 64;

/** Beyond 10^30 nothing that podlab measures exists; a limit keeps BigInt small. */
const EXPONENT_MAX = 30;

/** Suffixes of k8s.io/apimachinery resource.Quantity: what one of them is, as a fraction. */
const SUFFIXES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ["n", [1n, 10n ** 9n]],
  ["u", [1n, 10n ** 6n]],
  ["m", [1n, 1000n]],
  ["", [1n, 1n]],
  ["k", [10n ** 3n, 1n]],
  ["M", [10n ** 6n, 1n]],
  ["G", [10n ** 9n, 1n]],
  ["T", [10n ** 12n, 1n]],
  ["P", [10n ** 15n, 1n]],
  ["E", [10n ** 18n, 1n]],
  ["Ki", [1n << 10n, 1n]],
  ["Mi", [1n << 20n, 1n]],
  ["Gi", [1n << 30n, 1n]],
  ["Ti", [1n << 40n, 1n]],
  ["Pi", [1n << 50n, 1n]],
  ["Ei", [1n << 60n, 1n]],
]);

const QUANTITY = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+)|([a-zA-Z]*))$/u;

/** A fraction in whole numbers; the denominator is positive. */
interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * Reads memory or disk space: `64Mi`, `1.5Gi`, `1e6`, `100`. Parts of a byte are rounded up, as Kubernetes does.
 *
 * @returns bytes, a safe integer of at least 0
 */
export function parseBytes(text: string | number): Reading<number> {
  const hint = 'Write bytes as in "64Mi", "1Gi" or 1048576';
  // 100m of memory is a tenth of a byte: Kubernetes takes it and nobody has ever meant it.
  if (typeof text === "string" && /^[\d.]+[mun]$/u.test(text)) {
    const hint = `"m" means thousandths; for mebibytes write "${text.slice(0, -1)}Mi"`;
    return { ok: false, message: `Cannot use ${shown(text)} as bytes: it is less than its number of bytes`, hint };
  }
  return scaled(text, 1n, "bytes", hint);
}

/**
 * Reads CPU: `500m`, `0.5`, `2`. Rounded up to a thousandth, as Kubernetes does.
 *
 * @returns thousandths of a CPU, a safe integer of at least 0
 */
export function parseMillicpu(text: string | number): Reading<number> {
  return scaled(text, 1000n, "CPUs", 'Write CPUs as in "500m", 0.5 or 2');
}

function scaled(text: string | number, scale: bigint, noun: string, hint: string): Reading<number> {
  const fraction = parseFraction(String(text));
  if (fraction === undefined) {
    return { ok: false, message: `Cannot read ${shown(text)} as a quantity of ${noun}`, hint };
  }
  if (fraction.numerator < 0n) return { ok: false, message: `Cannot use ${shown(text)}: it is below zero`, hint };
  const product = fraction.numerator * scale;
  const value = (product + fraction.denominator - 1n) / fraction.denominator;
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    return { ok: false, message: `Cannot use ${shown(text)}: it is more than ${Number.MAX_SAFE_INTEGER}`, hint };
  }
  return { ok: true, value: Number(value) };
}

function parseFraction(text: string): Fraction | undefined {
  const match = text.length > TEXT_LENGTH_MAX ? null : QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", decimals = "", bare = "", exponentText, suffix = ""] = match;
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  const factor = SUFFIXES.get(suffix);
  if (factor === undefined || Math.abs(exponent) > EXPONENT_MAX) return undefined;

  const places = decimals.length + bare.length;
  const digits = BigInt(whole + decimals + bare) * (sign === "-" ? -1n : 1n);
  return {
    numerator: digits * factor[0] * 10n ** BigInt(Math.max(exponent, 0)),
    denominator: factor[1] * 10n ** BigInt(places + Math.max(-exponent, 0)),
  };
}

/** What each unit of time is in microseconds. */
const MICROSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["us", 1n],
  ["ms", 1000n],
  ["s", 1_000_000n],
  ["m", 60_000_000n],
  ["h", 3_600_000_000n],
]);

const DURATION = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/u;
const DURATION_PART = /(\d+)(?:\.(\d+))?(us|ms|s|m|h)/gu;

/** A hundred years: longer than any lab, shorter than what a number holds exactly in microseconds. */
const DURATION_MAX_MICROSECONDS = 100n * 365n * 24n * 3_600_000_000n;

/**
 * Reads a duration: `2s`, `500ms`, `1m30s`, `1.5h`. A number without a unit is refused, except 0.
 *
 * @returns milliseconds, at least 0; whole microseconds
 */
export function parseDuration(text: string | number): Reading<number> {
  const written = String(text);
  if (written === "0") return { ok: true, value: 0 };
  if (/^\d+(?:\.\d+)?$/u.test(written)) {
    const hint = `Write "${written}s" for seconds or "${written}ms" for milliseconds`;
    return { ok: false, message: `Cannot use ${shown(text)} as a duration: it has no unit`, hint };
  }
  const hint = 'Write a duration as in "2s", "500ms" or "1m30s"';
  if (written.length > TEXT_LENGTH_MAX || !DURATION.test(written)) {
    return { ok: false, message: `Cannot read ${shown(text)} as a duration`, hint };
  }
  let microseconds = 0n;
  for (const [, whole = "", decimals = "", unit = ""] of written.matchAll(DURATION_PART)) {
    const scale = MICROSECONDS.get(unit) ?? 0n;
    microseconds += BigInt(whole + decimals) * scale / 10n ** BigInt(decimals.length);
  }
  if (microseconds > DURATION_MAX_MICROSECONDS) {
    return { ok: false, message: `Cannot use ${shown(text)}: it is more than a hundred years`, hint };
  }
  return { ok: true, value: Number(microseconds) / 1000 };
}

/**
 * Reads a file mode: `"0644"`, `"644"`, `0o644`, or its number (420).
 *
 * @returns octal digits, four or more, the first one 0 unless set-uid, set-gid or sticky are set: `"0644"`, `"1777"`
 */
export function parseMode(text: string | number): Reading<string> {
  const value = typeof text === "number" ? text : /^(?:0o)?[0-7]{1,5}$/u.test(text) ? parseInt(strip(text), 8) : NaN;
  if (!Number.isInteger(value) || value < 0 || value > 0o7777) {
    return {
      ok: false,
      message: `Cannot read ${shown(text)} as a file mode`,
      hint: 'Write permission bits in octal, in quotes: "0644"',
    };
  }
  return { ok: true, value: value.toString(8).padStart(4, "0") };
}

function strip(octal: string): string {
  return octal.startsWith("0o") ? octal.slice(2) : octal;
}

function shown(text: string | number): string {
  return typeof text === "number" ? String(text) : JSON.stringify(text);
}

const BINARY_UNITS: readonly (readonly [number, string])[] = [
  [2 ** 50, "Pi"],
  [2 ** 40, "Ti"],
  [2 ** 30, "Gi"],
  [2 ** 20, "Mi"],
  [2 ** 10, "Ki"],
];

/** Bytes as text, exactly: the largest binary unit that leaves a whole number (`64Mi`, `1536Mi`, `1000`). */
export function formatBytes(bytes: number): string {
  const unit = bytes === 0 ? undefined : BINARY_UNITS.find(([size]) => bytes % size === 0);
  return unit === undefined ? String(bytes) : `${bytes / unit[0]}${unit[1]}`;
}

/** Thousandths of a CPU as text: `500m`, `2`. */
export function formatMillicpu(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${decimal(millis)}m`;
}

/** Milliseconds as text: `500ms`, `1.5s`, `1m30s`, `2h`. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return `${ms}ms`;
  if (Math.abs(ms) < 1000) return `${decimal(ms)}ms`;
  const total = Math.round(Math.abs(ms) * 1000);
  const hours = Math.floor(total / 3_600_000_000);
  const minutes = Math.floor(total % 3_600_000_000 / 60_000_000);
  const seconds = total % 60_000_000 / 1_000_000;
  const parts = [hours > 0 ? `${hours}h` : "", minutes > 0 ? `${minutes}m` : "", seconds > 0 ? `${seconds}s` : ""];
  return (ms < 0 ? "-" : "") + parts.join("");
}

/** At most three decimals, no trailing zeros. */
function decimal(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** A quantity as text in its unit; what is not a number (an octal mode) as it is. */
export function formatQuantity(value: number | string, unit: Unit | undefined): string {
  if (typeof value === "string") return value;
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "millicpu":
      return formatMillicpu(value);
    case "ms":
      return formatMs(value);
    case "octal":
    case undefined:
      return String(value);
  }
}
