/**
 * The stage: a mount namespace that holds what a pod's containers are built from (images, volumes, files of the pod),
 * and nothing else of the host. No process lives in it: the runner keeps it by a descriptor, so that it and all that is
 * in it goes when the pod is released, or when the runner dies. Each container begins with a copy of it.
 *
 * @module
 */

import type { Container, Pod, Volume } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { makeDirectories, makeDirectory, makeFile, makeMountPoint } from "./file_ops.ts";
import type { HostFacts, PathKind } from "./host.ts";
import { type Op, op } from "./op.ts";

/** Paths in the stage. */
export const STAGE = {
  /** The host's tree, while the stage is built. */
  host: "/host",
  images: "/images",
  /** The made-up part of the image `host`. */
  skeleton: "/images/host/skeleton",
  volumes: "/volumes",
  /** hosts, hostname, resolv.conf. */
  files: "/files",
  shm: "/shm",
  /** Where infra puts its empty root. */
  void: "/void",
  /** Where a container builds its root. */
  container: "/container",
} as const;

/** Where the tmpfs that becomes the stage is first mounted: any directory that every host has. */
const MOUNT_POINT = "/tmp";

/** Public parts of /etc that the host's programs need: the links of `alternatives` (awk …) and the loader's cache. */
export const HOST_ETC = ["alternatives", "ld.so.cache"] as const;

/** Makes the stage in the mount namespace of the process that makes these steps. */
export function buildStage(pod: Pod, host: HostFacts): Op[] {
  const { span } = pod;
  return [
    op("umask", { mask: 0 }, span),
    op("mount", { source: null, target: "/", type: null, flags: ["MS_REC", "MS_PRIVATE"], data: null }, span),
    tmpfs(MOUNT_POINT, ["MS_NOSUID", "MS_NODEV"], "mode=755", span),
    makeDirectory(`${MOUNT_POINT}${STAGE.host}`, 0o755, span),
    op("pivot_root", { root: MOUNT_POINT, old: `${MOUNT_POINT}${STAGE.host}` }, span),
    op("chdir", { path: "/" }, span),
    ...[STAGE.images, STAGE.volumes, STAGE.files, STAGE.shm, STAGE.void, STAGE.container]
      .map((path) => makeDirectory(path, 0o755, span)),
    ...images(pod, host),
    ...pod.volumes.flatMap((volume) => makeVolume(volume, host)),
    ...sharedMemory(pod),
    ...files(pod, host),
    op("umount2", { target: STAGE.host, flags: ["MNT_DETACH"] }, span),
  ];
}

/** Where a `dir:` image of a pod is in the stage. */
export function imagePath(pod: Pod, container: Container): string {
  return `${STAGE.images}/${imageIndex(directoryImages(pod), container)}`;
}

/** Whether a hostPath volume is a directory once its type has been honoured; anything else is mounted on a file. */
export function isDirectory(volume: Volume, host: HostFacts): boolean {
  if (volume.kind === "emptyDir") return true;
  const kind = host.paths[volume.path.value] ?? "absent";
  return kind === "absent" ? !/^(File|Socket|CharDevice|BlockDevice)/.test(volume.type) : kind === "directory";
}

function tmpfs(target: string, flags: ("MS_NOSUID" | "MS_NODEV" | "MS_NOEXEC")[], data: string, span: Span): Op {
  return op("mount", { source: "tmpfs", target, type: "tmpfs", flags, data }, span);
}

function bind(source: string, target: string, span: Span, recursive: boolean): Op {
  const flags = recursive ? ["MS_BIND", "MS_REC"] as const : ["MS_BIND"] as const;
  return op("mount", { source, target, type: null, flags, data: null }, span);
}

/** A bind mount's own read-only flag is set by a second call (mount(2), "Remounting an existing mount"). */
function readOnly(target: string, span: Span): Op {
  return op(
    "mount",
    { source: null, target, type: null, flags: ["MS_REMOUNT", "MS_BIND", "MS_RDONLY"], data: null },
    span,
  );
}

