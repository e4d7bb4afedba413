/**
 * Every fixed text of the reports, in both languages.
 *
 * @module
 */

import type { Language } from "../lab/lab.ts";
import type { RunError } from "../match/events.ts";
import type { Status } from "./result.ts";

/** The texts of one language. Arguments are ready to be shown: names quoted, durations with their unit. */
export interface Messages {
  readonly expected: string;
  readonly actual: string;
  readonly hint: string;
  readonly process: string;
  readonly call: string;
  readonly errno: string;
  readonly notice: string;
  readonly leftover: string;
  readonly interrupted: string;
  readonly nothingChecked: string;
  /** Of a lab that was neither run nor skipped for a reason of its own. */
  readonly notRun: string;
  readonly runFailed: string;
  readonly failFast: string;
  readonly noReason: string;
  readonly fileWrong: string;
  readonly errorKinds: Readonly<Record<RunError["kind"], string>>;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly listSeparator: string;
  readonly labelled: (label: string, text: string) => string;
  readonly counted: (count: number, status: Status) => string;
  readonly summary: (counts: string, duration: string) => string;
  readonly deadline: (timeout: string) => string;
  readonly dependency: (name: string) => string;
  readonly differs: (path: string, expected: string, actual: string) => string;
  readonly andMore: (count: number) => string;
  readonly lookedAt: (at: string) => string;
  readonly lookedUntil: (mode: string, looks: number, duration: string, at: string) => string;
  readonly exitCode: (code: number) => string;
  readonly hostPid: (pid: number) => string;
  readonly restarts: (count: number) => string;
  readonly repetition: (number: number) => string;
  readonly noFlakes: (runs: number) => string;
  readonly flake: (name: string, failures: number, runs: number) => string;
  readonly starting: (what: string) => string;
  readonly ready: (what: string) => string;
  readonly ended: (what: string) => string;
  readonly deleted: (what: string) => string;
  readonly lookingAt: (name: string) => string;
  readonly waitingFor: (name: string, mode: string, looks: number) => string;
  readonly alsoRunning: (count: number) => string;
}

const en: Messages = {
  expected: "expected",
  actual: "actual",
  hint: "hint",
  process: "process",
  call: "call",
  errno: "errno",
  notice: "notice",
  leftover: "left behind",
  interrupted: "Interrupted",
  nothingChecked: "Nothing was checked",
  notRun: "Not run",
  runFailed: "The lab could not go on",
  failFast: "An earlier observation failed",
  noReason: "No reason was given",
  fileWrong: "The file is wrong",
  errorKinds: {
    unsupported: "This host cannot do it",
    failed: "A step failed",
    deadline: "Out of time",
    internal: "A bug in podlab",
  },
  statuses: { passed: "passed", failed: "failed", skipped: "skipped", error: "error" },
  listSeparator: ", ",
  labelled: (label, text) => `${label}: ${text}`,
  counted: (count, status) => status === "error" ? plural(count, "error") : `${count} ${en.statuses[status]}`,
  summary: (counts, duration) => `${counts} in ${duration}`,
  deadline: (timeout) => `The lab's time (${timeout}) was over`,
  dependency: (name) => `It depends on ${name}, which does not hold`,
  differs: (path, expected, actual) => `${path === "" ? "" : `${path}: `}expected ${expected}, actual ${actual}`,
  andMore: (count) => `(and ${count} more)`,
  lookedAt: (at) => `looked at ${at} after the start`,
  lookedUntil: (mode, looks, duration, at) =>
    `${mode}: ${plural(looks, "look")} in ${duration}, the last one ${at} after the start`,
  exitCode: (code) => `exit code ${code}`,
  hostPid: (pid) => `host PID ${pid}`,
  restarts: (count) => count === 1 ? "restarted once" : `restarted ${count} times`,
  repetition: (number) => `run ${number}`,
  noFlakes: (runs) => `No flake in ${runs} runs`,
  flake: (name, failures, runs) => `${name} failed in ${failures} of ${runs} runs (${percent(failures, runs)})`,
  starting: (what) => `starting ${what}`,
  ready: (what) => `${what} is ready`,
  ended: (what) => `${what} has ended`,
  deleted: (what) => `${what} is deleted`,
  lookingAt: (name) => `looking: ${name}`,
  waitingFor: (name, mode, looks) => `waiting for ${name} (${mode}, ${plural(looks, "look")})`,
  alsoRunning: (count) => `and ${count} more`,
};

const zh: Messages = {
  expected: "期望",
  actual: "实际",
  hint: "提示",
  process: "进程",
  call: "调用",
  errno: "错误号",
  notice: "注意",
  leftover: "残留",
  interrupted: "已中断",
  nothingChecked: "没有检查任何内容",
  notRun: "未运行",
  runFailed: "实验无法继续",
  failFast: "之前的观察项未通过",
  noReason: "未说明原因",
  fileWrong: "文件有误",
  errorKinds: {
    unsupported: "这台主机不支持",
    failed: "某一步失败",
    deadline: "超时",
    internal: "podlab 的缺陷",
  },
  statuses: { passed: "通过", failed: "未通过", skipped: "跳过", error: "错误" },
  listSeparator: "，",
  labelled: (label, text) => `${label}：${text}`,
  counted: (count, status) => `${count} 项${zh.statuses[status]}`,
  summary: (counts, duration) => `${counts}，用时 ${duration}`,
  deadline: (timeout) => `实验的时间（${timeout}）已用完`,
  dependency: (name) => `它依赖的 ${name} 不成立`,
  differs: (path, expected, actual) => `${path === "" ? "" : `${path}：`}期望 ${expected}，实际 ${actual}`,
  andMore: (count) => `（另有 ${count} 处）`,
  lookedAt: (at) => `开始后 ${at} 观察`,
  lookedUntil: (mode, looks, duration, at) => `${mode}：${duration} 内观察 ${looks} 次，最后一次在开始后 ${at}`,
  exitCode: (code) => `退出码 ${code}`,
  hostPid: (pid) => `主机 PID ${pid}`,
  restarts: (count) => `重启 ${count} 次`,
  repetition: (number) => `第 ${number} 次`,
  noFlakes: (runs) => `${runs} 次运行结果一致`,
  flake: (name, failures, runs) => `${name} 在 ${runs} 次运行中失败 ${failures} 次（${percent(failures, runs)}）`,
  starting: (what) => `正在启动 ${what}`,
  ready: (what) => `${what} 已就绪`,
  ended: (what) => `${what} 已结束`,
  deleted: (what) => `${what} 已删除`,
  lookingAt: (name) => `正在观察：${name}`,
  waitingFor: (name, mode, looks) => `等待 ${name}（${mode}，已观察 ${looks} 次）`,
  alsoRunning: (count) => `另有 ${count} 个`,
};

const MESSAGES: Readonly<Record<Language, Messages>> = { en, zh };

/** The texts of a language. */
export function messagesIn(language: Language): Messages {
  return MESSAGES[language];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function percent(part: number, whole: number): string {
  return `${Number((100 * part / whole).toPrecision(3))}%`;
}
