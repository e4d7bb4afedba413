// Goal: podlab runs inside a privileged container, as in CI: with cgroups it does all that it does outside, without them
// what needs none, and says who asked for more. Method: podlab in a privileged container of its own, whose image and root
// are overlays already, with this Deno, this repository and Deno's cache as volumes.

import assert from "node:assert/strict";
import { parseMountinfo } from "../src/plan/mountinfo.ts";
import { assertNothingLeft, snapshot } from "./support/leaks.ts";
import { labOf, run } from "./support/run_lab.ts";
import { asRoot, skipUnless } from "./support/skip.ts";

const DENO = Deno.realPathSync(Deno.execPath());
const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** Where Deno has the packages that were downloaded. */
function cache(): string {
  const { stdout } = new Deno.Command(DENO, { args: ["info", "--json"] }).outputSync();
  return String(JSON.parse(new TextDecoder().decode(stdout)).denoDir);
}

/** The file system that a directory of the host is on. */
function typeOf(path: string): string | undefined {
  const mounts = parseMountinfo(Deno.readTextFileSync("/proc/self/mountinfo"));
  return mounts.filter(({ target }) => target === "/" || target === path).at(-1)?.type;
}

/** The kernel stacks two overlays: the container's own, and the inner container's. */
const skip = asRoot.ignore ? asRoot : skipUnless(
  typeOf("/usr") !== "overlay",
  "this host's /usr is an overlay itself, and the kernel stacks no more than two",
);

interface Inner {
  readonly code: number;
  readonly output: string;
}

/** Runs a lab inside a privileged container, with the host's cgroups in it or without any. */
async function inside(labFile: string, cgroups: boolean): Promise<Inner> {
  const volumes = [["deno", DENO], ["repository", ROOT], ["cache", cache()]];
  if (cgroups) volumes.push(["cgroups", "/sys/fs/cgroup"]);
  const mounts = volumes.map(([name, path]) => ({
    name,
    mountPath: name === "cache" ? "/cache" : path,
    readOnly: name !== "cgroups",
  }));
  const lab = await labOf(JSON.stringify({
    apiVersion: "podlab/v1",
    kind: "Lab",
    metadata: { name: "outer" },
    spec: {
      pods: [{
        metadata: { name: "p" },
        spec: {
          volumes: volumes.map(([name, path]) => ({ name, hostPath: { path } })),
          containers: [{
            name: "c",
            command: ["sleep", "infinity"],
            workingDir: ROOT,
            env: [{ name: "DENO_DIR", value: "/cache" }, { name: "NO_COLOR", value: "1" }],
            securityContext: { privileged: true },
            volumeMounts: mounts,
          }],
        },
      }],
      observations: [{
        name: "podlab in podlab",
        exec: {
          in: "p/c",
          command: [DENO, "run", "-A", "--no-check", "--cached-only", "src/main.ts", "run", labFile],
          timeout: "60s",
        },
        expect: { exitCode: { gte: 0 } },
      }],
    },
  }));
  const { facts } = await run(lab);
  assert.deepEqual(facts.errors, []);
  assert.deepEqual(facts.leftovers, []);
  const look = facts.observed[0]?.last?.facts as { exitCode: number; stdout: string; stderr: string } | undefined;
  assert.ok(look !== undefined);
  return { code: look.exitCode, output: look.stdout + look.stderr };
}

const CASES = [
  { what: "passes a lab with limits", lab: "labs/13-pod.yaml", cgroups: true, code: 0, says: / 0 failed/ },
  { what: "passes a lab without limits", lab: "labs/07-rootfs.yaml", cgroups: false, code: 0, says: / 0 failed/ },
  {
    what: "names the limit that it cannot set, and its place,",
    lab: "labs/13-pod.yaml",
    cgroups: false,
    code: 3,
    says:
      /Cannot limit "web\/b": the cgroup controller memory cannot be used \(not mounted\)\s+labs\/13-pod\.yaml:\d+:\d+/,
  },
] as const;

for (const { what, lab, cgroups, code, says } of CASES) {
  Deno.test({
    name: `lab run ${what} in a privileged container with${cgroups ? "" : "out"} cgroups${skip.why}`,
    ...skip,
    async fn() {
      const before = snapshot();
      const inner = await inside(lab, cgroups);
      assert.equal(inner.code, code, inner.output);
      assert.match(inner.output, says);
      assertNothingLeft(before);
    },
  });
}
