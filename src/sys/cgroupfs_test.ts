import assert from "node:assert/strict";
import type { CgroupDirectory } from "../plan/plan.ts";
import { cgroupFacts, oomKills, type ReadFile } from "./cgroupfs.ts";

const FS = "/sys/fs/cgroup";

/** Files of directories; each directory from the roots down has `cgroup.procs`. */
function reader(files: Readonly<Record<string, string>>): ReadFile {
  return (path) => files[path];
}

/** Everything that two v1 directories, one co-mounted, and a freezer have. */
const V1: readonly CgroupDirectory[] = [
  { version: 1, controllers: ["cpu", "cpuacct"], path: `${FS}/cpu,cpuacct/podlab/run/web/a` },
  { version: 1, controllers: ["memory"], path: `${FS}/memory/own/podlab/run/web/a` },
  { version: 1, controllers: ["pids"], path: `${FS}/pids/podlab/run/web/a` },
  { version: 1, controllers: ["freezer"], path: `${FS}/freezer/podlab/run/web/a` },
];
const V1_FILES: Readonly<Record<string, string>> = {
  [`${FS}/memory/cgroup.procs`]: "1\n",
  [`${FS}/memory/own/podlab/run/web/a/cgroup.procs`]: "812\n813\n",
  [`${FS}/memory/own/podlab/run/web/a/memory.limit_in_bytes`]: "67108864\n",
  [`${FS}/memory/own/podlab/run/web/a/memory.usage_in_bytes`]: "4096\n",
  [`${FS}/memory/own/podlab/run/web/a/memory.max_usage_in_bytes`]: "8192\n",
  [`${FS}/memory/own/podlab/run/web/a/memory.oom_control`]: "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
  [`${FS}/cpu,cpuacct/podlab/run/web/a/cpu.cfs_quota_us`]: "50000\n",
  [`${FS}/cpu,cpuacct/podlab/run/web/a/cpu.cfs_period_us`]: "100000\n",
  [`${FS}/cpu,cpuacct/podlab/run/web/a/cpu.shares`]: "1024\n",
  [`${FS}/cpu,cpuacct/podlab/run/web/a/cpu.stat`]:
    "nr_periods 20\nnr_throttled 5\nthrottled_time 123456789\nnr_bursts 0\nburst_time 0\n",
  [`${FS}/cpu,cpuacct/podlab/run/web/a/cpuacct.usage`]: "1500250999\n",
  [`${FS}/pids/podlab/run/web/a/pids.max`]: "64\n",
  [`${FS}/pids/podlab/run/web/a/pids.current`]: "2\n",
  [`${FS}/pids/podlab/run/web/a/pids.events`]: "max 7\n",
  [`${FS}/freezer/podlab/run/web/a/freezer.state`]: "THAWED\n",
};

Deno.test("cgroupFacts() tells v1's files in the common vocabulary", () => {
  assert.deepEqual(cgroupFacts(reader(V1_FILES), V1), {
    version: 1,
    path: "/own/podlab/run/web/a",
    memory: { max: 67108864, current: 4096, peak: 8192, oomKills: 3 },
    cpu: { max: 500, weight: 39, usageMs: 1500.251, periods: 20, throttled: 5, throttledMs: 123.457 },
    pids: { max: 64, current: 2, denied: 7 },
    frozen: false,
    processes: 2,
  });
});

const V2_PATH = `${FS}/podlab/run/web/a`;
const V2: readonly CgroupDirectory[] = [
  { version: 2, controllers: ["cpu", "memory", "pids", "cpuset"], path: V2_PATH },
];
const V2_FILES: Readonly<Record<string, string>> = {
  [`${FS}/cgroup.procs`]: "1\n",
  [`${V2_PATH}/cgroup.procs`]: "812\n",
  [`${V2_PATH}/cgroup.events`]: "populated 1\nfrozen 1\n",
  [`${V2_PATH}/memory.max`]: "67108864\n",
  [`${V2_PATH}/memory.current`]: "4096\n",
  [`${V2_PATH}/memory.peak`]: "8192\n",
  [`${V2_PATH}/memory.events`]: "low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n",
  [`${V2_PATH}/cpu.max`]: "150000 100000\n",
  [`${V2_PATH}/cpu.weight`]: "100\n",
  [`${V2_PATH}/cpu.stat`]:
    "usage_usec 1500250\nuser_usec 1\nsystem_usec 2\nnr_periods 20\nnr_throttled 5\nthrottled_usec 123456\n",
  [`${V2_PATH}/pids.max`]: "64\n",
  [`${V2_PATH}/pids.current`]: "2\n",
  [`${V2_PATH}/pids.events`]: "max 7\n",
  [`${V2_PATH}/cpuset.cpus.effective`]: "0-1\n",
  [`${V2_PATH}/cpuset.mems.effective`]: "0\n",
};

