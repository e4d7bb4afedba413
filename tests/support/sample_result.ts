/**
 * One hand-made Result with everything that a report can have to show, and the files that it speaks of.
 *
 * @module
 */

import { differences } from "../../src/match/matchers.ts";
import type { LabResult, ObservationResult, Result } from "../../src/report/result.ts";
import { spanOf } from "./sample_lab.ts";

const POD_FILE = "labs/13-pod.yaml";
const POD_TEXT = `apiVersion: podlab/v1
kind: Lab
metadata:
  name: 13-pod
  title: { en: "Why do we need Pods?", zh: "为什么我们需要 Pod？" }
spec:
  pods: [{ file: web.yaml }]
  observations:
    - name: { en: "b reaches a on localhost", zh: "b 可以用 localhost 访问 a" }
      http: { from: web/b, get: "http://localhost:8080/" }
      expect: { status: 200 }
      within: 2s
    - name: { en: "b is limited", zh: "b 受到限制" }
      cgroup: web/b
      expect: { memory: { max: 64Mi }, cpu: { max: 500m } }
    - name: what a wrote, b reads
      exec: { in: web/b, command: [cat, /data/index.html] }
      expect: { stdout: "hello\\nfrom\\na\\n" }
      within: 2s
    - name: { en: "the greeting is Chinese", zh: "问候语是中文" }
      exec: { in: web/b, command: [greet] }
      expect: { stdout: "你好，世界！欢迎\\n" }
    - name: hostile words
      logs: web/b
      expect: { text: safe }
    - name: b can be entered
      exec: { in: web/b, command: [true] }
      expect: { exitCode: 0 }
    - name: the pod ends with its infra container
      pod: web
      expect: { phase: Failed }
`;
const WRONG_FILE = "labs/wrong.yaml";
const WRONG_TEXT = `kind: Lab
spec:
  pods:
    - spec: { containers: [{ name: a, imaeg: host }] }
`;
const BROKEN_FILE = "labs/07-rootfs.yaml";
const BROKEN_TEXT = `kind: Lab
spec:
  pods:
    - metadata: { name: web }
      spec:
        volumes: [{ name: shared, hostPath: { path: /nowhere } }]
`;

/** The text of each file that the sample speaks of. */
export const sampleSources: ReadonlyMap<string, string> = new Map([
  [POD_FILE, POD_TEXT],
  [WRONG_FILE, WRONG_TEXT],
  [BROKEN_FILE, BROKEN_TEXT],
]);

/** Steers a terminal, breaks XML, TAP and YAML, turns the reading direction round. */
export const HOSTILE =
  "\x1b[2J\x1b]0;owned\x07 ]]> <b>&amp; # \\ \u202eevil\u2066 \x00\x9b31m \ud800 --- ... \r\n not ok";

function observation(needle: string, changes: Partial<ObservationResult>): ObservationResult {
  return {
    name: { en: needle },
    status: "passed",
    durationMs: 1.25,
    location: spanOf(POD_TEXT, needle, POD_FILE),
    looks: 1,
    mode: "once",
    differences: [],
    bundle: [],
    tags: [],
    ...changes,
  };
}

/** As the matcher itself tells it, so that the sample cannot drift from what is real. */
function unequalText(path: string, needle: string, expected: string, actual: string): ObservationResult["differences"] {
  return differences({ kind: "equals", value: expected, span: spanOf(POD_TEXT, needle, POD_FILE) }, actual, path);
}

