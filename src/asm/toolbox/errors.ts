/**
 * Names of the kernel's errors.
 *
 * @module
 */

import { type Callable, data, define, type Local } from "../language/value.ts";
import { textLength } from "./text.ts";

/** Those that the toolbox's system calls may well answer (errno(3)). */
const NAMES: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EPIPE: 32,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ELOOP: 40,
  EPROTO: 71,
  EMSGSIZE: 90,
  EPROTOTYPE: 91,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
  EINPROGRESS: 115,
  EDQUOT: 122,
};

/** For each error its number in a byte, then its name and a byte 0; at the end a byte 0. */
const TABLE = new TextEncoder().encode(
  Object.entries(NAMES).map(([name, number]) => `${String.fromCharCode(number)}${name}\0`).join("") + "\0",
);

/** The name of the error that a system call answered as -errno. */
export const errorName: Callable<[answer: Local]> = define("errorName", (f, answer: Local) => {
  const entry = f.local(data(TABLE));
  f.while(entry.byte().is("!=", 0), () => {
    f.if(entry.byte().plus(answer).is("==", 0), () => f.return(entry.plus(1)));
    f.add(entry, textLength(entry).plus(1));
  });
  f.return("unknown error");
});
