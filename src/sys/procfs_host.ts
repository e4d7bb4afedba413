/**
 * What procfs says about the machine.
 *
 * Sources: proc_meminfo(5), proc_filesystems(5).
 *
 * @module
 */

/** MemTotal of /proc/meminfo in bytes; `undefined` where it is not told. */
export function parseMemoryTotal(text: string): number | undefined {
  const kib = /^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

/** The file systems of /proc/filesystems, in its order, with and without a device. */
export function parseFilesystems(text: string): string[] {
  return text.split("\n").flatMap((line) => /^(?:nodev)?\t(\S+)$/.exec(line)?.slice(1) ?? []);
}