const observations: readonly ObservationResult[] = [
  observation("b reaches a on localhost", {
    name: { en: "b reaches a on localhost", zh: "b 可以用 localhost 访问 a" },
    durationMs: 132.4567,
    looks: 12,
    mode: "within 2s",
    points: 2,
    tags: ["network"],
  }),
  observation("b is limited", {
    name: { en: "b is limited", zh: "b 受到限制" },
    status: "failed",
    differences: [
      { path: "memory.max", expected: "64Mi", actual: "32Mi", span: spanOf(POD_TEXT, "64Mi", POD_FILE) },
      { path: "cpu.max", expected: "500m", actual: "absent", span: spanOf(POD_TEXT, "500m", POD_FILE) },
    ],
    actual: { memory: { max: 33554432 }, cpu: {} },
    lookedAtMs: 210.5,
    message: "memory.max: expected 64Mi, actual 32Mi (and 1 more)",
    hint: { en: "Look at resources.limits", zh: "请看 resources.limits" },
    bundle: [{
      container: "web/b",
      state: "terminated",
      reason: "OOMKilled",
      exitCode: 137,
      restartCount: 2,
      log: ["listening on 8080", `said ${HOSTILE}`],
      cgroup: ["memory.max: 32Mi", "memory.peak: 32Mi", "pids.current: 0"],
    }, { container: "web/infra", state: "running", hostPid: 4242, restartCount: 0, log: [], cgroup: [] }],
  }),
  observation("what a wrote, b reads", {
    status: "failed",
    durationMs: 2001.5,
    looks: 41,
    mode: "within 2s",
    differences: unequalText("stdout", '"hello\\nfrom\\na\\n"', "hello\nfrom\na\n", "hello\nfrom\nb  \n"),
    actual: { exitCode: 0, stdout: "hello\nfrom\nb  \n" },
    lookedAtMs: 2300,
    message: "stdout differs",
  }),
  observation("the greeting is Chinese", {
    name: { en: "the greeting is Chinese", zh: "问候语是中文" },
    status: "failed",
    differences: unequalText("stdout", '"你好，世界！欢迎\\n"', "你好，世界！欢迎\n", "你好，世界！再见\n"),
    actual: { exitCode: 0, stdout: "你好，世界！再见\n" },
    lookedAtMs: 2310,
    message: "stdout differs",
  }),
  observation("hostile words", {
    name: { en: `hostile ${HOSTILE}` },
    status: "failed",
    differences: unequalText("text", "safe", "safe", HOSTILE),
    actual: { text: HOSTILE },
    lookedAtMs: 2320,
    message: `text: expected "safe", actual "${HOSTILE}"`,
  }),
  observation("b can be entered", {
    status: "error",
    looks: 0,
    message: "Cannot enter web/b",
    error: {
      kind: "failed",
      message: "Cannot enter web/b",
      process: "exec in web/b",
      call: "setns(pidfd, CLONE_NEWNS|CLONE_NEWNET)",
      errno: "ESRCH",
      span: spanOf(POD_TEXT, "exec: { in: web/b, command: [true] }", POD_FILE),
      hint: "The container has ended: see why above",
    },
  }),
  observation("the pod ends with its infra container", {
    status: "skipped",
    looks: 0,
    durationMs: 0,
    message: 'It depends on "b can be entered", which does not hold',
  }),
];

const labs: readonly LabResult[] = [
  {
    name: "13-pod",
    title: { en: "Why do we need Pods?", zh: "为什么我们需要 Pod？" },
    file: POD_FILE,
    status: "error",
    startedAt: "2026-01-02T03:04:05.678Z",
    durationMs: 2345.678,
    observations,
    errors: [],
    problems: [],
    notices: ["oom_score_adj is left as it is: not permitted"],
    leftovers: ["/sys/fs/cgroup/podlab/web"],
    logs: [{ container: "web/a", text: "listening\n\u001b[31mred\u001b[0m\n", truncated: true }],
    interrupted: false,
  },
  {
    name: "07-rootfs",
    title: { en: "07-rootfs" },
    file: BROKEN_FILE,
    status: "error",
    startedAt: "2026-01-02T03:04:08Z",
    durationMs: 12,
    observations: [],
    reason: "Cannot mount the volume shared",
    errors: [{
      kind: "failed",
      message: "Cannot mount the volume shared",
      process: "web/a",
      call: 'mount("/nowhere", "/data", NULL, MS_BIND, NULL)',
      errno: "ENOENT",
      span: spanOf(BROKEN_TEXT, "/nowhere", BROKEN_FILE),
      hint: "Make the directory, or give the volume a type of DirectoryOrCreate",
    }],
    problems: [],
    notices: [],
    leftovers: [],
    logs: [],
    interrupted: false,
  },
  {
    name: "wrong",
    title: { en: "wrong" },
    file: WRONG_FILE,
    status: "error",
    startedAt: "2026-01-02T03:04:09Z",
    durationMs: 0,
    observations: [],
    reason: "The file is wrong",
    errors: [],
    problems: [{
      code: "unknown_key",
      message: 'Unknown key "imaeg" in a container',
      span: spanOf(WRONG_TEXT, "imaeg", WRONG_FILE),
      hint: 'Did you mean "image"?',
      severity: "error",
    }],
    notices: [],
    leftovers: [],
    logs: [],
    interrupted: false,
  },
  {
    name: "13-rsyslog",
    title: { en: "rsyslogd as three containers", zh: "三个容器中的 rsyslogd" },
    file: "labs/13-rsyslog.yaml",
    status: "skipped",
    startedAt: "2026-01-02T03:04:09Z",
    durationMs: 0,
    observations: [],
    reason: "rsyslogd is not installed: apt-get install rsyslog",
    errors: [],
    problems: [],
    notices: [],
    leftovers: [],
    logs: [],
    interrupted: false,
  },
];

/** The sample. */
export const sampleResult: Result = {
  version: "0.1.0",
  labs,
  summary: { passed: 1, failed: 4, skipped: 2, errors: 3 },
  flakes: [],
  durationMs: 2400,
  exitCode: 2,
};
