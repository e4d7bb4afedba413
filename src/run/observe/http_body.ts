/**
 * The body of an HTTP answer, by whichever way the server says where it ends.
 *
 * Source: RFC 9112, sections 6 and 7.
 *
 * @module
 */

import { printable } from "../../match/text.ts";
import { type ByteSource, concat } from "./byte_source.ts";
import { type Outcome, unreadable } from "./http_outcome.ts";

/** As much of a body as was taken. */
export interface Body {
  readonly bytes: Uint8Array;
  /** Whether there was more. */
  readonly truncated: boolean;
}

/** How long the line may be that begins a chunk: its length, and extensions that nobody uses. */
const CHUNK_LINE_BYTES = 1024;
/** How much chunks may add to what they carry, that a server which sends single bytes in chunks does not go on for long. */
const CHUNK_OVERHEAD_BYTES = 1024 * 1024;
const SHOWN_CHARACTERS = 60;

/** Reads the body that an answer with these headers has. What is beyond `maxBytes` is left unread. */
export async function readBody(
  source: ByteSource,
  headers: ReadonlyMap<string, string>,
  maxBytes: number,
): Promise<Outcome<Body>> {
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    // Section 6.3: it overrides a Content-Length. No other coding was asked for.
    if (coding.toLowerCase() === "chunked") return await readChunks(source, maxBytes);
    return unreadable(`it has an unknown transfer coding: "${printable(coding, SHOWN_CHARACTERS)}"`);
  }
  const length = headers.get("content-length");
  if (length === undefined) return { ok: true, value: cut(await source.bytes(maxBytes + 1), maxBytes) };
  return await readLength(source, length, maxBytes);
}

async function readLength(source: ByteSource, header: string, maxBytes: number): Promise<Outcome<Body>> {
  // The same length twice is one (section 6.3).
  const lengths = new Set(header.split(",").map((length) => length.trim()));
  const [length = ""] = lengths;
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(length)) {
    return unreadable(`it has a malformed length: "${printable(header, SHOWN_CHARACTERS)}"`);
  }
  const wanted = Math.min(Number(length), maxBytes);
  const bytes = await source.bytes(wanted);
  if (bytes.length < wanted) {
    return unreadable(`the server closed the connection after ${bytes.length} of ${length} bytes`);
  }
  return { ok: true, value: { bytes, truncated: Number(length) > maxBytes } };
}

async function readChunks(source: ByteSource, maxBytes: number): Promise<Outcome<Body>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let overhead = 0;
  for (;;) {
    const line = await source.line(CHUNK_LINE_BYTES);
    if (line === undefined) return unreadable("the server closed the connection within a chunked body");
    const size = line === "too long" ? undefined : chunkSize(line);
    if (line === "too long" || size === undefined) return unreadable("it has a malformed chunk");
    // Trailers come after the last chunk; nobody waits for them.
    if (size === 0) break;
    // One byte more than is kept tells a body that is cut from one that is not.
    const wanted = Math.min(size, maxBytes + 1 - length);
    const bytes = await source.bytes(wanted);
    if (bytes.length < wanted) return unreadable(`the server closed the connection within a chunk of ${size} bytes`);
    parts.push(bytes);
    length += bytes.length;
    if (length > maxBytes) break;
    const end = await source.line(1);
    if (end === "too long" || (end !== undefined && end.length > 0)) return unreadable("it has a malformed chunk");
    overhead += line.length + 4;
    if (overhead > CHUNK_OVERHEAD_BYTES) return unreadable("its body is in too many chunks");
  }
  return { ok: true, value: cut(concat(parts), maxBytes) };
}

function chunkSize(line: Uint8Array): number | undefined {
  const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(new TextDecoder().decode(line)) ?? [];
  return digits === undefined ? undefined : parseInt(digits, 16);
}

function cut(bytes: Uint8Array, maxBytes: number): Body {
  return { bytes: bytes.subarray(0, maxBytes), truncated: bytes.length > maxBytes };
}
