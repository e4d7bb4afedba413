/**
 * What a container's cgroup directories say, in one vocabulary for v1, v2 and hybrid: that of the subject `cgroup`
 * (`src/lab/facts.ts`). The caller reads the files; one that a kernel has not is a fact that is absent.
 *
 * Source: the kernel's Documentation/admin-guide/cgroup-v1 (memory.rst, cpuacct.rst, pids.rst, freezer-subsystem.rst),
 * Documentation/scheduler/sched-bwc.rst and cgroup-v2.rst.
 *
 * @module
 */

import type { CgroupDirectory } from "../plan/plan.ts";

/** A file's content; `undefined` where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** The facts of the subject `cgroup`. Times are in milliseconds, memory in bytes, CPU in thousandths of a CPU. */
export type CgroupFigures = {
  /** Where the memory controller is. */
  readonly version?: 1 | 2;
  /** Below the controller's root. */
  readonly path?: string;
  readonly memory?: {
    readonly max?: number;
    readonly current?: number;
    readonly peak?: number;
    readonly oomKills?: number;
  };
  readonly cpu?: {
    readonly max?: number;
    readonly weight?: number;
    readonly usageMs?: number;
    readonly periods?: number;
    readonly throttled?: number;
    readonly throttledMs?: number;
  };
  readonly pids?: { readonly max?: number; readonly current?: number; readonly denied?: number };
  readonly cpuset?: { readonly cpus?: string; readonly mems?: string };
  readonly frozen?: boolean;
  readonly processes?: number;
};

/** From here on a v1 memory limit is none: the highest is LONG_MAX rounded down to a page, whose size differs. */
const NO_LIMIT = 2 ** 62;

/** The figures of a container whose cgroup is these directories. */
export function cgroupFacts(read: ReadFile, directories: readonly CgroupDirectory[]): CgroupFigures {
  const cgroup = new Cgroup(read, directories);
  const main = cgroup.of("memory") ?? directories[0];
  return present({
    version: main?.version,
    path: main === undefined ? undefined : pathBelowRoot(read, main.path),
    memory: some(memory(cgroup)),
    cpu: some(cpu(cgroup)),
    pids: some(pids(cgroup)),
    cpuset: some(cpuset(cgroup)),
    frozen: frozen(cgroup),
    processes: main === undefined ? undefined : lines(read(`${main.path}/cgroup.procs`)),
  });
}

/** How many of a container's processes the OOM killer has killed; 0 where the kernel does not count them. */
export function oomKills(read: ReadFile, directories: readonly CgroupDirectory[]): number {
  return memoryOomKills(new Cgroup(read, directories)) ?? 0;
}

/** A container's files, found by controller. */
class Cgroup {
  constructor(readonly read: ReadFile, readonly directories: readonly CgroupDirectory[]) {}

  /** The directory where a controller is. */
  of(controller: string): CgroupDirectory | undefined {
    return this.directories.find(({ controllers }) => controllers.includes(controller));
  }

  /** A file of a controller, by its names on v1 and v2, of which one may have none. */
  file(controller: string, v1: string | undefined, v2: string | undefined): string | undefined {
    const directory = this.of(controller);
    const name = directory?.version === 1 ? v1 : v2;
    return directory === undefined || name === undefined ? undefined : this.read(`${directory.path}/${name}`);
  }

  /** A file that each v2 cgroup has. */
  unifiedFile(name: string): string | undefined {
    const directory = this.directories.find(({ version }) => version === 2);
    return directory === undefined ? undefined : this.read(`${directory.path}/${name}`);
  }
}

function memory(cgroup: Cgroup): NonNullable<CgroupFigures["memory"]> {
  const max = number(cgroup.file("memory", "memory.limit_in_bytes", "memory.max"));
  return present({
    max: max === undefined || max >= NO_LIMIT ? undefined : max,
    current: number(cgroup.file("memory", "memory.usage_in_bytes", "memory.current")),
    // v2 has it since Linux 5.19.
    peak: number(cgroup.file("memory", "memory.max_usage_in_bytes", "memory.peak")),
    oomKills: memoryOomKills(cgroup),
  });
}

function memoryOomKills(cgroup: Cgroup): number | undefined {
  return keyed(cgroup.file("memory", "memory.oom_control", "memory.events")).get("oom_kill");
}

