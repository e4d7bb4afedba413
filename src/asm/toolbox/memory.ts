import { type Command, command } from "./command.ts";
import { system } from "../language/value.ts";
import { MAP_PRIVATE_ANONYMOUS_NORESERVE, PAGE_BYTES, PROT_READ_WRITE, STDOUT } from "./kernel.ts";
import { complain, say } from "./output.ts";
import { sleepForever } from "./process.ts";
import { parseBytes } from "./text.ts";

/** Takes memory and keeps it. */
export const memory: Command = command({
  name: "memory",
  synopsis: "BYTES",
  summary: "takes memory (1000, 64Mi, 1G), says that it holds it, and keeps it until it is killed",
}, (f, { text, wrong }) => {
  const bytes = f.local(parseBytes(text(0)));
  f.if(bytes.is("<=", 0), wrong);
  const start = f.local(system("mmap", 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0));
  f.if(start.is("<", 0), () => f.return(complain("memory", start)));
  const page = f.local(start);
  f.while(page.is("<", start.plus(bytes)), () => {
    f.setByte(page, 1); // only a page that was written to takes memory
    f.add(page, PAGE_BYTES);
  });
  say(f, STDOUT, "holding ", { decimal: bytes }, " bytes\n");
  f.do(sleepForever());
});
