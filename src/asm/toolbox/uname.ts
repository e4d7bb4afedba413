import { system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { STDOUT } from "./kernel.ts";
import { say } from "./output.ts";

/** struct new_utsname: sysname, nodename, release, version, machine, domainname (uapi/linux/utsname.h). */
const FIELD_BYTES = 65;
const FIELDS = 6;

/** Which kernel this is, and what the host is called. */
export const uname: Command = command({
  name: "uname",
  synopsis: "",
  summary: "prints the kernel's release and the host name",
}, (f) => {
  const names = f.buffer(FIELDS * FIELD_BYTES);
  f.do(system("uname", names));
  say(f, STDOUT, names.plus(2 * FIELD_BYTES), " ", names.plus(FIELD_BYTES), "\n");
});
