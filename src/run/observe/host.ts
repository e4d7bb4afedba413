/**
 * The machine as a subject.
 *
 * @module
 */

import type { Json } from "../../lab/matcher.ts";
import type { HostFacts } from "../../plan/host.ts";
import { namespacesOf } from "./namespaces.ts";

/** The facts of the subject `host`. */
export function hostFacts(host: HostFacts): Json {
  return {
    kernel: host.kernel,
    architecture: host.architecture,
    cgroup: host.cgroup.layout,
    controllers: [...new Set(host.cgroup.hierarchies.flatMap(({ controllers }) => controllers))],
    cpus: host.cpus,
    memory: host.memoryBytes,
    hostname: host.hostname,
    bootId: Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim(),
    processes: [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).length,
    namespaces: { ...namespacesOf(Deno.pid) },
  };
}
