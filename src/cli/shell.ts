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

const USAGE = "lab shell LAB [POD/]CONTAINER, and after -- a command";

/** Brings the lab up, runs the command, takes the lab down; the exit code is the command's. */
export default async function shell(
  io: Io,
  flags: { readonly color?: boolean },
  ...words: string[]
): Promise<number> {
  const [word, container, ...command] = words;
  if (word === undefined) throw new UsageError("Cannot open a shell without a lab", USAGE);
  const lab = await readOneLab(io, [word], flags.color);
  if (lab === undefined) return EXIT.usage;
  if (container === undefined) {
    throw new UsageError(
      "Cannot open a shell without a container",
      `Containers: ${listed(containersOf(lab).map(nameOf))}`,
    );
  }
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
  const targets = containersOf(lab);
  const found = targets.filter((target) => text === target.container || text === nameOf(target));
  const [target, ...others] = found;
  if (target !== undefined && others.length > 0) {
    throw new UsageError(`Cannot tell which "${text}" is meant`, `Name the pod too: ${listed(found.map(nameOf))}`);
  }
  if (target !== undefined) return target;
  const near = nearest(text, targets.flatMap((one) => [nameOf(one), one.container]));
  throw new UsageError(
    `Cannot find a container "${text}" in the lab "${lab.name}"`,
    near === undefined ? `Containers: ${listed(targets.map(nameOf))}` : `Did you mean "${near}"?`,
  );
}

function containersOf(lab: Lab): readonly Target[] {
  return lab.pods.flatMap((pod) => pod.containers.map(({ name }) => ({ pod: pod.name, container: name })));
}

function nameOf({ pod, container }: Target): string {
  return `${pod}/${container}`;
}
