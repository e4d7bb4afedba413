/**
 * A subcommand of the toolbox.
 *
 * @module
 */

import type { Body } from "../language/body.ts";
import { all, type Callable, define, type Local, type Value } from "../language/value.ts";
import { say } from "./output.ts";
import { STDERR } from "./kernel.ts";

/** What there is to know of a subcommand. */
export interface Help {
  readonly name: string;
  /** Its arguments, `[OPTIONAL]` and `MORE…`. */
  readonly synopsis: string;
  readonly summary: string;
}

/** A subcommand. */
export interface Command extends Help {
  /**
   * Runs it with the address of its arguments, each the address of a text, after the last a word 0; its exit status, or
   * `WRONG`.
   */
  readonly run: Callable<[words: Local]>;
}

/** What the body of a subcommand is given. */
export interface Arguments {
  /** The address of the nth argument's text; 0 if it is missing. */
  readonly text: (n: number) => Value;
  /** The address of all of them. */
  readonly words: Local;
  /** Ends the subcommand as wrongly used. */
  readonly wrong: () => void;
}

/** What a subcommand answers that is wrongly used, for `orUsage`. */
const WRONG = -2;
/** Exit status of whoever uses the toolbox wrongly. */
export const EXIT_USAGE = 2;
const ANY_NUMBER = 1 << 20;

/** A subcommand whose number of arguments follows from its synopsis. */
export function command(help: Help, body: (f: Body, given: Arguments) => void): Command {
  const synopsis = help.synopsis.split(" ").filter((word) => word !== "");
  const least = synopsis.filter((word) => !word.startsWith("[")).length;
  const most = synopsis.some((word) => word.includes("…")) ? ANY_NUMBER : synopsis.length;
  const run = define(help.name, (f, words: Local) => {
    const wrong = () => f.return(WRONG);
    f.if(hasWords(words, least, most).is("==", 0), wrong);
    body(f, { text: (n) => words.word(n * 8), words, wrong });
  });
  return { ...help, run };
}

/** 1 if there are so many words before the word 0, else 0. */
const hasWords = define("hasWords", (f, words: Local, least: Local, most: Local) => {
  const count = f.local(0);
  f.while(words.word().is("!=", 0), () => {
    f.add(count, 1);
    f.add(words, 8);
  });
  f.if(all(count.is(">=", least), count.is("<=", most)), () => f.return(1));
});

/** Says how a subcommand is used if it was wrongly used; the exit status. */
export const orUsage: Callable<[status: Local, usage: Local]> = define("orUsage", (f, status: Local, usage: Local) => {
  f.if(status.is("!=", WRONG), () => f.return(status));
  say(f, STDERR, "usage: toolbox ", usage, "\n");
  f.return(EXIT_USAGE);
});
