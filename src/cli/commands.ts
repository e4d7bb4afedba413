/**
 * Each command: what it takes, and the module that does its work, which is loaded when it is run.
 *
 * @module
 */

import { buildCommand, type Command, type CommandContext, type TypedCommandParameters } from "@stricli/core";
import type { CheckFlags } from "./check.ts";
import { tellError } from "./errors.ts";
import type { Io } from "./io.ts";
import type { ListFlags } from "./list.ts";
import type { PlanFlags } from "./plan.ts";
import type { RunFlags } from "./run.ts";

/** What every body gets besides its flags and arguments. */
export interface Context extends CommandContext {
  readonly process: CommandContext["process"] & { exitCode?: number | string | null };
  readonly io: Io;
}

/** A command's work: gives the exit code. */
type Body<Flags, Args extends readonly string[]> = (io: Io, flags: Flags, ...args: Args) => number | Promise<number>;

interface Definition<Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>, Args extends readonly string[]> {
  readonly brief: string;
  readonly fullDescription?: string;
  readonly usage?: readonly string[];
  readonly parameters: TypedCommandParameters<Flags, Args, Context>;
  readonly body: () => Promise<{ readonly default: Body<Flags, Args> }>;
}

/** A command whose errors and exit codes are podlab's own. */
export function command<Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>, Args extends readonly string[]>(
  definition: Definition<Flags, Args>,
): Command<Context> {
  const { brief, fullDescription, usage, parameters, body } = definition;
  return buildCommand<Flags, Args, Context>({
    docs: {
      brief,
      ...(fullDescription === undefined ? {} : { fullDescription }),
      ...(usage === undefined ? {} : { customUsage: usage }),
    },
    parameters,
    func: async function (this: Context, flags: Flags, ...args: Args): Promise<void> {
      try {
        const loaded = await body();
        this.process.exitCode = await loaded.default(this.io, flags, ...args);
      } catch (error) {
        this.process.exitCode = tellError(error, this.io);
      }
    },
  });
}

/**
 * Loads a module when it is needed. Of an import whose path is a literal Deno would read and link everything that it leads to
 * when the program starts, which doubles the time that help takes.
 */
export async function load<Module>(path: string): Promise<Module> {
  return await import(new URL(path, import.meta.url).href);
}

/** Takes a word as it is. */
export const text = String;

/** Positional arguments that are labs, completed by name. */
function labs(minimum: number) {
  return {
    kind: "array",
    minimum,
    parameter: {
      brief: "A lab's name, a file, or a directory",
      placeholder: "lab",
      parse: text,
      proposeCompletions: async () => (await load<typeof import("./find.ts")>("./find.ts")).labNames(),
    },
  } as const;
}

const json = { kind: "boolean", optional: true, withNegated: false, brief: "As data" } as const;
const color = {
  kind: "boolean",
  optional: true,
  brief: "Colours; on a terminal by default, unless NO_COLOR is set",
} as const;

/** A whole number from 1. */
function count(maximum: number): (input: string) => number {
  return (input) => {
    const value = /^\d{1,9}$/.test(input) ? Number(input) : 0;
    if (value < 1 || value > maximum) throw new RangeError(`Expected a whole number from 1 to ${maximum}`);
    return value;
  };
}

const REPETITIONS_MAX = 10_000;
const JOBS_MAX = 64;

