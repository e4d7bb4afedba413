/**
 * A command run in a container.
 *
 * @module
 */

import type { Subject } from "../../lab/lab.ts";
import type { Json } from "../../lab/matcher.ts";
import { execInContainer } from "../../plan/exec.ts";
import { isFrozen } from "../cgroup.ts";
import type { Context } from "../context.ts";
import { RunFailure } from "../errors.ts";
import { awaitExit, type Exit } from "../exit.ts";
import { Feed, Pump } from "../pump.ts";
import type { Found } from "../targets.ts";

const OUTPUT_BYTES = 64 * 1024;
const SIGKILL = 9;
/** What shells answer for a command that cannot be executed. */
const NOT_EXECUTED_CODE = 127;

let count = 0;

/** The facts of the subject `exec`. A container that has ended, or a program that is not there, is an `error` among them. */
export async function execFacts(
  context: Context,
  found: Found,
  subject: Extract<Subject, { kind: "exec" }>,
): Promise<Json> {
  const { container, pod } = found;
  const failed = (error: string): Json => ({
    exitCode: NOT_EXECUTED_CODE,
    stdout: "",
    stderr: "",
    durationMs: 0,
    timedOut: false,
    error,
  });
  if (container === undefined) return failed("infra runs nothing but itself: it has an empty root");
  if (!container.running) return failed(`container "${container.name}" is not running: it is ${container.state.kind}`);
  if (isFrozen(container.plan.cgroups)) {
    return failed(`container "${container.name}" is frozen: nothing can run in it before it is thawed`);
  }
  const { executor, host, machine } = context;
  const id = `exec ${++count} in ${container.name}`;
  const [stdin, output, errors] = [machine.inputPipe(), machine.pipe(), machine.pipe()];
  executor.adopt(`${id}.stdin`, stdin.read);
  executor.adopt(`${id}.stdout`, output.write);
  executor.adopt(`${id}.stderr`, errors.write);
  const { command, span } = subject;
  const started = performance.now();
  try {
    executor.run(execInContainer(pod.spec, container.spec, host, container.plan.cgroups, { id, command, span }));
  } catch (error) {
    for (const fd of [stdin.write, output.read, errors.read]) machine.close(fd);
    if (!(error instanceof RunFailure)) throw error;
    if (error.error.call?.startsWith("execve(") === true) return failed(notExecuted(command, error));
    if (error.error.errno === "ESRCH") return failed(`container "${container.name}" has just ended`);
    throw error;
  } finally {
    for (const stream of ["stdin", "stdout", "stderr"]) executor.close(`${id}.${stream}`);
  }
  const stdout = new Bounded();
  const stderr = new Bounded();
  const pumps = [new Pump(machine, output.read, stdout.take), new Pump(machine, errors.read, stderr.take)];
  const input = new Feed(machine, stdin.write, subject.stdin);
  const { exit, timedOut } = await endOf(context, `${id}.pidfd`, subject.timeoutMs);
  for (const pump of pumps) {
    // What it has forked may hold the pipe open for ever.
    pump.drain();
    pump.stop();
  }
  input.stop();
  return {
    exitCode: exit.code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    durationMs: Math.round(performance.now() - started),
    timedOut,
    ...(exit.signal === undefined ? {} : { signal: exit.signal }),
  };
}

async function endOf(context: Context, slot: string, timeoutMs: number): Promise<{ exit: Exit; timedOut: boolean }> {
  const { executor, machine, signal } = context;
  const pidfd = executor.value(slot);
  const ended = awaitExit(machine, pidfd);
  const over = new AbortController();
  const inTime = await Promise.race([
    ended.then(() => true),
    machine.reactor.sleep(timeoutMs, AbortSignal.any([over.signal, signal])).then(() => false),
  ]);
  over.abort();
  if (!inTime) machine.kernel.call("pidfd_send_signal", pidfd, SIGKILL, 0, 0);
  const exit = await ended;
  executor.close(slot);
  return { exit, timedOut: !inTime };
}

function notExecuted(command: readonly string[], { error }: RunFailure): string {
  return `cannot execute "${command[0] ?? ""}" in the container: ${error.errno ?? "failed"}`;
}

/** The first 64 KiB of an output. */
class Bounded {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  readonly take = (bytes: Uint8Array): void => {
    const part = bytes.slice(0, OUTPUT_BYTES - this.#length);
    this.#length += part.length;
    if (part.length > 0) this.#parts.push(part);
  };

  text(): string {
    const all = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return new TextDecoder().decode(all);
  }
}
