import assert from "node:assert/strict";
import { parseMounts } from "./procfs_mounts.ts";

Deno.test("parseMounts() tells a mount's propagation as a text", () => {
  const facts = parseMounts(
    "1 0 0:50 / / ro,relatime - overlay overlay rw,lowerdir=/l\n" +
      "2 1 0:51 /sub /data rw,nosuid shared:2 master:1 - tmpfs none rw,size=64k\n",
  );
  assert.deepEqual(facts, [
    {
      target: "/",
      type: "overlay",
      source: "overlay",
      root: "/",
      options: ["ro", "relatime"],
      superOptions: ["rw", "lowerdir=/l"],
      propagation: "private",
    },
    {
      target: "/data",
      type: "tmpfs",
      source: "none",
      root: "/sub",
      options: ["rw", "nosuid"],
      superOptions: ["rw", "size=64k"],
      propagation: "shared:2,master:1",
    },
  ]);
});

Deno.test("parseMounts() tells at most 4096 mounts", () => {
  assert.equal(parseMounts("1 0 0:50 / / ro - tmpfs none rw\n".repeat(5000)).length, 4096);
});
