/**
 * Programs that a lab asks the host for (`spec.requires.programs`).
 *
 * @module
 */

import type { Lab } from "../lab/lab.ts";

/** The directories that a container of the image `host` finds programs in. */
const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Why a lab cannot run here for want of programs; nothing where it has them all. */
export function missingPrograms(lab: Lab, folders: readonly string[] = FOLDERS): string | undefined {
  const missing = lab.requires.map(({ value }) => value).filter((name) =>
    !folders.some((folder) => isProgram(folder, name))
  );
  if (missing.length === 0) return undefined;
  return `This host has no ${missing.map((name) => `"${name}"`).join(", ")}; install ${
    missing.length === 1 ? "it" : "them"
  } to run this lab`;
}

function isProgram(folder: string, name: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(`${folder}/${name}`);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}
