/**
 * A pod while the lab runs: infra, init containers in order, containers, restarts, the end.
 *
 * Sources: the kubelet's restart back-off (10 s doubling to 5 min, the first restart at once, forgotten after 10 min of
 * running) and the order of a pod's start and end (Kubernetes documentation, "Pod Lifecycle").
 *
 * @module
 */

import type { Pod } from "../lab/lab.ts";
import { cgroupDirectories } from "../plan/cgroups.ts";
import type { CgroupDirectory, ContainerPlan, PodPlan } from "../plan/plan.ts";
import { ContainerRun } from "./container.ts";
import type { Context } from "./context.ts";
import { RunFailure } from "./errors.ts";
import { awaitExit } from "./exit.ts";
import { bringLoopbackUp } from "./netlink.ts";
import { release } from "./release.ts";

const SIGKILL = 9;
const BACK_OFF_FIRST_MS = 10_000;
const BACK_OFF_MAX_MS = 300_000;
const BACK_OFF_FORGOTTEN_MS = 600_000;
/** So long after its containers infra has ended at the latest. */
const INFRA_END_MS = 1000;

/** One running pod. */
export class PodRun {
  readonly name: string;
  readonly initContainers: readonly ContainerRun[];
  readonly containers: readonly ContainerRun[];
  infra: "waiting" | "running" | "terminated" = "waiting";
  /** infra's number as the host sees it, while it is running. */
  infraPid = 0;
  startTime = "";
  readonly infraCgroups: readonly CgroupDirectory[];
  /** Resolves when infra has ended. */
  infraEnded: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();
  /** What runs on its own: restarts and the init sequence. */
  readonly #tasks = new Set<Promise<void>>();

  constructor(readonly context: Context, readonly spec: Pod, readonly plan: PodPlan) {
    this.name = spec.name;
    const run = (plans: readonly ContainerPlan[], specs: Pod["containers"], init: boolean): ContainerRun[] =>
      plans.flatMap((own, index) => {
        const container = specs[index];
        return container === undefined ? [] : [new ContainerRun(context, spec, container, own, init)];
      });
    this.initContainers = run(plan.initContainers, spec.initContainers, true);
    this.containers = run(plan.containers, spec.containers, false);
    this.infraCgroups = cgroupDirectories(context.host.cgroup, `${context.plan.run}/${spec.name}/infra`);
  }

  /** All containers, init containers first. */
  get all(): readonly ContainerRun[] {
    return [...this.initContainers, ...this.containers];
  }

  /** The slot of infra's pidfd. */
  get infraSlot(): string {
    return `${this.name}/infra.pidfd`;
  }

