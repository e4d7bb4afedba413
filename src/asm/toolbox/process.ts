/**
 * Processes, signals and time.
 *
 * @module
 */

import { addressOf, type Callable, define, type Local, system, type Value } from "../language/value.ts";
import {
  EINTR,
  ITIMER_REAL,
  PR_SET_PDEATHSIG,
  SA_RESTORER,
  SIG_IGN,
  SIGCHLD,
  SIGINT,
  SIGKILL,
  SIGSET_BYTES,
  SIGTERM,
} from "./kernel.ts";

/** sizeof(struct sigaction) of the kernel: handler, flags, restorer, mask. */
const SIGACTION_BYTES = 32;
const TIMESPEC_BYTES = 16;

/** As fork(2): 0 in the child, its id in the parent, or -errno. */
export const fork: Callable<[]> = define("fork", (f) => f.return(system("clone", SIGCHLD, 0, 0, 0, 0)));

/** As fork, but the child is killed when its parent ends (PR_SET_PDEATHSIG), also if that has happened already. */
export const forkTied: Callable<[]> = define("forkTied", (f) => {
  const parent = f.local(system("getpid"));
  const child = f.local(fork());
  f.if(child.is("==", 0), () => {
    f.do(system("prctl", PR_SET_PDEATHSIG, SIGKILL));
    f.if(system("getppid").is("!=", parent), () => f.do(system("exit_group", 1)));
  });
  f.return(child);
});

/** Room for what pipe2(2) answers: two descriptors of 32 bits. */
export const PIPE_BYTES = 16;

/** The descriptor that reads from a pipe. */
export function readEnd(pipe: Value): Value {
  return pipe.word().and(0xffff_ffff);
}

/** The descriptor that writes to a pipe. */
export function writeEnd(pipe: Value): Value {
  return pipe.word().shiftedRight(32);
}

/** Sleeps until the process is killed. */
export const sleepForever: Callable<[]> = define("sleepForever", (f) => {
  f.forever(() => f.do(system("ppoll", 0, 0, 0, 0, 0)));
});

/** Sleeps for the struct timespec at `span`, which it uses up, whatever signals are handled meanwhile. */
export const sleepFor: Callable<[span: Local]> = define("sleepFor", (f, span: Local) => {
  f.while(system("nanosleep", span, span).is("==", -EINTR), () => {});
});

/** Sleeps for less than a second. */
export const sleepMilliseconds: Callable<[milliseconds: Local]> = define(
  "sleepMilliseconds",
  (f, milliseconds: Local) => {
    const span = f.buffer(TIMESPEC_BYTES);
    f.setWord(span, 0);
    f.setWord(span, milliseconds.shiftedLeft(20), 8); // a little more than a million nanoseconds each
    f.do(sleepFor(span));
  },
);

/** Ends this process with SIGALRM in so many seconds, unless that is set anew; 0 = never. Not for PID 1, which ignores it. */
export const endIn: Callable<[seconds: Local]> = define("endIn", (f, seconds: Local) => {
  const timer = f.buffer(32); // struct itimerval: interval, then value, each in seconds and microseconds
  for (const offset of [0, 8, 24]) f.setWord(timer, 0, offset);
  f.setWord(timer, seconds, 16);
  f.do(system("setitimer", ITIMER_REAL, timer, 0));
});

const setAction = define("setAction", (f, signal: Local, handler: Local, flags: Local) => {
  const action = f.buffer(SIGACTION_BYTES);
  f.setWord(action, handler);
  f.setWord(action, flags, 8);
  f.setWord(action, handler, 16); // x86-64 wants a restorer; the handler never returns, so it is never used
  f.setWord(action, 0, 24);
  f.do(system("rt_sigaction", signal, action, 0, SIGSET_BYTES));
});

/** Children are reaped by the kernel from now on. */
export const ignoreChildren: Callable<[]> = define("ignoreChildren", (f) => f.do(setAction(SIGCHLD, SIG_IGN, 0)));

const endWell = define("endWell", (f) => f.do(system("exit_group", 0)));

/**
 * SIGTERM and SIGINT end this process with status 0, also when it is PID 1, which signals without a handler do not reach
 * (pid_namespaces(7)).
 */
export const endWhenAsked: Callable<[]> = define("endWhenAsked", (f) => {
  f.do(setAction(SIGTERM, addressOf(endWell), SA_RESTORER));
  f.do(setAction(SIGINT, addressOf(endWell), SA_RESTORER));
});
