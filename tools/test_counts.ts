/**
 * What a JUnit report of `deno test` comes to.
 *
 * @module
 */

/** How many tests ended how. Steps count as tests. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How often each reason to skip was given, by reason. */
  readonly reasons: ReadonlyMap<string, number>;
}

const TESTCASE = /<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** A name ends with the reason: see tests/support/skip.ts. */
const REASON = /\(skipped: (.*)\)$/s;

/** Counts the test cases of a report. */
export function countTests(junit: string): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Map<string, number>();
  for (const [, name = "", body = ""] of junit.matchAll(TESTCASE)) {
    if (/^\s*<skipped\b/.test(body)) {
      const text = unescaped(name);
      const reason = REASON.exec(text)?.[1] ?? `no reason given: ${text}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      counts.skipped++;
    } else if (/<(failure|error)\b/.test(body)) counts.failed++;
    else counts.passed++;
  }
  return { ...counts, reasons };
}

/** Two parts of one run together. */
export function sum(a: Counts, b: Counts): Counts {
  const reasons = new Map(a.reasons);
  for (const [reason, count] of b.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, reasons };
}

/** The closing lines: the reasons of skips, then the line that counts, alone. */
export function closingText({ passed, failed, skipped, reasons }: Counts): string {
  const lines = [...reasons].sort().map(([reason, count]) => `skipped ${count}: ${reason}`);
  return [...lines, `${passed} passed, ${failed} failed, ${skipped} skipped`, ""].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
