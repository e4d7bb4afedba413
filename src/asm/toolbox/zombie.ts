import { all, define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { AT_FDCWD, EAGAIN, EINTR, O_CLOEXEC, O_NONBLOCK, O_RDONLY, STDOUT } from "./kernel.ts";
import { complain, say } from "./output.ts";
import { fork, PIPE_BYTES, readEnd, sleepMilliseconds, writeEnd } from "./process.ts";
import { code, copyText, findText, formatDecimal, parseNumber } from "./text.ts";

const COUNT_MAX = 256;
const WORD = 8;
const LOOKS = 100;
const LOOK_EVERY_MS = 10;
const STAT_BYTES = 512;

/** Ends once its parent has ended and someone else has become its parent. */
const grandchild = define("grandchild", (f, parent: Local) => {
  f.while(system("getppid").is("==", parent), () => f.do(sleepMilliseconds(1)));
});

/** Starts a grandchild, tells its id, and ends without waiting for it. */
const child = define("child", (f, pipe: Local) => {
  const self = f.local(system("getpid"));
  const id = f.buffer(WORD);
  const answer = f.local(fork());
  f.if(answer.is("==", 0), () => f.return(grandchild(self)));
  f.setWord(id, answer);
  f.do(system("write", writeEnd(pipe), id, WORD));
});

/** The letter of a process's state in /proc/ID/stat (proc_pid_stat(5)); 0 if there is no such process. */
const stateOf = define("stateOf", (f, id: Local) => {
  const path = f.buffer(64);
  const at = f.local(copyText(path, path.plus(64), "/proc/"));
  f.do(copyText(formatDecimal(at, id), path.plus(64), "/stat"));
  const file = f.local(system("openat", AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
  f.if(file.is("<", 0), () => f.return(0));
  const stat = f.buffer(STAT_BYTES);
  const bytes = f.local(system("read", file, stat, STAT_BYTES - 1));
  f.do(system("close", file));
  f.if(bytes.is("<=", 0), () => f.return(0));
  f.setByte(stat.plus(bytes), 0);
  const afterName = f.local(findText(stat, ") "));
  f.if(afterName.is("==", 0), () => f.return(0));
  f.return(afterName.byte(2));
});

/** How many of the processes are there still. */
const countLeft = define("countLeft", (f, ids: Local, end: Local) => {
  const count = f.local(0);
  f.while(ids.is("<", end), () => {
    f.if(stateOf(ids.word()).is("!=", 0), () => f.add(count, 1));
    f.add(ids, WORD);
  });
  f.return(count);
});

/** Makes orphans that end, to show whether PID 1 reaps them. */
export const zombie: Command = command({
  name: "zombie",
  synopsis: "N",
  summary: "leaves N orphans that end at once to PID 1, says how many of them are zombies a second later",
}, (f, { text, wrong }) => {
  const wanted = f.local(parseNumber(text(0), COUNT_MAX));
  f.if(wanted.is("<", 0), wrong);
  const pipe = f.buffer(PIPE_BYTES);
  const outcome = f.local(system("pipe2", pipe, O_CLOEXEC | O_NONBLOCK));
  f.if(outcome.is("<", 0), () => f.return(complain("pipe2", outcome)));

  const ids = f.buffer(COUNT_MAX * WORD);
  const end = f.local(ids);
  const left = f.local(wanted);
  const id = f.local(0);
  f.while(left.is(">", 0), () => {
    f.set(id, fork());
    f.if(id.is("==", 0), () => f.return(child(pipe)));
    f.if(id.is("<", 0), () => f.return(complain("fork", id)));
    f.while(system("wait4", id, 0, 0, 0).is("==", -EINTR), () => {});
    f.setWord(end, -EAGAIN); // unless the child, which has ended, told otherwise
    f.do(system("read", readEnd(pipe), end, WORD));
    f.if(end.word().is("<", 0), () => f.return(complain("fork", end.word())));
    f.add(end, WORD);
    f.add(left, -1);
  });

  const looks = f.local(LOOKS);
  f.while(all(looks.is(">", 0), countLeft(ids, end).is(">", 0)), () => {
    f.do(sleepMilliseconds(LOOK_EVERY_MS));
    f.add(looks, -1);
  });
  const zombies = f.local(0);
  const at = f.local(ids);
  f.while(at.is("<", end), () => {
    f.if(stateOf(at.word()).is("==", code("Z")), () => f.add(zombies, 1));
    f.add(at, WORD);
  });
  say(f, STDOUT, "zombies: ", { decimal: zombies }, " of ", { decimal: wanted }, "\n");
});
