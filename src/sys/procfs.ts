/**
 * What procfs says about a process. The caller reads the files; text from a process that is none of ours is never trusted
 * to be well-formed.
 *
 * Sources: proc_pid_status(5), proc_pid_stat(5), proc_pid_cmdline(5), pidfd_open(2).
 *
 * @module
 */

import type { CapabilityName, SignalName } from "../plan/flags.ts";
import { capabilityNames, signalNames } from "./masks.ts";

/** A process can have as many arguments as fit into its stack; so many are told. */
const ARGUMENTS_MAX = 4096;

/** /proc/PID/status. What an older kernel does not tell is absent. */
export interface ProcessStatus {
  readonly name: string;
  /** `R`, `S`, `D`, `T`, `t`, `Z`, `X` or `I`. */
  readonly state: string;
  /** In the reader's PID namespace; 0 where the parent is not in it. */
  readonly ppid: number;
  /** Its numbers from the reader's PID namespace inwards. */
  readonly nsPids: readonly number[];
  /** Real, effective, saved and file system. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly capabilities: readonly CapabilityName[];
  readonly boundingCapabilities: readonly CapabilityName[];
  readonly ignoredSignals: readonly SignalName[];
  readonly noNewPrivs?: boolean;
  readonly seccomp?: "disabled" | "strict" | "filter";
  readonly threads: number;
  /** Absent for kernel threads and for what has ended. */
  readonly rssBytes?: number;
}

/** Reads /proc/PID/status; `undefined` for text that is not such, as of a process that ended while it was read. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const fields = parseFields(text);
  const state = fields.get("State")?.charAt(0);
  const ppid = integers(fields.get("PPid"))[0];
  if (state === undefined || state === "" || ppid === undefined) return undefined;
  const nsPids = integers(fields.get("NSpid"));
  const noNewPrivs = fields.get("NoNewPrivs");
  const seccomp = (["disabled", "strict", "filter"] as const)[Number(fields.get("Seccomp") ?? NaN)];
  const rssKib = integers(fields.get("VmRSS"))[0];
  return {
    name: unescapeName(fields.get("Name") ?? ""),
    state,
    ppid,
    // NSpid is there since Linux 4.1.
    nsPids: nsPids.length > 0 ? nsPids : integers(fields.get("Pid")),
    uids: integers(fields.get("Uid")),
    gids: integers(fields.get("Gid")),
    groups: integers(fields.get("Groups")),
    capabilities: capabilityNames(fields.get("CapEff") ?? ""),
    boundingCapabilities: capabilityNames(fields.get("CapBnd") ?? ""),
    ignoredSignals: signalNames(fields.get("SigIgn") ?? ""),
    ...(noNewPrivs === undefined ? {} : { noNewPrivs: noNewPrivs === "1" }),
    ...(seccomp === undefined ? {} : { seccomp }),
    threads: integers(fields.get("Threads"))[0] ?? 0,
    ...(rssKib === undefined ? {} : { rssBytes: rssKib * 1024 }),
  };
}

/** What podlab takes from /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  /** Clock ticks from boot to its start: with the pid it names a process for good, since a pid is used again. */
  readonly startTicks: number;
}

/** Reads /proc/PID/stat. The name in it is raw: it may hold blanks, parentheses and line feeds. */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  // Nothing after the name has a parenthesis.
  const close = text.lastIndexOf(")");
  if (open === -1 || close < open) return undefined;
  const pid = Number.parseInt(text, 10);
  // Fields 3 (state), 4 (ppid) and 22 (starttime) of the manual page.
  const fields = text.slice(close + 2).trimEnd().split(" ");
  const [state = "", ppid = ""] = fields;
  const startTicks = Number.parseInt(fields[19] ?? "", 10);
  if (Number.isNaN(pid) || Number.isNaN(startTicks) || !/^\d+$/.test(ppid)) return undefined;
  return { pid, comm: text.slice(open + 1, close), state, ppid: Number(ppid), startTicks };
}

/** The arguments in /proc/PID/cmdline; none for kernel threads and zombies. At most 4096 are told. */
export function parseCommandLine(text: string): string[] {
  if (text === "") return [];
  // Each ends with NUL, unless the process has written over them.
  return text.replace(/\0$/, "").split("\0", ARGUMENTS_MAX);
}

/**
 * The process of a pidfd, from /proc/self/fdinfo/N: its numbers from the reader's PID namespace inwards. Empty where the
 * process has been reaped (`Pid: -1`) or is outside of the namespace; `undefined` where this is no pidfd.
 */
export function parsePidfdInfo(text: string): readonly number[] | undefined {
  const fields = parseFields(text);
  const pid = integers(fields.get("Pid"))[0];
  if (pid === undefined) return undefined;
  if (pid <= 0) return [];
  const nsPids = integers(fields.get("NSpid"));
  return nsPids.length > 0 ? nsPids : [pid];
}

/** `Key:<tab>value` lines. The first of equals holds. */
function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^(\w+):\t(.*)$/s.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !fields.has(key)) fields.set(key, value);
  }
  return fields;
}

/** The numbers at the beginning of a value: what follows (`kB`) is left out. */
function integers(value: string | undefined): number[] {
  const numbers: number[] = [];
  for (const word of (value ?? "").trim().split(/\s+/)) {
    if (!/^-?\d+$/.test(word)) break;
    numbers.push(Number(word));
  }
  return numbers;
}

/** In `Name` the kernel escapes line feed and `\`, so that a name cannot forge a line. */
function unescapeName(name: string): string {
  return name.replace(/\\(.)/gs, (_, character: string) => character === "n" ? "\n" : character);
}
