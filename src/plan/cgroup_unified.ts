/**
 * Where podlab's cgroups can go in the v2 hierarchy, whose rules are strict: a cgroup has the controllers that its parent
 * hands down to it, and only a cgroup without processes of its own can hand them on ("no internal processes"); the real
 * root is free of that.
 *
 * Source: the kernel's Documentation/admin-guide/cgroup-v2.rst.
 *
 * @module
 */

import type { Controller, Hierarchy } from "./host.ts";
import { isReadOnly, type Mount, pathInMount } from "./mountinfo.ts";

/** What podlab limits and counts with. */
const WANTED: readonly Controller[] = ["cpu", "memory", "pids"];

/** Cgroups that systemd makes below the root. */
const WELL_KNOWN = ["init.scope", "system.slice"];

/** What is to be had in the v2 hierarchy. */
export interface Unified {
  /** `undefined` where there is none, or none that can be used. */
  readonly hierarchy: Hierarchy | undefined;
  /** Whether swap can be limited in it. */
  readonly swap: boolean;
  /** Why a controller is not in it. */
  readonly lack: string;
}

type Read = (path: string) => string | undefined;

/**
 * Where podlab's cgroups can go in the v2 hierarchy.
 *
 * @param mounts The mounts of type cgroup2.
 * @param own This process's own cgroup; `undefined` where it is in no v2 hierarchy.
 */
export function probeUnified(mounts: readonly Mount[], own: string | undefined, read: Read): Unified {
  const mount = mounts.find((mount) => !isReadOnly(mount)) ?? mounts[0];
  if (mount === undefined) {
    return { hierarchy: undefined, swap: false, lack: own === undefined ? "no such controller" : "not mounted" };
  }
  if (isReadOnly(mount)) return { hierarchy: undefined, swap: false, lack: `mounted read-only at ${mount.target}` };
  const root = mount.target;
  if (read(`${root}/cgroup.controllers`) === undefined) {
    return { hierarchy: undefined, swap: false, lack: `not readable at ${root}` };
  }
  const ancestry = upwards((own === undefined ? undefined : pathInMount(mount, own)) ?? root, root);
  const hierarchy = choose(ancestry, root, read);
  return {
    hierarchy,
    swap: hierarchy.controllers.includes("memory") && limitsSwap(ancestry, root, read),
    lack: whyNot(hierarchy, root, read),
  };
}

/** A directory and those above it up to `root`. */
function upwards(directory: string, root: string): string[] {
  const path: string[] = [];
  for (let at = directory; at.length > root.length; at = at.slice(0, at.lastIndexOf("/"))) path.push(at);
  return [...path, root];
}

/** Why a controller is not in the hierarchy that was chosen. */
function whyNot({ controllers, base }: Hierarchy, root: string, read: Read): string {
  const offered = words(read(`${root}/cgroup.controllers`));
  const held = WANTED.some((controller) => offered.has(controller) && !controllers.includes(controller));
  if (held) return `processes of another PID namespace are in the cgroup at ${base}, which keeps it from handing down`;
  return isRealRoot(root, read) ? "no such controller" : `not delegated to the cgroup at ${root}`;
}

/**
 * The nearest cgroup that can hand down what the mount's root has; else the root, once it is empty of processes, and as
 * far as it hands down already where it cannot be emptied.
 */
function choose(ancestry: readonly string[], root: string, read: Read): Hierarchy {
  const offered = words(read(`${root}/cgroup.controllers`));
  const wanted = WANTED.filter((controller) => offered.has(controller));
  const base = ancestry.find((directory) => canHandDown(directory, wanted, read)) ?? root;
  const handedDown = words(read(`${base}/cgroup.subtree_control`));
  const crowded = !canHandDown(base, wanted, read);
  const usable = crowded && hasStrangers(base, read)
    ? wanted.filter((controller) => handedDown.has(controller))
    : wanted;
  const enable = usable.filter((controller) => !handedDown.has(controller));
  return {
    version: 2,
    // Nothing is limited by cpuset, so it is used where it is handed down already, but never enabled.
    controllers: handedDown.has("cpuset") ? [...usable, "cpuset"] : usable,
    base,
    // What is above the base hands everything down already, as the base has it.
    enable: enable.length === 0 ? [] : [{ directory: base, controllers: enable }],
    ...(crowded && enable.length > 0 ? { evacuate: true } : {}),
  };
}

/** Whether cgroups below this one can have all of these controllers. */
function canHandDown(directory: string, wanted: readonly Controller[], read: Read): boolean {
  const processes = read(`${directory}/cgroup.procs`);
  // Cannot be read in a threaded cgroup, which cannot hand these controllers down either.
  if (processes === undefined || !isDomain(directory, read)) return false;
  const has = words(read(`${directory}/cgroup.controllers`));
  if (!wanted.every((controller) => has.has(controller))) return false;
  const handedDown = words(read(`${directory}/cgroup.subtree_control`));
  return wanted.every((controller) => handedDown.has(controller)) || processes.trim() === "" ||
    isRealRoot(directory, read);
}

/** Processes that this one cannot see, in another PID namespace, are listed as 0, and cannot be moved away. */
function hasStrangers(directory: string, read: Read): boolean {
  return words(read(`${directory}/cgroup.procs`)).has("0");
}

/** Whether directories made in it are cgroups that processes and controllers can be in, and not parts of a threaded one. */
function isDomain(directory: string, read: Read): boolean {
  const type = read(`${directory}/cgroup.type`)?.trim();
  return type === undefined || type === "domain";
}

/** The root of the whole hierarchy, not of a cgroup namespace, is the only cgroup without this file. */
function isRealRoot(directory: string, read: Read): boolean {
  return read(`${directory}/cgroup.type`) === undefined;
}

/** The root itself has no such file, so a cgroup that surely has the memory controller is looked for. */
function limitsSwap(ancestry: readonly string[], root: string, read: Read): boolean {
  const candidates = [...ancestry, ...WELL_KNOWN.map((name) => `${root}/${name}`)];
  const has = (file: string): boolean => candidates.some((directory) => read(`${directory}/${file}`) !== undefined);
  if (has("memory.swap.max")) return true;
  // With nothing but the root there, a kernel that can swap accounts it, too, unless it was booted with swapaccount=0.
  return !has("memory.max") && read("/proc/swaps") !== undefined;
}

function words(text: string | undefined): ReadonlySet<string> {
  return new Set((text ?? "").split(/\s+/).filter((word) => word !== ""));
}
