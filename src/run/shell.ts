/**
 * A shell in a container of a lab that is brought up for it.
 *
 * @module
 */

import type { Lab, Target } from "../lab/lab.ts";
import type { RunEvent } from "../match/events.ts";
import { execInContainer } from "../plan/exec.ts";
import type { HostFacts } from "../plan/host.ts";
import { RunFailure } from "./errors.ts";
import { awaitExit } from "./exit.ts";
import { Machine } from "./machine.ts";
import { Pump } from "./pump.ts";
import { Session } from "./session.ts";
import { find, type Found, targetName } from "./targets.ts";
import { matchSize, openTerminal, RawMode } from "./terminal.ts";

const ID = "shell";
const SIGHUP = 1;
const SIGKILL = 9;
const EAGAIN = -11;
/** A command that ignores SIGHUP has so long until it is killed. */
const HANG_UP_MS = 500;

/** What `shell` needs. */
export interface ShellOptions {
  readonly signal?: AbortSignal;
  /** Command to run; `/bin/sh` by default. */
  readonly command?: readonly string[];
  /** Receives what happens in the lab meanwhile. */
  readonly listener?: (event: RunEvent) => void;
}

/**
 * Brings a lab's pods up, runs a command in a container with this process's terminal (or, where standard input is none,
 * with its streams), and takes everything down when it ends.
 *
 * @returns The command's exit code.
 * @throws {RunFailure} If the host cannot run the lab, the container is not running, or a step fails.
 */
export async function runShell(lab: Lab, host: HostFacts, target: Target, options: ShellOptions = {}): Promise<number> {
  await using machine = new Machine();
  const session = new Session(lab, host, machine, {
    signal: options.signal,
    listener: options.listener ?? (() => {}),
  });
  try {
    await session.start();
    const found = find(session.pods, target, lab.span);
    const command = options.command ?? ["/bin/sh"];
    return await runIn(session, found, target, command);
  } finally {
    await session.end();
  }
}

async function runIn(session: Session, found: Found, target: Target, command: readonly string[]): Promise<number> {
  const { context } = session;
  const { container, pod } = found;
  if (container === undefined || !container.running) {
    const why = container === undefined ? "infra runs nothing but itself" : `it is ${container.state.kind}`;
    throw new RunFailure({
      kind: "failed",
      message: `Cannot open a shell in ${targetName(target)}: ${why}`,
      span: context.lab.span,
    });
  }
  const tty = Deno.stdin.isTerminal();
  const { executor, machine, host } = context;
  const { span } = container.spec;
  const exec = { id: ID, command, span, tty };
  const steps = (): void => executor.run(execInContainer(pod.spec, container.spec, host, container.plan.cgroups, exec));
  return tty ? await withTerminal() : await withStreams();

  async function withTerminal(): Promise<number> {
    const terminal = openTerminal(context, ID, found.pidfd, { host, span });
    matchSize(context, terminal.master);
    steps();
    executor.close(`${ID}.tty`);
    const resize = (): void => matchSize(context, terminal.master);
    Deno.addSignalListener("SIGWINCH", resize);
    using _raw = new RawMode(machine);
    try {
      const output = new Pump(machine, terminal.master, (bytes) => writeAll(Deno.stdout, bytes));
      const input = new Input((bytes) => feedAll(terminal.master, bytes));
      const code = await ended();
      output.drain();
      input.stop();
      executor.open.delete(terminal.slot);
      output.stop();
      return code;
    } finally {
      Deno.removeSignalListener("SIGWINCH", resize);
    }
  }

  async function withStreams(): Promise<number> {
    const [stdin, stdout, stderr] = [machine.inputPipe(), machine.pipe(), machine.pipe()];
    executor.adopt(`${ID}.stdin`, stdin.read);
    executor.adopt(`${ID}.stdout`, stdout.write);
    executor.adopt(`${ID}.stderr`, stderr.write);
    try {
      steps();
    } catch (error) {
      for (const fd of [stdin.write, stdout.read, stderr.read]) machine.close(fd);
      throw error;
    } finally {
      for (const stream of ["stdin", "stdout", "stderr"]) executor.close(`${ID}.${stream}`);
    }
    const outputs = [
      new Pump(machine, stdout.read, (bytes) => writeAll(Deno.stdout, bytes)),
      new Pump(machine, stderr.read, (bytes) => writeAll(Deno.stderr, bytes)),
    ];
    const input = new Input((bytes) => feedAll(stdin.write, bytes), () => machine.close(stdin.write));
    const code = await ended();
    input.stop();
    for (const output of outputs) {
      output.drain();
      output.stop();
    }
    return code;
  }

  async function ended(): Promise<number> {
    const pidfd = executor.value(`${ID}.pidfd`);
    const exit = awaitExit(machine, pidfd);
    const aborted = new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      context.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([exit, aborted]);
    if (context.signal.aborted) {
      machine.kernel.call("pidfd_send_signal", pidfd, SIGHUP, 0, 0);
      await Promise.race([exit, machine.reactor.sleep(HANG_UP_MS)]);
      machine.kernel.call("pidfd_send_signal", pidfd, SIGKILL, 0, 0);
    }
    const { code } = await exit;
    executor.close(`${ID}.pidfd`);
    return code;
  }

  async function feedAll(fd: number, bytes: Uint8Array): Promise<boolean> {
    let rest = bytes;
    while (rest.length > 0) {
      const written = machine.write(fd, rest);
      if (written >= 0) rest = rest.subarray(written);
      else if (written === EAGAIN) await machine.reactor.writable(fd);
      else return false;
    }
    return true;
  }
}

/** Reads this process's standard input until its end or until it is stopped. */
class Input {
  #stopped = false;
  readonly #reader = Deno.stdin.readable.getReader();
  readonly #done: () => void;

  constructor(sink: (bytes: Uint8Array) => Promise<boolean>, done: () => void = () => {}) {
    this.#done = done;
    this.#run(sink);
  }

  /** Stops; who reads from the other end sees its end. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#done();
    // A read that is under way cannot be taken back; the process ends without it.
    this.#reader.cancel().catch(() => {});
  }

  async #run(sink: (bytes: Uint8Array) => Promise<boolean>): Promise<void> {
    while (!this.#stopped) {
      const { value, done } = await this.#reader.read();
      if (done || this.#stopped || !await sink(value)) break;
    }
    this.stop();
  }
}

function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(to.writeSync(rest));
}
