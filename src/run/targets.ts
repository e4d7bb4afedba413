/**
 * Names of a lab → what they stand for while it runs.
 *
 * @module
 */

import type { Target } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import type { CgroupDirectory } from "../plan/plan.ts";
import type { ContainerRun } from "./container.ts";
import { RunFailure } from "./errors.ts";
import type { PodRun } from "./pod.ts";

/** The pods of a running lab, those that exist now. */
export type Pods = ReadonlyMap<string, PodRun>;

/** What can be looked at in a container or infra. */
export interface Found {
  readonly pod: PodRun;
  /** Absent for infra. */
  readonly container?: ContainerRun;
  /** Its first process as the host numbers it; `undefined` when it is not running. */
  readonly hostPid: number | undefined;
  /** The slot of its pidfd. */
  readonly pidfd: string;
  readonly cgroups: readonly CgroupDirectory[];
}

/** `pod/container`. */
export function targetName(target: Target | "host"): string {
  return target === "host" ? "host" : `${target.pod}/${target.container}`;
}

/**
 * Finds a pod.
 *
 * @throws {RunFailure} If the lab has deleted it, or has not created it yet.
 */
export function findPod(pods: Pods, name: string, span: Span): PodRun {
  const pod = pods.get(name);
  if (pod !== undefined) return pod;
  throw new RunFailure({
    kind: "failed",
    message: `Cannot look at pod "${name}": it does not exist now`,
    hint: "an action has deleted it, or none has created it yet",
    span,
  });
}

/** Finds a container or infra. */
export function find(pods: Pods, target: Target, span: Span): Found {
  const pod = findPod(pods, target.pod, span);
  if (target.container === "infra") {
    return {
      pod,
      hostPid: pod.infra === "running" ? pod.infraPid : undefined,
      pidfd: pod.infraSlot,
      cgroups: pod.infraCgroups,
    };
  }
  const container = pod.all.find(({ spec }) => spec.name === target.container);
  if (container === undefined) throw new Error(`The check let through the unknown container "${targetName(target)}"`);
  return {
    pod,
    container,
    hostPid: container.running ? container.hostPid : undefined,
    pidfd: container.pidfdSlot,
    cgroups: container.plan.cgroups,
  };
}
