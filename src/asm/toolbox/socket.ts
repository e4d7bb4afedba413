/**
 * Sockets and their addresses.
 *
 * @module
 */

import type { Body } from "../language/body.ts";
import { any, type Callable, define, type Local, system, type Value } from "../language/value.ts";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  EINVAL,
  ENAMETOOLONG,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  SOCKADDR_IN6_BYTES,
  SOCKADDR_IN_BYTES,
  SOL_SOCKET,
  SUN_PATH_BYTES,
} from "./kernel.ts";
import { forkTied, sleepMilliseconds } from "./process.ts";
import { afterDigits, afterPrefix, code, copyText, decimalValue, textLength } from "./text.ts";

/** Room for any address. */
export const SOCKADDR_BYTES = 128;
const BACKLOG = 128;

/** Address family, port and zeros, the beginning of sockaddr_in and sockaddr_in6 alike. */
const startAddress = define("startAddress", (f, address: Local, family: Local, port: Local) => {
  for (const offset of [0, 8, 16, 24]) f.setWord(address, 0, offset);
  f.setByte(address, family);
  f.setByte(address, port.shiftedRight(8), 2);
  f.setByte(address, port, 3);
});

/** The port that a socket is bound to. */
export const portOf: Callable<[socket: Local]> = define("portOf", (f, socket: Local) => {
  const address = f.buffer(SOCKADDR_BYTES);
  const length = f.buffer(8);
  f.setWord(length, SOCKADDR_BYTES);
  f.do(system("getsockname", socket, address, length));
  f.return(address.byte(2).shiftedLeft(8).plus(address.byte(3)));
});

const bindTo = define("bindTo", (f, family: Local, type: Local, port: Local, bytes: Local) => {
  const socket = f.local(system("socket", family, type.or(SOCK_CLOEXEC), 0));
  f.if(socket.is("<", 0), () => f.return(socket));
  const value = f.buffer(8);
  f.setWord(value, 1);
  // with datagrams it would let two receivers share a port
  f.if(type.is("==", SOCK_STREAM), () => f.do(system("setsockopt", socket, SOL_SOCKET, SO_REUSEADDR, value, 4)));
  f.setWord(value, 0);
  f.if(family.is("==", AF_INET6), () => f.do(system("setsockopt", socket, IPPROTO_IPV6, IPV6_V6ONLY, value, 4)));
  const address = f.buffer(SOCKADDR_BYTES);
  f.do(startAddress(address, family, port));
  const outcome = f.local(system("bind", socket, address, bytes));
  f.if(outcome.is("<", 0), () => {
    f.do(system("close", socket));
    f.return(outcome);
  });
  f.return(socket);
});

/** A socket at a port of every address, IPv6 and IPv4, or IPv4 alone where there is no IPv6; or -errno. */
export const boundSocket: Callable<[type: Local, port: Local]> = define(
  "boundSocket",
  (f, type: Local, port: Local) => {
    const both = f.local(bindTo(AF_INET6, type, port, SOCKADDR_IN6_BYTES));
    f.if(both.is(">=", 0), () => f.return(both));
    f.return(bindTo(AF_INET, type, port, SOCKADDR_IN_BYTES));
  },
);

/** A listening TCP socket, likewise. */
export const listener: Callable<[port: Local]> = define("listener", (f, port: Local) => {
  const socket = f.local(boundSocket(SOCK_STREAM, port));
  f.if(socket.is("<", 0), () => f.return(socket));
  const outcome = f.local(system("listen", socket, BACKLOG));
  f.if(outcome.is("<", 0), () => f.return(outcome));
  f.return(socket);
});

/** Accepts clients for ever: each is served in a child of its own, which ends with what `serve` answers or with the server. */
export function serveEach(
  f: Body,
  socket: Value,
  on: { readonly serve: (client: Value) => Value; readonly refuse: (client: Value) => Value },
): void {
  f.forever(() => {
    const client = f.local(system("accept4", socket, 0, 0, SOCK_CLOEXEC));
    f.if(client.is("<", 0), () => f.do(sleepMilliseconds(10)), () => { // out of memory or descriptors: not at full speed
      const child = f.local(forkTied());
      f.if(child.is("==", 0), () => f.return(on.serve(client)));
      f.if(child.is("<", 0), () => f.do(on.refuse(client)));
      f.do(system("close", client));
    });
  });
}

/**
 * Writes the address that the text up to the byte `end` says, `127.0.0.1` or `localhost`, with a port as a sockaddr_in; the
 * address after the host in the text, or 0 if it says none.
 */
export const parseHost: Callable<[text: Local, end: Local, address: Local, port: Local]> = define(
  "parseHost",
  (f, text: Local, end: Local, address: Local, port: Local) => {
    f.do(startAddress(address, AF_INET, port));
    const afterName = f.local(afterPrefix(text, "localhost"));
    f.if(afterName.is("!=", 0), () => {
      f.if(afterName.byte().is("!=", end), () => f.return(0));
      f.setByte(address, 127, 4);
      f.setByte(address, 1, 7);
      f.return(afterName);
    });
    for (let i = 0; i < 4; i++) {
      const after = f.local(afterDigits(text));
      const value = f.local(decimalValue(text, after));
      const separator = i === 3 ? end : code(".");
      f.if(any(value.is("<", 0), value.is(">", 255), after.byte().is("!=", separator)), () => f.return(0));
      f.setByte(address, value, 4 + i);
      f.set(text, i === 3 ? after : after.plus(1));
    }
    f.return(text);
  },
);

/** Writes a sockaddr_un; its size, or -errno if the path is empty or too long. */
export const unixAddress: Callable<[address: Local, path: Local]> = define(
  "unixAddress",
  (f, address: Local, path: Local) => {
    const length = f.local(textLength(path));
    f.if(length.is("==", 0), () => f.return(-EINVAL));
    f.if(length.is(">=", SUN_PATH_BYTES), () => f.return(-ENAMETOOLONG));
    f.setWord(address, AF_UNIX);
    f.do(copyText(address.plus(2), address.plus(2 + SUN_PATH_BYTES), path));
    f.return(length.plus(2 + 1));
  },
);
