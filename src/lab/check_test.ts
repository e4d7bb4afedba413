import assert from "node:assert/strict";
import { checkLab, referencedFiles } from "./check.ts";
import { parseLab } from "./parse.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { brief, check, expecting, HEAD, labOf, withPod } from "./support_test.ts";

async function problems(text: string): Promise<readonly string[]> {
  return (await check(text)).problems.map(brief);
}

const CONTAINER = "{ name: a, command: [sh] }";

/** A pod with one container, with more fields of the pod's spec. */
function withSpec(fields: string): string {
  return withPod(["metadata: { name: web }", "spec:", `  containers: [${CONTAINER}]`, `  ${fields}`]);
}

/** A pod whose one container has more fields. */
function withContainer(fields: string): string {
  return withPod(["metadata: { name: web }", "spec:", "  containers:", "    - name: a", `      ${fields}`]);
}

/** A container that mounts a volume, with more fields of the mount. */
function withVolume(fields: string): string {
  const mount = `command: [x]\n            volumeMounts: [{ name: v, mountPath: /x, ${fields} }]`;
  return withContainer(mount).replace("  containers:", "  volumes: [{ name: v }]\n        containers:");
}

const OTHER_LAB = `---\n${HEAD}    - { name: x, host: true, expect: { cpus: 1 } }\n`;