export const runCommand = command<RunFlags, string[]>({
  brief: "Run labs: build their pods and look whether what they claim holds",
  fullDescription: "Run labs: build their pods and look whether what they claim holds.\n\n" +
    "Exit codes: 0 all hold; 1 an observation failed; 2 a file or the command line is wrong;\n" +
    "3 this host cannot run it; 4 nothing was checked; 130 interrupted.",
  parameters: {
    flags: {
      report: {
        kind: "parsed",
        parse: text,
        optional: true,
        variadic: true,
        placeholder: "format[=path]",
        brief: "FORMAT[=PATH]: terminal, json, junit or tap; may be repeated",
        proposeCompletions: () => ["terminal", "json", "junit", "tap"],
      },
      only: {
        kind: "parsed",
        parse: text,
        optional: true,
        variadic: true,
        placeholder: "name-or-tag",
        brief: "NAME or tag: only observations with this in their name, or so tagged; may be repeated",
      },
      failFast: { kind: "boolean", optional: true, withNegated: false, brief: "Stop at the first failure" },
      repeat: {
        kind: "parsed",
        parse: count(REPETITIONS_MAX),
        optional: true,
        placeholder: "n",
        brief: "N: run each lab so often, and say how often each observation failed",
      },
      shard: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "i/n",
        brief: "i/n: run the i-th of n parts of the labs",
      },
      jobs: {
        kind: "parsed",
        parse: count(JOBS_MAX),
        optional: true,
        placeholder: "n",
        brief: "N labs at a time; 1 by default",
      },
      lang: { kind: "enum", values: ["en", "zh"], optional: true, brief: "Language; as the locale says by default" },
      keep: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Stop before cleaning up, and say how to look around",
      },
      logs: { kind: "boolean", optional: true, withNegated: false, brief: "Show what each container wrote" },
      color,
    },
    positional: labs(1),
  },
  body: () => load<typeof import("./run.ts")>("./run.ts"),
});

export const checkCommand = command<CheckFlags, string[]>({
  brief: "Check lab files without running them",
  parameters: { flags: { json, color }, positional: labs(1) },
  body: () => load<typeof import("./check.ts")>("./check.ts"),
});

export const planCommand = command<PlanFlags, string[]>({
  brief: "Show the system calls that a lab comes to, without making them",
  parameters: { flags: { json, color }, positional: labs(1) },
  body: () => load<typeof import("./plan.ts")>("./plan.ts"),
});

export const listCommand = command<ListFlags, string[]>({
  brief: "List the labs that can be run by name, or those of files and directories",
  parameters: {
    flags: { json, lang: { kind: "enum", values: ["en", "zh"], optional: true, brief: "Language of the titles" } },
    positional: labs(0),
  },
  body: () => load<typeof import("./list.ts")>("./list.ts"),
});

export const doctorCommand = command<{ readonly json?: boolean }, []>({
  brief: "Show what this host can do, what it lacks and how to get it",
  parameters: { flags: { json } },
  body: () => load<typeof import("./doctor.ts")>("./doctor.ts"),
});

export const shellCommand = command<{ readonly color?: boolean }, string[]>({
  brief: "Bring a lab's pods up and run a shell or command in a container",
  fullDescription: "The pods live until the shell or command ends. Exit code: the command's.",
  usage: ["LAB [POD/]CONTAINER", "LAB [POD/]CONTAINER -- COMMAND..."],
  parameters: {
    flags: { color },
    positional: {
      kind: "array",
      parameter: {
        brief: "The lab, the container, and after -- the command",
        placeholder: "word",
        parse: text,
        proposeCompletions: async () => (await load<typeof import("./find.ts")>("./find.ts")).labNames(),
      },
    },
  },
  body: () => load<typeof import("./shell.ts")>("./shell.ts"),
});

export const cleanCommand = command<Record<never, never>, []>({
  brief: "Remove what killed runners have left",
  parameters: {},
  body: () => load<typeof import("./clean.ts")>("./clean.ts"),
});

export const schemaCommand = command<Record<never, never>, [which: string]>({
  brief: "Print the JSON Schema of lab files, or of --report json",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        brief: "lab or result",
        placeholder: "which",
        parse: text,
        default: "lab",
        proposeCompletions: () => ["lab", "result"],
      }],
    },
  },
  body: () => load<typeof import("./schema.ts")>("./schema.ts"),
});

export const completionsCommand = command<Record<never, never>, [shell: string]>({
  brief: "Print a completion script for bash, zsh or fish",
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        brief: "bash, zsh or fish",
        placeholder: "shell",
        parse: text,
        proposeCompletions: () => ["bash", "zsh", "fish"],
      }],
    },
  },
  body: () => load<typeof import("./completions.ts")>("./completions.ts"),
});
