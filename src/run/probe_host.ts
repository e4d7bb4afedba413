/**
 * What is known of the machine, read once. Works without privileges.
 *
 * @module
 */

import type { Lab } from "../lab/lab.ts";
import type { HostFacts } from "../plan/host.ts";

/** Probes the host; for a lab also the host's paths that it names. */
export function probeHost(_lab?: Lab): HostFacts {
  throw new Error("being written");
}