/** One small lab for each code and each way to get it: the code, and where it must point. */
const TABLE: readonly (readonly [string, string, ...(readonly string[])])[] = [
  ["the empty file", "", "1:1 no_lab"],
  ["a file of comments", "# nothing\n---\n", "1:1 no_lab"],
  ["a file of a Pod alone", "kind: Pod\nmetadata: { name: web }\n", "1:1 no_lab"],
  ["a text", "hello", "1:1 wrong_type"],
  ["a list", "- a\n", "1:1 wrong_type"],
  ["a document without kind", "metadata: {}\n", "1:1 missing_key"],
  ["another kind", "apiVersion: v1\nkind: Service\n", "2:7 bad_value"],
  ["a misspelt kind", "kind: lab\n", "1:7 bad_value"],
  ["a ConfigMap", "kind: ConfigMap\n", "1:7 not_yet"],
  ["a second lab", expecting("host: true", "{ cpus: 1 }") + OTHER_LAB, "18:1 duplicate_name"],
  ["another version", expecting("host: true", "{ cpus: 1 }").replace("podlab/v1", "podlab/v2"), "1:13 bad_value"],
  ["no kind", expecting("host: true", "{ cpus: 1 }").replace("kind: Lab\n", ""), "1:1 missing_key"],
  ["no name", expecting("host: true", "{ cpus: 1 }").replace("name: test", "tags: [x]"), "4:3 missing_key"],
  ["a bad name", expecting("host: true", "{ cpus: 1 }").replace("name: test", "name: T_1"), "4:9 bad_value"],
  ["an unknown key", expecting("host: true", "{ cpus: 1 }").replace("spec:", "titel: x\nspec:"), "5:1 unknown_key"],
  ["no observations", HEAD, "13:3 no_observations"],
  ["an empty list of them", HEAD.replace("observations:", "observations: []"), "13:17 no_observations"],
  ["observations left out", HEAD.replace("  observations:\n", ""), "6:3 no_observations"],
  ["no spec", "kind: Lab\napiVersion: podlab/v1\nmetadata: { name: x }\n", "1:1 missing_key"],
  ["spec of another type", "kind: Lab\napiVersion: podlab/v1\nmetadata: { name: x }\nspec: [a]\n", "4:7 wrong_type"],

  ["no expect", `${HEAD}    - name: it holds\n      host: true\n`, "14:7 empty_expect"],
  ["nothing after expect", expecting("host: true", ""), "16:7 empty_expect"],
  ["an empty expect", expecting("host: true", "{}"), "16:15 empty_expect"],
  ["an empty inner expect", expecting("cgroup: a", "{ memory: {} }"), "16:25 empty_expect"],
  ["a list of none in a set", expecting("host: true", "{ controllers: [] }"), "16:30 empty_expect"],
  ["all of nothing", expecting("host: true", "{ all: [] }"), "16:22 empty_expect"],
  ["a text that contains nothing", expecting("host: true", '{ kernel: { contains: "" } }'), "16:37 empty_expect"],
  ["an unknown fact", expecting("host: true", "{ kernal: x }"), "16:17 unknown_fact"],
  ["an unknown inner fact", expecting("cgroup: a", "{ memory: { maxx: 1 } }"), "16:27 unknown_fact"],
  ["an unknown matcher", expecting("host: true", "{ kernel: { startswith: x } }"), "16:27 unknown_matcher"],
  ["facts of a list", expecting("processes: a", "{ pid: 1 }"), "16:17 unknown_matcher"],
  ["a matcher of numbers for a text", expecting("host: true", "{ kernel: { gt: 5 } }"), "16:27 wrong_type"],
  ["a number for a text", expecting("host: true", "{ kernel: 6.1 }"), "16:25 wrong_type"],
  ["a text for a number", expecting("host: true", '{ cpus: "2" }'), "16:23 wrong_type"],
  ["a list for a number", expecting("host: true", "{ cpus: [2] }"), "16:23 wrong_type"],
  ["a text for facts", expecting("host: true", "linux"), "16:15 wrong_type"],
  ["bad bytes", expecting("host: true", "{ memory: { gt: 1Gx } }"), "16:31 bad_quantity"],
  [
    "a duration without unit",
    expecting("http: {from: a, get: 'http://b/'}", "{ latencyMs: { lt: 5 } }"),
    "16:34 bad_quantity",
  ],
  ["a bad mode", expecting("file: {in: a, path: /x}", "{ mode: rwx }"), "16:23 bad_value"],
  ["a bad regular expression", expecting("host: true", '{ kernel: { matches: "(" } }'), "16:36 bad_value"],
  ["an endless regular expression", expecting("host: true", '{ kernel: { matches: "(a+)+" } }'), "16:36 bad_value"],
  ["between the wrong way round", expecting("host: true", "{ cpus: { between: [2, 1] } }"), "16:34 impossible"],
  [
    "bad CEL",
    expecting("host: true", 'cel: "cpus >"').replace("expect: cel", "expect:\n        cel"),
    "17:21 bad_value",
  ],
  ["an unknown variable in CEL", expecting("host: true", "{ cel: cpus > 1 && cpsu < 5 }"), "16:34 unknown_fact"],
  ["CEL that is no condition", expecting("host: true", "{ cel: 1 + 1 }"), "16:22 wrong_type"],

  ["no subject", expecting("do: { kill: a }", "{ x: 1 }"), "14:7 missing_key"],
  ["a misspelt subject", expecting("hots: true", "{ x: 1 }"), "15:7 unknown_key"],
  ["two subjects", expecting("pod: web\n      host: true", "{ phase: x }"), "16:7 impossible"],
  ["an unknown container", expecting("process: web/c", "{ pid: 1 }"), "15:16 bad_reference"],
  ["an unknown pod", expecting("pod: wbe", "{ phase: x }"), "15:12 bad_reference"],
  ["a pod where a container is wanted", expecting("process: web", "{ pid: 1 }"), "15:16 bad_reference"],
  ["the same container twice", expecting("process: [a, web/a]", "{ pid: 1 }"), "15:20 duplicate_name"],
  ["a file of infra", expecting("file: { in: infra, path: /x }", "{ exists: true }"), "15:19 impossible"],
  ["one namespace compared", expecting("namespaces: [a]", "{ shared: [net] }"), "15:19 bad_value"],
  ["a relative path", expecting("file: { in: a, path: x }", "{ exists: true }"), "15:28 bad_value"],
  ["no method", expecting("http: { from: a }", "{ ok: true }"), "15:7 missing_key"],
  [
    "two methods",
    expecting("http: { from: a, get: 'http://b', post: 'http://b' }", "{ ok: true }"),
    "15:41 impossible",
  ],
  ["https", expecting("http: { from: a, get: 'https://b' }", "{ ok: true }"), "15:29 bad_value"],
  ["a bad endpoint", expecting("connect: { from: a, to: 'localhost:80' }", "{ ok: true }"), "15:31 bad_value"],
  ["an empty command", expecting("exec: { in: a, command: [] }", "{ exitCode: 0 }"), "15:31 bad_value"],
  ["both time modes", expecting("within: 1s\n      throughout: 1s\n      pod: web", "{ phase: x }"), "16:7 impossible"],
  ["no time at all", expecting("within: 0s\n      pod: web", "{ phase: x }"), "15:15 bad_value"],
  ["more time than there is", expecting("within: 3m\n      pod: web", "{ phase: x }"), "15:15 impossible"],
  ["after an unknown one", expecting("after: it hodls\n      pod: web", "{ phase: x }"), "15:14 bad_reference"],
  ["after itself", expecting("after: it holds\n      pod: web", "{ phase: x }"), "15:14 impossible"],
  ["two actions in one", expecting("do: { kill: a, stop: b }\n      pod: web", "{ phase: x }"), "15:22 impossible"],
  ["no action", expecting("do: {}\n      pod: web", "{ phase: x }"), "15:11 missing_key"],
  ["an unknown action", expecting("do: { kil: a }\n      pod: web", "{ phase: x }"), "15:13 unknown_key"],
  [
    "an unknown signal",
    expecting("do: { signal: { to: a, signal: SIGTREM } }\n      pod: web", "{ phase: x }"),
    "15:38 bad_value",
  ],
  ["stopping infra", expecting("do: { stop: infra }\n      pod: web", "{ phase: x }"), "15:19 impossible"],
  ["negative points", expecting("points: -1\n      pod: web", "{ phase: x }"), "15:15 bad_value"],

  ["no containers", withPod(["metadata: { name: web }", "spec: { containers: [] }"]), "8:27 bad_value"],
  ["a field of the future", withSpec("hostUsers: false"), "10:9 not_yet"],
  ["a field of clusters", withSpec("nodeSelector: { a: b }"), "10:9 cluster_only"],
  ["a volume of clusters", withSpec("volumes: [{ name: x, nfs: {} }]"), "10:30 cluster_only"],
  ["a field that Kubernetes has not", withSpec("hostPid: true"), "10:9 unknown_key"],
  [
    "an unknown field inside a refused one",
    withContainer("command: [x]\n            livenessProbe: { htpGet: {} }"),
    "12:13 not_yet",
    "12:30 unknown_key",
  ],
  [
    "a refused field inside an ignored one",
    withContainer("command: [x]\n            ports: [{ hostPort: 1 }]"),
    "12:13 cluster_only",
    "12:23 not_yet",
  ],
  [
    "a status",
    withPod(["metadata: { name: web }", "status: { phase: x }", `spec: { containers: [${CONTAINER}] }`]),
    "8:7 cluster_only",
  ],
  ["two pid namespaces", withSpec("hostPID: true\n        shareProcessNamespace: true"), "11:9 impossible"],
  ["another restart policy", withSpec("restartPolicy: Sometimes"), "10:24 bad_value"],
  [
    "a number for a label",
    withPod(["metadata: { name: web, labels: { a: 1 } }", `spec: { containers: [${CONTAINER}] }`]),
    "7:43 wrong_type",
  ],
  [
    "a bad limit of tasks",
    withPod([
      'metadata: { name: web, annotations: { podlab.dev/pids-limit: "0" } }',
      `spec: { containers: [${CONTAINER}] }`,
    ]),
    "7:68 bad_quantity",
  ],
  [
    "a limit of nobody's tasks",
    withPod([
      'metadata: { name: web, annotations: { podlab.dev/pids-limit.b: "5" } }',
      `spec: { containers: [${CONTAINER}] }`,
    ]),
    "7:45 bad_reference",
  ],
  [
    "an unknown annotation of ours",
    withPod([
      'metadata: { name: web, annotations: { podlab.dev/pidslimit: "5" } }',
      `spec: { containers: [${CONTAINER}] }`,
    ]),
    "7:45 unknown_key",
  ],
  ["no command", withContainer("image: host"), "10:19 missing_key"],
  ["args alone", withContainer("args: [x]"), "11:13 missing_key"],
  ["an image", withContainer("command: [x]\n            image: busybox"), "12:20 not_yet"],
  [
    "a container named infra",
    withPod(["metadata: { name: web }", "spec: { containers: [{ name: infra, command: [x] }] }"]),
    "8:36 impossible",
  ],
  [
    "two containers of a name",
    withPod(["metadata: { name: web }", `spec: { initContainers: [${CONTAINER}], containers: [${CONTAINER}] }`]),
    "8:82 duplicate_name",
  ],
  [
    "a request above the limit",
    withContainer("command: [x]\n            resources: { limits: { memory: 1Mi }, requests: { memory: 2Mi } }"),
    "12:71 impossible",
  ],
  ["a limit of zero", withContainer("command: [x]\n            resources: { limits: { cpu: 0 } }"), "12:41 bad_value"],
  [
    "thousandths of a byte",
    withContainer("command: [x]\n            resources: { limits: { memory: 64m } }"),
    "12:44 bad_quantity",
  ],
  [
    "an unknown capability",
    withContainer("command: [x]\n            securityContext: { capabilities: { add: [NET_ADMN] } }"),
    "12:54 bad_value",
  ],
  [
    "a tame privileged container",
    withContainer("command: [x]\n            securityContext: { privileged: true, allowPrivilegeEscalation: false }"),
    "12:50 impossible",
  ],
  ["a variable with =", withContainer('command: [x]\n            env: [{ name: "a=b" }]'), "12:27 bad_value"],
  [
    "an unknown volume",
    withContainer("command: [x]\n            volumeMounts: [{ name: s, mountPath: /x }]"),
    "12:36 bad_reference",
  ],
  ["a subPath upwards", withVolume("subPath: ../x"), "13:63 bad_value"],
  ["an absolute subPath", withVolume("subPath: /x"), "13:63 bad_value"],
  ["a mount with a colon", withVolume("subPath: x").replace("/x,", "'/a:b',"), "13:50 bad_value"],
  ["a mount over the root", withVolume("subPath: x").replace("/x,", "//,"), "13:50 bad_value"],
  ["two mounts at a place", withVolume("}, { name: v, mountPath: /x/"), "13:79 duplicate_name"],
  ["two volumes of a name", withSpec("volumes: [{ name: x }, { name: x }]"), "10:40 duplicate_name"],
  ["a list for a map", withContainer("command: [x]\n            resources: []"), "12:24 wrong_type"],
  [
    "a list for labels",
    withPod(["metadata: { name: web, labels: [a] }", `spec: { containers: [${CONTAINER}] }`]),
    "7:38 wrong_type",
  ],
  [
    "a volume of two sources",
    withSpec("volumes: [{ name: x, emptyDir: {}, hostPath: { path: / } }]"),
    "10:44 impossible",
  ],
];

