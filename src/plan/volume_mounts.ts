/**
 * Mounts of what is in the stage: files of the pod, /dev/shm, volumes.
 *
 * @module
 */

import type { Container, Pod, VolumeMount } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { makeDirectories, makeDirectory, makeMountPoint } from "./file_ops.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";
import { hostEtcMounts, isDirectory, STAGE } from "./stage.ts";

/** A mount of something of the stage: taken hold of before pivot_root, attached after it. */
export interface Attached {
  readonly open: readonly Op[];
  readonly attach: readonly Op[];
}

/** What a container mounts, in the order that it must be attached in. */
export function mountSources(pod: Pod, container: Container, host: HostFacts): Attached[] {
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
