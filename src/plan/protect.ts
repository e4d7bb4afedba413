/**
 * What of /proc and /sys a container must not see or write, unless it is privileged.
 *
 * Source: containerd's `defaultMaskedPaths` and `defaultReadonlyPaths`.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import { mount } from "./file_ops.ts";
import type { Op } from "./op.ts";

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

/** Masks and makes read-only; a path that this kernel lacks is left out. */
export function protect(span: Span): Op[] {
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
