import { all, any, define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { AT_FDCWD, O_CLOEXEC, O_RDONLY, STDOUT } from "./kernel.ts";
import { complain, writeAll } from "./output.ts";
import { afterPrefix, code } from "./text.ts";

const STATUS_BYTES = 8192;
const LINES = ["SigBlk:", "SigIgn:", "SigCgt:"];

/** The address after the next newline, or of the last 0. */
const afterLine = define("afterLine", (f, at: Local) => {
  f.while(all(at.byte().is("!=", 0), at.byte().is("!=", code("\n"))), () => f.add(at, 1));
  f.if(at.byte().is("!=", 0), () => f.add(at, 1));
  f.return(at);
});

/** What the process was given as signal mask and dispositions. */
export const sig: Command = command({
  name: "sig",
  synopsis: "",
  summary: "prints which signals are blocked, ignored and caught (/proc/self/status)",
}, (f) => {
  const path = "/proc/self/status";
  const file = f.local(system("openat", AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
  f.if(file.is("<", 0), () => f.return(complain(path, file)));
  const status = f.buffer(STATUS_BYTES);
  const bytes = f.local(system("read", file, status, STATUS_BYTES - 1));
  f.if(bytes.is("<", 0), () => f.return(complain(path, bytes)));
  f.setByte(status.plus(bytes), 0);
  const at = f.local(status);
  f.while(at.byte().is("!=", 0), () => {
    const next = f.local(afterLine(at));
    const isWanted = any(...LINES.map((name) => afterPrefix(at, name).is("!=", 0)));
    f.if(isWanted, () => f.do(writeAll(STDOUT, at, next.minus(at))));
    f.set(at, next);
  });
});
