/**
 * Which facts each subject has, and of which type: read by the check (a fact that does not exist is an error), by the
 * JSON Schema, by the documentation, and by the observer, whose answers have these shapes.
 *
 * @module
 */

import type { SubjectKind } from "./lab.ts";

/** The type of a fact. `millicpu` is thousandths of a CPU, `ms` milliseconds, `octal` a file mode as `"0644"`. */
export type FactType =
  | {
    readonly type: "string" | "boolean" | "number" | "bytes" | "millicpu" | "ms" | "octal" | "any";
    readonly doc: string;
  }
  /** A list without order: `shared: [net, ipc]` asks that each is in it. */
  | { readonly type: "set"; readonly doc: string }
  | { readonly type: "list"; readonly of: FactType; readonly doc: string }
  | { readonly type: "map"; readonly of: FactType; readonly doc: string }
  | { readonly type: "object"; readonly fields: Readonly<Record<string, FactType>>; readonly doc: string };

const string = (doc: string): FactType => ({ type: "string", doc });
const number = (doc: string): FactType => ({ type: "number", doc });
const boolean = (doc: string): FactType => ({ type: "boolean", doc });
const bytes = (doc: string): FactType => ({ type: "bytes", doc });
const millicpu = (doc: string): FactType => ({ type: "millicpu", doc });
const ms = (doc: string): FactType => ({ type: "ms", doc });
const octal = (doc: string): FactType => ({ type: "octal", doc });
const set = (doc: string): FactType => ({ type: "set", doc });
const list = (of: FactType, doc: string): FactType => ({ type: "list", of, doc });
const map = (of: FactType, doc: string): FactType => ({ type: "map", of, doc });
const object = (fields: Record<string, FactType>, doc: string): FactType => ({ type: "object", fields, doc });

const processFields = {
  pid: number("its number in its own PID namespace (last of NSpid)"),
  hostPid: number("its number as the host sees it"),
  nsPids: list(number("a number"), "its numbers from the host's namespace inwards (NSpid)"),
  ppid: number("its parent's number on the host; 0 where the parent is not visible"),
  comm: string("its name"),
  args: list(string("an argument"), "its command line"),
  exe: string("the program's path, as the kernel names it"),
  cwd: string("its working directory in its own root"),
  uid: number("effective user id"),
  gid: number("effective group id"),
  groups: set("supplementary group ids"),
  capabilities: set("effective capabilities, without CAP_"),
  boundingCapabilities: set("bounding set, without CAP_"),
  noNewPrivs: boolean("whether no_new_privs is set"),
  seccomp: string("disabled, strict or filter"),
  oomScoreAdj: number("oom_score_adj"),
  namespaces: map(number("inode number"), "inode number of each of its namespaces"),
  state: string("R, S, D, T, Z … as in /proc/PID/stat; X when it has ended"),
  threads: number("number of threads"),
  rssBytes: bytes("resident memory"),
};

const containerState = object({
  state: string("waiting, running or terminated"),
  reason: string("as in a ContainerStatus: Completed, Error, OOMKilled, StartError, CrashLoopBackOff …"),
  message: string("what the kernel said, where it could not be started"),
  exitCode: number("exit code; 128 + the signal's number after a signal"),
  signal: number("the signal's number, where a signal ended it"),
  restartCount: number("how often it was started again"),
  ready: boolean("whether it is ready"),
  started: boolean("whether it has started"),
}, "a container, in short");

const containerStatus = object({
  name: string("name"),
  image: string("image"),
  containerID: string("podlab://POD/NAME/RESTART"),
  ready: boolean("ready"),
  started: boolean("started"),
  restartCount: number("restarts"),
  state: { type: "any", doc: "{waiting|running|terminated: {…}} as in core/v1 ContainerState" },
  lastState: { type: "any", doc: "the state before the last restart" },
}, "core/v1 ContainerStatus");

