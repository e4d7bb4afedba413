/**
 * What is known of the machine: probed once (`src/run/probe_host.ts`), given to the compiler as a value.
 *
 * @module
 */

import type { CapabilityName, SignalName } from "./flags.ts";

/** A cgroup controller that podlab uses. `cpuacct` is a part of `cpu` on v2. */
export type Controller = "cpu" | "cpuacct" | "memory" | "pids" | "freezer" | "cpuset";

/** A cgroup hierarchy that podlab puts directories in. */
export interface Hierarchy {
  /** Of the cgroup file system. */
  readonly version: 1 | 2;
  /** What can be limited or counted in it; may be empty on a hybrid host's v2. */
  readonly controllers: readonly Controller[];
  /** Absolute path of the cgroup under which the directory `podlab` goes. */
  readonly base: string;
  /**
   * v2: the cgroups, from the outermost to `base`, whose `cgroup.subtree_control` lacks some of the controllers, with
   * what to write.
   */
  readonly enable: readonly { readonly directory: string; readonly controllers: readonly Controller[] }[];
  /**
   * v2: the processes of `base` must be moved to a leaf below it before anything is enabled, since a cgroup that hands
   * controllers down may not have processes of its own ("no internal processes").
   */
  readonly evacuate?: boolean;
}

/** The cgroup set-up of the host as this process sees it. */
export interface CgroupFacts {
  /** Which versions are mounted; `hybrid` has both. */
  readonly layout: "v1" | "v2" | "hybrid" | "none";
  /** Those that podlab uses. */
  readonly hierarchies: readonly Hierarchy[];
  /** Whether the kernel accounts swap to cgroups, so that a memory limit can hold it too; on v2 perhaps it does not. */
  readonly swap: boolean;
  /** Controllers that cannot be used, with the reason. */
  readonly missing: Readonly<Partial<Record<Controller, string>>>;
}

/** What stands at a path of the host. */
export type PathKind = "directory" | "file" | "socket" | "char" | "block" | "other" | "absent";

/** The machine, and what this process may do on it. */
export interface HostFacts {
  /** `uname -r`. */
  readonly kernel: string;
  /** `uname -m`. */
  readonly architecture: string;
  /** CPUs online. */
  readonly cpus: number;
  /** Bytes of memory (MemTotal). */
  readonly memoryBytes: number;
  /** Of this process's UTS namespace. */
  readonly hostname: string;
  /** Effective user id of this process. */
  readonly uid: number;
  /**
   * Whether this process is in a user namespace of its own (a rootless container), where root is not the host's and may not
   * make device nodes.
   */
  readonly nestedUsers: boolean;
  /** Effective capabilities of this process. */
  readonly capabilities: readonly CapabilityName[];
  /** The highest capability that the kernel knows (/proc/sys/kernel/cap_last_cap). */
  readonly lastCapability: number;
  /** Signals that this process ignores, which children would inherit. */
  readonly ignoredSignals: readonly SignalName[];
  /** Whether clone3(2) is there; container runtimes' seccomp profiles answer ENOSYS. */
  readonly clone3: boolean;
  /** Hard limit of open files. */
  readonly nofileHard: number;
  /** File systems that the kernel has (/proc/filesystems), or has loaded when it was asked. */
  readonly filesystems: readonly string[];
  /** What can be limited, and where. */
  readonly cgroup: CgroupFacts;
  /** Top-level directories of the host that the image `host` shows, with what they are: a directory, or a link's target. */
  readonly hostImage: Readonly<Record<string, "directory" | { readonly link: string }>>;
  /** Which of the public parts of /etc the image `host` shows exist here. */
  readonly hostEtc: Readonly<Record<string, PathKind>>;
  /** What stands at the host paths that the lab names (hostPath volumes, `dir:` images). */
  readonly paths: Readonly<Record<string, PathKind>>;
  /** Device nodes of the host's /dev, for privileged containers. */
  readonly devices: readonly {
    readonly path: string;
    readonly type: "char" | "block";
    readonly major: number;
    readonly minor: number;
  }[];
}

/** Something that the host lacks: what it is, what cannot be done without it, how to get it. */
export interface Missing {
  /** The thing, in a few words. */
  readonly what: string;
  /** What cannot be done without it. */
  readonly disables: string;
  /** How to get it. */
  readonly how: string;
  /** Whether no lab at all can run without it. */
  readonly fatal: boolean;
}

const NEEDED: readonly CapabilityName[] = [
  "SYS_ADMIN",
  // Namespaces of a process of another user, as infra is, are entered and seen as its memory would be.
  "SYS_PTRACE",
  "SYS_CHROOT",
  "SETUID",
  "SETGID",
  "SETPCAP",
  "NET_ADMIN",
  "KILL",
  "MKNOD",
  "CHOWN",
  "DAC_OVERRIDE",
];

/** What this host lacks, the fatal first. */
export function explain(host: HostFacts): readonly Missing[] {
  const missing: Missing[] = [];
  if (host.architecture !== "x86_64" && host.architecture !== "aarch64") {
    missing.push({
      what: `machine code for ${host.architecture}`,
      disables: "every lab",
      how: "run podlab on x86_64 or aarch64",
      fatal: true,
    });
  }
  const lacking = NEEDED.filter((name) => !host.capabilities.includes(name));
  if (lacking.length > 0) {
    missing.push({
      what: host.uid === 0 ? `capabilities ${lacking.join(", ")}` : "root",
      disables: "every lab: making namespaces, mounts and cgroups asks for them",
      how: host.uid === 0
        ? "run in a privileged container (--privileged), or add these capabilities"
        : "run as root, for example with sudo",
      fatal: true,
    });
  }
  if (host.nestedUsers) {
    missing.push({
      what: "the host's own root",
      disables: "every lab: root of a user namespace may not make the device nodes of a container",
      how: "run outside of rootless containers and of unshare --user",
      fatal: true,
    });
  }
  if (!host.filesystems.includes("overlay")) {
    missing.push({
      what: "overlay file system",
      disables: "every lab: a container's root is an overlay",
      how: "load the kernel module: modprobe overlay",
      fatal: true,
    });
  }
  missing.push(...missingControllers(host.cgroup.missing));
  if (!host.capabilities.includes("SYS_RESOURCE")) {
    missing.push({
      what: "capability SYS_RESOURCE",
      disables: "raising rlimits and lowering oom_score_adj",
      how: "nothing depends on it; run with that capability to have them",
      fatal: false,
    });
  }
  return missing;
}

/** What each controller is for; nothing is done with `cpuset` but to show it. */
const USES: Readonly<Partial<Record<Controller, string>>> = {
  cpu: "CPU limits and how much they throttle",
  cpuacct: "how much CPU time is used",
  memory: "memory limits and figures, and to know who was killed for want of memory",
  pids: "limits and figures of processes",
  freezer: "freeze and thaw",
};

/** Controllers that are missing for the same reason are one thing to get. */
function missingControllers(missing: CgroupFacts["missing"]): Missing[] {
  const controllers = Object.keys(USES).filter((name): name is Controller => name in missing);
  return [...new Set(controllers.map((name) => missing[name]))].map((reason) => {
    const names = controllers.filter((name) => missing[name] === reason);
    return {
      what: `cgroup ${names.length === 1 ? "controller" : "controllers"} ${names.join(", ")} (${reason})`,
      disables: names.map((name) => USES[name]).join("; "),
      how: "in a container, run it privileged, with its cgroups mounted writable; in a service, have them delegated " +
        "(systemd: Delegate=yes)",
      fatal: false,
    };
  });
}
