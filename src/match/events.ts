/**
 * What a run says while it runs, and what is known when it ends. Plain data, owned by the pure side.
 *
 * @module
 */

import type { Json } from "../lab/matcher.ts";
import type { Span } from "../lab/span.ts";

/** A failure that is the host's or the lab's, not an expectation's: which step, what the kernel said, who asked. */
export interface RunError {
  /** `unsupported`: this host cannot (exit 3); `failed`: a step failed (exit 3); `deadline`; `internal`: a bug. */
  readonly kind: "unsupported" | "failed" | "deadline" | "internal";
  /** One sentence. */
  readonly message: string;
  /** The call as `plan` prints it, where a system call failed. */
  readonly call?: string;
  /** The process of the plan that made it. */
  readonly process?: string;
  /** `EPERM` … */
  readonly errno?: string;
  /** The place in the file that asked for it. */
  readonly span?: Span;
  /** What to do about it. */
  readonly hint?: string;
}

/** One expectation that does not hold: where in the facts, what was wanted, what is. */
export interface Difference {
  /** As in `memory.max` or `lines[2]`; empty for the whole. */
  readonly path: string;
  /** In the words of the lab: `64Mi`, `{ gt: 1 }`. */
  readonly expected: string;
  /** What is, in the same words. */
  readonly actual: string;
  /** Of the matcher in the file. */
  readonly span: Span;
  /** For texts of several lines: a line diff. */
  readonly diff?: string;
}

/** One look at a subject, and whether it was as expected. */
export interface Look {
  /** Milliseconds since the lab's start. */
  readonly atMs: number;
  /** For subjects of several targets: a map target → facts. */
  readonly facts: Json;
  /** How they differ from what is expected; empty where they do not. */
  readonly differences: readonly Difference[];
}

/** What an observation came to. */
export interface Observed {
  /** Of the observation, from 0. */
  readonly index: number;
  /** `error`: no look could be made. */
  readonly status: "passed" | "failed" | "skipped" | "error";
  /** How often it was looked at. */
  readonly looks: number;
  /** Milliseconds from its first action to its end. */
  readonly durationMs: number;
  /** The deciding look; absent where none was made. */
  readonly last?: Look;
  /** Why it was skipped or why no look could be made. */
  readonly reason?: string;
  /** Why no look could be made. */
  readonly error?: RunError;
  /** For a failed one: the state of the containers concerned. */
  readonly bundle?: readonly Bundle[];
}

/** What is worth knowing of a container when an observation fails. Texts are bounded and hold no control sequences. */
export interface Bundle {
  /** `pod/container`. */
  readonly container: string;
  /** `waiting`, `running` or `terminated`. */
  readonly state: string;
  /** As in a ContainerStatus: `OOMKilled`, `Error` … */
  readonly reason?: string;
  /** 128 + the signal's number after a signal. */
  readonly exitCode?: number;
  /** Of its first process, while it runs. */
  readonly hostPid?: number;
  /** How often it was started again. */
  readonly restartCount: number;
  /** The last lines that it wrote. */
  readonly log: readonly string[];
  /** A few figures: `memory.current: 12Mi`. */
  readonly cgroup: readonly string[];
}

/** What a container wrote, as far as it was kept: the newest 256 KiB of both streams in the order they were read in. */
export interface ContainerLog {
  /** `pod/container`. */
  readonly container: string;
  /** Invalid UTF-8 replaced, nothing else: what prints it must bound and escape it. */
  readonly text: string;
  /** Whether the beginning was dropped. */
  readonly truncated: boolean;
}

/** What a run says. `atMs` counts from the lab's start. */
export type RunEvent =
  & { readonly atMs: number }
  & (
    | { readonly kind: "lab_started"; readonly wallClock: string }
    | { readonly kind: "pod_starting" | "pod_ready" | "pod_ended" | "pod_deleted"; readonly pod: string }
    | {
      readonly kind: "container_started";
      readonly container: string;
      readonly hostPid: number;
      readonly restart: number;
    }
    | {
      readonly kind: "container_ended";
      readonly container: string;
      readonly exitCode: number;
      readonly signal?: number;
      readonly reason: string;
    }
    | { readonly kind: "container_log"; readonly log: ContainerLog }
    | { readonly kind: "action"; readonly observation: number; readonly text: string }
    | { readonly kind: "observation_started"; readonly index: number }
    | { readonly kind: "observation_looked"; readonly index: number; readonly looks: number; readonly holds: boolean }
    | { readonly kind: "observation_ended"; readonly observed: Observed }
    /** The user asked to stop before cleaning up; the texts say how to look around. */
    | { readonly kind: "kept"; readonly how: readonly string[] }
    /** Something could not be done that the lab can live without (an oom_score_adj …). */
    | { readonly kind: "notice"; readonly text: string; readonly span?: Span }
    | { readonly kind: "error"; readonly error: RunError }
    | { readonly kind: "interrupted" }
    /** Something could not be cleaned up. */
    | { readonly kind: "leftover"; readonly text: string }
    | { readonly kind: "lab_ended"; readonly durationMs: number }
  );

/** All that a run came to: the fold of its events. */
export interface Facts {
  /** RFC 3339; empty where nothing has started. */
  readonly startedAt: string;
  /** Milliseconds from the lab's start to its end, cleaning up included. */
  readonly durationMs: number;
  /** In the order that they were made in. */
  readonly observed: readonly Observed[];
  /** What could not be done that the lab can live without. */
  readonly notices: readonly { readonly text: string; readonly span?: Span }[];
  /** Failures that are no observation's. */
  readonly errors: readonly RunError[];
  /** What could not be cleaned up. */
  readonly leftovers: readonly string[];
  /** Of each container, where the user asked for them. */
  readonly logs: readonly ContainerLog[];
  /** Whether the user stopped the run. */
  readonly interrupted: boolean;
}
