import assert from "node:assert/strict";
import fc from "fast-check";
import { parseMountinfo } from "./mountinfo.ts";

Deno.test("parseMountinfo() reads a mount with any number of optional fields", () => {
  const lines = [
    "22 27 0:21 / /proc rw,relatime - proc proc rw",
    "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - tmpfs tmpfs rw,mode=755",
    "46 31 0:39 /docker/ab /x ro shared:4 master:1 propagate_from:2 - cgroup cgroup rw,cpu,cpuacct",
  ];
  const [proc, tmpfs, cgroup] = parseMountinfo(lines.join("\n") + "\n");
  assert.deepEqual(proc, {
    id: 22,
    parentId: 27,
    root: "/",
    target: "/proc",
    options: ["rw", "relatime"],
    propagation: [],
    type: "proc",
    source: "proc",
    superOptions: ["rw"],
  });
  assert.deepEqual(tmpfs?.propagation, ["shared:9"]);
  assert.deepEqual(cgroup?.propagation, ["shared:4", "master:1", "propagate_from:2"]);
  assert.deepEqual(cgroup?.root, "/docker/ab");
  assert.deepEqual(cgroup?.superOptions, ["rw", "cpu", "cpuacct"]);
});

Deno.test("parseMountinfo() undoes escapes, after splitting at commas", () => {
  const [mount] = parseMountinfo(
    "1 2 0:3 /a\\040b /c\\011d\\012e\\134040 rw - overlay o\\043v rw,lowerdir=/x\\054y,upperdir=/z",
  );
  assert.equal(mount?.root, "/a b");
  assert.equal(mount?.target, "/c\td\ne\\040");
  assert.equal(mount?.source, "o#v");
  assert.deepEqual(mount?.superOptions, ["rw", "lowerdir=/x,y", "upperdir=/z"]);
});

Deno.test("parseMountinfo() takes an empty source and a mount point that looks like the separator", () => {
  const [mount] = parseMountinfo("1 2 0:3 / /- rw - tmpfs  rw,size=1k");
  assert.equal(mount?.target, "/-");
  assert.equal(mount?.source, "");
  assert.deepEqual(mount?.superOptions, ["rw", "size=1k"]);
});

Deno.test("parseMountinfo() reads paths of any characters back", () => {
  const escape = (text: string): string =>
    text.replace(/[ \t\n\\#]/g, (c) => "\\" + c.charCodeAt(0).toString(8).padStart(3, "0"));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\\", "0", "4", "-", "é", "/") }), (path) => {
      const [mount] = parseMountinfo(`1 2 0:3 / /${escape(path)} rw - tmpfs tmpfs rw`);
      assert.equal(mount?.target, `/${path}`);
    }),
  );
});

Deno.test("parseMountinfo() leaves out what is not a mount", () => {
  assert.deepEqual(parseMountinfo("\n1 2 0:3 / /a rw shared:1 tmpfs tmpfs rw\nnonsense\n1 2 0:3 / /a rw -\n"), []);
});
