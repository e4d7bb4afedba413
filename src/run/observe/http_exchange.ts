/**
 * One HTTP/1.1 exchange over a connection that is there already. The peer is not trusted: whatever it sends, what is kept
 * and read is bounded, and the answer is a value. How long it may take is the caller's to say.
 *
 * Source: RFC 9110 (semantics), RFC 9112 (HTTP/1.1).
 *
 * @module
 */

import { printable } from "../../match/text.ts";
import { type Body, readBody } from "./http_body.ts";
import { ByteSource } from "./byte_source.ts";
import { readHead } from "./http_head.ts";
import type { Outcome } from "./http_outcome.ts";
import type { HttpUrl } from "./target.ts";

export { parseTarget } from "./target.ts";

/** A connection. `read` gives `undefined` when the peer has closed it, or nothing is to be waited for any more. */
export interface Stream {
  write(bytes: Uint8Array): Promise<void>;
  read(): Promise<Uint8Array | undefined>;
}

/** What is asked for. */
export interface HttpRequest {
  readonly method: string;
  readonly url: HttpUrl;
  /** Replace those that podlab sends of itself (Host, Connection, Content-Length), whatever their case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How much of an answer is taken, in bytes. */
export interface HttpLimits {
  /** Status lines and headers together, those of 1xx answers too. More is an error. */
  readonly headBytes: number;
  /** Of the body; the rest is not read. */
  readonly bodyBytes: number;
}

/** An answer. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the body was longer than what was taken of it. */
  readonly truncated: boolean;
}

const LIMITS: HttpLimits = { headBytes: 64 * 1024, bodyBytes: 64 * 1024 };
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * Sends a request and reads the answer, which ends with `Connection: close`.
 *
 * @throws What the stream throws.
 */
export async function exchange(
  stream: Stream,
  request: HttpRequest,
  limits: HttpLimits = LIMITS,
): Promise<Outcome<HttpAnswer>> {
  const encoded = encodeRequest(request);
  if (!encoded.ok) return encoded;
  await stream.write(encoded.value);
  const source = new ByteSource(stream);
  const head = await readHead(source, limits.headBytes);
  if (!head.ok) return head;
  const { status, headers } = head.value;
  // RFC 9112, section 6.3: these have no body, whatever their headers say.
  const bodiless = request.method === "HEAD" || status === 204 || status === 304;
  const body = bodiless ? EMPTY : await readBody(source, headers, limits.bodyBytes);
  if (!body.ok) return body;
  const { bytes, truncated } = body.value;
  return { ok: true, value: { status, headers: Object.fromEntries(headers), body: text(bytes, truncated), truncated } };
}

const EMPTY: Outcome<Body> = { ok: true, value: { bytes: new Uint8Array(), truncated: false } };

/** UTF-8, as it is; a character that the limit cut through is left out. */
function text(bytes: Uint8Array, truncated: boolean): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: truncated });
}

/** The request as bytes; an error for what would be another request than it looks like. */
function encodeRequest({ method, url, headers = {}, body = "" }: HttpRequest): Outcome<Uint8Array> {
  if (!TOKEN.test(method)) {
    return { ok: false, error: `Cannot send a request: "${printable(method, 40)}" is no method` };
  }
  const encoder = new TextEncoder();
  const content = encoder.encode(body);
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  const fields = new Map([
    ["host", ["Host", url.port === 80 ? host : `${host}:${url.port}`]],
    ["connection", ["Connection", "close"]],
  ]);
  // RFC 9110, section 8.6: methods whose body means something say its length even when it is empty.
  if (content.length > 0 || /^(POST|PUT|PATCH)$/.test(method)) {
    fields.set("content-length", ["Content-Length", String(content.length)]);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name) || /[\r\n\0]/.test(value)) {
      return { ok: false, error: `Cannot send a request: "${printable(name, 40)}" is no header of one line` };
    }
    fields.set(name.toLowerCase(), [name, value]);
  }
  const lines = [...fields.values()].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = encoder.encode(`${method} ${url.path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { ok: true, value: Uint8Array.from([...head, ...content]) };
}
