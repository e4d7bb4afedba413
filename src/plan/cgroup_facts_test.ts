import assert from "node:assert/strict";
import { probeCgroups } from "./cgroup_facts.ts";
import type { CgroupFacts } from "./host.ts";

/** A cgroup's files that differ between the cases; every cgroup has `cgroup.procs`. */
interface Cgroup {
  readonly [file: string]: string;
}

/** The v2 files of a cgroup that is not the real root. */
function v2(controllers: string, subtree: string, processes = "", more: Cgroup = {}): Cgroup {
  return { ...root(controllers, subtree, processes), "cgroup.type": "domain\n", ...more };
}

function root(controllers: string, subtree: string, processes = "1\n"): Cgroup {
  return {
    "cgroup.controllers": `${controllers}\n`,
    "cgroup.subtree_control": `${subtree}\n`,
    "cgroup.procs": processes,
  };
}

function probe(selfCgroup: string[], mountinfo: string[], cgroups: Readonly<Record<string, Cgroup>>): CgroupFacts {
  const files = new Map(
    Object.entries(cgroups).flatMap(([directory, files]) =>
      Object.entries({ "cgroup.procs": "", ...files }).map(([name, text]) => [`${directory}/${name}`, text])
    ),
  );
  return probeCgroups({
    selfCgroup: selfCgroup.join("\n") + "\n",
    mountinfo: mountinfo.join("\n") + "\n",
    read: (path) => files.get(path),
  });
}

const FS = "/sys/fs/cgroup";
const UNIFIED_MOUNT = `30 23 0:26 / ${FS} rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate`;

Deno.test("probeCgroups() on hybrid: v1 controllers each mounted alone, v2 without controllers", () => {
  const own = "/process_api/24c5b81aead8c193427fb1415b73c7b2";
  const facts = probe(
    [
      "9:name=systemd:/",
      "8:pids:/",
      "6:freezer:/",
      "4:memory:" + own,
      "3:cpuset:/",
      "2:cpuacct:/",
      "1:cpu:/",
      "0::/",
    ],
    [
      `31 23 0:28 / ${FS} rw,relatime - tmpfs tmpfs rw,mode=755`,
      ...["cpu", "cpuacct", "cpuset", "memory", "freezer", "pids"].map((name, i) =>
        `${32 + i} 31 0:${29 + i} / ${FS}/${name} rw,relatime - cgroup cgroup rw,${name}`
      ),
      `40 31 0:37 / ${FS}/systemd rw,relatime - cgroup cgroup rw,name=systemd`,
      `41 31 0:38 / ${FS}/unified rw,relatime - cgroup2 cgroup2 rw`,
    ],
    {
      [`${FS}/cpu`]: {},
      [`${FS}/cpuacct`]: {},
      [`${FS}/memory${own}`]: { "memory.memsw.limit_in_bytes": "9223372036854771712\n" },
      [`${FS}/pids`]: {},
      [`${FS}/unified`]: root("", "", "1\n2\n"),
    },
  );
  assert.deepEqual(facts, {
    layout: "hybrid",
    hierarchies: [
      { version: 1, controllers: ["cpu"], base: `${FS}/cpu`, enable: [] },
      { version: 1, controllers: ["cpuacct"], base: `${FS}/cpuacct`, enable: [] },
      { version: 1, controllers: ["memory"], base: `${FS}/memory${own}`, enable: [] },
      { version: 1, controllers: ["pids"], base: `${FS}/pids`, enable: [] },
      { version: 2, controllers: [], base: `${FS}/unified`, enable: [] },
    ],
    swap: true,
    missing: {},
  });
});

