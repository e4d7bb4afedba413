/**
 * A container's /dev: the nodes that every container has, and for a privileged one the host's.
 *
 * Source: the OCI runtime specification, "Default Devices" and "Default Filesystems".
 *
 * @module
 */

import type { Container } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { makeDirectory, mount } from "./file_ops.ts";
import type { HostFacts } from "./host.ts";
import { type Op, op } from "./op.ts";

/** Device nodes of the OCI runtime specification, all of major 1 but the last. */
const DEVICES: readonly (readonly [string, number, number])[] = [
  ["null", 1, 3],
  ["zero", 1, 5],
  ["full", 1, 7],
  ["random", 1, 8],
  ["urandom", 1, 9],
  ["tty", 5, 0],
];

/** Makes /dev on a tmpfs, in the container's own root. */
export function devices(container: Container, host: HostFacts): Op[] {
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
