import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCommandLine, parsePidfdInfo, parseStat, parseStatus } from "./procfs.ts";
import { parseFilesystems, parseMemoryTotal } from "./procfs_host.ts";

/** As Linux 6.18 writes it, with some lines left out. */
const STATUS = `Name:\tsleep
Umask:\t0022
State:\tS (sleeping)
Tgid:\t10399
Pid:\t10399
PPid:\t10393
TracerPid:\t0
Uid:\t1000\t1001\t1002\t1003
Gid:\t100\t101\t102\t103
FDSize:\t256
Groups:\t4 24 27 
NStgid:\t10399\t7\t1
NSpid:\t10399\t7\t1
Kthread:\t0
VmHWM:\t    1784 kB
VmRSS:\t    1784 kB
Threads:\t3
SigIgn:\t0000000000001000
CapEff:\t00000000a80425fb
CapBnd:\t0000000000000001
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t1
`;

Deno.test("parseStatus() reads what a container's process shows", () => {
  assert.deepEqual(parseStatus(STATUS), {
    name: "sleep",
    state: "S",
    ppid: 10393,
    nsPids: [10399, 7, 1],
    uids: [1000, 1001, 1002, 1003],
    gids: [100, 101, 102, 103],
    groups: [4, 24, 27],
    // containerd's 14.
    capabilities: [
      "CHOWN",
      "DAC_OVERRIDE",
      "FOWNER",
      "FSETID",
      "KILL",
      "SETGID",
      "SETUID",
      "SETPCAP",
      "NET_BIND_SERVICE",
      "NET_RAW",
      "SYS_CHROOT",
      "MKNOD",
      "AUDIT_WRITE",
      "SETFCAP",
    ],
    boundingCapabilities: ["CHOWN"],
    ignoredSignals: ["SIGPIPE"],
    noNewPrivs: true,
    seccomp: "filter",
    threads: 3,
    rssBytes: 1784 * 1024,
  });
});

Deno.test("parseStatus() leaves out what an old kernel does not tell, and what a kernel thread has not", () => {
  const old = STATUS.split("\n").filter((line) => !/^(NSpid|NoNewPrivs|Seccomp|VmRSS)/.test(line)).join("\n");
  const status = parseStatus(old);
  assert.deepEqual(status?.nsPids, [10399]);
  for (const key of ["noNewPrivs", "seccomp", "rssBytes"]) assert.ok(!(key in (status ?? {})), key);
});

Deno.test("parseStatus() keeps a name of any characters, which cannot forge another line", () => {
  const escape = (name: string): string => name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  const names = fc.string({
    unit: fc.constantFrom("\n", "\\", "n", " ", "\r", "\u2028", ":", "\t", "S"),
    maxLength: 15,
  });
  fc.assert(fc.property(names, (name) => {
    const status = parseStatus(STATUS.replace("sleep\n", () => `${escape(name)}\n`));
    assert.equal(status?.name, name);
    assert.equal(status?.state, "S");
  }));
  assert.equal(parseStatus(STATUS.replace("sleep\n", "x\\nUid:\\t0\n"))?.uids[0], 1000);
});

Deno.test("parseStatus() takes no groups for an empty list, and other text for no status", () => {
  assert.deepEqual(parseStatus(STATUS.replace("4 24 27 ", " "))?.groups, []);
  for (const text of ["", "Name:\tx\n", "nonsense"]) assert.equal(parseStatus(text), undefined);
});

const STAT_TAIL = "S 10393 10393 9667 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 1 0 356880 3133440 390";

Deno.test("parseStat() reads past a name of any characters", () => {
  const names = fc.string({ unit: fc.constantFrom("(", ")", " ", "\n", "S", "1"), maxLength: 15 });
  fc.assert(fc.property(names, (comm) => {
    const expected = { pid: 17608, comm, state: "S", ppid: 10393, startTicks: 356880 };
    assert.deepEqual(parseStat(`17608 (${comm}) ${STAT_TAIL}\n`), expected);
  }));
});

Deno.test("parseStat() refuses what is cut off", () => {
  for (const text of ["", "1 (x", "1 (x) S 0 1", `(x) ${STAT_TAIL}`, ")("]) assert.equal(parseStat(text), undefined);
});

Deno.test("parseCommandLine() keeps empty arguments, and a title that a process wrote over its arguments", () => {
  assert.deepEqual(parseCommandLine("sh\0-c\0echo a b\0"), ["sh", "-c", "echo a b"]);
  assert.deepEqual(parseCommandLine("a\0\0"), ["a", ""]);
  assert.deepEqual(parseCommandLine("nginx: master process"), ["nginx: master process"]);
  assert.deepEqual(parseCommandLine(""), []);
  assert.equal(parseCommandLine("x\0".repeat(5000)).length, 4096);
});

Deno.test("parsePidfdInfo() reads a pidfd's process, alive, reaped and out of sight", () => {
  const head = "pos:\t0\nflags:\t02000002\nmnt_id:\t4\nino:\t17565\n";
  assert.deepEqual(parsePidfdInfo(`${head}Pid:\t17564\nNSpid:\t17564\t1\n`), [17564, 1]);
  assert.deepEqual(parsePidfdInfo(`${head}Pid:\t17564\n`), [17564]);
  assert.deepEqual(parsePidfdInfo(`${head}Pid:\t-1\nNSpid:\t-1\n`), []);
  assert.deepEqual(parsePidfdInfo(`${head}Pid:\t0\nNSpid:\t0\n`), []);
  assert.equal(parsePidfdInfo(head), undefined);
});

Deno.test("parseMemoryTotal() is in bytes", () => {
  assert.equal(parseMemoryTotal("MemTotal:       16314132 kB\nMemFree:         123 kB\n"), 16314132 * 1024);
  assert.equal(parseMemoryTotal("MemFree: 1 kB\n"), undefined);
});

Deno.test("parseFilesystems() lists file systems with and without a device", () => {
  assert.deepEqual(parseFilesystems("nodev\tsysfs\nnodev\toverlay\n\text4\n"), ["sysfs", "overlay", "ext4"]);
});
