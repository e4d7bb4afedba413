/**
 * A container: from the runner's first clone3 to its program.
 *
 * @module
 */

import type { Container, Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import { chain, cloneProgram, cloneStone, parentGuard } from "./clone.ts";
import type { HostFacts } from "./host.ts";
import { sharedNamespaces } from "./infra.ts";
import { type Op, op } from "./op.ts";
import type { CgroupDirectory } from "./plan.ts";
import { becomeProgram, environment } from "./process.ts";
import { buildRoot } from "./rootfs.ts";

/**
 * Starts a container of a pod. Its PID namespace is nested in infra's, or is infra's (`shareProcessNamespace`), or the
 * host's (`hostPID`). A process that has set the PID namespace of its children cannot make a new one (copy_pid_ns, EINVAL), so
 * it takes two stepping stones: one that enters infra's, one that lives in it and clones the container.
 */
export function startContainer(
  pod: Pod,
  container: Container,
  host: HostFacts,
  cgroups: readonly CgroupDirectory[],
): Op[] {
  const { span } = container;
  const place = { host, span };
  const name = `${pod.name}/${container.name}`;
  const nested = !pod.hostPID.value && !pod.shareProcessNamespace.value;
  const cloned = cloneProgram(
    name,
    ["CLONE_NEWNS", ...(nested ? ["CLONE_NEWPID"] as const : [])],
    cgroups,
    { program: containerProgram(pod, container, host), after: pod.hostPID.value ? parentGuard(name, span) : [] },
    place,
  );
  const [stone, inner] = [`${name} (stone)`, `${name} (stone in the pod)`];
  return [
    ...cloned.before,
    ...chain(nested ? [stone, inner] : [stone], [
      ...cloneStone(stone, [], place),
      ...cloned.enter,
      ...enterStage(pod, span),
      ...(nested ? cloneStone(inner, ["CLONE_PARENT"], place) : []),
      ...joinInfra(pod, span),
      ...cloned.steps,
    ], span),
  ];
}

function enterStage(pod: Pod, span: Span): Op[] {
  const infra = { slot: `${pod.name}/infra.pidfd` };
  return [
    ...(pod.hostPID.value ? [] : [op("setns", { fd: infra, type: ["CLONE_NEWPID"] }, span)]),
    op("setns", { fd: { slot: `${pod.name}.mounts` }, type: ["CLONE_NEWNS"] }, span, { why: "the stage" }),
  ];
}

function joinInfra(pod: Pod, span: Span): Op[] {
  const shared = sharedNamespaces(pod);
  return shared.length === 0 ? [] : [op("setns", { fd: { slot: `${pod.name}/infra.pidfd` }, type: shared }, span)];
}

function containerProgram(pod: Pod, container: Container, host: HostFacts): Op[] {
  const { span } = container;
  const name = `${pod.name}/${container.name}`;
  const env = environment(container, pod.hostNetwork.value ? host.hostname : pod.hostname.value);
  const steps = [
    op("setsid", {}, span),
    op("umask", { mask: 0 }, span),
    // Only now is it in its cgroup on v2 as well, and the new namespace's root is where its maker is.
    op("unshare", { flags: ["CLONE_NEWCGROUP"] }, span),
    ...buildRoot(pod, container, host),
    ...becomeProgram(container, host, env, {
      command: container.command.value,
      span: container.command.span,
      stdio: ["null", `${name}.stdout`, `${name}.stderr`],
    }),
  ];
  return pod.hostPID.value ? armParentDeath(steps, span) : steps;
}

/** The change of credentials clears PDEATHSIG, so it is armed after it: before the signals, which come last. */
function armParentDeath(steps: Op[], span: Span): Op[] {
  const before = steps.findIndex(({ call }) => call === "close_range");
  return steps.toSpliced(before, 0, op("prctl", { option: "PR_SET_PDEATHSIG", value: "SIGKILL" }, span));
}
