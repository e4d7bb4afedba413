/**
 * The process behind a pidfd.
 *
 * @module
 */

/** Its number as the runner sees it (proc(5), fdinfo of a pidfd); -1 when it has been reaped. */
export function pidOf(pidfd: number): number {
  const info = Deno.readTextFileSync(`/proc/self/fdinfo/${pidfd}`);
  return Number(/^Pid:\s*(-?\d+)/m.exec(info)?.[1] ?? -1);
}