function directoryImages(pod: Pod): Container[] {
  const seen = new Set<string>();
  return [...pod.initContainers, ...pod.containers].filter(({ image }) => {
    if (image.kind !== "dir" || seen.has(image.path)) return false;
    seen.add(image.path);
    return true;
  });
}

function imageIndex(unique: readonly Container[], { image }: Container): number {
  return unique.findIndex((other) =>
    other.image.kind === "dir" && image.kind === "dir" && other.image.path === image.path
  );
}

function images(pod: Pod, host: HostFacts): Op[] {
  const unique = directoryImages(pod);
  const usesHost = [...pod.initContainers, ...pod.containers].find(({ image }) => image.kind === "host");
  return [
    ...unique.flatMap((container) => {
      if (container.image.kind !== "dir") return [];
      const { span, path } = container.image;
      const target = imagePath(pod, container);
      return [makeDirectory(target, 0o755, span), bind(STAGE.host + path, target, span, false), readOnly(target, span)];
    }),
    ...(usesHost === undefined ? [] : hostImage(host, usesHost.image.span)),
  ];
}

/**
 * The image `host`: the host's programs and libraries, and a made-up rest. What is not named here is not in it, so no
 * directory that the host may grow is ever shown.
 */
function hostImage(host: HostFacts, span: Span): Op[] {
  const base = STAGE.skeleton;
  const directories = Object.entries(host.hostImage).filter(([, kind]) => kind === "directory").map(([name]) => name);
  return [
    makeDirectory(`${STAGE.images}/host`, 0o755, span),
    makeDirectory(base, 0o755, span),
    ...["dev", "etc", "home", "media", "mnt", "opt", "proc", "run", "srv", "sys", "var", "etc/ssl", "var/cache"]
      .map((name) => makeDirectory(`${base}/${name}`, 0o755, span)),
    ...["var/lib", "var/log", "var/spool"].map((name) => makeDirectory(`${base}/${name}`, 0o755, span)),
    ...["tmp", "var/tmp"].map((name) => makeDirectory(`${base}/${name}`, 0o1777, span)),
    makeDirectory(`${base}/root`, 0o700, span),
    op("symlinkat", { target: "/run", dirfd: "AT_FDCWD", path: `${base}/var/run` }, span),
    ...Object.entries(host.hostImage).map(([name, kind]) =>
      kind === "directory"
        ? makeDirectory(`${base}/${name}`, 0o755, span)
        : op("symlinkat", { target: kind.link, dirfd: "AT_FDCWD", path: `${base}/${name}` }, span)
    ),
    ...directories.flatMap((name) => {
      const target = `${STAGE.images}/host/${name}`;
      return [
        makeDirectory(target, 0o755, span),
        bind(`${STAGE.host}/${name}`, target, span, false),
        readOnly(target, span),
      ];
    }),
    ...toolbox(span),
    ...Object.entries(ETC_FILES).flatMap(([name, text]) => makeFile(`${base}/etc/${name}`, text, 0o644, span)),
    ...hostEtc(host, span),
  ];
}

const ETC_FILES: Readonly<Record<string, string>> = {
  "passwd": "root:x:0:0:root:/root:/bin/sh\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n" +
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
  "group": "root:x:0:\ndaemon:x:1:\nbin:x:2:\nadm:x:4:\ntty:x:5:\nnogroup:x:65534:\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\nprotocols: files\n",
  "os-release": 'NAME=podlab\nID=podlab\nPRETTY_NAME="podlab image host"\n',
  "shells": "/bin/sh\n",
};

/** A layer above the host's /usr that holds one program: `/usr/local/bin/toolbox`. */
function toolbox(span: Span): Op[] {
  const layer = `${STAGE.images}/host/toolbox`;
  return [
    ...[layer, `${layer}/local`, `${layer}/local/bin`].map((path) => makeDirectory(path, 0o755, span)),
    ...makeFile(`${layer}/local/bin/toolbox`, { program: "toolbox" }, 0o755, span),
  ];
}

