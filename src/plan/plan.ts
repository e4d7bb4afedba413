/**
 * What the runner will do for a lab, as data: every system call with the place in the file that asked for it.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import type { Op } from "./op.ts";

/** A lab's plan. */
export interface Plan {
  /** The lab's name. */
  readonly lab: string;
  /** Directory name of this run below `podlab/` in each cgroup hierarchy. */
  readonly run: string;
  /** The runner's own steps before the first pod, and after the last. */
  readonly setup: readonly Op[];
  /** The runner's own steps after the last pod. */
  readonly release: readonly Op[];
  /** In the order of the file. */
  readonly pods: readonly PodPlan[];
  /** Things that this host cannot do for the lab, which it can live without. */
  readonly notices: readonly { readonly text: string; readonly span: Span }[];
  /** Things that this host cannot do and the lab cannot live without. */
  readonly refusals: readonly { readonly text: string; readonly span: Span; readonly hint: string }[];
}

/** A pod's plan. */
export interface PodPlan {
  /** The pod's name. */
  readonly pod: string;
  /** The runner's steps: the pod's cgroups and limits. */
  readonly prepare: readonly Op[];
  /** The infra container: begins with the runner's clone3. */
  readonly infra: readonly Op[];
  /** Whether the pod has a network namespace of its own, whose `lo` the runner brings up by netlink. */
  readonly ownNetwork: boolean;
  /** In the order that they run in. */
  readonly initContainers: readonly ContainerPlan[];
  /** In the order that they are started in. */
  readonly containers: readonly ContainerPlan[];
  /** Ends infra, then removes what `prepare` made. */
  readonly release: readonly Op[];
}

/** A container's plan. */
export interface ContainerPlan {
  /** `pod/container`. */
  readonly name: string;
  /** The runner's steps: cgroups and limits. */
  readonly prepare: readonly Op[];
  /** The container: begins with the runner's clone3, ends with execve. */
  readonly start: readonly Op[];
  /** Ends the container, then removes what `prepare` made. */
  readonly release: readonly Op[];
  /** The container's cgroup directories, by controller. */
  readonly cgroups: readonly CgroupDirectory[];
}

/** A container's directory in one hierarchy. */
export interface CgroupDirectory {
  /** Of the hierarchy that it is in. */
  readonly version: 1 | 2;
  /** Of that hierarchy. */
  readonly controllers: readonly string[];
  /** Absolute path. */
  readonly path: string;
}
