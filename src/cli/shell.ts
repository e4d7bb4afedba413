/**
 * `lab shell`: a shell or command in a container of a lab that is up as long as it runs.
 *
 * @module
 */

import type { Lab, Target } from "../lab/lab.ts";
import { formatSpan } from "../lab/span.ts";
import { listed, nearest } from "../lab/suggest.ts";
import type { RunError } from "../match/events.ts";
import { RunFailure } from "../run/errors.ts";
import { probeHost } from "../run/probe_host.ts";
import { runShell } from "../run/shell.ts";
import { EXIT, UsageError } from "./errors.ts";
import { requireHost } from "./host.ts";
import { Interrupt } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { readOneLab } from "./read_lab.ts";

/** Brings the lab up, runs the command, takes the lab down; the exit code is the command's. */
export default async function shell(
  io: Io,
  flags: { readonly color?: boolean },
  word: string,
  container: string,
  ...command: string[]
): Promise<number> {
  const lab = await readOneLab(io, [word], flags.color);
  if (lab === undefined) return EXIT.usage;
  const target = findContainer(lab, container);
  const host = probeHost(lab);
  requireHost(host);
  using interrupt = new Interrupt(io);

  const { signal } = interrupt;
  try {
    const exitCode = await runShell(lab, host, target, command.length === 0 ? { signal } : { signal, command });
    return interrupt.exitCode ?? exitCode;
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    // What an interrupted run could not finish is no news.
    if (interrupt.exitCode !== undefined) return interrupt.exitCode;
    throw told(error.error);
  }
}

function told({ message, span, hint }: RunError): UsageError {
  const place = span === undefined ? "" : `, asked for by ${formatSpan(span)}`;
  return new UsageError(`${message}${place}`, hint, EXIT.host);
}

/** The container that `POD/CONTAINER`, or `CONTAINER` where only one pod has it, names. */
export function findContainer(lab: Lab, text: string): Target {
  const targets = lab.pods.flatMap((pod) =>
    pod.containers.map((container) => ({ pod: pod.name, container: container.name }))
  );
  const names = targets.map(({ pod, container }) => `${pod}/${container}`);
  const found = targets.filter(({ pod, container }) => text === container || text === `${pod}/${container}`);
  const [target, ...others] = found;
  if (target !== undefined && others.length === 0) return target;
  if (target !== undefined) {
    const choices = found.map(({ pod, container }) => `${pod}/${container}`);
    throw new UsageError(`Cannot tell which "${text}" is meant`, `Name the pod too: ${listed(choices)}`);
  }
  const near = nearest(text, names) ??
    names.find((name) => name.endsWith(`/${nearest(text, containerNames(targets))}`));
  throw new UsageError(
    `Cannot find a container "${text}" in the lab "${lab.name}"`,
    near === undefined ? `Containers: ${listed(names)}` : `Did you mean "${near}"?`,
  );
}

function containerNames(targets: readonly Target[]): string[] {
  return targets.map(({ container }) => container);
}
