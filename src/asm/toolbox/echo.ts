import { define, type Local } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { STDERR } from "./kernel.ts";
import { complain, copyAll, say } from "./output.ts";
import { endWhenAsked, ignoreChildren } from "./process.ts";
import { listener, portOf, serveEach } from "./socket.ts";
import { parseNumber, PORT_MAX } from "./text.ts";

const giveBack = define("giveBack", (f, client: Local) => f.return(copyAll(client, client)));
const nothing = define("nothing", () => {});

/** A TCP server that sends back what it receives. */
export const echo: Command = command({
  name: "echo",
  synopsis: "PORT",
  summary: "TCP server that sends back what it receives",
}, (f, { text, wrong }) => {
  const port = f.local(parseNumber(text(0), PORT_MAX));
  f.if(port.is("<", 0), wrong);
  const socket = f.local(listener(port));
  f.if(socket.is("<", 0), () => f.return(complain("echo", socket)));
  f.do(endWhenAsked());
  f.do(ignoreChildren());
  say(f, STDERR, "echo: listening on port ", { decimal: portOf(socket) }, "\n");
  serveEach(f, socket, { serve: (client) => giveBack(client), refuse: () => nothing() });
});
