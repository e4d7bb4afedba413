import { system, type Value } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { STDOUT } from "./kernel.ts";
import { writeAll } from "./output.ts";
import { code, copyText, formatDecimal } from "./text.ts";

const GROUPS_MAX = 1024;
const GROUP_BYTES = 4;
const LINE_BYTES = 64 + GROUPS_MAX * 11;

function groupAt(address: Value): Value {
  return address.word().and(0xffff_ffff);
}

/** Who the process is. */
export const id: Command = command({
  name: "id",
  synopsis: "",
  summary: "prints user, group and supplementary groups as numbers: uid=0 gid=0 groups=0,1",
}, (f) => {
  const line = f.buffer(LINE_BYTES);
  const limit = line.plus(LINE_BYTES);
  const end = f.local(copyText(line, limit, "uid="));
  f.set(end, formatDecimal(end, system("getuid")));
  f.set(end, copyText(end, limit, " gid="));
  f.set(end, formatDecimal(end, system("getgid")));
  f.set(end, copyText(end, limit, " groups="));
  const groups = f.buffer(GROUPS_MAX * GROUP_BYTES + 8);
  const at = f.local(groups);
  const left = f.local(system("getgroups", GROUPS_MAX, groups));
  f.while(left.is(">", 0), () => {
    f.set(end, formatDecimal(end, groupAt(at)));
    f.add(at, GROUP_BYTES);
    f.add(left, -1);
    f.if(left.is(">", 0), () => f.set(end, copyText(end, limit, ",")));
  });
  f.setByte(end, code("\n"));
  f.do(writeAll(STDOUT, line, end.plus(1).minus(line)));
});
