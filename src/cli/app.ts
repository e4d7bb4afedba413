/**
 * The command line: its commands, `lab NAME` for `lab run NAME`, and completions.
 *
 * @module
 */

import {
  type Application,
  type ApplicationText,
  buildApplication,
  buildRouteMap,
  help,
  proposeCompletions,
  run,
  text_en,
  version,
} from "@stricli/core";
import {
  checkCommand,
  cleanCommand,
  command,
  completionsCommand,
  type Context,
  doctorCommand,
  listCommand,
  load,
  planCommand,
  runCommand,
  schemaCommand,
  shellCommand,
  text,
} from "./commands.ts";
import { EXIT } from "./errors.ts";
import { type Io, processIo } from "./io.ts";

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
