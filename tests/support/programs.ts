/**
 * Runs programs that the project made, for this machine's architecture and, by qemu-user, for the other.
 *
 * @module
 */

import type { Architecture } from "../../src/asm/instruction.ts";
import { exists } from "./machine_code.ts";

/** Where a program can be run, or why it cannot. */
export interface Machine {
  readonly architecture: Architecture;
  /** Program that runs it; none where the machine itself does. */
  readonly emulator: string | undefined;
  /** "", or for a test's name: what is missing. */
  readonly skip: string;
}

/** This machine and the emulated one. */
export const MACHINES: readonly Machine[] = (["x86_64", "aarch64"] as const).map((architecture) => {
  if (architecture === Deno.build.arch) return { architecture, emulator: undefined, skip: "" };
  const emulator = `/usr/bin/qemu-${architecture}-static`;
  return { architecture, emulator, skip: exists(emulator) ? "" : ` (skipped: apt install qemu-user-static)` };
});

const DEADLINE_MS = 10_000;

/** Looks until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what: () => string = String): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!await isSo()) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${DEADLINE_MS} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** How a program is started. */
export interface StartOptions {
  readonly name?: string;
  readonly uid?: number;
  readonly through?: readonly string[];
}

/** An executable in a temporary file. */
export class ProgramFile implements Disposable {
  readonly #folder = Deno.makeTempDirSync();
  readonly #machine: Machine;
  readonly path: string;

  constructor(machine: Machine, elf: Uint8Array, name = "program") {
    this.#machine = machine;
    this.path = `${this.#folder}/${name}`;
    Deno.writeFileSync(this.path, elf, { mode: 0o755 });
    Deno.chmodSync(this.#folder, 0o755);
  }

  /** A directory of its own beside the program. */
  get folder(): string {
    return this.#folder;
  }

  /** Starts it: by a name of its own, as another user, through a program that executes another one. */
  start(args: readonly string[], options: StartOptions = {}): RunningProgram {
    const { name = this.path, uid, through = [] } = options;
    const { emulator } = this.#machine;
    const program = emulator === undefined ? [name] : [emulator, "-0", name, this.path];
    const [command = name, ...words] = [...through, ...program, ...args];
    return new RunningProgram(
      new Deno.Command(command, {
        args: words,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        ...(uid === undefined ? {} : { uid }),
      }).spawn(),
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** A process whose output is collected as it comes. */
export class RunningProgram implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #collected: Promise<unknown>;
  readonly #chunks = { stdout: [] as Uint8Array<ArrayBuffer>[], stderr: [] as Uint8Array<ArrayBuffer>[] };

  constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#collected = Promise.all([
      this.#collect(process.stdout, this.#chunks.stdout),
      this.#collect(process.stderr, this.#chunks.stderr),
    ]);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What it has written so far. */
  get stdoutBytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Blob(this.#chunks.stdout).bytes();
  }

  get stdout(): string {
    return decode(this.#chunks.stdout);
  }

  get stderr(): string {
    return decode(this.#chunks.stderr);
  }

  /** Gives it its whole input. */
  async input(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(bytes);
    await writer.close();
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Waits for its end and the end of its output; its exit status, 128 + n for a signal. */
  async end(): Promise<number> {
    const { code } = await this.#process.status;
    await this.#collected;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
    await this.#process.status;
    await this.#collected;
    if (!this.#process.stdin.locked) await this.#process.stdin.close();
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, chunks: Uint8Array<ArrayBuffer>[]): Promise<void> {
    for await (const chunk of stream) chunks.push(chunk);
  }
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}
