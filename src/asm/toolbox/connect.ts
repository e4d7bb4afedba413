import { define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import {
  AF_INET,
  SHUT_WR,
  SO_RCVTIMEO,
  SO_SNDTIMEO,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  SOCKADDR_IN_BYTES,
  SOL_SOCKET,
  STDOUT,
} from "./kernel.ts";
import { complain, copyAll, writeAll } from "./output.ts";
import { parseHost, SOCKADDR_BYTES } from "./socket.ts";
import { parseNumber, PORT_MAX, textLength } from "./text.ts";

const TIMEOUT_S = 10;

/** No connecting, sending or receiving takes longer than the timeout (socket(7)). */
const limitWaiting = define("limitWaiting", (f, socket: Local) => {
  const timeout = f.buffer(16); // struct timeval
  f.setWord(timeout, TIMEOUT_S);
  f.setWord(timeout, 0, 8);
  for (const option of [SO_RCVTIMEO, SO_SNDTIMEO]) f.do(system("setsockopt", socket, SOL_SOCKET, option, timeout, 16));
});

/** Talks to a TCP server. */
export const connect: Command = command({
  name: "connect",
  synopsis: "HOST PORT [TEXT]",
  summary: "connects by TCP (127.0.0.1, localhost), sends TEXT as it is, prints what comes back",
}, (f, { text, wrong }) => {
  const port = f.local(parseNumber(text(1), PORT_MAX));
  f.if(port.is("<", 0), wrong);
  const address = f.buffer(SOCKADDR_BYTES);
  f.if(parseHost(text(0), 0, address, port).is("==", 0), wrong);
  const socket = f.local(system("socket", AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  f.if(socket.is("<", 0), () => f.return(complain("socket", socket)));
  f.do(limitWaiting(socket));
  const outcome = f.local(system("connect", socket, address, SOCKADDR_IN_BYTES));
  f.if(outcome.is("<", 0), () => f.return(complain("connect", outcome)));
  f.if(text(2).is("!=", 0), () => f.set(outcome, writeAll(socket, text(2), textLength(text(2)))));
  f.if(outcome.is("<", 0), () => f.return(complain("write", outcome)));
  f.do(system("shutdown", socket, SHUT_WR));
  f.set(outcome, copyAll(socket, STDOUT));
  f.if(outcome.is("<", 0), () => f.return(complain("read", outcome)));
});
