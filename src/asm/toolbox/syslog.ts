import { define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { AF_INET, AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, SOCKADDR_IN_BYTES } from "./kernel.ts";
import { complain } from "./output.ts";
import { parseHost, SOCKADDR_BYTES, unixAddress } from "./socket.ts";
import { code, copyText, findByte, parseNumber, PORT_MAX } from "./text.ts";

/** Facility user, severity notice (RFC 3164 4.1.1). */
const PRIORITY = "<13>";
const MESSAGE_BYTES = 8192;

/** The words, a blank between each two, as far as there is room; the address of the last 0. */
const joinWords = define("joinWords", (f, to: Local, end: Local, words: Local) => {
  f.while(words.word().is("!=", 0), () => {
    f.set(to, copyText(to, end, words.word()));
    f.add(words, 8);
    f.if(words.word().is("!=", 0), () => f.set(to, copyText(to, end, " ")));
  });
  f.return(to);
});

/** Sends a datagram; 0 or -errno. */
const sendTo = define("sendTo", (f, family: Local, address: Local, addressBytes: Local, from: Local, end: Local) => {
  const socket = f.local(system("socket", family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  f.if(socket.is("<", 0), () => f.return(socket));
  f.return(system("sendto", socket, from, end.minus(from), 0, address, addressBytes));
});

/** Sends a line as a program that logs to syslog does. */
export const syslog: Command = command({
  name: "syslog",
  synopsis: "HOST:PORT|PATH TEXT…",
  summary: "sends <13>podlab: TEXT as a datagram, to UDP (127.0.0.1:514) or to a socket file (/dev/log)",
}, (f, { text, words, wrong }) => {
  const message = f.buffer(MESSAGE_BYTES);
  const limit = message.plus(MESSAGE_BYTES);
  const end = f.local(joinWords(copyText(message, limit, `${PRIORITY}podlab: `), limit, words.plus(8)));
  const address = f.buffer(SOCKADDR_BYTES);
  const outcome = f.local(0);
  f.if(findByte(text(0), code("/")).is("!=", 0), () => {
    f.set(outcome, unixAddress(address, text(0)));
    f.if(outcome.is(">", 0), () => f.set(outcome, sendTo(AF_UNIX, address, outcome, message, end)));
  }, () => {
    const colon = f.local(findByte(text(0), code(":")));
    f.if(colon.is("==", 0), wrong);
    const port = f.local(parseNumber(colon.plus(1), PORT_MAX));
    f.if(port.is("<", 0), wrong);
    f.if(parseHost(text(0), code(":"), address, port).is("==", 0), wrong);
    f.set(outcome, sendTo(AF_INET, address, SOCKADDR_IN_BYTES, message, end));
  });
  f.if(outcome.is("<", 0), () => f.return(complain(text(0), outcome)));
});
