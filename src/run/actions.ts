/**
 * What an observation does before it looks.
 *
 * @module
 */

import type { Action, Target } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { SIGNALS } from "../plan/flags.ts";
import { openFlags } from "../sys/constants.ts";
import { errnoName } from "../sys/errno.ts";
import { setFrozen } from "./cgroup.ts";
import type { ContainerRun } from "./container.ts";
import type { Context } from "./context.ts";
import { RunFailure } from "./errors.ts";
import { modeOf, openIn, openRoot } from "./observe/file.ts";
import { PodRun } from "./pod.ts";
import { find, findPod, type Found, targetName } from "./targets.ts";

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const DEFAULT_FILE_MODE = 0o644;

/**
 * Does an action. When it resolves, what it asked for has happened: who was killed has ended.
 *
 * @throws {RunFailure} If it cannot be done.
 */
export async function act(context: Context, pods: Map<string, PodRun>, action: Action): Promise<void> {
  const { span } = action;
  switch (action.kind) {
    case "signal":
      return await signal(find(pods, action.to, span), action.to, action.signal, span);
    case "stop":
      return await stop(find(pods, action.target, span), span);
    case "start":
      return start(find(pods, action.target, span), action.target, span);
    case "restart": {
      const found = find(pods, action.target, span);
      await stop(found, span);
      return start(found, action.target, span);
    }
    case "freeze":
    case "thaw":
      return freeze(find(pods, action.target, span), action.target, action.kind === "freeze", span);
    case "create":
      return await create(context, pods, action.pod, span);
    case "delete":
      return await remove(context, pods, action.pod, span);
    case "write":
      return write(context, find(pods, action.in, span), action, span);
    case "wait":
      return await context.machine.reactor.sleep(action.ms, context.signal);
    default:
      return never(action);
  }
}

function never(action: never): never {
  throw new Error(`No such action: ${JSON.stringify(action)}`);
}

/** An action as a line of the report. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "signal":
      return `${action.signal} to ${targetName(action.to)}`;
    case "create":
    case "delete":
      return `${action.kind} ${action.pod}`;
    case "write":
      return `write ${action.path} in ${targetName(action.in)}`;
    case "wait":
      return `wait ${action.ms} ms`;
    default:
      return `${action.kind} ${targetName(action.target)}`;
  }
}

function impossible(message: string, span: Span, hint?: string): RunFailure {
  return new RunFailure({ kind: "failed", message, span, ...(hint === undefined ? {} : { hint }) });
}

/** The container of a target; infra has no life of its own that could be stopped and started. */
function containerOf({ container }: Found, what: string, span: Span): ContainerRun {
  if (container !== undefined) return container;
  throw impossible(`Cannot ${what} infra: it lives as long as its pod`, span, "kill it, or delete the pod");
}

async function signal(found: Found, target: Target, name: string, span: Span): Promise<void> {
  const { container, pod } = found;
  const number = SIGNALS.findIndex((known) => known === name) + 1;
  if (container === undefined) {
    if (name !== "SIGKILL") throw impossible(`Cannot send ${name} to infra: only SIGKILL reaches it`, span);
    if (!pod.killInfra()) throw impossible(`Cannot kill ${targetName(target)}: it has ended already`, span);
    await pod.infraEnded;
    await Promise.all(pod.all.map(({ ended }) => ended));
    return;
  }
  const { ended } = container;
  if (!container.signal(number)) {
    throw impossible(`Cannot send ${name} to ${targetName(target)}: it is ${container.state.kind}`, span);
  }
  if (name === "SIGKILL") await ended;
}

async function stop(found: Found, span: Span): Promise<void> {
  await containerOf(found, "stop", span).stop(found.pod.spec.terminationGracePeriodMs);
}

function start(found: Found, target: Target, span: Span): void {
  const container = containerOf(found, "start", span);
  if (container.running) throw impossible(`Cannot start ${targetName(target)}: it is running`, span);
  if (found.pod.infra !== "running") {
    throw impossible(`Cannot start ${targetName(target)}: its pod has ended`, span, "create the pod again");
  }
  found.pod.startContainer(container);
}

function freeze(found: Found, target: Target, frozen: boolean, span: Span): void {
  containerOf(found, frozen ? "freeze" : "thaw", span);
  if (setFrozen(found.cgroups, frozen)) return;
  throw impossible(
    `Cannot ${frozen ? "freeze" : "thaw"} ${targetName(target)}: this host has neither cgroup v2 nor the freezer`,
    span,
  );
}

async function create(context: Context, pods: Map<string, PodRun>, name: string, span: Span): Promise<void> {
  if (pods.has(name)) throw impossible(`Cannot create pod "${name}": it exists`, span, "delete it first");
  const spec = context.lab.pods.find((pod) => pod.name === name);
  const plan = context.plan.pods.find(({ pod }) => pod === name);
  if (spec === undefined || plan === undefined) throw impossible(`Cannot create pod "${name}": the lab has none`, span);
  const pod = new PodRun(context, spec, plan);
  pods.set(name, pod);
  await pod.start();
}

async function remove(context: Context, pods: Map<string, PodRun>, name: string, span: Span): Promise<void> {
  const pod = findPod(pods, name, span);
  await pod.stop(pod.spec.terminationGracePeriodMs);
  for (const text of await pod.release()) context.say({ kind: "leftover", text });
  pods.delete(name);
  context.say({ kind: "pod_deleted", pod: name });
}

/** Writes a regular file below a container's root: never through a link that leads out, never to a FIFO or a device. */
function write(
  { machine }: Context,
  found: Found,
  { path, content, in: target }: Extract<Action, { kind: "write" }>,
  span: Span,
): void {
  const cannot = (reason: string): RunFailure =>
    impossible(`Cannot write "${path}" in ${targetName(target)}: ${reason}`, span);
  if (found.hostPid === undefined) throw cannot("the container is not running");
  const root = openRoot(machine, found.hostPid);
  if (root < 0) throw cannot(errnoName(-root));
  const flags = openFlags(machine.kernel.arch);
  try {
    const probe = openIn(machine, root, path, flags.O_PATH | flags.O_CLOEXEC);
    if (probe >= 0) {
      const regular = (modeOf(machine, probe) & S_IFMT) === S_IFREG;
      machine.kernel.call("close", probe);
      if (!regular) throw cannot("it is no regular file");
    }
    const how = flags.O_WRONLY | flags.O_CREAT | flags.O_TRUNC | flags.O_NONBLOCK | flags.O_NOCTTY | flags.O_CLOEXEC;
    const fd = openIn(machine, root, path, how, DEFAULT_FILE_MODE);
    if (fd < 0) throw cannot(errnoName(-fd));
    try {
      let rest = new TextEncoder().encode(content);
      while (rest.length > 0) {
        const written = machine.write(fd, rest);
        if (written < 0) throw cannot(errnoName(-written));
        rest = rest.subarray(written);
      }
    } finally {
      machine.kernel.call("close", fd);
    }
  } finally {
    machine.kernel.call("close", root);
  }
}
