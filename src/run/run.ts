/**
 * Runs a lab: the only part of the line with effects.
 *
 * @module
 */

import type { Lab, Observation, Target } from "../lab/lab.ts";
import type { RunEvent } from "../match/events.ts";
import type { HostFacts } from "../plan/host.ts";
import type { Faults } from "../sys/encode.ts";

/** How a lab is run. */
export interface RunOptions {
  /** Aborting stops the run at once; it cleans up and says what was seen so far. */
  readonly signal?: AbortSignal;
  /** Which observations are made; all by default. Their actions are done only if they are made. */
  readonly only?: (observation: Observation) => boolean;
  /** Stop after the first observation that fails. */
  readonly failFast?: boolean;
  /**
   * Called when all has been observed and before anything is cleaned up, with texts that say how to look around; what
   * it returns is awaited.
   */
  readonly keep?: (how: readonly string[]) => Promise<void>;
  /** Lets a step of the plan fail with an errno: for tests. */
  readonly faults?: Faults;
}

/**
 * Runs a lab and says what happens. Never throws for what a lab, a container or the host does: that is an event.
 * Everything that it made is gone when the last event (`lab_ended`) has been given.
 */
export async function* runLab(_lab: Lab, _host: HostFacts, _options: RunOptions = {}): AsyncGenerator<RunEvent> {
}

/** What `shell` needs. */
export interface ShellOptions {
  readonly signal?: AbortSignal;
  /** Command to run; `/bin/sh` by default. */
  readonly command?: readonly string[];
}

/**
 * Brings a lab's pods up, runs a command in a container with this process's terminal (or, where standard input is none,
 * its streams), and takes everything down when it ends.
 *
 * @returns The command's exit code.
 */
export async function runShell(
  _lab: Lab,
  _host: HostFacts,
  _target: Target,
  _options: ShellOptions = {},
): Promise<number> {
  return await Promise.resolve(0);
}
