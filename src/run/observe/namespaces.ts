/**
 * Which namespaces processes have in common (namespaces(7), /proc/PID/ns).
 *
 * @module
 */

import type { Json } from "../../lab/matcher.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../plan/flags.ts";

/** The inode numbers of a process's namespaces; empty when it has ended. */
export function namespacesOf(pid: number): Partial<Record<NamespaceKind, number>> {
  const ids: Partial<Record<NamespaceKind, number>> = {};
  for (const kind of NAMESPACE_KINDS) {
    try {
      ids[kind] = Number(/\[(\d+)\]/.exec(Deno.readLinkSync(`/proc/${pid}/ns/${kind}`))?.[1]);
    } catch {
      // It has ended, or the kernel lacks this kind.
    }
  }
  return ids;
}

/**
 * The facts of the subject `namespaces`. A process that is not running has no namespaces, and shares none. What a kernel
 * has no namespaces for (time, before Linux 5.6 or without CONFIG_TIME_NS), all processes share.
 */
export function namespaceFacts(of: readonly { name: string; hostPid: number | undefined }[]): Json {
  const ids = of.map(({ name, hostPid }) => [name, hostPid === undefined ? {} : namespacesOf(hostPid)] as const);
  const values = (kind: NamespaceKind): (number | undefined)[] => ids.map(([, own]) => own[kind]);
  const known = namespacesOf(Deno.pid);
  const running = ids.every(([, own]) => Object.keys(own).length > 0);
  const shared = NAMESPACE_KINDS.filter((kind) => {
    if (known[kind] === undefined) return running;
    const [first, ...rest] = values(kind);
    return first !== undefined && rest.every((value) => value === first);
  });
  const separate = NAMESPACE_KINDS.filter((kind) => {
    const own = values(kind);
    return own.every((value) => value !== undefined) && new Set(own).size === own.length;
  });
  return { shared, separate, ids: Object.fromEntries(ids) };
}
