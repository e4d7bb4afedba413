import { all, define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { O_CLOEXEC, STDOUT } from "./kernel.ts";
import { complain, say } from "./output.ts";
import { errorName } from "./errors.ts";
import { fork, PIPE_BYTES, readEnd, sleepForever, writeEnd } from "./process.ts";
import { isSameText, parseNumber } from "./text.ts";

const COUNT_MAX = 1_000_000;

/** A child lives for as long as someone holds the pipe's other end: even if its parent is killed it does not stay. */
const child = define("child", (f, pipe: Local) => {
  f.do(system("close", writeEnd(pipe)));
  f.do(system("read", readEnd(pipe), pipe, 1));
});

/** A process bomb, bounded. */
export const forkMany: Command = command({
  name: "fork",
  synopsis: "N [hold]",
  summary: "starts N children that sleep, says how many it could start, and with hold keeps them",
}, (f, { text, wrong }) => {
  const wanted = f.local(parseNumber(text(0), COUNT_MAX));
  f.if(wanted.is("<", 0), wrong);
  const holds = f.local(text(1));
  f.if(holds.is("!=", 0), () => f.if(isSameText(holds, "hold").is("==", 0), wrong));
  const pipe = f.buffer(PIPE_BYTES);
  const outcome = f.local(system("pipe2", pipe, O_CLOEXEC));
  f.if(outcome.is("<", 0), () => f.return(complain("pipe2", outcome)));

  const started = f.local(0);
  const id = f.local(0);
  f.while(all(started.is("<", wanted), id.is(">=", 0)), () => {
    f.set(id, fork());
    f.if(id.is("==", 0), () => f.return(child(pipe)));
    f.if(id.is(">", 0), () => f.add(started, 1));
  });
  const counts = ["forked ", { decimal: started }, " of ", { decimal: wanted }] as const;
  f.if(
    id.is("<", 0),
    () => say(f, STDOUT, ...counts, ": ", errorName(id), "\n"),
    () => say(f, STDOUT, ...counts, "\n"),
  );
  f.if(holds.is("!=", 0), () => f.do(sleepForever()));
  f.do(system("close", writeEnd(pipe)));
  f.while(system("wait4", -1, 0, 0, 0).is(">", 0), () => {});
  f.if(id.is("<", 0), () => f.return(1));
});
