/**
 * A container's root: overlays over its image on a tmpfs of its own, then, after pivot_root, what a container expects to
 * find in it. After pivot_root every path is the container's, so nothing that an image or a volume contains can lead a
 * mount elsewhere.
 *
 * Source: the OCI runtime specification, "Default Filesystems".
 *
 * @module
 */

import type { Container, Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { devices } from "./devices.ts";
import { makeDirectories, makeDirectory, mount } from "./file_ops.ts";
import type { MountFlag } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import { protect } from "./protect.ts";
import { imagePath, STAGE } from "./stage.ts";
import { mountSources } from "./volume_mounts.ts";

const ROOT = `${STAGE.container}/root`;

/** Builds the root and makes it the container's. Begins in a copy of the pod's stage. */
export function buildRoot(pod: Pod, container: Container, host: HostFacts): Op[] {
  const sources = mountSources(pod, container, host);
  return [
    mount("tmpfs", STAGE.container, "tmpfs", ["MS_NOSUID", "MS_NODEV"], "mode=755", container.image.span),
    makeDirectory(ROOT, 0o755, container.image.span),
    ...overlays(pod, container, host),
    ...sources.flatMap(({ open }) => open),
    op("chdir", { path: ROOT }, container.image.span),
    op("pivot_root", { root: ".", old: "." }, container.image.span, {
      why: "the old root is now mounted over the new",
    }),
    op("umount2", { target: ".", flags: ["MNT_DETACH"] }, container.image.span, { why: "and is now gone" }),
    op("chdir", { path: "/" }, container.image.span),
    ...kernelFileSystems(container),
    ...devices(container, host),
    ...sources.flatMap(({ attach }) => attach),
    ...(container.security.privileged.value ? [] : protect(container.span)),
    ...workingDirectory(container),
    ...readOnlyRoot(container, host),
  ];
}

/** One overlay for the root; for the image `host` one more for each directory of the host that it shows. */
function overlays(pod: Pod, container: Container, host: HostFacts): Op[] {
  const { span } = container.image;
  if (container.image.kind === "dir") return overlay("root", imagePath(pod, container), ROOT, span);
  return [
    ...overlay("root", STAGE.skeleton, ROOT, span),
    ...shownDirectories(host).flatMap((name) => {
      const lower = `${STAGE.images}/host/${name}`;
      const layers = name === "usr" ? `${STAGE.images}/host/toolbox:${lower}` : lower;
      return overlay(name, layers, `${ROOT}/${name}`, span);
    }),
  ];
}

function overlay(name: string, lower: string, target: string, span: Span): Op[] {
  const [upper, work] = [`${STAGE.container}/upper-${name}`, `${STAGE.container}/work-${name}`];
  return [
    makeDirectory(upper, 0o755, span),
    makeDirectory(work, 0o755, span),
    mount("overlay", target, "overlay", [], `lowerdir=${lower},upperdir=${upper},workdir=${work}`, span),
  ];
}

function kernelFileSystems(container: Container): Op[] {
  const { span, security } = container;
  const hardened: readonly MountFlag[] = ["MS_NOSUID", "MS_NODEV", "MS_NOEXEC"];
  const sysfs: readonly MountFlag[] = security.privileged.value ? hardened : [...hardened, "MS_RDONLY"];
  return [
    ...["/proc", "/sys", "/dev", "/etc"].map((path) => makeDirectory(path, 0o755, span, { tolerate: "EEXIST" })),
    mount("proc", "/proc", "proc", hardened, null, span),
    mount("sysfs", "/sys", "sysfs", sysfs, null, span),
  ];
}

function workingDirectory({ workingDir }: Container): Op[] {
  if (workingDir === undefined) return [];
  return [
    ...makeDirectories(workingDir.value, workingDir.span),
    op("chdir", { path: workingDir.value }, workingDir.span),
  ];
}

function readOnlyRoot({ security: { readOnlyRootFilesystem: readOnly }, image }: Container, host: HostFacts): Op[] {
  if (!readOnly.value) return [];
  const flags: readonly MountFlag[] = ["MS_REMOUNT", "MS_BIND", "MS_RDONLY"];
  const overlays = image.kind === "host" ? ["", ...shownDirectories(host)] : [""];
  return overlays.map((name) => mount(null, `/${name}`, null, flags, null, readOnly.span));
}

/** The host's directories that the image `host` shows: each is an overlay of its own. */
function shownDirectories(host: HostFacts): string[] {
  return Object.entries(host.hostImage).filter(([, kind]) => kind === "directory").map(([name]) => name);
}
