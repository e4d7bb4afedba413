/**
 * Files below a directory, and nothing outside of it.
 *
 * @module
 */

import { type Callable, define, type Local, system } from "../language/value.ts";
import { REQUEST_BYTES } from "./http_request.ts";
import {
  AT_EMPTY_PATH,
  EACCES,
  ENOENT,
  ENOSYS,
  EXDEV,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  OPEN_HOW_BYTES,
  RESOLVE_BENEATH,
  RESOLVE_NO_MAGICLINKS,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  STATX,
  STATX_TYPE_SIZE,
} from "./kernel.ts";
import { afterPrefix, code, copyText, findByte, textLength } from "./text.ts";

const INDEX = "/index.html";
/** Opening a FIFO must not wait for someone who writes to it. */
const FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

/** 1 if a part of the path is "..", else 0. */
const goesUp = define("goesUp", (f, path: Local) => {
  f.while(path.is("!=", 0), () => {
    const after = f.local(afterPrefix(path, ".."));
    f.if(after.is("!=", 0), () => {
      f.if(after.byte().is("==", 0), () => f.return(1));
      f.if(after.byte().is("==", code("/")), () => f.return(1));
    });
    f.set(path, findByte(path, code("/")));
    f.if(path.is("!=", 0), () => f.add(path, 1));
  });
});

/**
 * Opens a file below the root: neither ".." nor a symbolic link leads out of it (-EXDEV). Kernels before 5.6 and some emulators
 * have no openat2(2); there ".." is refused, and symbolic links are trusted.
 */
const openBelow = define("openBelow", (f, root: Local, path: Local) => {
  const how = f.buffer(OPEN_HOW_BYTES);
  f.setWord(how, FLAGS);
  f.setWord(how, 0, 8);
  f.setWord(how, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS, 16);
  const file = f.local(system("openat2", root, path, how, OPEN_HOW_BYTES));
  f.if(file.is("!=", -ENOSYS), () => f.return(file));
  f.if(goesUp(path).is("!=", 0), () => f.return(-EXDEV));
  f.return(system("openat", root, path, FLAGS, 0));
});

/** The type bits of an open file's mode. */
const typeOf = define("typeOf", (f, file: Local) => {
  const status = f.buffer(STATX.bytes);
  f.setWord(status, 0, STATX.mode);
  f.do(system("statx", file, "", AT_EMPTY_PATH, STATX_TYPE_SIZE, status));
  f.return(status.word(STATX.mode).and(S_IFMT));
});

/** The size of an open file. */
export const sizeOf: Callable<[file: Local]> = define("sizeOf", (f, file: Local) => {
  const status = f.buffer(STATX.bytes);
  f.setWord(status, 0, STATX.size);
  f.do(system("statx", file, "", AT_EMPTY_PATH, STATX_TYPE_SIZE, status));
  f.return(status.word(STATX.size));
});

/** Opens the regular file that a path names, in a directory its index.html, whose name is then added to `path`; or -errno. */
export const openPage: Callable<[root: Local, path: Local]> = define("openPage", (f, root: Local, path: Local) => {
  const file = f.local(openBelow(root, path));
  f.if(file.is("<", 0), () => f.return(file));
  f.if(typeOf(file).is("==", S_IFDIR), () => {
    f.do(system("close", file));
    f.do(copyText(path.plus(textLength(path)), path.plus(REQUEST_BYTES), INDEX));
    f.set(file, openBelow(root, path));
    f.if(file.is("<", 0), () => f.return(file));
  });
  f.if(typeOf(file).is("==", S_IFDIR), () => f.return(-ENOENT));
  f.if(typeOf(file).is("!=", S_IFREG), () => f.return(-EACCES));
  f.return(file);
});