Deno.test("checkLab() points each mistake out where it is", async (t) => {
  for (const [name, text, ...expected] of TABLE) {
    await t.step(name, async () => assert.deepEqual(await problems(text), expected));
  }
});

Deno.test("checkLab() is tested for each code that a problem can have", async () => {
  const covered = new Set<string>();
  for (const [, text] of TABLE) for (const { code } of (await check(text)).problems) covered.add(code);
  // These are tested with files that are read elsewhere, and in parse_test.ts.
  for (const code of ["alias_bomb", "duplicate_key", "file_unreadable", "too_large", "yaml_syntax"]) covered.add(code);
  const all: Record<ProblemCode, true> = {
    alias_bomb: true,
    bad_quantity: true,
    bad_reference: true,
    bad_value: true,
    cluster_only: true,
    duplicate_key: true,
    duplicate_name: true,
    empty_expect: true,
    file_unreadable: true,
    impossible: true,
    missing_key: true,
    no_lab: true,
    no_observations: true,
    not_yet: true,
    too_large: true,
    unknown_fact: true,
    unknown_key: true,
    unknown_matcher: true,
    wrong_type: true,
    yaml_syntax: true,
  };
  assert.deepEqual(Object.keys(all).filter((code) => !covered.has(code)), []);
});

Deno.test("checkLab() gives no lab with an error, and a lab with a warning", async () => {
  assert.equal((await check(withSpec("hostUsers: false"))).lab, undefined);
  const { lab, problems } = await check(withSpec("nodeSelector: { a: b }"));
  assert.equal(problems[0]?.severity, "warning");
  assert.equal(lab?.name, "test");
});

