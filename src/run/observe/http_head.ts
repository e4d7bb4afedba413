/**
 * The beginning of an HTTP answer: status line and headers.
 *
 * Source: RFC 9112, sections 4 and 5.
 *
 * @module
 */

import { printable } from "../../match/text.ts";
import type { ByteSource } from "./byte_source.ts";
import { type Outcome, unreadable } from "./http_outcome.ts";

/** Status and headers of an answer, names in lower case. */
export interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

const SHOWN_CHARACTERS = 60;

/** The head of the final answer: those before it (1xx) only say that it will come. */
export async function readHead(source: ByteSource, maxBytes: number): Promise<Outcome<Head>> {
  const lines = new HeadLines(source, maxBytes);
  for (;;) {
    const head = await readOne(lines);
    if (!head.ok || head.value.status >= 200) return head;
    // Nothing was asked that could switch protocols, so what follows would be no answer.
    if (head.value.status === 101) {
      return unreadable("the server switched to another protocol, which was not asked for");
    }
  }
}

/** The lines of heads, which together may be so long. */
class HeadLines {
  #left: number;
  #any = false;

  constructor(readonly source: ByteSource, readonly maxBytes: number) {
    this.#left = maxBytes;
  }

  async next(): Promise<Outcome<string>> {
    const line = await this.source.line(this.#left);
    if (line === "too long") return unreadable(`its status line and headers are longer than ${this.maxBytes} bytes`);
    if (line === undefined) {
      return unreadable(
        this.#any ? "the server closed the connection within the headers" : "the server sent no answer",
      );
    }
    this.#any = true;
    // The end of the line counts too, else empty lines could come for ever.
    this.#left -= line.length + 1;
    return { ok: true, value: new TextDecoder("utf-8", { ignoreBOM: true }).decode(line) };
  }
}

async function readOne(lines: HeadLines): Promise<Outcome<Head>> {
  const first = await lines.next();
  if (!first.ok) return first;
  const status = /^HTTP\/1\.\d ([1-9]\d\d)(?: |$)/.exec(first.value)?.[1];
  if (status === undefined) {
    return unreadable(`it is no HTTP/1.1: it begins with "${printable(first.value, SHOWN_CHARACTERS)}"`);
  }
  const headers = new Map<string, string>();
  let last: string | undefined;
  for (;;) {
    const line = await lines.next();
    if (!line.ok) return line;
    if (line.value === "") return { ok: true, value: { status: Number(status), headers } };
    // A folded line (section 5.2) goes on with the value of the one before it.
    const folded = /^[ \t]/.test(line.value) ? last : undefined;
    const [, name, value] = folded === undefined ? parseHeader(line.value) : [, folded, line.value.trim()];
    if (name === undefined || value === undefined) {
      return unreadable(`it has a malformed header: "${printable(line.value, SHOWN_CHARACTERS)}"`);
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${folded === undefined ? ", " : " "}${value}`);
    last = name;
  }
}

/** [line, name in lower case, value]. A blank before the colon is refused, since servers differ in what it means. */
function parseHeader(line: string): readonly (string | undefined)[] {
  const [all, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\0]*?)[ \t]*$/.exec(line) ?? [];
  return [all, name?.toLowerCase(), value];
}
