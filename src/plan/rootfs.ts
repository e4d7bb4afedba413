/**
 * A container's root: overlays over its image on a tmpfs of its own, then, after pivot_root, what a container expects to
 * find in it. After pivot_root every path is the container's, so nothing that an image or a volume contains can lead a
 * mount elsewhere.
 *
 * Sources: the OCI runtime specification's default file systems and devices; containerd's masked and read-only paths.
 *
 * @module
 */

import type { Container, Pod, VolumeMount } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { makeDirectories, makeDirectory, makeMountPoint } from "./file_ops.ts";
import type { MountFlag } from "./flags.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import { hostEtcMounts, imagePath, isDirectory, STAGE } from "./stage.ts";

const ROOT = `${STAGE.container}/root`;

/** containerd's `defaultMaskedPaths` that are files: /dev/null is mounted on them. */
const MASKED_FILES = [
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/timer_list",
  "/proc/timer_stats",
] as const;

/** containerd's `defaultMaskedPaths` that are directories: an empty read-only tmpfs is mounted on them. */
const MASKED_DIRECTORIES = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/scsi",
  "/sys/devices/virtual/powercap",
  "/sys/firmware",
] as const;

/** containerd's `defaultReadonlyPaths`. */
const READONLY_PATHS = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] as const;

/** Device nodes of the OCI runtime specification, all of major 1 but the last. */
const DEVICES: readonly (readonly [string, number, number])[] = [
  ["null", 1, 3],
  ["zero", 1, 5],
  ["full", 1, 7],
  ["random", 1, 8],
  ["urandom", 1, 9],
  ["tty", 5, 0],
];

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
    ...readOnlyRoot(container),
  ];
}

function mount(
  source: string | null,
  target: string,
  type: string | null,
  flags: readonly MountFlag[],
  data: string | null,
  span: Span,
  tolerate?: string,
): Op {
  return op("mount", { source, target, type, flags, data }, span, tolerate === undefined ? {} : { tolerate });
}

