/**
 * `lab run`: files → results → reports.
 *
 * @module
 */

import type { Language } from "../lab/lab.ts";
import type { RunError } from "../match/events.ts";
import { emptyFacts } from "../match/fold.ts";
import { messagesIn } from "../report/messages.ts";
import type { ReportSpec } from "../report/reports.ts";
import { type LabOutcome, toResult } from "../report/to_result.ts";
import { probeHost } from "../run/probe_host.ts";
import { EXIT, tellError, UsageError } from "./errors.ts";
import { findLabs } from "./find.ts";
import { hostRefusal } from "./host.ts";
import { Interrupt } from "./interrupt.ts";
import { type Io, languageOf, useColor } from "./io.ts";
import { waitToEnd } from "./keep.ts";
import { Live } from "./live.ts";
import { isFine, type LoadedLab, readLab, tellProblems } from "./read_lab.ts";
import { readReports, writeReports } from "./report_files.ts";
import { hasFailed, type Job, type JobOptions, notRun, runJob } from "./run_one.ts";
import { schedule } from "./schedule.ts";
import { chosen, nothingLeft, parseShard, shardOf } from "./select.ts";
import { VERSION } from "./version.ts";

/** Flags of `lab run`. */
export interface RunFlags {
  readonly report?: readonly string[];
  readonly only?: readonly string[];
  readonly failFast?: boolean;
  readonly repeat?: number;
  readonly shard?: string;
  readonly jobs?: number;
  readonly lang?: Language;
  readonly keep?: boolean;
  readonly logs?: boolean;
  readonly color?: boolean;
}

/** What all stages of a run are told. */
interface Setting {
  readonly io: Io;
  readonly flags: RunFlags;
  readonly language: Language;
  readonly reports: readonly ReportSpec[];
  readonly labs: readonly LoadedLab[];
  readonly jobs: readonly Job[];
}

/** Runs labs and writes the reports. */
export default async function runLabs(io: Io, flags: RunFlags, ...words: string[]): Promise<number> {
  if (flags.keep === true && ((flags.jobs ?? 1) > 1 || (flags.repeat ?? 1) > 1)) {
    throw new UsageError("Cannot keep several runs at once", "Use --keep without --jobs and --repeat");
  }
  const reports = readReports(flags.report ?? []);
  const labs = await readLabs(io, flags, words);
  const setting = { io, flags, language: flags.lang ?? languageOf(io), reports, labs, jobs: jobsOf(labs, flags) };
  const refusal = hostRefusal(probeHost());
  return refusal === undefined ? await run(setting) : refuse(setting, refusal);
}

async function readLabs(io: Io, flags: RunFlags, words: readonly string[]): Promise<readonly LoadedLab[]> {
  const found = findLabs(words, io.commands);
  const files = flags.shard === undefined ? found : shardOf(found, parseShard(flags.shard));
  const labs: LoadedLab[] = [];
  for (const file of files) labs.push(await readLab(file));
  return labs;
}

/** What is to be run: every lab as often as asked for, those left out of which `--only` leaves nothing. */
function jobsOf(labs: readonly LoadedLab[], { only, repeat }: RunFlags): readonly Job[] {
  const jobs = labs.flatMap((loaded): Job[] => {
    if (only === undefined || loaded.lab === undefined) return [{ loaded }];
    const observations = chosen(loaded.lab, only);
    return observations.size === 0 ? [] : [{ loaded, chosen: observations }];
  });
  if (only !== undefined && jobs.length === 0) throw nothingLeft(only, labs.flatMap(({ lab }) => lab ?? []));
  if (repeat === undefined) return jobs;
  return jobs.flatMap((job) => Array.from({ length: repeat }, (_, index) => ({ ...job, repetition: index + 1 })));
}

async function run(setting: Setting): Promise<number> {
  const begun = performance.now();
  using interrupt = new Interrupt(setting.io);

  const outcomes = await runJobs(setting, interrupt.signal);
  const exitCode = report(setting, outcomes, {
    durationMs: performance.now() - begun,
    interrupted: interrupt.exitCode !== undefined,
  });
  return interrupt.exitCode ?? exitCode;
}

async function runJobs({ io, flags, language, jobs }: Setting, signal: AbortSignal): Promise<readonly LabOutcome[]> {
  const messages = messagesIn(language);
  using live = new Live(io, language);

  signal.addEventListener("abort", () => live.stop());
  const keep = async (how: readonly string[]): Promise<void> => {
    live.stop();
    await waitToEnd(io, how, signal);
    if (!signal.aborted) live.resume();
  };
  const options: JobOptions = {
    signal,
    onEvent: (lab, event) => live.onEvent(lab, event),
    ...(flags.failFast === true ? { failFast: true } : {}),
    ...(flags.keep === true ? { keep } : {}),
    ...(flags.logs === true ? { logs: true } : {}),
  };
  return await schedule(jobs, {
    parallel: flags.jobs ?? 1,
    start: (job) => runJob(job, options),
    isOver: (outcomes) => signal.aborted || (flags.failFast === true && outcomes.some(hasFailed)),
    leaveOut: (job) => notRun(job, { skipReason: signal.aborted ? messages.interrupted : messages.failFast }),
  });
}

interface Ran {
  readonly durationMs: number;
  readonly interrupted: boolean;
}

function report(setting: Setting, outcomes: readonly LabOutcome[], ran: Ran): number {
  const { io, flags, language, reports, labs } = setting;
  const result = toResult(outcomes, { version: VERSION, language, ...ran });
  writeReports(io, reports, result, {
    language,
    color: useColor(io, io.outIsTerminal, flags.color),
    sources: new Map(labs.flatMap(({ sources }) => [...sources])),
    hostname: Deno.hostname(),
  });
  return result.exitCode;
}

/**
 * This host can run nothing. Files that are wrong are told about first: they are wrong on any host. For programs the reports say
 * it lab by lab, for people it is said once.
 */
function refuse(setting: Setting, refusal: RunError): number {
  const { io, flags, labs, jobs } = setting;
  const facts = { ...emptyFacts(), errors: [refusal] };
  const outcomes = jobs.map((job) => notRun(job, isFine(job.loaded) ? { facts } : {}));
  const reports = setting.reports.filter(({ format, path }) => format !== "terminal" || path !== undefined);
  const exitCode = report({ ...setting, reports }, outcomes, { durationMs: 0, interrupted: false });
  if (exitCode === EXIT.host) return tellError(new UsageError(refusal.message, refusal.hint, EXIT.host), io);
  tellProblems(io, labs, flags.color);
  return exitCode;
}