Deno.test("cgroupFacts() tells v2's files in the common vocabulary", () => {
  assert.deepEqual(cgroupFacts(reader(V2_FILES), V2), {
    version: 2,
    path: "/podlab/run/web/a",
    memory: { max: 67108864, current: 4096, peak: 8192, oomKills: 1 },
    cpu: { max: 1500, weight: 100, usageMs: 1500.25, periods: 20, throttled: 5, throttledMs: 123.456 },
    pids: { max: 64, current: 2, denied: 7 },
    cpuset: { cpus: "0-1", mems: "0" },
    frozen: true,
    processes: 1,
  });
});

Deno.test("cgroupFacts() has no key for a limit that is none", () => {
  const v1 = cgroupFacts(
    reader({
      ...V1_FILES,
      // The highest limit with pages of 4 KiB; with 64 KiB it is lower.
      [`${FS}/memory/own/podlab/run/web/a/memory.limit_in_bytes`]: "9223372036854771712\n",
      [`${FS}/cpu,cpuacct/podlab/run/web/a/cpu.cfs_quota_us`]: "-1\n",
      [`${FS}/pids/podlab/run/web/a/pids.max`]: "max\n",
    }),
    V1,
  );
  const v2 = cgroupFacts(
    reader({
      ...V2_FILES,
      [`${V2_PATH}/memory.max`]: "max\n",
      [`${V2_PATH}/cpu.max`]: "max 100000\n",
      [`${V2_PATH}/pids.max`]: "max\n",
    }),
    V2,
  );
  for (const facts of [v1, v2]) {
    for (const part of [facts.memory, facts.cpu, facts.pids]) assert.ok(part !== undefined && !("max" in part));
  }
  const pages64 = { ...V1_FILES, [`${V1[1]?.path}/memory.limit_in_bytes`]: "9223372036854710272\n" };
  assert.ok(!("max" in (cgroupFacts(reader(pages64), V1).memory ?? {})));
});

Deno.test("cgroupFacts() converts the ends of v1's shares to the ends of v2's weight", () => {
  const weight = (shares: number): number | undefined =>
    cgroupFacts(reader({ [`${V1[0]?.path}/cpu.shares`]: `${shares}\n` }), V1).cpu?.weight;
  assert.equal(weight(2), 1);
  assert.equal(weight(262_144), 10_000);
});

Deno.test("cgroupFacts() on hybrid takes limits from v1, freezing from v2", () => {
  const path = `${FS}/unified/podlab/run/web/a`;
  const unified: CgroupDirectory = { version: 2, controllers: [], path };
  const files = {
    ...V1_FILES,
    [`${path}/cgroup.events`]: "populated 1\nfrozen 1\n",
    [`${path}/cpu.stat`]: "usage_usec 777000\n",
  };
  const facts = cgroupFacts(reader(files), [...V1.slice(0, 3), unified]);
  assert.equal(facts.version, 1);
  assert.equal(facts.frozen, true);
  assert.equal(facts.cpu?.usageMs, 1500.251);
  // Where v1 does not count CPU time, v2 does though it has no cpu controller.
  assert.equal(cgroupFacts(reader(files), [...V1.slice(1, 3), unified]).cpu?.usageMs, 777);
});

Deno.test("cgroupFacts() is not frozen yet while v1 is freezing", () => {
  const state = (text: string): boolean | undefined =>
    cgroupFacts(reader({ [`${V1[3]?.path}/freezer.state`]: text }), V1).frozen;
  assert.equal(state("FREEZING\n"), false);
  assert.equal(state("FROZEN\n"), true);
});

Deno.test("cgroupFacts() leaves out whatever file is missing or unreadable, never NaN", () => {
  for (const [files, directories] of [[V1_FILES, V1], [V2_FILES, V2]] as const) {
    for (const broken of [undefined, "", "nonsense\n", "0 0\n"]) {
      for (const path of Object.keys(files)) {
        const facts = cgroupFacts((name) => name === path ? broken : files[name], directories);
        // JSON turns NaN into null, and drops undefined.
        assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts, `${path} is ${broken}`);
      }
    }
  }
});

Deno.test("cgroupFacts() of a cgroup that is gone, or of none, has no figures", () => {
  assert.deepEqual(cgroupFacts(() => undefined, V2), { version: 2, path: V2_PATH });
  assert.deepEqual(cgroupFacts(() => undefined, []), {});
});

Deno.test("oomKills() counts kills on v1 and v2, and none where the kernel does not tell", () => {
  assert.equal(oomKills(reader(V1_FILES), V1), 3);
  assert.equal(oomKills(reader(V2_FILES), V2), 1);
  assert.equal(oomKills(reader({ [`${V1[1]?.path}/memory.oom_control`]: "under_oom 0\n" }), V1), 0);
  assert.equal(oomKills(() => undefined, []), 0);
});
