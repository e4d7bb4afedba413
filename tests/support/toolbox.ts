/**
 * Runs the toolbox in tests.
 *
 * @module
 */

import type { Architecture } from "../../src/asm/instruction.ts";
import { toolboxElf } from "../../src/asm/toolbox/toolbox.ts";
import { type Machine, ProgramFile, type RunningProgram, until } from "./programs.ts";

const elves = new Map<Architecture, Uint8Array<ArrayBuffer>>();

/** The toolbox in a temporary file. */
export function toolboxFile(machine: Machine): ProgramFile {
  const elf = elves.get(machine.architecture) ?? toolboxElf(machine.architecture);
  elves.set(machine.architecture, elf);
  return new ProgramFile(machine, elf, "toolbox");
}

/** How a run of the toolbox went. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the toolbox to its end. */
export async function toolbox(
  machine: Machine,
  args: readonly string[],
  options: { readonly name?: string; readonly uid?: number; readonly input?: string } = {},
): Promise<Outcome> {
  using file = toolboxFile(machine);
  await using process = file.start(args, options);
  if (options.input !== undefined) await process.input(new TextEncoder().encode(options.input));
  const status = await process.end();
  return { status, stdout: process.stdout, stderr: process.stderr };
}

/** The port that a server says it listens on. */
export async function portOf(server: RunningProgram): Promise<number> {
  await until(() => /port \d+\n/.test(server.stderr), () => server.stderr);
  return Number(/port (\d+)\n/.exec(server.stderr)?.[1]);
}
