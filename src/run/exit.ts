/**
 * How a process ended.
 *
 * @module
 */

import { Memory } from "../sys/memory.ts";
import type { Machine } from "./machine.ts";

const P_PIDFD = 3;
const WEXITED_WALL = 4 | 0x4000_0000;
const CLD_EXITED = 1;

/** An exit code, or the signal that ended the process; then the code is 128 + its number, as shells and Kubernetes say it. */
export interface Exit {
  readonly code: number;
  readonly signal?: number;
}

/** Waits for a child by its pidfd and reaps it. The pidfd stays open. */
export async function awaitExit(machine: Machine, pidfd: number): Promise<Exit> {
  await machine.reactor.readable(pidfd);
  machine.reactor.forget(pidfd);
  const info = new Memory(128);
  machine.kernel.call("waitid", P_PIDFD, pidfd, info.address, WEXITED_WALL, 0);
  // siginfo_t: si_code at 8, si_status at 24 (sigaction(2))
  const status = info.view.getInt32(24, true);
  return info.view.getInt32(8, true) === CLD_EXITED ? { code: status } : { code: 128 + status, signal: status };
}
