import { system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { AT_FDCWD, O_CLOEXEC, O_CREAT, O_TRUNC, O_WRONLY } from "./kernel.ts";
import { complain, writeAll } from "./output.ts";
import { code, textLength } from "./text.ts";

const EVERYONE_BUT_UMASK = 0o666;

/** Writes a line to a file. */
export const write: Command = command({
  name: "write",
  synopsis: "PATH TEXT",
  summary: "writes TEXT and a newline to a file in a single call, as files in /proc and /sys want it",
}, (f, { text }) => {
  const flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const file = f.local(system("openat", AT_FDCWD, text(0), flags, EVERYONE_BUT_UMASK));
  f.if(file.is("<", 0), () => f.return(complain(text(0), file)));
  const length = f.local(textLength(text(1)));
  f.setByte(text(1).plus(length), code("\n")); // in place of the text's last 0
  const outcome = f.local(writeAll(file, text(1), length.plus(1)));
  f.if(outcome.is("<", 0), () => f.return(complain(text(0), outcome)));
});
