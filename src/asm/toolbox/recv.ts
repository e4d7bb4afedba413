import { all, define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import {
  AF_UNIX,
  AT_FDCWD,
  S_IFMT,
  S_IFSOCK,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  STATX,
  STATX_TYPE_SIZE,
  STDERR,
  STDOUT,
} from "./kernel.ts";
import { complain, say, writeAll } from "./output.ts";
import { endWhenAsked } from "./process.ts";
import { boundSocket, portOf, SOCKADDR_BYTES, unixAddress } from "./socket.ts";
import { afterPrefix, code, parseNumber, PORT_MAX } from "./text.ts";

const DATAGRAM_BYTES_MAX = 65535;
const COUNT_MAX = 1_000_000_000;
const AT_SYMLINK_NOFOLLOW = 0x100;
const ANYONE_MAY_WRITE = 0o666;

/** Removes what an earlier receiver left; anything but a socket stays. */
const removeSocket = define("removeSocket", (f, path: Local) => {
  const status = f.buffer(STATX.bytes);
  f.setWord(status, 0, STATX.mode);
  f.do(system("statx", AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE_SIZE, status));
  f.if(status.word(STATX.mode).and(S_IFMT).is("==", S_IFSOCK), () => f.do(system("unlinkat", AT_FDCWD, path, 0)));
});

/** A datagram socket at a path that everyone may send to; or -errno. */
const socketAt = define("socketAt", (f, path: Local) => {
  const address = f.buffer(SOCKADDR_BYTES);
  const bytes = f.local(unixAddress(address, path));
  f.if(bytes.is("<", 0), () => f.return(bytes));
  const socket = f.local(system("socket", AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  f.if(socket.is("<", 0), () => f.return(socket));
  f.do(removeSocket(path));
  const outcome = f.local(system("bind", socket, address, bytes));
  f.if(outcome.is("<", 0), () => f.return(outcome));
  f.do(system("fchmodat", AT_FDCWD, path, ANYONE_MAY_WRITE));
  f.return(socket);
});

/** Prints datagrams, each on a line. */
export const recv: Command = command({
  name: "recv",
  synopsis: "udp:PORT|unix:PATH [COUNT]",
  summary: "prints the datagrams that it receives, each on a line, and ends after COUNT of them",
}, (f, { text, wrong }) => {
  const left = f.local(COUNT_MAX);
  const isBounded = f.local(text(1));
  f.if(isBounded.is("!=", 0), () => {
    f.set(left, parseNumber(isBounded, COUNT_MAX));
    f.if(left.is("<", 0), wrong);
  });
  const port = f.local(afterPrefix(text(0), "udp:"));
  const path = f.local(afterPrefix(text(0), "unix:"));
  const socket = f.local(0);
  f.if(port.is("!=", 0), () => {
    const number = f.local(parseNumber(port, PORT_MAX));
    f.if(number.is("<", 0), wrong);
    f.set(socket, boundSocket(SOCK_DGRAM, number));
  }, () => {
    f.if(path.is("==", 0), wrong);
    f.set(socket, socketAt(path));
  });
  f.if(socket.is("<", 0), () => f.return(complain(text(0), socket)));
  f.do(endWhenAsked());
  f.if(
    port.is("!=", 0),
    () => say(f, STDERR, "recv: listening on port ", { decimal: portOf(socket) }, "\n"),
    () => say(f, STDERR, "recv: listening on ", path, "\n"),
  );

  const datagram = f.buffer(DATAGRAM_BYTES_MAX + 1);
  f.while(left.is(">", 0), () => {
    const bytes = f.local(system("recvfrom", socket, datagram, DATAGRAM_BYTES_MAX, 0, 0, 0));
    f.if(bytes.is("<", 0), () => f.return(complain("recv", bytes)));
    const endsLine = all(bytes.is(">", 0), datagram.plus(bytes).minus(1).byte().is("==", code("\n")));
    f.if(endsLine, () => f.add(bytes, -1)); // a newline of its own is enough
    f.setByte(datagram.plus(bytes), code("\n"));
    f.do(writeAll(STDOUT, datagram, bytes.plus(1)));
    f.if(isBounded.is("!=", 0), () => f.add(left, -1));
  });
});
