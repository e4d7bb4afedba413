import assert from "node:assert/strict";
import { parseCgroupMemberships } from "./cgroup_membership.ts";

Deno.test("parseCgroupMemberships() reads v1, named and v2 hierarchies", () => {
  const text = "9:name=systemd:/\n4:cpu,cpuacct:/a:b/c d\n0::/../x\n";
  assert.deepEqual(parseCgroupMemberships(text), [
    { version: 1, controllers: ["name=systemd"], path: "/" },
    { version: 1, controllers: ["cpu", "cpuacct"], path: "/a:b/c d" },
    { version: 2, controllers: [], path: "/../x" },
  ]);
});

Deno.test("parseCgroupMemberships() leaves out what is not a membership", () => {
  assert.deepEqual(parseCgroupMemberships("\n1:cpu\n:cpu:/\n2:cpu:relative\nx:cpu:/\n"), []);
});
