/**
 * Lab + HostFacts → Plan: the table of contents of what a run does. Nothing is done here.
 *
 * @module
 */

import type { Container, Lab, Pod } from "../lab/lab.ts";
import type { Span } from "../lab/span.ts";
import {
  cgroupDirectories,
  containerCgroups,
  missingLimits,
  podCgroups,
  removeDirectory,
  setUpCgroups,
  tearDownCgroups,
} from "./cgroups.ts";
import { startContainer } from "./container.ts";
import { explain, type HostFacts, type PathKind } from "./host.ts";
import { startInfra } from "./infra.ts";
import { type Op, op } from "./op.ts";
import type { ContainerPlan, Plan, PodPlan } from "./plan.ts";
import { capabilitiesOf } from "./process.ts";

/**
 * Compiles a lab for a host.
 *
 * @param run The run's directory name below `podlab/` in each cgroup hierarchy.
 */
export function compile(lab: Lab, host: HostFacts, run: string): Plan {
  const { cgroup } = host;
  return {
    lab: lab.name,
    run,
    setup: setUpCgroups(cgroup, run, lab.span),
    pods: lab.pods.map((pod) => compilePod(pod, host, `${run}/${pod.name}`)),
    release: tearDownCgroups(cgroup, run, lab.span),
    notices: lab.pods.flatMap((pod) => notices(pod, host)),
    refusals: [...fatal(lab, host), ...lab.pods.flatMap((pod) => refusals(pod, host))],
  };
}

/** The steps are made when they are asked for: those of 500 pods at once would take a hundred megabytes. */
function compilePod(pod: Pod, host: HostFacts, path: string): PodPlan {
  const { cgroup } = host;
  const infra = cgroupDirectories(cgroup, `${path}/infra`);
  return {
    pod: pod.name,
    get prepare(): readonly Op[] {
      return [...podCgroups(cgroup, path, pod.span), ...containerCgroups(cgroup, `${path}/infra`, pod, undefined)];
    },
    get infra(): readonly Op[] {
      return startInfra(pod, host, infra);
    },
    ownNetwork: !pod.hostNetwork.value,
    initContainers: pod.initContainers.map((container) => compileContainer(pod, container, host, path)),
    containers: pod.containers.map((container) => compileContainer(pod, container, host, path)),
    get release(): readonly Op[] {
      return [
        ...end(`${pod.name}/infra`, pod.span),
        op("close", { fd: { slot: `${pod.name}.mounts` } }, pod.span, { why: "the stage, with all volumes" }),
        ...(pod.hostNetwork.value ? [] : [op("close", { fd: { slot: `${pod.name}.netlink` } }, pod.span)]),
        ...infra.map((directory) => removeDirectory(directory.path, pod.span)),
        ...cgroupDirectories(cgroup, path).map((directory) => removeDirectory(directory.path, pod.span)),
      ];
    },
  };
}

function compileContainer(pod: Pod, container: Container, host: HostFacts, path: string): ContainerPlan {
  const cgroups = cgroupDirectories(host.cgroup, `${path}/${container.name}`);
  const name = `${pod.name}/${container.name}`;
  return {
    name,
    get prepare(): readonly Op[] {
      return containerCgroups(host.cgroup, `${path}/${container.name}`, pod, container);
    },
    get start(): readonly Op[] {
      return startContainer(pod, container, host, cgroups);
    },
    get release(): readonly Op[] {
      return [
        ...end(name, container.span),
        ...cgroups.map((directory) => removeDirectory(directory.path, container.span)),
      ];
    },
    cgroups,
  };
}

/** Ends a process that the runner has a pidfd of, reaps it, and lets go of the pidfd. */
function end(name: string, span: Span): Op[] {
  const pidfd = { slot: `${name}.pidfd` };
  return [
    op("pidfd_send_signal", { pidfd, signal: "SIGKILL" }, span, { tolerate: "ESRCH" }),
    op("waitid", { type: 3, id: pidfd, options: ["WEXITED", "__WALL"] }, span, { why: "P_PIDFD" }),
    op("close", { fd: pidfd }, span),
  ];
}

