/**
 * podlab runs labs: YAML files that describe pods, containers, shared volumes and what must be observed about them. This is the
 * line that a file goes through, one function a stage:
 *
 * ```text
 * text ─parseLab▶ Tree ─checkLab▶ Lab ─compile▶ Plan
 *                                  └──runLab▶ RunEvent… ─fold▶ Facts ─judge▶ Verdict ─toResult▶ Result ─render…▶ text
 * ```
 *
 * Only {@linkcode probeHost} and {@linkcode runLab} have effects; they need Linux, root and Deno's `--allow-all`. All others
 * are pure functions over readonly data.
 *
 * @example What is wrong with a lab file
 * ```ts
 * import { checkLab, formatProblem, parseLab } from "@podlab/podlab";
 *
 * const source = { name: "lab.yaml", text: "apiVersion: podlab/v1\nkind: Lob\n" };
 * const { problems } = await checkLab(parseLab(source));
 * for (const problem of problems) console.log(formatProblem(problem, source.text, { color: false }));
 * ```
 *
 * @example Run a lab and look at the result
 * ```ts
 * import { checkLab, explain, fold, judge, parseLab, probeHost, runLab } from "@podlab/podlab";
 *
 * const text = await Deno.readTextFile("labs/13-pod.yaml");
 * const { lab } = await checkLab(parseLab({ name: "labs/13-pod.yaml", text }));
 * if (lab !== undefined && explain(probeHost(lab)).every((missing) => !missing.fatal)) {
 *   const facts = fold(await Array.fromAsync(runLab(lab, probeHost(lab))));
 *   for (const { observation, status } of judge(lab, facts).observations) console.log(status, observation.name.en);
 * }
 * ```
 *
 * @module
 */

export { checkLab, referencedFiles } from "./src/lab/check.ts";
export { formatProblem } from "./src/lab/excerpt.ts";
export { parseLab } from "./src/lab/parse.ts";
export { compile } from "./src/plan/compile.ts";
export { describePlan } from "./src/plan/describe.ts";
export { explain } from "./src/plan/host.ts";
export { probeHost } from "./src/run/probe_host.ts";
export { runLab } from "./src/run/run.ts";
export { fold } from "./src/match/fold.ts";
export { judge } from "./src/match/judge.ts";
export { toResult } from "./src/report/to_result.ts";
export { renderJson } from "./src/report/json.ts";
export { renderJunit } from "./src/report/junit.ts";
export { renderTap } from "./src/report/tap.ts";
export { renderTerminal } from "./src/report/terminal.ts";

export type { Checked, FileReference, ReferencedFiles } from "./src/lab/check.ts";
export type { FormatOptions } from "./src/lab/excerpt.ts";
export type * from "./src/lab/lab.ts";
export type * from "./src/lab/matcher.ts";
export type * from "./src/lab/problem.ts";
export type { At, Source, Span } from "./src/lab/span.ts";
export type { BadNode, ListNode, MapEntry, MapNode, Node, ScalarNode, Tree, TreeDocument } from "./src/lab/tree.ts";
export type {
  Bundle,
  ContainerLog,
  Difference,
  Facts,
  Look,
  Observed,
  RunError,
  RunEvent,
} from "./src/match/events.ts";
export type { Judged, SkipReason, Verdict } from "./src/match/judge.ts";
export type * from "./src/plan/plan.ts";
export type { Op, OpDetails } from "./src/plan/op.ts";
export type * from "./src/plan/call.ts";
export type * from "./src/plan/flags.ts";
export type { Faults } from "./src/sys/encode.ts";
export type { CgroupFacts, Controller, Hierarchy, HostFacts, Missing, PathKind } from "./src/plan/host.ts";
export type { RenderOptions } from "./src/report/render_options.ts";
export type * from "./src/report/result.ts";
export type { LabOutcome, ResultOptions } from "./src/report/to_result.ts";
export type { RunOptions } from "./src/run/run.ts";
