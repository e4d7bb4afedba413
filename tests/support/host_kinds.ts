/**
 * Other kinds of host than the one that the tests run on, as far as this one can stand in for them.
 *
 * @module
 */

import { probeCgroups } from "../../src/plan/cgroup_facts.ts";
import type { HostFacts } from "../../src/plan/host.ts";
import { probeHost } from "../../src/run/probe_host.ts";

/** Kinds of host by their cgroups: as it is, or without the v2 hierarchy, which a hybrid host has beside v1. */
export const CGROUP_KINDS = ["own", "v1"] as const;

/** One of them. */
export type CgroupKind = typeof CGROUP_KINDS[number];

/** The facts of such a host. */
export function hostOf(kind: CgroupKind, ...args: Parameters<typeof probeHost>): HostFacts {
  const host = probeHost(...args);
  if (kind === "own") return host;
  const without = (path: string, pattern: RegExp): string =>
    Deno.readTextFileSync(path).split("\n").filter((line) => !pattern.test(line)).join("\n");
  return {
    ...host,
    cgroup: probeCgroups({
      selfCgroup: without("/proc/self/cgroup", /^0:/),
      mountinfo: without("/proc/self/mountinfo", / - cgroup2 /),
      read: (path) => {
        try {
          return Deno.readTextFileSync(path);
        } catch {
          return undefined;
        }
      },
    }),
  };
}

/** Whether this host has such cgroups that podlab can use. */
export function hasCgroups(kind: CgroupKind): boolean {
  return hostOf(kind).cgroup.hierarchies.length > 0;
}

/** Whether containers can be frozen on such a host. */
export function canFreeze(kind: CgroupKind): boolean {
  const { hierarchies } = hostOf(kind).cgroup;
  return hierarchies.some(({ version, controllers }) => version === 2 || controllers.includes("freezer"));
}
