import { type Command, command } from "./command.ts";
import { STDOUT } from "./kernel.ts";
import { complain, writeAll } from "./output.ts";
import { code, parseBytes } from "./text.ts";

const CHUNK_BYTES = 16384;
const LINE_BYTES = 64;

/** Writes without end. */
export const flood: Command = command({
  name: "flood",
  synopsis: "[BYTES]",
  summary: "writes lines to standard output at full speed, for ever or so many bytes (64Mi)",
}, (f, { text, wrong }) => {
  const isBounded = f.local(text(0));
  const left = f.local(CHUNK_BYTES);
  f.if(isBounded.is("!=", 0), () => {
    f.set(left, parseBytes(isBounded));
    f.if(left.is("<", 0), wrong);
  });
  const chunk = f.buffer(CHUNK_BYTES);
  const at = f.local(0);
  f.while(at.is("<", CHUNK_BYTES), () => {
    f.setByte(chunk.plus(at), code("x"));
    f.add(at, 1);
    f.if(at.and(LINE_BYTES - 1).is("==", 0), () => f.setByte(chunk.plus(at).minus(1), code("\n")));
  });
  f.while(left.is(">", 0), () => {
    const bytes = f.local(CHUNK_BYTES);
    f.if(left.is("<", bytes), () => f.set(bytes, left));
    const outcome = f.local(writeAll(STDOUT, chunk, bytes));
    f.if(outcome.is("<", 0), () => f.return(complain("write", outcome)));
    f.if(isBounded.is("!=", 0), () => f.set(left, left.minus(bytes)));
  });
});
