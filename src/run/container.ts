/**
 * A container while the lab runs: its state in Kubernetes' words, its output, its restarts.
 *
 * @module
 */

import type { Container, Pod } from "../lab/lab.ts";
import type { ContainerPlan } from "../plan/plan.ts";
import { oomKills } from "../sys/cgroupfs.ts";
import { killMembers, readCgroupFile, setFrozen, thawKilled } from "./cgroup.ts";
import type { Context } from "./context.ts";
import { RunFailure } from "./errors.ts";
import { awaitExit, type Exit } from "./exit.ts";
import { Log, type Stream } from "./log.ts";
import { pidOf } from "./pidfd.ts";
import { Pump } from "./pump.ts";
import { release } from "./release.ts";

const SIGKILL = 9;
const SIGTERM = 15;
/** containerd's exit code for a program that could not be executed. */
const START_ERROR_CODE = 128;

/** core/v1 ContainerState. */
export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly kind: "running"; readonly startedAt: string }
  | {
    readonly kind: "terminated";
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason: string;
    readonly message?: string;
    readonly startedAt: string;
    readonly finishedAt: string;
  };

/** One container of a running pod. */
export class ContainerRun {
  readonly name: string;
  state: ContainerState = { kind: "waiting", reason: "ContainerCreating" };
  lastState: ContainerState | undefined;
  restarts = 0;
  /** How often it was started; 0 before the first time. */
  starts = 0;
  readonly log = new Log();
  /** Its first process as the host numbers it; only valid while it is running. */
  hostPid = 0;
  /** Resolves when what was started last has ended; at once when nothing was. */
  ended: Promise<void> = Promise.resolve();
  /** Set by an action that stops it: the restart policy does not apply. */
  stopped = false;
  #pumps: Pump[] = [];
  #prepared = false;
  #oomKillsBefore = 0;

  constructor(
    readonly context: Context,
    readonly pod: Pod,
    readonly spec: Container,
    readonly plan: ContainerPlan,
    readonly init: boolean,
  ) {
    this.name = plan.name;
  }

  get running(): boolean {
    return this.state.kind === "running";
  }

  /** The slot of its pidfd, which is open while it is running. */
  get pidfdSlot(): string {
    return `${this.name}.pidfd`;
  }

  /**
   * Starts it. A program that cannot be executed is a state of the container (StartError), as in Kubernetes.
   *
   * @throws {RunFailure} If any other step fails.
   */
  start(): void {
    const { executor } = this.context;
    if (!this.#prepared) {
      this.#prepared = true;
      executor.run(this.plan.prepare);
    }
    this.stopped = false;
    // Cloned into a frozen cgroup it would stand still before its program is executed, and the runner with it (vfork).
    if (this.starts > 0) setFrozen(this.plan.cgroups, false);
    this.#oomKillsBefore = this.starts === 0 ? 0 : this.#oomKills();
    const startedAt = new Date().toISOString();
    try {
      this.#pumps = this.#withStreams(() => executor.run(this.plan.start));
    } catch (error) {
      if (!(error instanceof RunFailure) || error.error.call?.startsWith("execve(") !== true) throw error;
      this.#countStart();
      this.#failedToStart(startedAt, error);
      return;
    }
    this.#countStart();
    const pidfd = executor.value(this.pidfdSlot);
    this.hostPid = pidOf(pidfd);
    this.state = { kind: "running", startedAt };
    this.context.say({
      kind: "container_started",
      container: this.name,
      hostPid: this.hostPid,
      restart: this.restarts,
    });
    this.ended = this.#awaitEnd(pidfd, startedAt);
  }

  /** Sends a signal to its first process; whether there was one. */
  signal(number: number): boolean {
    if (!this.running) return false;
    const { executor, machine } = this.context;
    const sent = machine.kernel.call("pidfd_send_signal", executor.value(this.pidfdSlot), number, 0, 0) === 0;
    if (number === SIGKILL) this.thawKilled();
    return sent;
  }