function fatal(lab: Lab, host: HostFacts): Plan["refusals"] {
  return explain(host).filter((missing) => missing.fatal).map(({ what, disables, how }) => ({
    text: `This host lacks ${what}, which disables ${disables}`,
    hint: how,
    span: lab.span,
  }));
}

function refusals(pod: Pod, host: HostFacts): Plan["refusals"] {
  return [...containerRefusals(pod, host), ...volumeRefusals(pod, host)];
}

function containerRefusals(pod: Pod, host: HostFacts): Plan["refusals"] {
  return [...pod.initContainers, ...pod.containers].flatMap((container) => [
    ...missingLimits(host.cgroup, container).map(({ controller, reason, span }) => ({
      text:
        `Cannot limit "${pod.name}/${container.name}": the cgroup controller ${controller} cannot be used (${reason})`,
      hint: "delegate the controller to podlab's cgroup, or take the limit out; podlab doctor says more",
      span,
    })),
    ...imageRefusals(container, host),
  ]);
}

function volumeRefusals(pod: Pod, host: HostFacts): Plan["refusals"] {
  return pod.volumes.flatMap((volume) => {
    if (volume.kind !== "hostPath") return [];
    const found = host.paths[volume.path.value] ?? "absent";
    const wrong = hostPathProblem(volume.type, found);
    return wrong === undefined ? [] : [{
      text: `Cannot use "${volume.path.value}" as volume "${volume.name}": ${wrong}`,
      hint: 'make it on the host, or choose a "type" that fits',
      span: volume.path.span,
    }];
  });
}

function imageRefusals({ image }: Container, host: HostFacts): Plan["refusals"] {
  if (image.kind !== "dir" || host.paths[image.path] === "directory") return [];
  const found = host.paths[image.path] ?? "absent";
  return [{
    text: `Cannot use "${image.text}" as an image: ${
      found === "absent" ? "there is no such directory" : `it is a ${found}`
    }`,
    hint: 'after "dir:" comes a directory that holds a root file system, relative to the lab file',
    span: image.span,
  }];
}

/** Kubernetes' checks of hostPath types (kubectl explain pod.spec.volumes.hostPath.type). */
function hostPathProblem(type: string, found: PathKind): string | undefined {
  const wanted: Readonly<Record<string, readonly PathKind[]>> = {
    "DirectoryOrCreate": ["directory", "absent"],
    "Directory": ["directory"],
    "FileOrCreate": ["file", "absent"],
    "File": ["file"],
    "Socket": ["socket"],
    "CharDevice": ["char"],
    "BlockDevice": ["block"],
  };
  const fits = wanted[type];
  if (type === "" ? found !== "absent" : fits === undefined || fits.includes(found)) return undefined;
  return found === "absent"
    ? "there is nothing at that path"
    : `type ${type} asks for something else than a ${found} there`;
}

function notices(pod: Pod, host: HostFacts): Plan["notices"] {
  return [...unbound(pod, host), ...lackingCapabilities(pod, host)];
}

/** Processes that no PID namespace of the pod's holds together are found by their cgroup only. */
function unbound({ hostPID, name }: Pod, host: HostFacts): Plan["notices"] {
  if (!hostPID.value || host.cgroup.hierarchies.length > 0) return [];
  return [{
    text: `No cgroup can be used here: processes that pod "${name}", with hostPID, leaves behind will not be found`,
    span: hostPID.span,
  }];
}

function lackingCapabilities(pod: Pod, host: HostFacts): Plan["notices"] {
  return [...pod.initContainers, ...pod.containers].flatMap((container) => {
    const asked = container.security.capabilitiesAdd;
    const cannot = capabilitiesOf(container, host).filter((name) => !host.capabilities.includes(name));
    return asked.filter(({ value }) => cannot.some((name) => name === value)).map(({ value, span }) => ({
      text: `Cannot give ${value} to "${pod.name}/${container.name}": this process does not have it itself`,
      span,
    }));
  });
}
