import assert from "node:assert/strict";
import { cleanedText } from "./clean.ts";

Deno.test("cleanedText() tells what was removed run by run, in a few lines", () => {
  const removed = ["/sys/fs/cgroup/cpu/podlab/7-1", "/sys/fs/cgroup/pids/podlab/7-1", "/sys/fs/cgroup/cpu/podlab/8-1"];
  assert.equal(
    cleanedText({ removed, running: ["9-1"], problems: [] }),
    "removed 7-1: 2 cgroup directories\nremoved 8-1: 1 cgroup directory\nleft 9-1: it is still running\n",
  );
  const many = Array.from({ length: 12 }, (_, index) => `/x/${index}`);
  assert.equal(cleanedText({ removed: many, running: [], problems: [] }).trimEnd().split("\n").at(-1), "… and 2 more");
});

Deno.test("cleanedText() says that there was nothing, unless something could not be removed", () => {
  assert.equal(cleanedText({ removed: [], running: [], problems: [] }), "Nothing to clean up\n");
  assert.equal(cleanedText({ removed: [], running: [], problems: ["Cannot remove it"] }), "");
});