Deno.test("probeCgroups() on systemd's hybrid: co-mounted controllers are one hierarchy, v2 has its own path", () => {
  const slice = "/user.slice/user-0.slice/session-4.scope";
  const facts = probe(
    [
      "12:pids:" + slice,
      "8:memory:" + slice,
      "5:net_cls,net_prio:/",
      "3:cpu,cpuacct:/user.slice",
      "1:name=systemd:" + slice,
      "0::" + slice,
    ],
    [
      `26 25 0:23 / ${FS}/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate`,
      `27 25 0:24 / ${FS}/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd`,
      `30 25 0:27 / ${FS}/memory rw,nosuid shared:12 - cgroup cgroup rw,memory`,
      `31 25 0:28 / ${FS}/net_cls,net_prio rw,nosuid shared:13 - cgroup cgroup rw,net_cls,net_prio`,
      `32 25 0:29 / ${FS}/cpu,cpuacct rw,nosuid shared:14 - cgroup cgroup rw,cpu,cpuacct`,
      `33 25 0:30 / ${FS}/pids rw,nosuid shared:15 - cgroup cgroup rw,pids`,
    ],
    {
      [`${FS}/cpu,cpuacct/user.slice`]: {},
      [`${FS}/memory${slice}`]: {},
      [`${FS}/pids${slice}`]: {},
      [`${FS}/unified`]: root("", ""),
      [`${FS}/unified${slice}`]: v2("", "", "812\n"),
    },
  );
  assert.deepEqual(facts, {
    layout: "hybrid",
    hierarchies: [
      { version: 1, controllers: ["cpu", "cpuacct"], base: `${FS}/cpu,cpuacct/user.slice`, enable: [] },
      { version: 1, controllers: ["memory"], base: `${FS}/memory${slice}`, enable: [] },
      { version: 1, controllers: ["pids"], base: `${FS}/pids${slice}`, enable: [] },
      { version: 2, controllers: [], base: `${FS}/unified${slice}`, enable: [] },
    ],
    swap: false,
    missing: {},
  });
});

Deno.test("probeCgroups() on Docker v1 without a cgroup namespace: the own path is relative to the mount's root", () => {
  const id = "/docker/0f3c";
  const facts = probe(
    [`7:pids:${id}`, `6:freezer:${id}`, `5:memory:${id}/inner`, `2:cpu,cpuacct:${id}`],
    [
      `50 49 0:24 ${id} ${FS}/memory rw,nosuid master:11 - cgroup cgroup rw,memory`,
      `51 49 0:25 ${id} ${FS}/cpu,cpuacct rw,nosuid master:12 - cgroup cgroup rw,cpu,cpuacct`,
      `52 49 0:26 ${id} ${FS}/freezer rw,nosuid master:13 - cgroup cgroup rw,freezer`,
      `53 49 0:27 ${id} ${FS}/pids rw,nosuid master:14 - cgroup cgroup rw,pids`,
    ],
    // The inner cgroup of the memory hierarchy is there; no path with the id in it is.
    { [`${FS}/memory/inner`]: {}, [`${FS}/cpu,cpuacct`]: {}, [`${FS}/freezer`]: {}, [`${FS}/pids`]: {} },
  );
  assert.equal(facts.layout, "v1");
  assert.deepEqual(facts.hierarchies.map(({ controllers, base }) => [controllers.join(), base]), [
    ["cpu,cpuacct", `${FS}/cpu,cpuacct`],
    ["memory", `${FS}/memory/inner`],
    ["pids", `${FS}/pids`],
    // Nothing but v1's freezer freezes where there is no v2.
    ["freezer", `${FS}/freezer`],
  ]);
  assert.deepEqual(facts.missing, {});
});

Deno.test("probeCgroups() on v1 takes the mount where the own cgroup is not to be seen", () => {
  const facts = probe(
    ["5:memory:/elsewhere", "2:cpu:/../sibling", "1:pids:/a"],
    [
      `50 49 0:24 /docker/x /m rw - cgroup cgroup rw,memory`,
      `51 49 0:25 / /c rw - cgroup cgroup rw,cpu`,
      `52 49 0:26 / /p rw - cgroup cgroup rw,pids`,
    ],
    { "/m": {}, "/c": {}, "/p": {} },
  );
  assert.deepEqual(facts.hierarchies.map(({ base }) => base), ["/c", "/m", "/p"]);
});

Deno.test("probeCgroups() says why a v1 controller cannot be used", () => {
  const facts = probe(
    ["5:memory:/", "4:pids:/", "2:cpu,cpuacct:/"],
    [
      `50 49 0:24 / ${FS}/memory ro,nosuid - cgroup cgroup rw,memory`,
      `51 49 0:25 / ${FS}/cpu,cpuacct rw,nosuid - cgroup cgroup ro,cpu,cpuacct`,
    ],
    { [`${FS}/memory`]: {}, [`${FS}/cpu,cpuacct`]: {} },
  );
  assert.deepEqual(facts.hierarchies, []);
  assert.deepEqual(facts.missing, {
    cpu: `mounted read-only at ${FS}/cpu,cpuacct`,
    cpuacct: `mounted read-only at ${FS}/cpu,cpuacct`,
    memory: `mounted read-only at ${FS}/memory`,
    pids: "not mounted",
    freezer: "no such controller",
  });
});

