/**
 * Names of runs: by them anyone can tell whether the runner is still alive.
 *
 * @module
 */

let count = 0;

/** A name for a new run of this process: `PID-STARTTIME-N`. A pid is used again, but not with the same start time. */
export function newRun(): string {
  return `${Deno.pid}-${startTime(Deno.pid) ?? 0}-${++count}`;
}

/** Whether the runner of a run is alive; `undefined` for a name that is no run's. */
export function isAlive(run: string): boolean | undefined {
  const match = /^(\d+)-(\d+)-\d+$/.exec(run);
  if (match === null) return undefined;
  return startTime(Number(match[1])) === Number(match[2]);
}

/** When a process was started, in clock ticks since boot: field 22 of /proc/PID/stat. A zombie has ended. */
function startTime(pid: number): number | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}
