/**
 * Where in the facts something is: `memory.max`, `lines[2]`, `containers.b.state`, `headers["content-type"]`.
 *
 * @module
 */

import { printable } from "./text.ts";

const MAX_KEY = 80;

/** The path of a map's field. Keys that would read as something else are quoted. */
export function fieldPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${printable(JSON.stringify(key), MAX_KEY)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The path of a list's item, from 0. */
export function itemPath(path: string, index: number): string {
  return `${path}[${index}]`;
}
