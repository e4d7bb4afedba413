/**
 * CPU, memory and tasks: limits and requests of containers.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Resources } from "./lab.ts";
import type { Problems } from "./problems.ts";
import { bytesAt, millicpuAt } from "./quantities.ts";
import { formatBytes, formatMillicpu } from "./quantity.ts";
import type { WrittenContainer, WrittenPod } from "./schema_pod.ts";
import type { At } from "./span.ts";
import { suggestion } from "./suggest.ts";
import { clipped } from "./tree.ts";

/** The annotation that limits the tasks of all containers of a pod; with `.NAME` after it, of one. */
export const PIDS_LIMIT = "podlab.dev/pids-limit";

/** pids.max may be as large as the kernel's largest number of tasks (PID_MAX_LIMIT of linux/threads.h). */
const PIDS_MAX = 4_194_304;

type Written = Cursor<NonNullable<WrittenContainer["resources"]>>;
type Limits = Resources["limits"];
type Requests = Resources["requests"];

/** The limits and requests of a container; requests that are not given are the limits, as in Kubernetes. */
export function readResources(written: Written, pids: At<number> | undefined, problems: Problems): Resources {
  const limits = amounts(written.get("limits"), problems);
  const requests = amounts(written.get("requests"), problems);
  for (const limit of [limits.memoryBytes, limits.cpuMillis]) {
    if (limit?.value !== 0) continue;
    problems.error("bad_value", limit.span, "Cannot use a limit of zero", "Leave it out where nothing is limited");
  }
  within(requests.memoryBytes, limits.memoryBytes, formatBytes, problems);
  within(requests.cpuMillis, limits.cpuMillis, formatMillicpu, problems);
  return {
    limits: pids === undefined ? limits : { ...limits, pids },
    requests: { ...limits, ...requests },
  };
}

function amounts(written: ReturnType<Written["get"]>, problems: Problems): Limits & Requests {
  const memoryBytes = bytesAt(written.get("memory"), problems);
  const cpuMillis = millicpuAt(written.get("cpu"), problems);
  return {
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(cpuMillis === undefined ? {} : { cpuMillis }),
  };
}

function within(
  request: At<number> | undefined,
  limit: At<number> | undefined,
  format: (value: number) => string,
  problems: Problems,
): void {
  if (request === undefined || limit === undefined || request.value <= limit.value) return;
  const message = `Cannot request ${format(request.value)}: the limit is ${format(limit.value)}`;
  problems.error("impossible", request.span, message, "Request at most the limit");
}

/** Limits of tasks by container, from a pod's annotations. */
export interface PidsLimits {
  /** The limit of a container. */
  of(container: string): At<number> | undefined;
}

/**
 * Reads the annotations that limit tasks. Annotations of others are theirs; podlab's own must be right.
 *
 * @param containers Names of the pod's containers, as far as they are known.
 */
export function readPidsLimits(
  annotations: Cursor<NonNullable<WrittenPod["metadata"]["annotations"]>>,
  containers: readonly string[],
  problems: Problems,
): PidsLimits {
  const limits = new Map<string, At<number>>();
  for (const [key, place] of annotations.entries()) {
    if (!key.startsWith("podlab.dev/")) continue;
    const container = key === PIDS_LIMIT ? "" : key.slice(PIDS_LIMIT.length + 1);
    if (key !== PIDS_LIMIT && !key.startsWith(`${PIDS_LIMIT}.`)) {
      const hint = suggestion(key, [PIDS_LIMIT], "annotations of podlab");
      problems.error("unknown_key", place.keySpan, `Unknown annotation ${clipped(key)}`, hint);
    } else if (container !== "" && !containers.includes(container)) {
      const hint = suggestion(container, containers, "containers");
      problems.error("bad_reference", place.keySpan, `Cannot find a container ${clipped(container)} in this pod`, hint);
    } else {
      const limit = taskCount(place, problems);
      if (limit !== undefined) limits.set(container, limit);
    }
  }
  return { of: (container) => limits.get(container) ?? limits.get("") };
}

function taskCount(place: Cursor<string>, problems: Problems): At<number> | undefined {
  const text = place.value;
  if (text === undefined) return undefined;
  const value = /^[0-9]{1,9}$/u.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= PIDS_MAX) return { value, span: place.span };
  const hint = `Write a number from 1 to ${PIDS_MAX} in quotes, as in "50"`;
  problems.error("bad_quantity", place.span, `Cannot read ${clipped(text)} as a number of tasks`, hint);
  return undefined;
}
