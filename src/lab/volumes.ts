/**
 * Volumes of pods and their mounts in containers.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";
import type { Volume, VolumeMount } from "./lab.ts";
import type { Problems } from "./problems.ts";
import { bytesAt } from "./quantities.ts";
import type { WrittenContainer, WrittenPod } from "./schema_pod.ts";
import { suggestion } from "./suggest.ts";
import { clipped } from "./tree.ts";
import { checkUnique } from "./unique.ts";

type WrittenVolume = NonNullable<WrittenPod["spec"]["volumes"]>[number];
type WrittenMount = NonNullable<WrittenContainer["volumeMounts"]>[number];

/** Reads the volumes of a pod. */
export function readVolumes(written: Cursor<WrittenVolume[]>, problems: Problems): readonly Volume[] {
  checkUnique(written.items().map((item) => item.get("name")), "volume", problems);
  return written.items().map((item) => readVolume(item, problems));
}

function readVolume(written: Cursor<WrittenVolume>, problems: Problems): Volume {
  const name = written.get("name").value ?? "";
  const emptyDir = written.get("emptyDir");
  const hostPath = written.get("hostPath");
  if (hostPath.written) {
    if (emptyDir.written) {
      const message = `Cannot make volume ${clipped(name)} of two sources: emptyDir and hostPath`;
      problems.error("impossible", later(emptyDir, hostPath).keySpan, message, "Make it two volumes");
    }
    const path = hostPath.get("path").at("/");
    checkNoBacksteps(hostPath.get("path"), problems);
    return { name, span: written.span, kind: "hostPath", path, type: hostPath.get("type").value ?? "" };
  }
  // A volume without a source is an emptyDir: SetDefaults_Volume of Kubernetes' pkg/apis/core/v1/defaults.go.
  const sizeLimitBytes = bytesAt(emptyDir.get("sizeLimit"), problems);
  return {
    name,
    span: written.span,
    kind: "emptyDir",
    medium: emptyDir.get("medium").value ?? "",
    ...(sizeLimitBytes === undefined ? {} : { sizeLimitBytes }),
  };
}

function later<A, B>(a: Cursor<A>, b: Cursor<B>): Cursor<A> | Cursor<B> {
  return a.keySpan.start > b.keySpan.start ? a : b;
}

/**
 * Reads the mounts of a container.
 *
 * @param volumes Names of the pod's volumes; nothing where they are not known for certain.
 */
export function readMounts(
  written: Cursor<WrittenMount[]>,
  volumes: readonly string[] | undefined,
  problems: Problems,
): readonly VolumeMount[] {
  const seen = new Set<string>();
  return written.items().map((item) => {
    checkVolume(item.get("name"), volumes, problems);
    checkMountPath(item.get("mountPath"), seen, problems);
    return readMount(item, problems);
  });
}

function readMount(written: Cursor<WrittenMount>, problems: Problems): VolumeMount {
  const subPath = written.get("subPath");
  if (subPath.value?.startsWith("/") === true) {
    const message = `Cannot use subPath ${clipped(subPath.value)}: it starts with "/"`;
    problems.error("bad_value", subPath.span, message, "It is a path inside the volume");
  }
  checkNoBacksteps(subPath, problems);
  return {
    name: written.get("name").value ?? "",
    mountPath: written.get("mountPath").at("/"),
    readOnly: written.get("readOnly").at(false),
    ...(subPath.value === undefined || subPath.value === ""
      ? {}
      : { subPath: { value: subPath.value, span: subPath.span } }),
    span: written.span,
  };
}

function checkVolume(name: Cursor<string>, volumes: readonly string[] | undefined, problems: Problems): void {
  if (name.value === undefined || volumes === undefined || volumes.includes(name.value)) return;
  const hint = suggestion(name.value, volumes, "volumes in this pod");
  problems.error("bad_reference", name.span, `Cannot find a volume ${clipped(name.value)}`, hint);
}

function checkMountPath(place: Cursor<string>, seen: Set<string>, problems: Problems): void {
  if (place.value === undefined) return;
  const shown = clipped(place.value);
  const path = place.value.replace(/(.)\/+$/u, "$1").replaceAll(/\/{2,}/gu, "/");
  if (path === "/") problems.error("bad_value", place.span, `Cannot mount a volume at "/"`, "Use image: dir:PATH");
  else if (path.includes(":")) problems.error("bad_value", place.span, `Cannot mount at ${shown}: it holds a ":"`);
  else if (seen.has(path)) {
    problems.error("duplicate_name", place.span, `Cannot mount two volumes at ${shown}`, "Mount one of them elsewhere");
  }
  checkNoBacksteps(place, problems);
  seen.add(path);
}

function checkNoBacksteps(place: Cursor<string>, problems: Problems): void {
  if (place.value === undefined || !place.value.split("/").includes("..")) return;
  problems.error("bad_value", place.span, `Cannot use path ${clipped(place.value)}: it holds ".."`);
}