  /**
   * Makes the pod. Resolves when its containers have been started for the first time, or when an init container has failed:
   * then there is something to observe.
   *
   * @throws {RunFailure} If a step fails.
   */
  async start(): Promise<void> {
    const { executor, machine } = this.context;
    this.context.say({ kind: "pod_starting", pod: this.name });
    this.startTime = new Date().toISOString();
    executor.run(this.plan.prepare);
    executor.run(this.plan.infra);
    const pidfd = executor.value(this.infraSlot);
    this.infraPid = executor.value(`${this.name}/infra.pid`);
    this.infra = "running";
    this.infraEnded = awaitExit(machine, pidfd).then(() => this.#infraHasEnded());
    if (this.plan.ownNetwork) this.#bringLoopbackUp();
    if (this.initContainers.length === 0) this.#startContainers();
    else await this.#initialise();
    this.context.say({ kind: "pod_ready", pod: this.name });
  }

  /** Stops all containers as the kubelet does, then infra. */
  async stop(graceMs: number): Promise<void> {
    this.#end.abort();
    await Promise.all(this.all.map((container) => container.stop(graceMs)));
    await this.kill();
  }

  /** Kills the pod by its infra container; the kernel ends everyone. Resolves when all have been reaped. */
  async kill(): Promise<void> {
    this.#end.abort();
    this.killInfra();
    // Side by side: infra, the init of the pod's PID namespace, ends only when everyone in it has been reaped.
    await Promise.all([...this.all.map((container) => container.kill()), this.infraEnded]);
    await Promise.all(this.#tasks);
  }

  /** Sends SIGKILL to infra; whether it was running. */
  killInfra(): boolean {
    if (this.infra !== "running") return false;
    this.#end.abort();
    const { executor, machine } = this.context;
    const sent = machine.kernel.call("pidfd_send_signal", executor.value(this.infraSlot), SIGKILL, 0, 0) === 0;
    // infra's end kills them all, and waits for them.
    for (const container of this.all) container.thawKilled();
    return sent;
  }

  /** Lets go of everything that the pod had, once it has been killed; what could not be removed. */
  async release(): Promise<string[]> {
    const problems = (await Promise.all(this.all.map((container) => container.release()))).flat();
    return [...problems, ...await release(this.context, this.plan.release)];
  }

  /** Starts a container that an action has stopped or that has ended. */
  startContainer(container: ContainerRun): void {
    container.lastState = container.state;
    container.start();
    this.#follow(container);
  }

  #startContainers(): void {
    for (const container of this.containers) {
      container.start();
      this.#follow(container);
    }
  }

  /** Init containers one after another; resolves when the containers run, or at the first failure, and goes on after it. */
  #initialise(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#background(
        async () => {
          for (const container of this.initContainers) {
            if (!await this.#complete(container, resolve)) return;
          }
          if (!this.#end.signal.aborted) this.#startContainers();
        },
        resolve,
        reject,
      );
    });
  }

  /** Runs an init container until it succeeds, as far as the restart policy goes. */
  async #complete(container: ContainerRun, failed: () => void): Promise<boolean> {
    container.start();
    for (;;) {
      await container.ended;
      if (this.#end.signal.aborted) return false;
      if (container.state.kind === "terminated" && container.state.exitCode === 0) return true;
      failed();
      if (this.spec.restartPolicy === "Never") return false;
      if (!await this.#backOff(container)) return false;
      container.start();
    }
  }

  /** Restarts a container whenever it ends, as far as the restart policy goes. */
  #follow(container: ContainerRun): void {
    this.#background(async () => {
      for (;;) {
        await container.ended;
        if (this.#end.signal.aborted || container.stopped || !this.#restarts(container)) return;
        if (!await this.#backOff(container) || container.stopped) return;
        container.start();
      }
    });
  }

  #restarts(container: ContainerRun): boolean {
    if (this.infra !== "running" || container.state.kind !== "terminated") return false;
    const { restartPolicy } = this.spec;
    return restartPolicy === "Always" || (restartPolicy === "OnFailure" && container.state.exitCode !== 0);
  }

  /** Waits as long as the kubelet would; false when the pod ended meanwhile. */
  async #backOff(container: ContainerRun): Promise<boolean> {
    const { state, starts } = container;
    container.lastState = state;
    const ranMs = state.kind === "terminated" ? Date.parse(state.finishedAt) - Date.parse(state.startedAt) : 0;
    const wait = starts < 2 || ranMs > BACK_OFF_FORGOTTEN_MS
      ? 0
      : Math.min(BACK_OFF_FIRST_MS * 2 ** (starts - 2), BACK_OFF_MAX_MS);
    if (wait > 0) {
      container.state = {
        kind: "waiting",
        reason: "CrashLoopBackOff",
        message: `back-off ${wait / 1000}s restarting failed container=${container.spec.name} pod=${this.name}`,
      };
      await this.context.machine.reactor.sleep(wait, this.#end.signal);
    }
    return !this.#end.signal.aborted && this.infra === "running";
  }

  #background(task: () => Promise<void>, done?: () => void, failed?: (error: unknown) => void): void {
    const running = task().then(done, failed ?? ((error) => this.#report(error))).finally(() =>
      this.#tasks.delete(running)
    );
    this.#tasks.add(running);
  }

  /** A restart fails when infra is ending, whose end is only known once everyone in the pod has been reaped. */
  async #report(error: unknown): Promise<void> {
    if (!(error instanceof RunFailure)) throw error;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.context.signal]);
    await Promise.race([this.infraEnded, this.context.machine.reactor.sleep(INFRA_END_MS, signal)]);
    over.abort();
    if (this.#end.signal.aborted || this.context.signal.aborted) return;
    this.context.say({ kind: "error", error: error.error });
  }

  #infraHasEnded(): void {
    this.infra = "terminated";
    this.#end.abort();
    this.context.executor.close(this.infraSlot);
    for (const container of this.all) container.giveUp();
    this.context.say({ kind: "pod_ended", pod: this.name });
  }

  #bringLoopbackUp(): void {
    const { executor, machine } = this.context;
    bringLoopbackUp(machine, executor.value(`${this.name}.netlink`), this.spec.span);
  }
}