  /** Lets it die if it was killed while it was frozen. */
  thawKilled(): void {
    for (const { controllers, path } of this.plan.cgroups) if (controllers.includes("freezer")) thawKilled(path);
  }

  /** SIGTERM, the grace period, SIGKILL, as the kubelet does; resolves when it has ended. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    if (!this.running) return;
    this.signal(SIGTERM);
    const ended = new AbortController();
    const inTime = await Promise.race([
      this.ended.then(() => true),
      this.context.machine.reactor.sleep(graceMs, AbortSignal.any([ended.signal, this.context.signal])).then(() =>
        false
      ),
    ]);
    ended.abort();
    if (!inTime) this.signal(SIGKILL);
    await this.ended;
  }

  /** Takes what is still in its pipes, so that its log is complete as of now. */
  drain(): void {
    for (const pump of this.#pumps) pump.drain();
  }

  /** Kills it; resolves when it has ended. */
  async kill(): Promise<void> {
    this.stopped = true;
    this.signal(SIGKILL);
    await this.ended;
  }

  /** Removes its cgroups once it has ended; what could not be removed. */
  async release(): Promise<string[]> {
    for (const pump of this.#pumps) pump.stop();
    return await release(this.context, this.plan.release);
  }

  /** The pod has ended: what waited to be restarted will not be. */
  giveUp(): void {
    if (this.state.kind === "waiting" && this.lastState !== undefined) this.state = this.lastState;
  }

  #countStart(): void {
    if (this.starts > 0) this.restarts++;
    this.starts++;
  }

  #oomKills(): number {
    return oomKills(readCgroupFile, this.plan.cgroups);
  }

  #withStreams(start: () => void): Pump[] {
    const { executor, machine } = this.context;
    const streams = ["stdout", "stderr"] as const;
    const pipes = streams.map(() => machine.pipe());
    streams.forEach((stream, index) => executor.adopt(`${this.name}.${stream}`, pipes[index]?.write ?? -1));
    let started = false;
    try {
      start();
      started = true;
    } finally {
      for (const stream of streams) executor.close(`${this.name}.${stream}`);
      if (!started) { for (const { read } of pipes) machine.close(read); }
    }
    return pipes.map(({ read }, index) => this.#pump(streams[index] ?? "stdout", read));
  }

  #pump(stream: Stream, fd: number): Pump {
    return new Pump(this.context.machine, fd, (bytes) => this.log.append(stream, bytes));
  }

  #failedToStart(startedAt: string, failure: RunFailure): void {
    this.state = {
      kind: "terminated",
      exitCode: START_ERROR_CODE,
      reason: "StartError",
      message: failure.error.message,
      startedAt,
      finishedAt: startedAt,
    };
    this.ended = Promise.resolve();
    this.context.say({
      kind: "container_ended",
      container: this.name,
      exitCode: START_ERROR_CODE,
      reason: "StartError",
    });
  }

  async #awaitEnd(pidfd: number, startedAt: string): Promise<void> {
    const exit = await awaitExit(this.context.machine, pidfd);
    this.context.executor.close(this.pidfdSlot);
    this.drain();
    // In a PID namespace that is not its own, what it has forked lives on.
    if (this.pod.shareProcessNamespace.value || this.pod.hostPID.value) {
      for (const { path } of this.plan.cgroups) killMembers(this.context.machine, path);
    }
    const reason = this.#reason(exit);
    this.state = {
      kind: "terminated",
      exitCode: exit.code,
      reason,
      startedAt,
      finishedAt: new Date().toISOString(),
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
    };
    this.context.say({
      kind: "container_ended",
      container: this.name,
      exitCode: exit.code,
      reason,
      ...(exit.signal === undefined ? {} : { signal: exit.signal }),
    });
  }

  #reason({ code, signal }: Exit): string {
    if (signal === SIGKILL && this.#oomKills() > this.#oomKillsBefore) return "OOMKilled";
    return code === 0 ? "Completed" : "Error";
  }
}
