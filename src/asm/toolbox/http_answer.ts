/**
 * HTTP answers (RFC 9112). Each connection carries one.
 *
 * @module
 */

import { type Callable, define, type Local, system } from "../language/value.ts";
import { sizeOf } from "./http_file.ts";
import { say } from "./output.ts";
import { endsWith, textLength } from "./text.ts";

export const OK = "200 OK";
export const BAD_REQUEST = "400 Bad Request";
export const FORBIDDEN = "403 Forbidden";
export const NOT_FOUND = "404 Not Found";
export const METHOD_NOT_ALLOWED = "405 Method Not Allowed";
export const UNAVAILABLE = "503 Service Unavailable";

/** What a browser shows as it is, by the end of the file's name; everything else counts as text. */
const TYPES = { ".html": "text/html; charset=utf-8", ".json": "application/json" } as const;
const TEXT = "text/plain; charset=utf-8";

const sendHead = define("sendHead", (f, client: Local, status: Local, type: Local, bytes: Local) => {
  const fields = [
    "\r\nContent-Type: ",
    "\r\nContent-Length: ",
    "\r\nConnection: close\r\nAllow: GET, HEAD\r\n\r\n",
  ] as const;
  say(f, client, "HTTP/1.1 ", status, fields[0], type, fields[1], { decimal: bytes }, fields[2]);
});

/** Answers with an error, which it returns. */
export const refuse: Callable<[client: Local, status: Local, isHead: Local]> = define(
  "refuse",
  (f, client: Local, status: Local, isHead: Local) => {
    f.do(sendHead(client, status, TEXT, textLength(status).plus(1)));
    f.if(isHead.is("==", 0), () => say(f, client, status, "\n"));
    f.return(status);
  },
);

const typeFor = define("typeFor", (f, path: Local) => {
  for (const [end, type] of Object.entries(TYPES)) f.if(endsWith(path, end).is("!=", 0), () => f.return(type));
  f.return(TEXT);
});

/** Answers with a file, as much of it as there was at the start, even if it grows meanwhile. */
export const sendFile: Callable<[client: Local, file: Local, path: Local, isHead: Local]> = define(
  "sendFile",
  (f, client: Local, file: Local, path: Local, isHead: Local) => {
    const left = f.local(sizeOf(file));
    f.do(sendHead(client, OK, typeFor(path), left));
    f.if(isHead.is("!=", 0), () => f.return(OK));
    f.while(left.is(">", 0), () => {
      const sent = f.local(system("sendfile", client, file, 0, left));
      f.if(sent.is("<=", 0), () => f.stop());
      f.set(left, left.minus(sent));
    });
    f.return(OK);
  },
);
