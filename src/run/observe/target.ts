/**
 * Where a lab says to connect to.
 *
 * @module
 */

import { printable } from "../../match/text.ts";

/** An `http://` URL. */
export interface HttpUrl {
  readonly kind: "http";
  /** A name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** With its query, percent-encoded where HTTP asks for it. */
  readonly path: string;
}

/** What the text of a target says; `invalid` with a sentence where it says nothing. */
export type ConnectTarget =
  | HttpUrl
  | { readonly kind: "tcp" | "udp"; readonly host: string; readonly port: number }
  /** A path in the container. */
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "invalid"; readonly error: string };

const FORMS = "http://HOST:PORT/PATH, tcp://HOST:PORT, udp://HOST:PORT or unix:///PATH";
const SHOWN_CHARACTERS = 200;

/** Reads `http://HOST:PORT/PATH` (port 80 and path `/` where not named), `tcp://HOST:PORT`, `udp://…` or `unix:///PATH`. */
export function parseTarget(text: string): ConnectTarget {
  const invalid = (why: string): ConnectTarget => ({
    kind: "invalid",
    error: `Cannot connect to "${printable(text, SHOWN_CHARACTERS)}": ${why}`,
  });
  const [, scheme, rest = ""] = /^(\w+):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === "unix") {
    return /^\/[^\0]+$/.test(rest) ? { kind: "unix", path: rest } : invalid("a socket's path begins with /");
  }
  if (scheme === "https") return invalid("TLS is not spoken, only http://");
  if (scheme !== "http" && scheme !== "tcp" && scheme !== "udp") return invalid(`it must be ${FORMS}`);
  const [, authority = "", path = ""] = /^([^/?#]*)(.*)$/s.exec(rest) ?? [];
  const [, bracketed, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = bracketed ?? name;
  if (host === undefined) return invalid(`"${printable(authority, SHOWN_CHARACTERS)}" is no host and port`);
  const port = digits === undefined && scheme === "http" ? 80 : Number(digits);
  if (!(port >= 1 && port <= 65535)) return invalid("the port must be 1 to 65535");
  if (scheme === "http") return { kind: "http", host, port, path: requestPath(path) };
  return path === "" ? { kind: scheme, host, port } : invalid(`a ${scheme} target has no path`);
}

/** What stands in a request line: no fragment, no blanks, no control characters, ASCII alone. */
function requestPath(path: string): string {
  const [sent = ""] = path.split("#", 1);
  const encoded = sent.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  return encoded.startsWith("/") ? encoded : `/${encoded}`;
}
