import assert from "node:assert/strict";
import { hybridHost, unprivilegedHost, v2Host } from "../../tests/support/host_fixture.ts";
import { labOf, onePod } from "../../tests/support/run_lab.ts";
import { compile } from "./compile.ts";
import { CAPABILITIES } from "./flags.ts";
import { explain, type HostFacts } from "./host.ts";

/** What keeps every lab from running. */
function fatal(changes: Partial<HostFacts>): string[] {
  return explain({ ...v2Host, ...changes }).filter((missing) => missing.fatal).map(({ what }) => what);
}

Deno.test("explain() finds nothing missing where all is there", () => {
  assert.deepEqual(explain(v2Host), []);
});

Deno.test("explain() names the capabilities that root lacks, and asks others to be root", () => {
  const capabilities = CAPABILITIES.filter((name) => name !== "SYS_PTRACE" && name !== "NET_RAW");
  assert.deepEqual(fatal({ capabilities }), ["capabilities SYS_PTRACE"]);
  assert.deepEqual(fatal({ capabilities: [], uid: 1000 }), ["root"]);
});

Deno.test("explain() does not take root of a user namespace for root", () => {
  assert.deepEqual(fatal({ nestedUsers: true }), ["the host's own root"]);
});

Deno.test("explain() names controllers that are missing for one reason together, but not those that nothing needs", () => {
  const missing = { cpu: "mounted read-only at /c", memory: "not mounted", cpuset: "not mounted", pids: "not mounted" };
  assert.deepEqual(
    explain({ ...v2Host, cgroup: { ...v2Host.cgroup, missing } }).map(({ what }) => what),
    ["cgroup controller cpu (mounted read-only at /c)", "cgroup controllers memory, pids (not mounted)"],
  );
});

const HOST_PID = onePod(["{ name: c, command: [sleep, infinity] }"], [
  "{ name: o, pod: p, expect: { phase: Running } }",
], "hostPID: true");

Deno.test("compile() notes that hostPID leaves processes behind where there is no cgroup to find them by", async () => {
  const lab = await labOf(HOST_PID);
  const texts = (host: HostFacts): string[] => compile(lab, host, "RUN").notices.map(({ text }) => text);
  assert.deepEqual(texts(hybridHost), []);
  const none = { ...v2Host, cgroup: unprivilegedHost.cgroup };
  assert.deepEqual(texts(none), [
    'No cgroup can be used here: processes that pod "p", with hostPID, leaves behind will not be found',
  ]);
});
