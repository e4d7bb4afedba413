/**
 * HTTP requests (RFC 9112), as far as a file server needs them.
 *
 * @module
 */

import {
  all,
  any,
  type Callable,
  define,
  type Local,
  system,
  type Test,
  toValue,
  type Value,
} from "../language/value.ts";
import { afterPrefix, code, findText } from "./text.ts";

/** The longest request head that is read. */
export const REQUEST_BYTES = 8192;

/**
 * Reads up to the blank line that ends a request's head, or until the buffer is full, and adds a 0; how many bytes it read; 0 or
 * -errno if the client went away before.
 */
export const readHead: Callable<[client: Local, request: Local]> = define(
  "readHead",
  (f, client: Local, request: Local) => {
    const length = f.local(0);
    f.while(length.is("<", REQUEST_BYTES), () => {
      const bytes = f.local(system("read", client, request.plus(length), toValue(REQUEST_BYTES).minus(length)));
      f.if(bytes.is("<=", 0), () => f.return(bytes));
      f.add(length, bytes);
      f.setByte(request.plus(length), 0);
      f.if(findText(request, "\r\n\r\n").is("!=", 0), () => f.stop());
    });
    f.return(length);
  },
);

/** Where the request's target starts; 0 if its method is neither GET nor HEAD. */
export const targetOf: Callable<[request: Local]> = define("targetOf", (f, request: Local) => {
  const target = f.local(afterPrefix(request, "GET "));
  f.if(target.is("==", 0), () => f.set(target, afterPrefix(request, "HEAD ")));
  f.return(target);
});

/** Cuts a request after its target: method and target remain, for the log. */
export const endLine: Callable<[request: Local]> = define("endLine", (f, request: Local) => {
  const blanks = f.local(0);
  f.while(request.byte().is(">", code(" ") - 1), () => {
    f.if(request.byte().is("==", code(" ")), () => f.add(blanks, 1));
    f.if(blanks.is("==", 2), () => f.stop());
    f.add(request, 1);
  });
  f.setByte(request, 0);
});

/** The value of a hexadecimal digit, else -1. */
const hexValue = define("hexValue", (f, byte: Local) => {
  const isBetween = (first: string, last: string) => all(byte.is(">=", code(first)), byte.is("<=", code(last)));
  f.if(isBetween("0", "9"), () => f.return(byte.minus(code("0"))));
  f.set(byte, byte.or(0x20)); // lower case
  f.if(isBetween("a", "f"), () => f.return(byte.minus(code("a") - 10)));
  f.return(-1);
});

function endsPath(byte: Value): Test {
  return any(...[" ", "?", "#", "\r", "\n", "\0"].map((end) => byte.is("==", code(end))));
}

/**
 * Writes the path that a target names to `path`, relative to the root and with `%41` decoded; it is shorter than the target, or
 * "."; 0, or -1 if the target is malformed.
 */
export const decodePath: Callable<[target: Local, path: Local]> = define(
  "decodePath",
  (f, target: Local, path: Local) => {
    f.if(target.byte().is("!=", code("/")), () => f.return(-1));
    f.while(target.byte().is("==", code("/")), () => f.add(target, 1));
    const start = f.local(path);
    f.forever(() => {
      const byte = f.local(target.byte());
      f.if(endsPath(byte), () => f.stop());
      f.if(byte.is("==", code("%")), () => {
        const [high, low] = [f.local(hexValue(target.byte(1))), f.local(-1)];
        f.if(high.is(">=", 0), () => f.set(low, hexValue(target.byte(2))));
        f.if(low.is("<", 0), () => f.return(-1));
        f.set(byte, high.shiftedLeft(4).or(low));
        f.if(byte.is("==", 0), () => f.return(-1));
        f.add(target, 2);
      });
      f.setByte(path, byte);
      f.add(path, 1);
      f.add(target, 1);
    });
    f.if(path.is("==", start), () => {
      f.setByte(path, code("."));
      f.add(path, 1);
    });
    f.setByte(path, 0);
  },
);
