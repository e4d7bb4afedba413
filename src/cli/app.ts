/**
 * The commands and their flags. Bodies are loaded when they are run, so that help costs next to nothing. The only file that
 * knows the command line library.
 *
 * @module
 */

import {
  type Application,
  type ApplicationText,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  help,
  proposeCompletions,
  run,
  text_en,
  type TypedCommandParameters,
  version,
} from "@stricli/core";
import type { CheckFlags } from "./check.ts";
import { EXIT, tellError } from "./errors.ts";
import { type Io, processIo } from "./io.ts";
import type { RunFlags } from "./run.ts";

/** What every body gets besides its flags and arguments. */
interface Context extends CommandContext {
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
function command<Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>, Args extends readonly string[]>(
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
async function load<Module>(path: string): Promise<Module> {
  return await import(new URL(path, import.meta.url).href);
}

const text = String;

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

const runCommand = command<RunFlags, string[]>({
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
      color,
    },
    positional: labs(1),
  },
  body: () => load<typeof import("./run.ts")>("./run.ts"),
});

const checkCommand = command<CheckFlags, string[]>({
  brief: "Check lab files without running them",
  parameters: { flags: { json, color }, positional: labs(1) },
  body: () => load<typeof import("./check.ts")>("./check.ts"),
});

const planCommand = command<{ readonly json?: boolean; readonly color?: boolean }, string[]>({
  brief: "Show the system calls that a lab comes to, without making them",
  parameters: { flags: { json, color }, positional: labs(1) },
  body: () => load<typeof import("./plan.ts")>("./plan.ts"),
});

const listCommand = command<{ readonly json?: boolean; readonly lang?: "en" | "zh" }, string[]>({
  brief: "List the labs that can be run by name, or those of files and directories",
  parameters: {
    flags: { json, lang: { kind: "enum", values: ["en", "zh"], optional: true, brief: "Language of the titles" } },
    positional: labs(0),
  },
  body: () => load<typeof import("./list.ts")>("./list.ts"),
});

const doctorCommand = command<{ readonly json?: boolean }, []>({
  brief: "Show what this host can do, what it lacks and how to get it",
  parameters: { flags: { json } },
  body: () => load<typeof import("./doctor.ts")>("./doctor.ts"),
});

const shellCommand = command<{ readonly color?: boolean }, string[]>({
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

const cleanCommand = command<Record<never, never>, []>({
  brief: "Remove what killed runners have left",
  parameters: {},
  body: () => load<typeof import("./clean.ts")>("./clean.ts"),
});

const schemaCommand = command<Record<never, never>, [which: string]>({
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

const completionsCommand = command<Record<never, never>, [shell: string]>({
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

/** What completion scripts call: the words so far, the last of which is to be completed. */
const completeCommand = command<Record<never, never>, string[]>({
  brief: "Propose completions of the last word",
  parameters: {
    positional: { kind: "array", parameter: { brief: "The words so far", placeholder: "word", parse: text } },
  },
  body: () => Promise.resolve({ default: complete }),
});

const ROUTES = {
  run: runCommand,
  check: checkCommand,
  plan: planCommand,
  list: listCommand,
  doctor: doctorCommand,
  shell: shellCommand,
  clean: cleanCommand,
  schema: schemaCommand,
  completions: completionsCommand,
  __complete: completeCommand,
};

const COMMANDS = Object.keys(ROUTES).filter((name) => !name.startsWith("_"));

const APP_TEXT: ApplicationText = {
  ...text_en,
  exceptionWhileParsingArguments(error, ansiColor) {
    const message = text_en.exceptionWhileParsingArguments.call(
      { formatException: (inner) => inner instanceof Error ? inner.message : String(inner) },
      error,
      ansiColor,
    );
    return `${message}\n  = lab COMMAND --help shows what there is`;
  },
};

const FORMATTING = {
  caseStyle: "convert-camel-to-kebab",
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: true,
} as const;

const APP: Application<Context> = buildApplication(
  buildRouteMap<keyof typeof ROUTES, Context>({
    routes: ROUTES,
    docs: {
      brief: "podlab runs labs: files that describe pods, and what must be observed about them",
      fullDescription: "podlab runs labs: files that describe pods, and what must be observed about them.\n" +
        '"lab NAME" is short for "lab run NAME"; start with "lab list".',
      hideRoute: { __complete: true },
    },
  }),
  {
    name: "lab",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    documentation: { caseStyle: "convert-camel-to-kebab", disableAnsiColor: true },
    localization: { text: APP_TEXT },
  },
  {
    help: help({ brief: "Show this help", formatting: FORMATTING, defaultForRouteMap: true }),
    version: version({
      brief: "Show the version",
      info: { getCurrentVersion: async () => (await load<typeof import("./version.ts")>("./version.ts")).VERSION },
    }),
  },
);

/** Runs a command line and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  enterInvocationFolder();
  const { words, isShort } = expanded(args);
  const context = contextFor(processIo(isShort ? COMMANDS : []));
  await run(APP, words, context);
  // Help for somebody who asked for nothing: in a script, nothing has been checked.
  return args.length === 0 ? EXIT.usage : exitCode(context.process.exitCode);
}

/** `lab NAME` is short for `lab run NAME`. */
function expanded(args: readonly string[]): { readonly words: readonly string[]; readonly isShort: boolean } {
  const [first] = args;
  if (first === undefined || Object.hasOwn(ROUTES, first)) return { words: args, isShort: false };
  const isForRoot = ["--help", "-h", "--version", "-v"].includes(first);
  return isForRoot ? { words: args, isShort: false } : { words: ["run", ...args], isShort: !first.startsWith("-") };
}

function contextFor(io: Io): Context {
  return { process: { stdout: { write: io.out }, stderr: { write: io.err } }, io };
}

/** The library's own codes are below zero; those for what the user has written from -5 (unknown command) to -4 (arguments). */
function exitCode(code: number | string | null | undefined): number {
  if (typeof code !== "number") return EXIT.host;
  if (code >= 0) return code;
  return code === -4 || code === -5 ? EXIT.usage : EXIT.host;
}

/**
 * `deno task` starts programs in the project's folder, while the paths that the user writes are relative to where they
 * stand.
 */
function enterInvocationFolder(): void {
  const folder = Deno.env.get("INIT_CWD");
  const project = decodeURIComponent(new URL("../../", import.meta.url).pathname).replace(/\/$/, "");
  if (folder === undefined || folder === project || Deno.cwd() !== project) return;
  try {
    Deno.chdir(folder);
  } catch {
    // It is gone: paths are then the project's.
  }
}

async function complete(io: Io, _flags: unknown, ...words: string[]): Promise<number> {
  const { words: route } = expanded(words);
  // A first word may become a command as well as a lab.
  const routes = words.length === 1 ? [words, ["run", ...words]] : [route];
  const proposals = await Promise.all(routes.map((inputs) => proposeCompletions(APP, inputs, contextFor(io))));
  const isFlag = words.at(-1)?.startsWith("-") === true;
  const found = new Set(proposals.flat().map(({ completion }) => completion).filter((word) => isFlag || word !== "--"));
  io.out([...found].map((completion) => `${completion}\n`).join(""));
  return EXIT.ok;
}
