import { system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { CLOCK_REALTIME, STDOUT } from "./kernel.ts";
import { complain, say } from "./output.ts";

/** Tries to set the clock, to the time that it shows anyway. */
export const settime: Command = command({
  name: "settime",
  synopsis: "",
  summary: "tries to set the clock to the time that it shows anyway; says clock_settime: EPERM where it may not",
}, (f) => {
  const now = f.buffer(16); // struct timespec
  f.do(system("clock_gettime", CLOCK_REALTIME, now));
  const outcome = f.local(system("clock_settime", CLOCK_REALTIME, now));
  f.if(outcome.is("<", 0), () => f.return(complain("clock_settime", outcome)));
  say(f, STDOUT, "clock_settime: ok\n");
});
