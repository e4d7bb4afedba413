/**
 * Tests that ask something of the machine which it need not have.
 *
 * @module
 */

/** Whether a test is left out, and why. */
export interface Skip {
  /** For `Deno.test`'s options. */
  readonly ignore: boolean;
  /** To be put behind the test's name, where `deno task test` reads it; empty where the test is run. */
  readonly why: string;
}

/**
 * Leaves tests out where a condition does not hold, and counts them with the reason.
 *
 * ```ts
 * const strace = skipUnless(exists("/usr/bin/strace"), "strace is not installed");
 * Deno.test(`run() makes the calls of the plan${strace.why}`, strace, () => {});
 * ```
 */
export function skipUnless(condition: boolean, reason: string): Skip {
  return condition ? { ignore: false, why: "" } : { ignore: true, why: ` (skipped: ${reason})` };
}

/** Tests that make namespaces, mounts or cgroups. */
export const asRoot: Skip = skipUnless(Deno.uid() === 0, "needs root");

/** Tests that run a program of the system, which a Debian package brings. */
export function withProgram(path: string, packageName: string): Skip {
  return skipUnless(isThere(path), `${path} is not there: apt-get install ${packageName}`);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
