/**
 * A Pod as it is written to a pod as it will run: Kubernetes' defaults filled in, Kubernetes' rules applied.
 *
 * @module
 */

import { readContainer } from "./containers.ts";
import type { PodAround } from "./containers.ts";
import type { Cursor } from "./cursor.ts";
import type { Pod } from "./lab.ts";
import { HOSTNAME_LENGTH_MAX, INFRA } from "./names.ts";
import type { Problems } from "./problems.ts";
import { readPidsLimits } from "./resources.ts";
import type { WrittenContainer, WrittenPod } from "./schema_pod.ts";
import type { At } from "./span.ts";
import { clipped } from "./tree.ts";
import { checkUnique } from "./unique.ts";
import { readVolumes } from "./volumes.ts";

/** From SIGTERM to SIGKILL where a Pod says nothing (core/v1 DefaultTerminationGracePeriodSeconds). */
const GRACE_PERIOD_SECONDS = 30;

/** Reads one Pod. Where something is wrong it has something harmless in its place: the lab will not run. */
export function readPod(written: Cursor<WrittenPod>, problems: Problems): Pod {
  const metadata = written.get("metadata");
  const spec = written.get("spec");
  const name = metadata.get("name").value ?? "";
  checkNamespaces(spec, problems);
  checkNames(spec, problems);

  const volumes = readVolumes(spec.get("volumes"), problems);
  const around: PodAround = {
    volumes: knownNames(spec.get("volumes"), volumes.map((volume) => volume.name)),
    pids: readPidsLimits(metadata.get("annotations"), containerNames(spec), problems),
    security: spec.get("securityContext"),
  };
  const read = (each: Cursor<WrittenContainer>) => readContainer(each, around, problems);
  return {
    name,
    labels: stringMap(metadata.get("labels")),
    annotations: stringMap(metadata.get("annotations")),
    hostname: readHostname(spec.get("hostname"), metadata.get("name"), name),
    shareProcessNamespace: spec.get("shareProcessNamespace").at(false),
    hostNetwork: spec.get("hostNetwork").at(false),
    hostPID: spec.get("hostPID").at(false),
    hostIPC: spec.get("hostIPC").at(false),
    restartPolicy: spec.get("restartPolicy").value ?? "Always",
    terminationGracePeriodMs: (spec.get("terminationGracePeriodSeconds").value ?? GRACE_PERIOD_SECONDS) * 1000,
    volumes,
    initContainers: spec.get("initContainers").items().map(read),
    containers: spec.get("containers").items().map(read),
    span: written.span,
  };
}

type Spec = Cursor<WrittenPod["spec"]>;

function checkNamespaces(spec: Spec, problems: Problems): void {
  const shared = spec.get("shareProcessNamespace");
  if (shared.value !== true || spec.get("hostPID").value !== true) return;
  const message = "Cannot share a process namespace of the pod's own and use the host's";
  problems.error("impossible", shared.keySpan, message, "Remove shareProcessNamespace or hostPID");
}

function checkNames(spec: Spec, problems: Problems): void {
  const names = [...spec.get("initContainers").items(), ...spec.get("containers").items()]
    .map((each) => each.get("name"))
    .toSorted((a, b) => a.span.start - b.span.start);
  checkUnique(names, "container", problems);
  for (const name of names) {
    if (name.value !== INFRA) continue;
    const message = `Cannot name a container ${clipped(INFRA)}: it is the name of the container that holds the pod`;
    problems.error("impossible", name.span, message, "Choose another name");
  }
}

function containerNames(spec: Spec): readonly string[] {
  const all = [...spec.get("initContainers").items(), ...spec.get("containers").items()];
  return all.map((each) => each.get("name").value ?? "");
}

/** Names that a reference may be compared with: none where one of them could not be read. */
function knownNames<T>(list: Cursor<T>, names: readonly string[]): readonly string[] | undefined {
  return list.broken || names.includes("") ? undefined : names;
}

/** The pod's name is its host name; a long one is cut as the kubelet does (truncatePodHostnameIfNeeded). */
function readHostname(written: Cursor<string>, name: Cursor<string>, podName: string): At<string> {
  if (written.value !== undefined) return { value: written.value, span: written.span };
  return { value: podName.slice(0, HOSTNAME_LENGTH_MAX).replace(/[-.]+$/u, ""), span: name.span };
}

function stringMap(written: Cursor<{ [key: string]: string }>): Readonly<Record<string, string>> {
  return Object.fromEntries(written.entries().map(([key, place]) => [key, place.value ?? ""]));
}