Deno.test("probeCgroups() prefers a writable mount, and what is mounted on top", () => {
  const facts = probe(
    ["5:memory:/", "4:pids:/"],
    [
      `50 49 0:24 / /ro rw - cgroup cgroup rw,memory`,
      `51 49 0:24 / /ro ro - cgroup cgroup rw,memory`,
      `52 49 0:24 / /rw rw - cgroup cgroup rw,memory`,
    ],
    { "/ro": {}, "/rw": {} },
  );
  assert.deepEqual(facts.hierarchies.map(({ base }) => base), ["/rw"]);
});

const ALL = "cpuset cpu io memory pids";

/** A login session of root under systemd; user.slice and user-0.slice as given. */
function session(user: Cgroup, user0: Cgroup, top: Cgroup = root(ALL, ALL)): CgroupFacts {
  return probe(["0::/user.slice/user-0.slice/session-3.scope"], [UNIFIED_MOUNT], {
    [FS]: top,
    [`${FS}/user.slice`]: user,
    [`${FS}/user.slice/user-0.slice`]: user0,
    [`${FS}/user.slice/user-0.slice/session-3.scope`]: v2("cpu memory pids", "", "900\n901\n", {
      "memory.swap.max": "max\n",
    }),
  });
}

Deno.test("probeCgroups() on systemd's v2 goes beside the session, whose processes are in the way", () => {
  const facts = session(v2(ALL, "cpu memory pids"), v2("cpu memory pids", "cpu memory pids"));
  assert.deepEqual(facts, {
    layout: "v2",
    hierarchies: [{
      version: 2,
      controllers: ["cpu", "memory", "pids"],
      base: `${FS}/user.slice/user-0.slice`,
      enable: [],
    }],
    swap: true,
    missing: {},
  });
});

Deno.test("probeCgroups() on v2 enables what an empty cgroup has but does not hand down yet", () => {
  const facts = session(v2(ALL, "cpu memory pids"), v2("cpu memory pids", "pids"));
  assert.deepEqual(facts.hierarchies, [{
    version: 2,
    controllers: ["cpu", "memory", "pids"],
    base: `${FS}/user.slice/user-0.slice`,
    enable: [{ directory: `${FS}/user.slice/user-0.slice`, controllers: ["cpu", "memory"] }],
  }]);
});

Deno.test("probeCgroups() on v2 goes up to the real root, which may have processes, where a controller is not handed down", () => {
  const facts = session(v2("memory pids", "memory pids"), v2("memory pids", "memory pids"), root(ALL, "memory pids"));
  assert.deepEqual(facts.hierarchies, [{
    version: 2,
    controllers: ["cpu", "memory", "pids"],
    base: FS,
    enable: [{ directory: FS, controllers: ["cpu"] }],
  }]);
});

Deno.test("probeCgroups() on v2 counts cpuset only where it is handed down already", () => {
  const facts = session(v2(ALL, ALL), v2(ALL, ALL));
  assert.deepEqual(facts.hierarchies[0]?.controllers, ["cpu", "memory", "pids", "cpuset"]);
  assert.deepEqual(facts.hierarchies[0]?.enable, []);
});

Deno.test("probeCgroups() on v2 does not go into a threaded cgroup", () => {
  const threaded = v2("cpu memory pids", "cpu memory pids", "", { "cgroup.type": "threaded\n" });
  const facts = session(v2(ALL, "cpu memory pids"), threaded);
  assert.equal(facts.hierarchies[0]?.base, `${FS}/user.slice`);
});

Deno.test("probeCgroups() on v2 says what the kernel has not", () => {
  const facts = probe(["0::/"], [UNIFIED_MOUNT], { [FS]: root("cpu pids", "") });
  assert.deepEqual(facts.hierarchies[0]?.controllers, ["cpu", "pids"]);
  assert.deepEqual(facts.missing, { memory: "no such controller" });
  assert.equal(facts.swap, false);
});

