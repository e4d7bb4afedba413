/**
 * What is known of the machine, read once. Works without privileges.
 *
 * @module
 */

import type { Lab } from "../lab/lab.ts";
import { probeCgroups } from "../plan/cgroup_facts.ts";
import { CAPABILITIES, SIGNALS } from "../plan/flags.ts";
import type { HostFacts, PathKind } from "../plan/host.ts";
import { HOST_ETC } from "../plan/stage.ts";
import { kernel } from "../sys/kernel.ts";
import { Memory } from "../sys/memory.ts";

/** Top-level directories of the host that the image `host` shows, whether directories or links. */
const HOST_IMAGE = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"];
const EINVAL = -22;
const FSOPEN_CLOEXEC = 1;
const MAX_DEVICES = 1000;

/** Probes the host; for a lab also the host's paths that it names. */
export function probeHost(lab?: Lab): HostFacts {
  const status = read("/proc/self/status");
  const mask = (field: string): bigint =>
    BigInt(`0x${new RegExp(`^${field}:\\s*(\\w+)`, "m").exec(status)?.[1] ?? "0"}`);
  const [effective, ignored] = [mask("CapEff"), mask("SigIgn")];
  const privileged = lab?.pods.some((pod) =>
    [...pod.initContainers, ...pod.containers].some(({ security }) => security.privileged.value)
  );
  return {
    kernel: read("/proc/sys/kernel/osrelease").trim(),
    architecture: Deno.build.arch,
    cpus: navigator.hardwareConcurrency,
    memoryBytes: Number(/^MemTotal:\s+(\d+)/m.exec(read("/proc/meminfo"))?.[1] ?? 0) * 1024,
    hostname: read("/proc/sys/kernel/hostname").trim(),
    uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? -1),
    capabilities: CAPABILITIES.filter((_, number) => (effective >> BigInt(number)) & 1n),
    lastCapability: Number(read("/proc/sys/kernel/cap_last_cap") || CAPABILITIES.length - 1),
    ignoredSignals: SIGNALS.filter((_, number) => (ignored >> BigInt(number)) & 1n),
    // With a struct of no size the call is EINVAL where it exists, before anything is made; a seccomp filter, which cannot
    // see the struct, answers ENOSYS or EPERM.
    clone3: kernel().call("clone3", 0, 0) === EINVAL,
    nofileHard: openFilesHard(),
    nestedUsers: !/^\s*0\s+0\s+4294967295\s*$/.test(read("/proc/self/uid_map")),
    filesystems: filesystems(),
    cgroup: probeCgroups({
      selfCgroup: read("/proc/self/cgroup"),
      mountinfo: read("/proc/self/mountinfo"),
      read: (path) => {
        try {
          return Deno.readTextFileSync(path);
        } catch {
          return undefined;
        }
      },
    }),
    hostImage: hostImage(),
    hostEtc: Object.fromEntries(
      [...HOST_ETC, "hosts", "hostname", "resolv.conf"].map((name) => [name, kindOf(`/etc/${name}`)]),
    ),
    paths: lab === undefined ? {} : Object.fromEntries(namedPaths(lab).map((path) => [path, kindOf(path)])),
    devices: privileged === true ? devices("/dev") : [],
  };
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** The kernel loads a module when its file system is asked for, which takes privileges; overlay is often not yet there. */
function filesystems(): string[] {
  const there = read("/proc/filesystems").split("\n").map((line) => line.replace(/^nodev/, "").trim());
  if (there.includes("overlay")) return there;
  const name = Memory.text("overlay");
  const fd = kernel().call("fsopen", name.address, FSOPEN_CLOEXEC);
  if (fd < 0) return there;
  kernel().call("close", fd);
  return [...there, "overlay"];
}

function openFilesHard(): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(read("/proc/self/limits"))?.[1] ?? "1024";
  return hard === "unlimited" ? 1_048_576 : Number(hard);
}

function hostImage(): HostFacts["hostImage"] {
  const shown: Record<string, "directory" | { link: string }> = {};
  for (const name of HOST_IMAGE) {
    const link = readLink(`/${name}`);
    if (link !== undefined) shown[name] = { link };
    else if (kindOf(`/${name}`) === "directory") shown[name] = "directory";
  }
  return shown;
}

function readLink(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}

function namedPaths(lab: Lab): string[] {
  return lab.pods.flatMap((pod) => [
    ...pod.volumes.flatMap((volume) => volume.kind === "hostPath" ? [volume.path.value] : []),
    ...[...pod.initContainers, ...pod.containers].flatMap(({ image }) => image.kind === "dir" ? [image.path] : []),
  ]);
}

function kindOf(path: string): PathKind {
  try {
    const info = Deno.statSync(path);
    if (info.isDirectory) return "directory";
    if (info.isFile) return "file";
    if (info.isSocket === true) return "socket";
    if (info.isCharDevice === true) return "char";
    if (info.isBlockDevice === true) return "block";
    return "other";
  } catch {
    return "absent";
  }
}

/** Device nodes, as containerd lists them for privileged containers: without those that each container has of its own. */
function devices(directory: string): HostFacts["devices"] {
  const OWN = new Set(["/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/console", "/dev/ptmx"]);
  const found: HostFacts["devices"][number][] = [];
  const pending = [directory];
  while (pending.length > 0 && found.length < MAX_DEVICES) {
    const current = pending.pop() ?? directory;
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(current)) {
      const path = `${current}/${name}`;
      if (OWN.has(path) || isSymlink) continue;
      if (isDirectory) pending.push(path);
      else {
        const { isCharDevice, isBlockDevice, rdev } = Deno.lstatSync(path);
        if (rdev === null || (isCharDevice !== true && isBlockDevice !== true)) continue;
        // sys/sysmacros.h
        const major = (rdev >>> 8) & 0xfff;
        const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
        found.push({ path, type: isCharDevice === true ? "char" : "block", major, minor });
      }
    }
  }
  return found;
}