/** The facts of each subject. For `process` of several containers the same facts must hold for each. */
export const FACTS: Readonly<Record<SubjectKind, FactType>> = {
  exec: object({
    exitCode: number("exit code; 128 + the signal's number after a signal"),
    signal: number("the signal's number; absent after an exit"),
    stdout: string("standard output (the first 64 KiB)"),
    stderr: string("standard error (the first 64 KiB)"),
    durationMs: ms("from start to end"),
    timedOut: boolean("whether it was killed because its time was over"),
    error: string("why it could not be started; absent where it was"),
  }, "a command run in a container"),
  process: object(processFields, "a container's first process"),
  processes: list(object(processFields, "a process"), "all processes that live in a container's cgroup, by hostPid"),
  namespaces: object({
    shared: set("the kinds of namespace that all of them have in common"),
    separate: set("the kinds of namespace that are different for every two of them"),
    ids: map(map(number("inode number"), "of one"), "for each of them, the inode number of each kind"),
  }, "namespaces of several containers, infra, and host, compared"),
  cgroup: object({
    version: number("1 or 2: where the memory controller is"),
    path: string("its directory below the controller's root"),
    memory: object({
      max: bytes("limit; absent where there is none"),
      current: bytes("in use"),
      peak: bytes("the most that was in use"),
      oomKills: number("processes killed by the OOM killer"),
    }, "memory"),
    cpu: object({
      max: millicpu("limit (quota / period); absent where there is none"),
      weight: number("cpu.weight, 1 to 10000; on v1 converted from shares"),
      usageMs: ms("CPU time used"),
      periods: number("enforcement periods"),
      throttled: number("periods in which it was throttled"),
      throttledMs: ms("how long it was throttled"),
    }, "CPU"),
    pids: object({
      max: number("limit; absent where there is none"),
      current: number("tasks in it"),
      denied: number("forks that failed because of the limit"),
    }, "tasks"),
    cpuset: object({ cpus: string("CPUs that it may run on"), mems: string("memory nodes") }, "cpuset"),
    frozen: boolean("whether it is frozen"),
    processes: number("processes in it"),
  }, "a container's cgroup, in one vocabulary for v1, v2 and hybrid"),
  network: object({
    interfaces: list(
      object({
        name: string("name"),
        index: number("index"),
        up: boolean("administratively up"),
        mtu: number("MTU"),
        mac: string("hardware address"),
        kind: string("loopback, veth, …"),
        addresses: list(string("address/prefix"), "its addresses"),
      }, "a network device"),
      "network devices of the network namespace",
    ),
    names: set("names of the devices"),
    addresses: set("all addresses, without prefix length"),
    routes: list(
      object({
        destination: string("address/prefix or default"),
        gateway: string("gateway; absent where there is none"),
        interface: string("device"),
      }, "a route"),
      "routes of the main table",
    ),
    listening: list(
      object({
        protocol: string("tcp, tcp6, udp or udp6"),
        address: string("address"),
        port: number("port"),
        uid: number("owner"),
      }, "a socket"),
      "listening TCP and bound UDP sockets",
    ),
    ports: set("ports that a TCP socket listens on"),
    hostname: string("host name (UTS namespace)"),
    podIP: string("the pod's IP; absent where the pod has loopback only"),
    inode: number("inode number of the network namespace"),
  }, "the network namespace that a container lives in"),
  connect: object({
    ok: boolean("whether the connection was made"),
    error: string("the errno's name (ECONNREFUSED …) or timeout; absent where ok"),
    latencyMs: ms("how long connecting took"),
    received: string("what came back before the peer closed or the time was over (the first 64 KiB)"),
  }, "a connection from inside a pod's network namespace"),
  http: object({
    ok: boolean("whether an answer came"),
    error: string("why none came; absent where ok"),
    status: number("status code"),
    headers: map(string("value"), "headers, names in lower case"),
    body: string("body (the first 64 KiB)"),
    latencyMs: ms("until the whole answer was there"),
  }, "an HTTP exchange from inside a pod's network namespace"),
  file: object({
    exists: boolean("whether it exists"),
    type: string("file, directory, symlink, fifo, socket, char or block"),
    mode: octal("permission bits"),
    uid: number("owner"),
    gid: number("group"),
    size: bytes("size"),
    content: string("the first 64 KiB of a regular file, or where a symlink points to; absent for others"),
    device: string("major:minor of a device node"),
    inode: number("inode number"),
    filesystem: number("device number of the file system it lies on"),
    entries: set("names in a directory, except . and .. (at most 4096)"),
    error: string("the errno's name, where it could not be opened"),
  }, "a file in a container's mount namespace, read from outside"),
  mounts: list(
    object({
      target: string("mount point in the container"),
      type: string("file system type"),
      source: string("source"),
      root: string("which part of the file system is mounted"),
      options: set("mount options"),
      superOptions: set("file system options"),
      propagation: string("private, shared:N, master:N …"),
    }, "a mount"),
    "a container's mount table",
  ),
  logs: object({
    text: string("what it wrote, as far as kept"),
    lines: list(string("a line"), "the same in lines"),
    bytes: number("how much it wrote in all"),
    truncated: boolean("whether the beginning was dropped"),
  }, "what a container wrote"),
  pod: object({
    phase: string("Pending, Running, Succeeded or Failed"),
    reason: string("why, where there is a reason"),
    message: string("the same for people"),
    infra: string("waiting, running or terminated"),
    containers: map(containerState, "containers and init containers by name"),
    conditions: list(
      object({ type: string("type"), status: string("True or False"), reason: string("reason") }, "a condition"),
      "PodScheduled, Initialized, ContainersReady, Ready",
    ),
    containerStatuses: list(containerStatus, "core/v1 containerStatuses"),
    initContainerStatuses: list(containerStatus, "core/v1 initContainerStatuses"),
    hostname: string("host name"),
    podIP: string("the pod's IP; absent where the pod has loopback only"),
    startTime: string("RFC 3339"),
  }, "the pod as a Kubernetes PodStatus, and its infra container"),
  host: object({
    kernel: string("release"),
    architecture: string("x86_64 or aarch64"),
    cgroup: string("v1, v2, hybrid or none"),
    controllers: set("cgroup controllers that podlab can use"),
    cpus: number("CPUs online"),
    memory: bytes("memory"),
    hostname: string("host name"),
    bootId: string("kernel's boot id"),
    processes: number("processes that the host sees"),
    namespaces: map(number("inode number"), "the runner's namespaces"),
  }, "the machine"),
};