Deno.test("checkLab() ignores in silence what tools write into every manifest", async () => {
  const pod = [
    "metadata: { name: web, creationTimestamp: null }",
    "status: {}",
    `spec: { containers: [${CONTAINER}] }`,
  ];
  assert.deepEqual(await problems(withPod(pod)), []);
});

Deno.test("checkLab() tells a mistake once: what depends on it is not checked", async () => {
  // Neither the mount of the volume nor the observation of the container is told about.
  const text = withPod([
    "metadata: { name: web }",
    "spec:",
    "  volumes: [{ name: [shared] }]",
    "  containers: [{ name: a, command: [x], volumeMounts: [{ name: shared, mountPath: /x }] }]",
  ]).replace("host: true, expect: { cpus", "process: web/b, expect: { pid");
  assert.deepEqual(await problems(text), ["5:45 bad_reference", "9:27 wrong_type"]);
  const broken = text.replace("name: a", "name: {}");
  assert.deepEqual(await problems(broken), ["9:27 wrong_type", "10:30 wrong_type"]);
});

Deno.test("checkLab() checks nothing more after a syntax error", async () => {
  assert.deepEqual(await problems("kind: Lab\nspec: [\n"), ["3:1 yaml_syntax"]);
});

Deno.test("checkLab() adds the Pods of documents beside the lab", async () => {
  const pod =
    "---\napiVersion: v1\nkind: Pod\nmetadata: { name: db }\nspec: { containers: [{ name: c, command: [x] }] }\n";
  const lab = await labOf(expecting("process: [web/a, db/c]", "{ pid: 1 }") + pod);
  assert.deepEqual(lab.pods.map(({ name }) => name), ["web", "db"]);
});

