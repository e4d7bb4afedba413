/**
 * The floor that podlab is measured against: its own tables of system calls, executed by a C program (floor.c).
 *
 * @module
 */

import { CONTEXT_BYTES } from "../../src/asm/record.ts";
import { infraElf } from "../../src/asm/infra.ts";
import { toolboxElf } from "../../src/asm/toolbox/toolbox.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { compile } from "../../src/plan/compile.ts";
import type { HostFacts } from "../../src/plan/host.ts";
import { type Op, op } from "../../src/plan/op.ts";
import type { ContainerPlan, PodPlan } from "../../src/plan/plan.ts";
import { newRun } from "../../src/run/run_name.ts";
import { Arena, Place } from "../../src/sys/arena.ts";
import { Table } from "../../src/sys/encode.ts";
import { encodeLinkUp, LOOPBACK_INDEX } from "../../src/sys/netlink_route.ts";
import { Coprocess } from "./coprocess.ts";

const SOURCE = new URL("floor.c", import.meta.url).pathname;

/** Where the tables are in the C program's memory: where nothing else is, on either architecture. */
const IMAGE_ADDRESS = 0x2000_0000_0000;
const IMAGE_BYTES = 4 << 20;

/** Descriptors that the C program puts at fixed numbers, as the tables need to know them. */
const FD = { null: 100, infra: 101, stdout: 102, stderr: 103, cgroup: 104 } as const;

/** Hands out memory of an image instead of this process's. */
class ImageArena extends Arena {
  readonly image = new Uint8Array(IMAGE_BYTES);
  readonly #view = new DataView(this.image.buffer);
  #used = 0;

  override allocate(size: number): Place {
    const offset = this.#used;
    this.#used += (size + 7) & ~7;
    if (this.#used > IMAGE_BYTES) throw new RangeError("The tables are larger than their image");
    return new Place(IMAGE_ADDRESS + offset, this.#view, offset, size);
  }
}

/** Collects steps into one table, and says which records are whose. */
class Segments {
  readonly steps: Op[] = [];

  /** A C initializer for a struct segment. */
  add(steps: readonly Op[]): string {
    const from = this.steps.length;
    this.steps.push(...steps.flatMap(atFixedNumber));
    return `{${from}, ${this.steps.length}}`;
  }
}

/** struct clone_args is encoded with its cgroup's descriptor, which must therefore be known. */
function atFixedNumber(step: Op): Op[] {
  if (step.as?.endsWith(".cgroup") !== true) return [step];
  return [step, op("dup3", { from: { slot: step.as }, to: FD.cgroup, flags: ["O_CLOEXEC"] }, step.span)];
}

/** Compiles the floor for a lab of {@linkcode contestLab} and starts it; why not, where there is no C compiler. */
export async function startFloor(lab: Lab, host: HostFacts, directory: string): Promise<Coprocess | string> {
  const arena = new ImageArena();
  await Deno.writeTextFile(`${directory}/plan.h`, encodePlan(lab, host, arena));
  await Deno.writeFile(`${directory}/image`, arena.image);
  await Deno.writeFile(`${directory}/infra`, infraElf(Deno.build.arch), {
    mode: 0o755,
  });
  const program = `${directory}/floor`;
  const problem = await compileC(program, directory);
  return problem ?? new Coprocess([program, `${directory}/image`, `${directory}/infra`]);
}

async function compileC(program: string, include: string): Promise<string | undefined> {
  for (const compiler of ["gcc", "cc", "clang"]) {
    try {
      // Static and at a fixed address, so that nothing is where the tables go.
      const { success, stderr } = await new Deno.Command(compiler, {
        args: ["-O2", "-Wall", "-static", "-no-pie", "-I", include, "-o", program, SOURCE],
      }).output();
      return success ? undefined : `${compiler}: ${new TextDecoder().decode(stderr).split("\n")[0]}`;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return "no C compiler";
}

/** Encodes a lab's plan into the arena; returns the header that says what is where. */
function encodePlan(lab: Lab, host: HostFacts, arena: ImageArena): string {
  const plan = compile(lab, host, newRun());
  const segments = new Segments();
  const declared = [
    `static const struct segment SETUP = ${segments.add(plan.setup)};`,
    `static const struct segment TEARDOWN = ${segments.add(plan.release)};`,
    ...plan.pods.map((pod) => `static const struct pod ${pod.pod.toUpperCase()} = ${podText(pod, segments)};`),
  ];
  const table = new Table(segments.steps, {
    arch: Deno.build.arch,
    arena,
    slots: knownSlots(plan.pods),
    programs: () => ({ toolbox: toolboxElf(Deno.build.arch) }),
  });
  if (table.context.byteOffset !== 0) throw new Error("The table is not where floor.c looks for it");
  return [
    `#define IMAGE ((void *)${IMAGE_ADDRESS}L)`,
    `#define BYTES ${IMAGE_BYTES}`,
    `#define RECORDS ((struct record *)${IMAGE_ADDRESS + CONTEXT_BYTES}L)`,
    ...Object.entries(FD).map(([name, fd]) => `#define FD_${name.toUpperCase()} ${fd}`),
    ...declared,
    "",
  ].join("\n");
}

function knownSlots(pods: readonly PodPlan[]): Map<string, number> {
  const slots = new Map<string, number>([["null", FD.null], ["infra", FD.infra], ["runner.pid", 0]]);
  for (const { pod, containers } of pods) {
    slots.set(`${pod}/infra.cgroup`, FD.cgroup);
    for (const { name } of containers) {
      slots.set(`${name}.cgroup`, FD.cgroup).set(`${name}.stdout`, FD.stdout).set(`${name}.stderr`, FD.stderr);
    }
  }
  return slots;
}

/** A C initializer for a struct pod. infra's death ends everyone, but infra is reaped last. */
function podText(pod: PodPlan, segments: Segments): string {
  const [kill, ...rest] = pod.release;
  if (kill?.call !== "pidfd_send_signal") {
    throw new Error(`The release of "${pod.pod}" does not begin by killing infra`);
  }
  const up = segments.add([...pod.prepare, ...pod.infra, ...loopbackUp(pod, kill)]);
  const down = `${segments.add([kill])}, ${segments.add(rest)}`;
  const containers = pod.containers.map((container) => containerText(container, segments));
  return `{${up}, ${down}, {${containers.join(", ")}}}`;
}

/** Without the signal, as the container ends by itself or with infra. */
function containerText({ prepare, start, release }: ContainerPlan, segments: Segments): string {
  const [, wait, ...rest] = release;
  if (wait?.call !== "waitid") throw new Error("The release of a container does not wait for it");
  return `{${[prepare, start, [wait], rest].map((steps) => segments.add(steps)).join(", ")}}`;
}

/** What the runner sends by netlink; here the answer stays in the socket. */
function loopbackUp({ pod, ownNetwork }: PodPlan, { span }: Op): Op[] {
  if (!ownNetwork) return [];
  // All of its bytes are ASCII.
  const data = new TextDecoder().decode(encodeLinkUp(LOOPBACK_INDEX, 1));
  return [op("write", { fd: { slot: `${pod}.netlink` }, data }, span)];
}
