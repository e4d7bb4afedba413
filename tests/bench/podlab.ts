/**
 * podlab's side of the contest: in this process, warm, through the engine as `lab run` uses it.
 *
 * @module
 */

import type { Lab } from "../../src/lab/lab.ts";
import type { HostFacts } from "../../src/plan/host.ts";
import { ContainerRun } from "../../src/run/container.ts";
import { Machine } from "../../src/run/machine.ts";
import { PodRun } from "../../src/run/pod.ts";
import { Session } from "../../src/run/session.ts";

/** A session over the lab of the contest, in which containers and pods are made and taken down again. */
export class Podlab implements AsyncDisposable {
  readonly #machine: Machine;
  readonly #session: Session;

  private constructor(machine: Machine, session: Session) {
    this.#machine = machine;
    this.#session = session;
  }

  static async start(lab: Lab, host: HostFacts): Promise<Podlab> {
    const machine = new Machine();
    const session = new Session(lab, host, machine, {
      listener: (event) => {
        if (event.kind === "error") throw new Error(event.error.message);
        if (event.kind === "leftover") throw new Error(event.text);
      },
    });
    await session.start();
    for (const container of session.pods.get("warm")?.containers ?? []) {
      await container.ended;
      must(await container.release());
    }
    return new Podlab(machine, session);
  }

  /** A container of a pod that is up, from its cgroups to their removal. Milliseconds. */
  async container(): Promise<number> {
    const pod = this.#session.pods.get("warm");
    const [spec] = pod?.spec.containers ?? [];
    const [plan] = pod?.plan.containers ?? [];
    if (pod === undefined || spec === undefined || plan === undefined) throw new Error("The pod is not there");
    const begun = performance.now();
    const container = new ContainerRun(this.#session.context, pod.spec, spec, plan, false);
    container.start();
    await container.ended;
    must(await container.release());
    return performance.now() - begun;
  }

  /** A pod of one container, from its cgroups to their removal. Milliseconds. */
  async pod(): Promise<number> {
    const begun = performance.now();
    const pod = this.#make("single");
    await pod.start();
    await pod.containers[0]?.ended;
    await takeDown(pod);
    return performance.now() - begun;
  }

  /** A pod of two containers until both run. Milliseconds. */
  async up(name: string): Promise<number> {
    const begun = performance.now();
    const pod = this.#make(name);
    await pod.start();
    const taken = performance.now() - begun;
    await takeDown(pod);
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.end();
    await this.#machine[Symbol.asyncDispose]();
  }

  #make(name: string): PodRun {
    const { context } = this.#session;
    const spec = context.lab.pods.find((pod) => pod.name === name);
    const plan = context.plan.pods.find((pod) => pod.pod === name);
    if (spec === undefined || plan === undefined) throw new Error(`The lab has no pod "${name}"`);
    return new PodRun(context, spec, plan);
  }
}

async function takeDown(pod: PodRun): Promise<void> {
  await pod.kill();
  must(await pod.release());
}

function must(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join("; "));
}
