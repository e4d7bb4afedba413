import assert from "node:assert/strict";
import { checkLab } from "../lab/check.ts";
import type { Lab } from "../lab/lab.ts";
import { parseLab } from "../lab/parse.ts";
import { hybridHost, v2Host } from "../../tests/support/host_fixture.ts";
import { makers } from "./chain.ts";
import { compile } from "./compile.ts";
import { describe } from "./describe.ts";
import type { HostFacts } from "./host.ts";
import type { Op } from "./op.ts";
import type { Plan } from "./plan.ts";

const TEXT = `apiVersion: podlab/v1
kind: Lab
metadata: { name: test }
spec:
  pods:
    - metadata: { name: p, annotations: { podlab.dev/pids-limit: "33" } }
      spec:
        volumes: [{ name: v, emptyDir: { sizeLimit: 1Mi } }, { name: h, hostPath: { path: /usr/share } }]
        initContainers: [{ name: i, command: [true] }]
        containers:
          - name: c
            command: [sleep, infinity]
            workingDir: /work
            securityContext: { runAsUser: 7, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false }
            resources: { limits: { memory: 64Mi, cpu: 500m } }
            volumeMounts:
              - { name: v, mountPath: /data, subPath: a/b }
              - { name: h, mountPath: /share, readOnly: true }
    - metadata: { name: q }
      spec: { shareProcessNamespace: true, containers: [{ name: c, command: [sleep, infinity] }] }
    - metadata: { name: r }
      spec: { hostPID: true, hostNetwork: true, hostIPC: true, containers: [{ name: c, command: [sleep, infinity] }] }
  observations:
    - { name: up, pod: p, expect: { phase: Running } }
`;

async function labOf(text: string): Promise<Lab> {
  const { lab, problems } = await checkLab(parseLab({ name: "test.yaml", text }));
  assert.deepEqual(problems.map(({ message }) => message), []);
  assert.ok(lab !== undefined);
  return lab;
}

const lab = await labOf(TEXT.replace("[true]", '["true"]'));
const HOSTS: readonly (readonly [string, HostFacts])[] = [
  ["v2", v2Host],
  ["hybrid", hybridHost],
  ["without clone3", { ...v2Host, clone3: false }],
];

/** Every step of a plan, in the order of a run: what is made, then what is released. */
function stepsOf(plan: Plan): Op[] {
  const containers = plan.pods.flatMap((pod) => [...pod.initContainers, ...pod.containers]);
  return [
    ...plan.setup,
    ...plan.pods.flatMap((pod) => [...pod.prepare, ...pod.infra]),
    ...containers.flatMap(({ prepare, start }) => [...prepare, ...start]),
    ...containers.flatMap(({ release }) => release),
    ...plan.pods.flatMap(({ release }) => release),
    ...plan.release,
  ];
}

/** What steps acquire in the runner and do not release: descriptors, processes, cgroup directories. */
function unreleased(steps: readonly Op[]): string[] {
  const held = new Set<string>();
  const by = makers(steps);
  steps.forEach((step, index) => {
    // What a process with descriptors and mounts of its own holds, the kernel releases with it.
    if (by[index]?.sharesDescriptors !== true) return;
    if (step.enters !== undefined) held.add(`process ${step.enters}`).add(`fd ${step.enters}.pidfd`);
    else if (["openat", "openat2", "socket"].includes(step.call)) held.add(`fd ${step.as}`);
    else if (step.call === "close" && typeof step.args.fd === "object") held.delete(`fd ${step.args.fd.slot}`);
    else if (step.call === "waitid" && typeof step.args.id === "object") {
      held.delete(`process ${step.args.id.slot.replace(/\.pidfd$/, "")}`);
    } else if (step.call === "mkdirat" && by[index]?.process === "runner") held.add(`cgroup ${step.args.path}`);
    else if (step.call === "unlinkat") held.delete(`cgroup ${step.args.path}`);
  });
  return [...held];
}