/** What a container takes over from the host's /etc: path in the stage, path in the container. */
export function hostEtcMounts(host: HostFacts): { source: string; target: string; directory: boolean }[] {
  return HOST_ETC.flatMap((name) => {
    const kind: PathKind = host.hostEtc[name] ?? "absent";
    if (kind !== "directory" && kind !== "file") return [];
    return [{ source: `${STAGE.images}/host/etc/${name}`, target: `/etc/${name}`, directory: kind === "directory" }];
  });
}

/** Overlay crosses no mount, so these stand beside the skeleton, and each container mounts them on its own /etc. */
function hostEtc(host: HostFacts, span: Span): Op[] {
  return [
    makeDirectory(`${STAGE.images}/host/etc`, 0o755, span),
    ...hostEtcMounts(host).flatMap(({ source, target, directory }) => [
      directory ? makeDirectory(source, 0o755, span) : makeMountPoint(source, span),
      directory ? makeDirectory(STAGE.skeleton + target, 0o755, span) : makeMountPoint(STAGE.skeleton + target, span),
      bind(STAGE.host + target, source, span, false),
      readOnly(source, span),
    ]),
  ];
}

function makeVolume(volume: Volume, host: HostFacts): Op[] {
  const { span } = volume;
  const target = `${STAGE.volumes}/${volume.name}`;
  if (volume.kind === "emptyDir") {
    const size = volume.sizeLimitBytes === undefined ? "" : `,size=${volume.sizeLimitBytes.value}`;
    return [
      makeDirectory(target, 0o755, span),
      tmpfs(target, ["MS_NOSUID", "MS_NODEV"], `mode=777${size}`, volume.sizeLimitBytes?.span ?? span),
    ];
  }
  const source = STAGE.host + volume.path.value;
  const directory = isDirectory(volume, host);
  const absent = (host.paths[volume.path.value] ?? "absent") === "absent";
  return [
    ...(absent && volume.type === "DirectoryOrCreate" ? makeDirectories(source, volume.path.span) : []),
    ...(absent && volume.type === "FileOrCreate" ? [makeMountPoint(source, volume.path.span)] : []),
    directory ? makeDirectory(target, 0o755, span) : makeMountPoint(target, span),
    bind(source, target, volume.path.span, true),
  ];
}

/** /dev/shm is the pod's, as its IPC namespace is. */
function sharedMemory(pod: Pod): Op[] {
  if (pod.hostIPC.value) return [bind(`${STAGE.host}/dev/shm`, STAGE.shm, pod.hostIPC.span, false)];
  return [
    op("mount", {
      source: "shm",
      target: STAGE.shm,
      type: "tmpfs",
      flags: ["MS_NOSUID", "MS_NODEV", "MS_NOEXEC"],
      data: "mode=1777,size=65536k",
    }, pod.span),
  ];
}

/** The files that a pod's containers share: /etc/hosts, /etc/hostname, /etc/resolv.conf. */
function files(pod: Pod, host: HostFacts): Op[] {
  if (pod.hostNetwork.value) {
    const { span } = pod.hostNetwork;
    return ["hosts", "hostname", "resolv.conf"].flatMap((name) => {
      const target = `${STAGE.files}/${name}`;
      if (host.hostEtc[name] !== "file") return makeFile(target, "", 0o644, span);
      return [makeMountPoint(target, span), bind(`${STAGE.host}/etc/${name}`, target, span, false)];
    });
  }
  const { value: hostname, span } = pod.hostname;
  return [
    ...makeFile(`${STAGE.files}/hosts`, hostsFile(hostname), 0o644, span),
    ...makeFile(`${STAGE.files}/hostname`, `${hostname}\n`, 0o644, span),
    ...makeFile(`${STAGE.files}/resolv.conf`, "# this pod has loopback only\n", 0o644, span),
  ];
}

function hostsFile(hostname: string): string {
  return "# made by podlab, as the kubelet makes it for a pod\n" +
    "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n" +
    `ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n127.0.0.1\t${hostname}\n`;
}
