/**
 * Executes releasing steps. None stops the others: what fails is said, and the rest is released all the same.
 *
 * @module
 */

import type { Op } from "../plan/op.ts";
import { removeCgroup } from "./cgroup.ts";
import type { Context } from "./context.ts";
import { awaitExit } from "./exit.ts";

const SIGKILL = 9;

/**
 * Releases what the steps name, as far as it is still there: whoever waits for a process (a container's own watch) reaps
 * it and closes its pidfd, so these steps find it gone.
 *
 * @returns What could not be released.
 */
export async function release(context: Pick<Context, "executor" | "machine">, steps: readonly Op[]): Promise<string[]> {
  const { executor, machine } = context;
  const problems: string[] = [];
  const open = (slot: unknown): slot is { slot: string } =>
    typeof slot === "object" && slot !== null && "slot" in slot && executor.open.has(String(slot.slot));
  for (const step of steps) {
    switch (step.call) {
      case "pidfd_send_signal":
        if (open(step.args.pidfd)) {
          machine.kernel.call("pidfd_send_signal", executor.value(step.args.pidfd.slot), SIGKILL, 0, 0);
        }
        break;
      case "waitid":
        if (open(step.args.id)) await awaitExit(machine, executor.value(step.args.id.slot));
        break;
      case "close":
        if (open(step.args.fd)) executor.close(step.args.fd.slot);
        break;
      case "unlinkat": {
        const patient = step.tolerate === undefined;
        const problem = await removeCgroup(machine, step.args.path ?? "", patient);
        if (problem !== undefined && patient) problems.push(problem);
        break;
      }
      default:
        throw new Error(`No releasing step is made with ${step.call}`);
    }
  }
  return problems;
}
