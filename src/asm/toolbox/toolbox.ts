/**
 * The toolbox: one static executable with what the labs need inside containers. It wants nothing but a kernel.
 *
 * @module
 */

import { assemble } from "../assemble.ts";
import { elf } from "../elf.ts";
import type { Architecture } from "../instruction.ts";
import { link } from "../language/link.ts";
import { define, type Local } from "../language/value.ts";
import { cat } from "./cat.ts";
import { type Command, command, EXIT_USAGE, type Help, orUsage } from "./command.ts";
import { connect } from "./connect.ts";
import { cpu } from "./cpu.ts";
import { echo } from "./echo.ts";
import { exit, fail, succeed } from "./exit.ts";
import { flood } from "./flood.ts";
import { forkMany } from "./fork.ts";
import { http } from "./http.ts";
import { id } from "./id.ts";
import { STDERR, STDOUT } from "./kernel.ts";
import { memory } from "./memory.ts";
import { say } from "./output.ts";
import { reap } from "./reap.ts";
import { recv } from "./recv.ts";
import { settime } from "./settime.ts";
import { sig } from "./sig.ts";
import { sleep } from "./sleep.ts";
import { syslog } from "./syslog.ts";
import { code, findByte, isSameText } from "./text.ts";
import { uname } from "./uname.ts";
import { write } from "./write.ts";
import { zombie } from "./zombie.ts";

const UNKNOWN = -1;

const help: Command = command(
  { name: "help", synopsis: "", summary: "prints this" },
  (f) => say(f, STDOUT, helpText()),
);

const COMMANDS: readonly Command[] = [
  http,
  echo,
  connect,
  syslog,
  recv,
  memory,
  cpu,
  forkMany,
  zombie,
  reap,
  flood,
  sleep,
  cat,
  write,
  id,
  uname,
  settime,
  sig,
  succeed,
  fail,
  exit,
  help,
];

/** The subcommands, for people. */
export const toolboxHelp: readonly Help[] = COMMANDS.map(({ name, synopsis, summary }) => ({
  name,
  synopsis,
  summary,
}));

/** What `toolbox help` prints. */
function helpText(): string {
  const usages = toolboxHelp.map(({ name, synopsis }) => `${name} ${synopsis}`.trim());
  const width = Math.max(...usages.map((usage) => usage.length));
  const lines = toolboxHelp.map(({ summary }, i) => `  ${(usages[i] ?? "").padEnd(width)}  ${summary}\n`);
  return `usage: toolbox SUBCOMMAND [ARGUMENTS]\n${lines.join("")}`;
}

/** Runs the subcommand of this name; its exit status, or -1 if there is none. */
const dispatch = define("dispatch", (f, name: Local, words: Local) => {
  for (const { name: known, synopsis, run } of COMMANDS) {
    const usage = `${known} ${synopsis}`.trimEnd();
    f.if(isSameText(name, known).is("!=", 0), () => f.return(orUsage(run(words), usage)));
  }
  f.return(UNKNOWN);
});

/** What follows the last slash. */
const baseName = define("baseName", (f, path: Local) => {
  const slash = f.local(findByte(path, code("/")));
  f.while(slash.is("!=", 0), () => {
    f.set(path, slash.plus(1));
    f.set(slash, findByte(path, code("/")));
  });
  f.return(path);
});

/** By its own name if it is called by a link that is named like a subcommand, else by its first argument. */
export const main = define("main", (f, stack: Local) => {
  const words = f.local(stack.plus(8)); // the stack starts with argc, then argv
  f.if(words.word().is("==", 0), () => f.return(EXIT_USAGE));
  const status = f.local(dispatch(baseName(words.word()), words.plus(8)));
  f.if(status.is("!=", UNKNOWN), () => f.return(status));
  f.if(words.word(8).is("==", 0), () => {
    say(f, STDERR, helpText());
    f.return(EXIT_USAGE);
  });
  f.set(status, dispatch(words.word(8), words.plus(16)));
  f.if(status.is("==", UNKNOWN), () => {
    say(f, STDERR, "toolbox: unknown subcommand: ", words.word(8), "; toolbox help lists them\n");
    f.return(EXIT_USAGE);
  });
  f.return(status);
});

/** The toolbox as an executable file. */
export function toolboxElf(architecture: Architecture): Uint8Array<ArrayBuffer> {
  return elf(architecture, assemble(architecture, link(main)));
}