Deno.test("probeCgroups() in a container's cgroup namespace asks for the processes to be moved away", () => {
  // Docker v2: everything of the container is in the namespace's root, which is not the real one.
  const facts = probe(["0::/"], [`700 690 0:26 / ${FS} rw,nosuid - cgroup2 cgroup rw,nsdelegate`], {
    [FS]: v2(ALL, "", "1\n17\n", { "memory.swap.max": "max\n" }),
  });
  assert.deepEqual(facts, {
    layout: "v2",
    hierarchies: [{
      version: 2,
      controllers: ["cpu", "memory", "pids"],
      base: FS,
      enable: [{ directory: FS, controllers: ["cpu", "memory", "pids"] }],
      evacuate: true,
    }],
    swap: true,
    missing: {},
  });
});

Deno.test("probeCgroups() in a cgroup with processes that cannot be moved away uses what it hands down already", () => {
  const facts = probe(["0::/"], [`700 690 0:26 / ${FS} rw,nosuid - cgroup2 cgroup rw`], {
    [FS]: v2(ALL, "pids", "0\n1\n17\n"),
  });
  const why = `processes of another PID namespace are in the cgroup at ${FS}, which keeps it from handing down`;
  assert.deepEqual(facts.hierarchies, [{ version: 2, controllers: ["pids"], base: FS, enable: [] }]);
  assert.deepEqual(facts.missing, { cpu: why, memory: why });
});

Deno.test("probeCgroups() on a v2 host with no cgroup but the root tells by /proc/swaps whether swap can be limited", () => {
  const cgroups = { [FS]: root(ALL, "") };
  assert.equal(probe(["0::/"], [UNIFIED_MOUNT], { ...cgroups, "/proc": { swaps: "Filename\n" } }).swap, true);
  assert.equal(probe(["0::/"], [UNIFIED_MOUNT], cgroups).swap, false);
  const withoutAccounting = { ...cgroups, [`${FS}/init.scope`]: v2("memory", "", "", { "memory.max": "max\n" }) };
  assert.equal(probe(["0::/"], [UNIFIED_MOUNT], { ...withoutAccounting, "/proc": { swaps: "" } }).swap, false);
});

Deno.test("probeCgroups() in a container uses the namespace's root as it is once its processes are in a leaf", () => {
  const facts = probe(["0::/init"], [`700 690 0:26 / ${FS} rw,nosuid - cgroup2 cgroup rw`], {
    [FS]: v2("cpu memory pids", "cpu memory pids"),
    [`${FS}/init`]: v2("cpu memory pids", "", "1\n17\n"),
  });
  assert.deepEqual(facts.hierarchies, [
    { version: 2, controllers: ["cpu", "memory", "pids"], base: FS, enable: [] },
  ]);
});

Deno.test("probeCgroups() in a container names what was not delegated to it", () => {
  const facts = probe(["0::/"], [`700 690 0:26 / ${FS} rw,nosuid - cgroup2 cgroup rw`], {
    [FS]: v2("memory pids", "", "1\n"),
  });
  assert.deepEqual(facts.hierarchies[0]?.controllers, ["memory", "pids"]);
  assert.deepEqual(facts.missing, { cpu: `not delegated to the cgroup at ${FS}` });
});

Deno.test("probeCgroups() in an unprivileged container finds v2 mounted read-only", () => {
  const facts = probe(["0::/"], [`700 690 0:26 / ${FS} ro,nosuid - cgroup2 cgroup rw`], { [FS]: v2(ALL, "", "1\n") });
  const why = `mounted read-only at ${FS}`;
  assert.deepEqual(facts, {
    layout: "v2",
    hierarchies: [],
    swap: false,
    missing: { cpu: why, cpuacct: why, memory: why, pids: why, freezer: why },
  });
});

Deno.test("probeCgroups() without any cgroup file system says that none is mounted", () => {
  const facts = probe(["0::/"], ["22 27 0:21 / /proc rw - proc proc rw"], {});
  assert.equal(facts.layout, "none");
  assert.equal(facts.missing.memory, "not mounted");
  assert.equal(probe([], [], {}).missing.memory, "no such controller");
});
