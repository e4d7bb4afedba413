import { all, any, system, type Test, type Value } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { CLOCK_MONOTONIC } from "./kernel.ts";
import { parseSeconds } from "./text.ts";

const TIMESPEC_BYTES = 16;
const NANOSECONDS = 1_000_000_000;
/** Rounds between two looks at the clock: about a millisecond. */
const ROUNDS = 200_000;

/** Burns CPU time. */
export const cpu: Command = command({
  name: "cpu",
  synopsis: "[SECONDS]",
  summary: "computes at full speed, for ever or for some seconds",
}, (f, { text, wrong }) => {
  const [span, now, start] = [f.buffer(TIMESPEC_BYTES), f.buffer(TIMESPEC_BYTES), f.buffer(TIMESPEC_BYTES)];
  const isBounded = f.local(text(0));
  f.if(isBounded.is("!=", 0), () => f.if(parseSeconds(text(0), span).is("<", 0), wrong));
  f.do(system("clock_gettime", CLOCK_MONOTONIC, start));
  const seconds = f.local(start.word().plus(span.word()));
  const nanoseconds = f.local(start.word(8).plus(span.word(8)));
  f.if(nanoseconds.is(">=", NANOSECONDS), () => {
    f.add(seconds, 1);
    f.add(nanoseconds, -NANOSECONDS);
  });
  const round = f.local(0);
  f.forever(() => {
    f.set(round, ROUNDS);
    f.while(round.is(">", 0), () => f.add(round, -1));
    f.do(system("clock_gettime", CLOCK_MONOTONIC, now));
    f.if(isBounded.is("!=", 0), () => f.if(isPast(now, seconds, nanoseconds), () => f.return(0)));
  });
});

function isPast(now: Value, seconds: Value, nanoseconds: Value): Test {
  return any(
    now.word().is(">", seconds),
    all(now.word().is("==", seconds), now.word(8).is(">=", nanoseconds)),
  );
}