const REFERENCE = `apiVersion: podlab/v1
kind: Lab
metadata: { name: test }
spec:
  pods: [{ file: pod.yaml }]
  observations: [{ name: it holds, process: web/a, expect: { pid: 1 } }]
`;
const POD = `kind: Pod\nmetadata: { name: web }\nspec: { containers: [${CONTAINER}] }\n`;

function files(text: string): ReadonlyMap<string, ReturnType<typeof parseLab>> {
  return new Map([["pod.yaml", parseLab({ name: "dir/pod.yaml", text })]]);
}

Deno.test("referencedFiles() names files with Pods, and checkLab() takes what was loaded", async () => {
  const tree = parseLab({ name: "lab.yaml", text: REFERENCE });
  assert.deepEqual(referencedFiles(tree).map(({ path, span }) => [path, span.line, span.column]), [[
    "pod.yaml",
    5,
    18,
  ]]);
  const { lab, problems } = await checkLab(tree, files(POD));
  assert.deepEqual(problems, []);
  assert.equal(lab?.pods[0]?.span.file, "dir/pod.yaml");
});

Deno.test("checkLab() says at the reference what is wrong with a file as a whole", async () => {
  const tree = parseLab({ name: "lab.yaml", text: REFERENCE });
  const unreadable: Problem = {
    code: "file_unreadable",
    message: 'Cannot read "pod.yaml": it is a directory',
    span: { file: "x", line: 9, column: 9, start: 0, end: 0 },
    severity: "error",
  };
  const table: readonly (readonly [Awaited<ReturnType<typeof checkLab>>, string])[] = [
    [await checkLab(tree), "lab.yaml 5:18 file_unreadable"],
    [await checkLab(tree, new Map([["pod.yaml", unreadable]])), "lab.yaml 5:18 file_unreadable"],
    [await checkLab(tree, files("")), "lab.yaml 5:18 bad_reference"],
    [await checkLab(tree, files(HEAD)), "lab.yaml 5:18 bad_reference"],
    [await checkLab(tree, files(POD.replace("name: a", "nmae: a"))), "dir/pod.yaml 3:24 unknown_key"],
    [await checkLab(tree, files("a: [")), "dir/pod.yaml 1:5 yaml_syntax"],
  ];
  for (const [{ problems }, expected] of table) {
    assert.deepEqual(problems.map((problem) => `${problem.span.file} ${brief(problem)}`), [expected]);
  }
});

Deno.test("checkLab() sorts problems, and counts those past the first hundred", async () => {
  const observation = "    - { nmae: x, hots: true }\n";
  const { problems } = await check(HEAD + observation.repeat(60));
  assert.equal(problems.length, 101);
  assert.deepEqual(problems.slice(0, 100), problems.slice(0, 100).toSorted((a, b) => a.span.start - b.span.start));
  assert.match(problems.at(-1)?.message ?? "", /^… and \d+ more$/u);
});
