/**
 * What to say where this host cannot run labs at all.
 *
 * @module
 */

import type { RunError } from "../match/events.ts";
import { explain, type HostFacts } from "../plan/host.ts";
import { EXIT, UsageError } from "./errors.ts";

/** Why no lab can run here; nothing where labs can. */
export function hostRefusal(host: HostFacts): RunError | undefined {
  const fatal = explain(host).filter((missing) => missing.fatal);
  if (fatal.length === 0) return undefined;
  const lacks = fatal.map(({ what }) => what).join("; ");
  return {
    kind: "unsupported",
    message: `Cannot run labs here: podlab needs ${lacks}`,
    hint: `${[...new Set(fatal.map(({ how }) => how))].join("; ")}. What works as it is: lab check, plan, list, doctor`,
  };
}

/** Ends a command that this host cannot run. */
export function requireHost(host: HostFacts): void {
  const refusal = hostRefusal(host);
  if (refusal !== undefined) throw new UsageError(refusal.message, refusal.hint, EXIT.host);
}
