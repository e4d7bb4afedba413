import { define, type Local, system } from "../language/value.ts";
import { type Command, command } from "./command.ts";
import { openPage } from "./http_file.ts";
import { BAD_REQUEST, FORBIDDEN, METHOD_NOT_ALLOWED, NOT_FOUND, refuse, sendFile, UNAVAILABLE } from "./http_answer.ts";
import { decodePath, endLine, readHead, REQUEST_BYTES, targetOf } from "./http_request.ts";
import {
  AT_FDCWD,
  EACCES,
  EPERM,
  EXDEV,
  O_CLOEXEC,
  O_RDONLY,
  SHUT_WR,
  SO_RCVTIMEO,
  SOL_SOCKET,
  STDERR,
  STDOUT,
} from "./kernel.ts";
import { complain, say } from "./output.ts";
import { endIn, endWhenAsked, ignoreChildren } from "./process.ts";
import { listener, portOf, serveEach } from "./socket.ts";
import { afterPrefix, parseNumber, PORT_MAX } from "./text.ts";

/** Seconds that a client may take for its request, for taking the answer, and for closing the connection. */
const REQUEST_S = 10;
const ANSWER_S = 300;
const CLOSE_S = 2;
/** Microseconds that the server itself waits for a client that it cannot serve. */
const PATIENCE_US = 100_000;

/** Answers a request; what the answer was, as text. */
const answer = define("answer", (f, root: Local, client: Local, request: Local) => {
  const isHead = f.local(afterPrefix(request, "HEAD "));
  const target = f.local(targetOf(request));
  f.if(target.is("==", 0), () => f.return(refuse(client, METHOD_NOT_ALLOWED, isHead)));
  const path = f.buffer(REQUEST_BYTES);
  f.if(decodePath(target, path).is("<", 0), () => f.return(refuse(client, BAD_REQUEST, isHead)));
  const file = f.local(openPage(root, path));
  for (const error of [EXDEV, EACCES, EPERM]) {
    f.if(file.is("==", -error), () => f.return(refuse(client, FORBIDDEN, isHead)));
  }
  f.if(file.is("<", 0), () => f.return(refuse(client, NOT_FOUND, isHead)));
  f.return(sendFile(client, file, path, isHead));
});

/**
 * Serves one client. The connection is closed for writing first and then read to its end: closing it with unread bytes would
 * reset it, and the client might lose the answer.
 */
const serve = define("serve", (f, root: Local, client: Local) => {
  const request = f.buffer(REQUEST_BYTES + 1);
  f.do(endIn(REQUEST_S));
  f.if(readHead(client, request).is("<=", 0), () => f.return(0));
  f.do(endIn(ANSWER_S));
  const status = f.local(answer(root, client, request));
  f.do(endLine(request));
  say(f, STDOUT, request, " ", status, "\n");
  f.do(system("shutdown", client, SHUT_WR));
  f.do(endIn(CLOSE_S));
  f.while(system("read", client, request, REQUEST_BYTES).is(">", 0), () => {});
});

/** Tells a client that there is no child to serve it; its request is read first, for the same reason, if it comes at once. */
const turnAway = define("turnAway", (f, client: Local) => {
  const patience = f.buffer(16); // struct timeval: seconds, microseconds
  f.setWord(patience, 0);
  f.setWord(patience, PATIENCE_US, 8);
  f.do(system("setsockopt", client, SOL_SOCKET, SO_RCVTIMEO, patience, 16));
  const request = f.buffer(REQUEST_BYTES);
  f.do(system("read", client, request, REQUEST_BYTES));
  f.do(refuse(client, UNAVAILABLE, 0));
  f.do(system("shutdown", client, SHUT_WR));
});

/** A static HTTP server. */
export const http: Command = command({
  name: "http",
  synopsis: "PORT DIR",
  summary: "HTTP server for the files below DIR, logs each request",
}, (f, { text, wrong }) => {
  const port = f.local(parseNumber(text(0), PORT_MAX));
  f.if(port.is("<", 0), wrong);
  const place = f.local(system("openat", AT_FDCWD, text(1), O_RDONLY | O_CLOEXEC, 0));
  f.if(place.is(">=", 0), () => f.set(place, system("openat", place, ".", O_RDONLY | O_CLOEXEC, 0))); // ENOTDIR for a file
  f.if(place.is("<", 0), () => f.return(complain(text(1), place)));
  const socket = f.local(listener(port));
  f.if(socket.is("<", 0), () => f.return(complain("http", socket)));
  f.do(endWhenAsked());
  f.do(ignoreChildren());
  say(f, STDERR, "http: listening on port ", { decimal: portOf(socket) }, "\n");
  serveEach(f, socket, {
    serve: (client) => serve(place, client),
    refuse: (client) => turnAway(client),
  });
});
