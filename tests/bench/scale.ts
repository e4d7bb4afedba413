/**
 * Brings up as many pods of two containers as its argument says, in a process of its own, and prints what a pod cost.
 *
 * @module
 */

import { probeHost } from "../../src/run/probe_host.ts";
import { Machine } from "../../src/run/machine.ts";
import { Session } from "../../src/run/session.ts";
import { manyPodsLab } from "./labs.ts";

/** What is printed, as JSON. */
export interface Scale {
  /** Milliseconds per pod, until all are up. */
  readonly upMs: number;
  /** Milliseconds per pod, until all are gone. */
  readonly downMs: number;
  /** The most memory that the runner had, MB (VmHWM of proc(5)). */
  readonly peakMb: number;
}

async function measure(count: number): Promise<Scale> {
  const lab = await manyPodsLab(count);
  const host = probeHost(lab);
  await using machine = new Machine();

  const problems: string[] = [];
  const begun = performance.now();
  const session = new Session(lab, host, machine, {
    listener: (event) => {
      if (event.kind === "error") problems.push(event.error.message);
      if (event.kind === "leftover") problems.push(event.text);
    },
  });
  await session.start();
  const up = performance.now();
  const running =
    [...session.pods.values()].flatMap(({ containers }) => containers).filter((one) => one.running).length;
  await session.end();
  const down = performance.now();
  if (problems.length > 0) throw new Error(problems.join("; "));
  if (running !== 2 * count) throw new Error(`Only ${running} containers of ${2 * count} ran`);
  return { upMs: (up - begun) / count, downMs: (down - up) / count, peakMb: peakBytes() / 1e6 };
}

function peakBytes(): number {
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]) * 1024;
}

if (import.meta.main) {
  const scale = await measure(Number(Deno.args[0]));
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(scale)));
}
