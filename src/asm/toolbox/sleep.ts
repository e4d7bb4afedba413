import { type Command, command } from "./command.ts";
import { sleepFor, sleepForever } from "./process.ts";
import { isSameText, parseSeconds } from "./text.ts";

/** Waits. As PID 1 it does not end on SIGTERM, since it has no handler for it. */
export const sleep: Command = command({
  name: "sleep",
  synopsis: "SECONDS|infinity",
  summary: "waits (2, 0.5, infinity)",
}, (f, { text, wrong }) => {
  f.if(isSameText(text(0), "infinity").is("!=", 0), () => f.do(sleepForever()));
  const span = f.buffer(16); // struct timespec
  f.if(parseSeconds(text(0), span).is("<", 0), wrong);
  f.do(sleepFor(span));
});
