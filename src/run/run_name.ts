/**
 * Names of runs: by them anyone can tell whether the runner is still alive.
 *
 * @module
 */

/** Inode number of the first PID namespace (PROC_PID_INIT_INO, linux/proc_ns.h): whoever is in it sees all processes. */
const FIRST_NAMESPACE = "4026531836";

let count = 0;

/**
 * A name for a new run of this process: `PID-STARTTIME-NAMESPACE-N`. A pid is used again, but not with the same start
 * time, and means something in its PID namespace only: hosts and containers may share a cgroup hierarchy.
 */
export function newRun(): string {
  return `${Deno.pid}-${startTime(Deno.pid) ?? 0}-${pidNamespace("self") ?? 0}-${++count}`;
}

/**
 * Whether the runner of a run is alive; `undefined` for a name that is no run's, or of a runner that may live in a PID
 * namespace that is not to be seen from here.
 */
export function isAlive(run: string): boolean | undefined {
  const [, pid, started, namespace] = /^(\d+)-(\d+)-(\d+)-\d+$/.exec(run) ?? [];
  if (namespace === undefined) return undefined;
  const own = pidNamespace("self");
  if (namespace === own) return startTime(Number(pid)) === Number(started);
  return own === FIRST_NAMESPACE && !isInhabited(namespace) ? false : undefined;
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

/** The inode number of a process's PID namespace. */
function pidNamespace(pid: string): string | undefined {
  try {
    return /\d+/.exec(Deno.readLinkSync(`/proc/${pid}/ns/pid`))?.[0];
  } catch {
    return undefined;
  }
}

function isInhabited(namespace: string): boolean {
  return [...Deno.readDirSync("/proc")].some(({ name }) => /^\d+$/.test(name) && pidNamespace(name) === namespace);
}
