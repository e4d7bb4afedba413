import { type Command, command } from "./command.ts";
import { parseNumber } from "./text.ts";

const STATUS_MAX = 255;

/** Succeeds. */
export const succeed: Command = command({ name: "true", synopsis: "", summary: "ends with status 0" }, () => {});

/** Fails. */
export const fail: Command = command(
  { name: "false", synopsis: "", summary: "ends with status 1" },
  (f) => f.return(1),
);

/** Ends as one likes. */
export const exit: Command = command({
  name: "exit",
  synopsis: "N",
  summary: "ends with status N",
}, (f, { text, wrong }) => {
  const status = f.local(parseNumber(text(0), STATUS_MAX));
  f.if(status.is("<", 0), wrong);
  f.return(status);
});
