/**
 * Machines that do not change: for golden plans and texts.
 *
 * @module
 */

import { CAPABILITIES } from "../../src/plan/flags.ts";
import type { HostFacts } from "../../src/plan/host.ts";

/** A server of today: only cgroup v2, podlab in a systemd service's delegated cgroup. */
export const v2Host: HostFacts = {
  kernel: "6.12.0",
  architecture: "x86_64",
  cpus: 4,
  memoryBytes: 8_589_934_592,
  hostname: "v2.example",
  uid: 0,
  nestedUsers: false,
  capabilities: CAPABILITIES,
  lastCapability: CAPABILITIES.length - 1,
  ignoredSignals: ["SIGPIPE"],
  clone3: true,
  nofileHard: 1_048_576,
  filesystems: ["sysfs", "tmpfs", "proc", "cgroup2", "overlay", "mqueue", "devpts", "ext4"],
  cgroup: {
    layout: "v2",
    hierarchies: [{
      version: 2,
      controllers: ["cpu", "memory", "pids", "cpuset", "freezer"],
      base: "/sys/fs/cgroup/system.slice/ci.service",
      enable: [{ directory: "/sys/fs/cgroup/system.slice/ci.service", controllers: ["cpu", "memory", "pids"] }],
    }],
    swap: true,
    missing: {},
  },
  hostImage: {
    usr: "directory",
    bin: { link: "usr/bin" },
    sbin: { link: "usr/sbin" },
    lib: { link: "usr/lib" },
    lib64: { link: "usr/lib64" },
  },
  hostEtc: {
    "alternatives": "directory",
    "ld.so.cache": "file",
    "ld.so.conf": "file",
    "ld.so.conf.d": "directory",
    "localtime": "file",
    "hosts": "file",
    "hostname": "file",
    "resolv.conf": "file",
    "ssl": "directory",
  },
  paths: {},
  devices: [{ path: "/dev/fuse", type: "char", major: 10, minor: 229 }],
};

/** An older one: v1 controllers beside an empty v2, no clone3, as in a container under an old seccomp profile. */
export const hybridHost: HostFacts = {
  ...v2Host,
  kernel: "5.10.0",
  architecture: "aarch64",
  hostname: "hybrid.example",
  ignoredSignals: [],
  clone3: false,
  cgroup: {
    layout: "hybrid",
    hierarchies: [
      { version: 1, controllers: ["cpu", "cpuacct"], base: "/sys/fs/cgroup/cpu,cpuacct", enable: [] },
      { version: 1, controllers: ["memory"], base: "/sys/fs/cgroup/memory", enable: [] },
      { version: 1, controllers: ["pids"], base: "/sys/fs/cgroup/pids", enable: [] },
      { version: 2, controllers: [], base: "/sys/fs/cgroup/unified", enable: [] },
    ],
    swap: false,
    missing: { freezer: "it is not mounted", cpuset: "it is not mounted" },
  },
};

/** One where no lab can run. */
export const unprivilegedHost: HostFacts = {
  ...v2Host,
  uid: 1000,
  capabilities: [],
  cgroup: {
    layout: "v2",
    hierarchies: [],
    swap: false,
    missing: { cpu: "its directory cannot be written to", memory: "its directory cannot be written to" },
  },
};
