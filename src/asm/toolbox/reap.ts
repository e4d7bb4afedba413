import { any, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { SIG_BLOCK, SIGCHLD, SIGINT, SIGSET_BYTES, SIGTERM, WNOHANG } from "./kernel.ts";

const SIGNALS = [SIGCHLD, SIGINT, SIGTERM].reduce((set, signal) => set | (1 << (signal - 1)), 0);

/** What PID 1 has to do: waits for children, whoever had them. */
export const reap: Command = command({
  name: "reap",
  synopsis: "",
  summary: "waits for children for ever, as PID 1 should, and ends on SIGTERM",
}, (f) => {
  const signals = f.buffer(SIGSET_BYTES);
  f.setWord(signals, SIGNALS);
  f.do(system("rt_sigprocmask", SIG_BLOCK, signals, 0, SIGSET_BYTES));
  f.forever(() => {
    f.while(system("wait4", -1, 0, WNOHANG, 0).is(">", 0), () => {});
    const signal = f.local(system("rt_sigtimedwait", signals, 0, 0, SIGSET_BYTES));
    f.if(any(signal.is("==", SIGINT), signal.is("==", SIGTERM)), () => f.return(0));
  });
});
