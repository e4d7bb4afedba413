/**
 * A pod's status as a Kubernetes PodStatus (core/v1), and the same in short.
 *
 * @module
 */

import type { Json } from "../lab/matcher.ts";
import type { ContainerRun, ContainerState } from "./container.ts";
import type { PodRun } from "./pod.ts";

/** The facts of the subject `pod`. */
export function podStatus(pod: PodRun): Json {
  const phase = phaseOf(pod);
  return {
    phase,
    infra: pod.infra,
    containers: Object.fromEntries(pod.all.map((container) => [container.spec.name, inShort(container)])),
    conditions: conditions(pod),
    containerStatuses: pod.containers.map(containerStatus),
    initContainerStatuses: pod.initContainers.map(containerStatus),
    hostname: pod.spec.hostname.value,
    startTime: pod.startTime,
    ...(phase === "Failed" && pod.infra === "terminated"
      ? { reason: "InfraTerminated", message: "The pod's infra container has ended, and with it the pod" }
      : {}),
  };
}

/** Kubernetes documentation, "Pod phase"; and a pod whose infra has ended has failed. */
export function phaseOf(pod: PodRun): "Pending" | "Running" | "Succeeded" | "Failed" {
  if (pod.infra === "terminated") return "Failed";
  const policy = pod.spec.restartPolicy;
  if (pod.infra === "waiting") return "Pending";
  if (pod.initContainers.some((container) => failed(container) && policy === "Never")) return "Failed";
  if (!initialised(pod)) return "Pending";
  const over = pod.containers.every(({ state, stopped }) =>
    state.kind === "terminated" && (policy !== "Always" || stopped)
  );
  if (!over) return "Running";
  const succeeded = pod.containers.every((container) => !failed(container));
  if (succeeded) return "Succeeded";
  return policy === "OnFailure" && !pod.containers.some(({ stopped }) => stopped) ? "Running" : "Failed";
}

function failed({ state }: ContainerRun): boolean {
  return state.kind === "terminated" && state.exitCode !== 0;
}

function initialised(pod: PodRun): boolean {
  return pod.initContainers.every(({ state }) => state.kind === "terminated" && state.exitCode === 0);
}

function conditions(pod: PodRun): Json {
  const ready = pod.infra === "running" && pod.containers.every(({ running }) => running);
  const status = (holds: boolean): string => holds ? "True" : "False";
  return [
    { type: "PodScheduled", status: "True" },
    { type: "Initialized", status: status(initialised(pod)) },
    { type: "ContainersReady", status: status(ready), ...(ready ? {} : { reason: "ContainersNotReady" }) },
    { type: "Ready", status: status(ready), ...(ready ? {} : { reason: "ContainersNotReady" }) },
  ];
}

function inShort(container: ContainerRun): Json {
  const { state } = container;
  const { kind, ...details } = state;
  const { startedAt: _startedAt, finishedAt: _finishedAt, ...shown } = details as Record<string, Json>;
  return {
    state: kind,
    ...shown,
    restartCount: container.restarts,
    ready: isReady(container),
    started: container.starts > 0 && kind !== "waiting",
  };
}

/** An init container is ready when it has succeeded. */
function isReady({ init, state }: ContainerRun): boolean {
  return init ? state.kind === "terminated" && state.exitCode === 0 : state.kind === "running";
}

function containerStatus(container: ContainerRun): Json {
  return {
    name: container.spec.name,
    image: container.spec.image.text,
    imageID: "",
    containerID: container.starts === 0 ? "" : `podlab://${container.name}/${container.restarts}`,
    ready: isReady(container),
    started: container.running,
    restartCount: container.restarts,
    state: coreState(container.state),
    lastState: container.lastState === undefined ? {} : coreState(container.lastState),
  };
}

function coreState(state: ContainerState): Json {
  const { kind, ...details } = state;
  return { [kind]: details as Record<string, Json> };
}