/** One overlay for the root; for the image `host` one more for each directory of the host that it shows. */
function overlays(pod: Pod, container: Container, host: HostFacts): Op[] {
  const { span } = container.image;
  if (container.image.kind === "dir") return overlay("root", imagePath(pod, container), ROOT, span);
  const shown = Object.entries(host.hostImage).filter(([, kind]) => kind === "directory").map(([name]) => name);
  return [
    ...overlay("root", STAGE.skeleton, ROOT, span),
    ...shown.flatMap((name) => {
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

function devices(container: Container, host: HostFacts): Op[] {
  const { span } = container;
  const node = (path: string, type: "S_IFCHR" | "S_IFBLK", mode: number, major: number, minor: number): Op =>
    op("mknodat", { dirfd: "AT_FDCWD", path, node: { type, mode }, device: { major, minor } }, span, {
      tolerate: "EEXIST",
    });
  const link = (target: string, path: string): Op => op("symlinkat", { target, dirfd: "AT_FDCWD", path }, span);
  const { privileged } = container.security;
  return [
    mount("tmpfs", "/dev", "tmpfs", ["MS_NOSUID", "MS_STRICTATIME"], "mode=755,size=65536k", span),
    ...DEVICES.map(([name, major, minor]) => node(`/dev/${name}`, "S_IFCHR", 0o666, major, minor)),
    ...(privileged.value ? hostDevices(host, privileged.span) : []),
    ...["pts", "shm", "mqueue"].map((name) => makeDirectory(`/dev/${name}`, 0o755, span)),
    mount(
      "devpts",
      "/dev/pts",
      "devpts",
      ["MS_NOSUID", "MS_NOEXEC"],
      "newinstance,ptmxmode=0666,mode=0620,gid=5",
      span,
    ),
    mount("mqueue", "/dev/mqueue", "mqueue", ["MS_NOSUID", "MS_NODEV", "MS_NOEXEC"], null, span),
    link("pts/ptmx", "/dev/ptmx"),
    link("/proc/self/fd", "/dev/fd"),
    link("/proc/self/fd/0", "/dev/stdin"),
    link("/proc/self/fd/1", "/dev/stdout"),
    link("/proc/self/fd/2", "/dev/stderr"),
  ];
}

/** A privileged container has the host's device nodes, as with containerd. */
function hostDevices(host: HostFacts, span: Span): Op[] {
  const directories = new Set<string>();
  for (const { path } of host.devices) {
    const parts = path.split("/").slice(2, -1);
    parts.forEach((_, index) => directories.add(`/dev/${parts.slice(0, index + 1).join("/")}`));
  }
  return [
    ...[...directories].sort().map((path) => makeDirectory(path, 0o755, span, { tolerate: "EEXIST" })),
    ...host.devices.map(({ path, type, major, minor }) =>
      op(
        "mknodat",
        {
          dirfd: "AT_FDCWD",
          path,
          node: { type: type === "char" ? "S_IFCHR" : "S_IFBLK", mode: 0o660 },
          device: { major, minor },
        },
        span,
        { tolerate: "EEXIST" },
      )
    ),
  ];
}

function protect(span: Span): Op[] {
  return [
    ...MASKED_FILES.map((path) => mount("/dev/null", path, null, ["MS_BIND"], null, span, "ENOENT")),
    ...MASKED_DIRECTORIES.map((path) => mount("tmpfs", path, "tmpfs", ["MS_RDONLY"], "size=0k", span, "ENOENT")),
    ...READONLY_PATHS.flatMap((path) => [
      mount(path, path, null, ["MS_BIND", "MS_REC"], null, span, "ENOENT"),
      mount(
        null,
        path,
        null,
        ["MS_REMOUNT", "MS_BIND", "MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC"],
        null,
        span,
        // Where the path is not there, it is no mount point either.
        "ENOENT",
      ),
    ]),
  ];
}

function workingDirectory({ workingDir }: Container): Op[] {
  if (workingDir === undefined) return [];
  return [
    ...makeDirectories(workingDir.value, workingDir.span),
    op("chdir", { path: workingDir.value }, workingDir.span),
  ];
}

function readOnlyRoot({ security: { readOnlyRootFilesystem: readOnly }, image }: Container): Op[] {
  if (!readOnly.value) return [];
  const flags: readonly MountFlag[] = ["MS_REMOUNT", "MS_BIND", "MS_RDONLY"];
  const overlays = image.kind === "host" ? ["/", "/usr"] : ["/"];
  return overlays.map((path) => mount(null, path, null, flags, null, readOnly.span));
}

/** A mount of something of the stage: taken hold of before pivot_root, attached after it. */
interface Attached {
  readonly open: readonly Op[];
  readonly attach: readonly Op[];
}

function mountSources(pod: Pod, container: Container, host: HostFacts): Attached[] {
  const { span } = container;
  const files = ["hosts", "hostname", "resolv.conf"].map((name) =>
    attached(`${STAGE.files}/${name}`, `/etc/${name}`, false, span)
  );
  const etc = container.image.kind === "host"
    ? hostEtcMounts(host).map(({ source, target, directory }) => attached(source, target, directory, span))
    : [];
  // Shorter paths first, so that a volume may be mounted inside another.
  const mounts = [...container.volumeMounts].sort((a, b) => a.mountPath.value.length - b.mountPath.value.length);
  return [
    ...files,
    ...etc,
    attached(STAGE.shm, "/dev/shm", true, span),
    ...mounts.map((volumeMount) => volume(pod, volumeMount, host)),
  ];
}

function attached(source: string, target: string, directory: boolean, span: Span): Attached {
  const slot = `tree ${target}`;
  return {
    open: [
      op(
        "open_tree",
        {
          dirfd: "AT_FDCWD",
          path: source,
          flags: ["OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC", "AT_RECURSIVE"],
        },
        span,
        { as: slot },
      ),
    ],
    attach: [
      directory ? makeDirectory(target, 0o755, span, { tolerate: "EEXIST" }) : makeMountPoint(target, span),
      attach(slot, target, span),
    ],
  };
}

function attach(slot: string, target: string, span: Span): Op {
  return op("move_mount", {
    fromFd: { slot },
    fromPath: "",
    toFd: "AT_FDCWD",
    toPath: target,
    flags: ["MOVE_MOUNT_F_EMPTY_PATH"],
  }, span);
}

function volume(pod: Pod, volumeMount: VolumeMount, host: HostFacts): Attached {
  const { mountPath, readOnly, subPath, span } = volumeMount;
  const source = `${STAGE.volumes}/${volumeMount.name}`;
  const slot = `tree ${mountPath.value}`;
  const declared = pod.volumes.find(({ name }) => name === volumeMount.name);
  const directory = declared === undefined || isDirectory(declared, host);
  return {
    open: subPath === undefined
      ? [
        op(
          "open_tree",
          {
            dirfd: "AT_FDCWD",
            path: source,
            flags: ["OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC", "AT_RECURSIVE"],
          },
          span,
          { as: slot },
        ),
      ]
      : openSubPath(source, subPath.value, slot, subPath.span),
    attach: [
      ...(directory
        ? makeDirectories(mountPath.value, mountPath.span)
        : mountPointFor(mountPath.value, mountPath.span)),
      ...(subPath === undefined
        ? [attach(slot, mountPath.value, mountPath.span)]
        : attachFileOrDirectory(slot, mountPath.value, subPath.span)),
      ...(readOnly.value
        ? [
          op("mount_setattr", {
            dirfd: "AT_FDCWD",
            path: mountPath.value,
            flags: [],
            attr: { set: ["MOUNT_ATTR_RDONLY"] },
          }, readOnly.span),
        ]
        : []),
    ],
  };
}

/** Only the volume tells whether a subPath is a file, so the mount point is made anew where it was a directory. */
function attachFileOrDirectory(slot: string, target: string, span: Span): Op[] {
  const first = attach(slot, target, span);
  const otherwise = [
    op("unlinkat", { dirfd: "AT_FDCWD", path: target, flags: ["AT_REMOVEDIR"] }, span),
    makeMountPoint(target, span),
    attach(slot, target, span),
  ];
  return [{ ...first, tolerate: "any", skip: otherwise.length }, ...otherwise];
}

function mountPointFor(path: string, span: Span): Op[] {
  const parent = path.slice(0, path.lastIndexOf("/"));
  return [...makeDirectories(parent, span), makeMountPoint(path, span)];
}

/**
 * What a container has written to a volume may be a symbolic link, so each component of a subPath is opened below the
 * volume (RESOLVE_BENEATH), and made where it is missing, as the kubelet does.
 */
function openSubPath(volume: string, subPath: string, slot: string, span: Span): Op[] {
  const root = `volume ${slot}`;
  const parts = subPath.split("/").filter((part) => part !== "" && part !== ".");
  return [
    op("openat", { dirfd: "AT_FDCWD", path: volume, flags: ["O_PATH", "O_DIRECTORY", "O_CLOEXEC"], mode: 0 }, span, {
      as: root,
    }),
    ...parts.flatMap((_, index) => {
      const parent = parts.slice(0, index).join("/");
      const open = op(
        "openat2",
        {
          dirfd: { slot: root },
          path: parent === "" ? "." : parent,
          how: { flags: ["O_PATH", "O_DIRECTORY", "O_CLOEXEC"], resolve: ["RESOLVE_BENEATH", "RESOLVE_NO_MAGICLINKS"] },
        },
        span,
        { as: "parent" },
      );
      const make = op("mkdirat", { dirfd: { slot: "parent" }, path: parts[index] ?? "", mode: 0o755 }, span, {
        tolerate: "EEXIST",
      });
      return [open, make, op("close", { fd: { slot: "parent" } }, span)];
    }),
    op(
      "openat2",
      {
        dirfd: { slot: root },
        path: parts.join("/"),
        how: { flags: ["O_PATH", "O_CLOEXEC"], resolve: ["RESOLVE_BENEATH", "RESOLVE_NO_MAGICLINKS"] },
      },
      span,
      { as: "source" },
    ),
    op(
      "open_tree",
      {
        dirfd: { slot: "source" },
        path: "",
        flags: ["OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC", "AT_EMPTY_PATH"],
      },
      span,
      { as: slot },
    ),
  ];
}