function cpu(cgroup: Cgroup): NonNullable<CgroupFigures["cpu"]> {
  const stat = keyed(cgroup.file("cpu", "cpu.stat", "cpu.stat"));
  const shares = number(cgroup.file("cpu", "cpu.shares", undefined));
  return present({
    max: cpuMax(cgroup),
    weight: shares === undefined ? number(cgroup.file("cpu", undefined, "cpu.weight")) : sharesToWeight(shares),
    usageMs: cpuUsageMs(cgroup),
    periods: stat.get("nr_periods"),
    throttled: stat.get("nr_throttled"),
    // v1 counts nanoseconds, v2 microseconds.
    throttledMs: nsToMs(stat.get("throttled_time")) ?? usToMs(stat.get("throttled_usec")),
  });
}

/** quota / period in thousandths of a CPU. No limit is -1 on v1, `max` on v2. */
function cpuMax(cgroup: Cgroup): number | undefined {
  const v2 = cgroup.file("cpu", undefined, "cpu.max")?.trim().split(" ");
  const quotaUs = number(v2?.[0] ?? cgroup.file("cpu", "cpu.cfs_quota_us", undefined));
  const periodUs = number(v2?.[1] ?? cgroup.file("cpu", "cpu.cfs_period_us", undefined));
  return quotaUs === undefined || periodUs === undefined || periodUs === 0 ? undefined : quotaUs * 1000 / periodUs;
}

/** The kubelet's conversion: 2 to 262144 shares are a weight of 1 to 10000. */
function sharesToWeight(shares: number): number {
  return 1 + Math.floor((shares - 2) * 9999 / 262_142);
}

/** v1's cpuacct is exact to the nanosecond; every v2 cgroup counts its time, with or without the cpu controller. */
function cpuUsageMs(cgroup: Cgroup): number | undefined {
  const v1 = cgroup.of("cpuacct");
  if (v1?.version === 1) return nsToMs(number(cgroup.read(`${v1.path}/cpuacct.usage`)));
  return usToMs(keyed(cgroup.unifiedFile("cpu.stat")).get("usage_usec"));
}

function pids(cgroup: Cgroup): NonNullable<CgroupFigures["pids"]> {
  return present({
    max: number(cgroup.file("pids", "pids.max", "pids.max")),
    current: number(cgroup.file("pids", "pids.current", "pids.current")),
    denied: keyed(cgroup.file("pids", "pids.events", "pids.events")).get("max"),
  });
}

function cpuset(cgroup: Cgroup): NonNullable<CgroupFigures["cpuset"]> {
  const text = (v1: string, v2: string): string | undefined => cgroup.file("cpuset", v1, v2)?.trim();
  return present({
    cpus: text("cpuset.effective_cpus", "cpuset.cpus.effective"),
    mems: text("cpuset.effective_mems", "cpuset.mems.effective"),
  });
}

/** Whether everyone in it stands still, not just whether that was asked for. */
function frozen(cgroup: Cgroup): boolean | undefined {
  const v2 = keyed(cgroup.unifiedFile("cgroup.events")).get("frozen");
  if (v2 !== undefined) return v2 === 1;
  const state = cgroup.file("freezer", "freezer.state", undefined)?.trim();
  return state === undefined ? undefined : state === "FROZEN";
}

/** The outermost directory above that is a cgroup too is the controller's root. */
function pathBelowRoot(read: ReadFile, path: string): string {
  for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
    if (read(`${path.slice(0, end)}/cgroup.procs`) !== undefined) return path.slice(end);
  }
  return path;
}

/** A file that is one number; `undefined` for `max`, -1 and anything else. */
function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** A file of lines `key number`. */
function keyed(text: string | undefined): ReadonlyMap<string, number> {
  const pairs = [...(text ?? "").matchAll(/^(\w+) (\d+)$/gm)];
  return new Map(pairs.map(([, key = "", value]) => [key, Number(value)]));
}

function lines(text: string | undefined): number | undefined {
  return text?.split("\n").filter((line) => line !== "").length;
}

function nsToMs(ns: number | undefined): number | undefined {
  return usToMs(ns === undefined ? undefined : Math.round(ns / 1000));
}

function usToMs(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / 1000;
}

/** A type whose keys may be missing, but never `undefined`. */
type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** `undefined` for an object without keys. */
function some<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}
