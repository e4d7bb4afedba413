/**
 * Processes as subjects, read from procfs (proc(5)).
 *
 * @module
 */

import type { Json } from "../../lab/matcher.ts";
import { parseCommandLine, parseStatus } from "../../sys/procfs.ts";
import { parseMounts } from "../../sys/procfs_mounts.ts";
import { readCgroupFile } from "../cgroup.ts";
import type { Found } from "../targets.ts";
import { namespacesOf } from "./namespaces.ts";

/** A file of /proc; `undefined` where it is not, or no more. */
export function readProc(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch {
    return undefined;
  }
}

/** The facts of the subject `process`. One that has ended has the state X, and nothing else. */
export function processOf({ hostPid }: Found): Json {
  return hostPid === undefined ? { state: "X" } : processFacts(hostPid) ?? { state: "X" };
}

/** The facts of the subject `processes`: everyone in the cgroup. */
export function processesOf({ cgroups }: Found): Json {
  const procs = cgroups.map(({ path }) => readCgroupFile(`${path}/cgroup.procs`)).find((text) => text !== undefined);
  const pids = (procs ?? "").split("\n").map(Number).filter((pid) => pid > 0).sort((a, b) => a - b);
  return pids.flatMap((pid) => {
    const facts = processFacts(pid);
    return facts === undefined ? [] : [facts];
  });
}

/** The facts of the subject `mounts`. */
export function mountsOf({ hostPid }: Found): Json {
  return hostPid === undefined ? [] : parseMounts(readProc(`${hostPid}/mountinfo`) ?? "") as unknown as Json;
}

function processFacts(pid: number): Json | undefined {
  const status = parseStatus(readProc(`${pid}/status`) ?? "");
  if (status === undefined) return undefined;
  // ignoredSignals is not among the facts.
  const { name, nsPids, uids, gids, rssBytes, ignoredSignals: _, ...own } = status;
  const EFFECTIVE = 1;
  const optional: Record<string, Json | undefined> = {
    rssBytes,
    exe: linkOf(`${pid}/exe`),
    cwd: linkOf(`${pid}/cwd`),
    oomScoreAdj: numberIn(`${pid}/oom_score_adj`),
  };
  return {
    ...own,
    pid: nsPids.at(-1) ?? pid,
    hostPid: pid,
    nsPids,
    uid: uids[EFFECTIVE] ?? -1,
    gid: gids[EFFECTIVE] ?? -1,
    comm: name,
    args: parseCommandLine(readProc(`${pid}/cmdline`) ?? ""),
    namespaces: { ...namespacesOf(pid) },
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Record<string, Json>,
  };
}

function linkOf(path: string): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/${path}`);
  } catch {
    return undefined;
  }
}

function numberIn(path: string): number | undefined {
  const text = readProc(path);
  return text === undefined ? undefined : Number(text);
}
