/**
 * Which cgroups a process is in (/proc/PID/cgroup).
 *
 * Source: cgroups(7).
 *
 * @module
 */

/** A process's cgroup in one hierarchy. */
export interface CgroupMembership {
  readonly version: 1 | 2;
  /** v1: the hierarchy's controllers, or its name as `name=systemd`. v2: empty, as they differ from cgroup to cgroup. */
  readonly controllers: readonly string[];
  /** As the reader's cgroup namespace shows it: begins with `/..` where it is outside of that. */
  readonly path: string;
}

/** The cgroups of a process. Lines that are not such are left out. */
export function parseCgroupMemberships(text: string): CgroupMembership[] {
  return text.split("\n").flatMap((line): CgroupMembership[] => {
    // A path may contain colons, a list of controllers may not.
    const [, id, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === undefined || controllers === undefined || path === undefined) return [];
    if (id === "0") return [{ version: 2, controllers: [], path }];
    return [{ version: 1, controllers: controllers.split(","), path }];
  });
}