for (const [name, host] of HOSTS) {
  Deno.test(`compile() releases all that it acquires on a host with ${name}`, () => {
    const steps = stepsOf(compile(lab, host, "RUN"));
    assert.deepEqual(unreleased(steps), []);
    // The test must be able to fail: without the last release something is held.
    assert.notDeepEqual(unreleased(steps.slice(0, -2)), []);
  });
}

Deno.test("compile() writes each limit with the place that asked for it", () => {
  const plan = compile(lab, v2Host, "RUN");
  const steps = plan.pods[0]?.containers[0]?.prepare ?? [];
  const asked = (value: string): string | undefined => {
    const step = steps.find((one) => one.call === "write" && one.args.data === value);
    return step === undefined ? undefined : TEXT.replace("[true]", '["true"]').slice(step.span.start, step.span.end);
  };
  assert.equal(asked(String(64 * 1024 * 1024)), "64Mi");
  assert.equal(asked("50000 100000"), "500m");
  assert.equal(asked("33"), '"33"');
});

Deno.test("compile() refuses a limit whose controller cannot be used, and says who asked", () => {
  const [hierarchy] = v2Host.cgroup.hierarchies;
  assert.ok(hierarchy !== undefined);
  const cgroup = {
    ...v2Host.cgroup,
    hierarchies: [{ ...hierarchy, controllers: ["cpu", "pids"] as const }],
    missing: { memory: "not delegated" },
  };
  const { refusals } = compile(lab, { ...v2Host, cgroup, paths: { "/usr/share": "directory" } }, "RUN");
  assert.equal(refusals.length, 1);
  assert.match(refusals[0]?.text ?? "", /"p\/c".*controller memory.*not delegated/);
  assert.equal(refusals[0]?.span.line, 15);
});

Deno.test("compile() makes no namespace that the pod has from the host", () => {
  const infra = compile(lab, v2Host, "RUN").pods[2]?.infra.map(describe).join("\n") ?? "";
  assert.doesNotMatch(infra, /CLONE_NEW(NET|UTS|IPC|PID)/);
  assert.doesNotMatch(infra, /sethostname|AF_NETLINK/);
});

Deno.test("compile() drops the capabilities that a container does not keep, and sets the user after that", () => {
  const start = compile(lab, v2Host, "RUN").pods[0]?.containers[0]?.start ?? [];
  const calls = start.map(describe);
  const at = (pattern: RegExp): number => calls.findIndex((call) => pattern.test(call));
  assert.ok(at(/PR_CAPBSET_DROP, CAP_SYS_ADMIN/) > 0);
  assert.equal(at(/PR_CAPBSET_DROP, CAP_CHOWN/), -1);
  assert.ok(at(/PR_CAPBSET_DROP/) < at(/setresuid\(7, 7, 7\)/));
  assert.ok(at(/setresuid/) < at(/capset\(\{effective=0, permitted=0/));
  assert.ok(at(/capset/) < at(/PR_SET_NO_NEW_PRIVS, 1/));
  assert.ok(at(/PR_SET_NO_NEW_PRIVS/) < at(/execve/));
});

Deno.test("compile() opens a subPath below its volume, one component after another", () => {
  const calls = (compile(lab, v2Host, "RUN").pods[0]?.containers[0]?.start ?? []).map(describe);
  const opened = calls.filter((call) => call.startsWith("openat2("));
  assert.equal(opened.length, 3);
  for (const call of opened) assert.match(call, /RESOLVE_BENEATH\|RESOLVE_NO_MAGICLINKS/);
});

Deno.test("compile() makes everything of a container after pivot_root in the container's own root", () => {
  const start = compile(lab, v2Host, "RUN").pods[0]?.containers[0]?.start ?? [];
  const pivot = start.findIndex(({ call }) => call === "pivot_root");
  for (const step of start.slice(pivot)) {
    if (step.call === "mount") assert.doesNotMatch(String(step.args.source), /^\/(host|images|volumes|container)/);
  }
});
