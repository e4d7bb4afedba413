import { define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { AT_FDCWD, O_CLOEXEC, O_RDONLY, STDIN, STDOUT } from "./kernel.ts";
import { complain, copyAll } from "./output.ts";

/** Prints a file; the exit status. */
const printFile = define("printFile", (f, path: Local) => {
  const file = f.local(system("openat", AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
  f.if(file.is("<", 0), () => f.return(complain(path, file)));
  const outcome = f.local(copyAll(file, STDOUT));
  f.do(system("close", file));
  f.if(outcome.is("<", 0), () => f.return(complain(path, outcome)));
});

/** Prints files. */
export const cat: Command = command({
  name: "cat",
  synopsis: "[FILES…]",
  summary: "prints files, or standard input",
}, (f, { words }) => {
  const status = f.local(0);
  f.if(words.word().is("==", 0), () => f.set(status, copyAll(STDIN, STDOUT)));
  f.if(status.is("<", 0), () => f.return(complain("stdin", status)));
  f.while(words.word().is("!=", 0), () => {
    f.set(status, status.or(printFile(words.word())));
    f.add(words, 8);
  });
  f.return(status);
});
