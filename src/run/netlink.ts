/**
 * rtnetlink over a socket that was made in another network namespace: the runner speaks to that namespace without being
 * in it.
 *
 * @module
 */

import type { Span } from "../lab/span.ts";
import { errnoName, errnoText } from "../sys/errno.ts";
import { Memory } from "../sys/memory.ts";
import { decodeMessages, type NetlinkMessage } from "../sys/netlink.ts";
import { decodeRouteEntry, encodeDump, encodeLinkUp, LOOPBACK_INDEX, type RouteEntry } from "../sys/netlink_route.ts";
import { RunFailure } from "./errors.ts";
import type { Machine } from "./machine.ts";

const RECEIVE_BYTES = 64 * 1024;
const MESSAGES_MAX = 10_000;
const EAGAIN = -11;

let sequence = 0;

/**
 * Brings a namespace's `lo` up.
 *
 * @throws {RunFailure} If the kernel refuses.
 */
export function bringLoopbackUp(machine: Machine, fd: number, span: Span): void {
  const answers = ask(machine, fd, encodeLinkUp(LOOPBACK_INDEX, ++sequence), "bring lo up", span);
  if (!answers.some(({ kind }) => kind === "acknowledgement")) {
    throw refused("bring lo up", "the kernel did not acknowledge it", span);
  }
}

/** Dumps links, addresses or routes of a namespace. */
export function dump(machine: Machine, fd: number, what: Parameters<typeof encodeDump>[0], span: Span): RouteEntry[] {
  return ask(machine, fd, encodeDump(what, ++sequence), `list the ${what} of a pod`, span).flatMap((message) => {
    if (message.kind !== "data") return [];
    const entry = decodeRouteEntry(message);
    return entry.ok ? [entry.value] : [];
  });
}

/** The kernel answers rtnetlink while the request is sent, so what is there to receive is there at once. */
function ask(machine: Machine, fd: number, request: Uint8Array, what: string, span: Span): NetlinkMessage[] {
  const sent = new Memory(request);
  const result = machine.kernel.call("sendto", fd, sent.address, sent.bytes.length, 0, 0, 0);
  if (result < 0) throw refused(what, `sendto: ${errnoName(-result)}`, span);
  const buffer = new Memory(RECEIVE_BYTES);
  const messages: NetlinkMessage[] = [];
  while (messages.length < MESSAGES_MAX) {
    const length = machine.kernel.call("recvfrom", fd, buffer.address, RECEIVE_BYTES, 0, 0, 0);
    if (length === EAGAIN) break;
    if (length < 0) throw refused(what, `recvfrom: ${errnoName(-length)}`, span);
    const decoded = decodeMessages(buffer.bytes.slice(0, length));
    if (!decoded.ok) throw refused(what, decoded.error, span);
    for (const message of decoded.value) {
      if (message.kind === "error") {
        throw refused(what, `${errnoName(message.errno)} (${message.text ?? errnoText(message.errno)})`, span);
      }
      messages.push(message);
    }
    if (messages.some(({ kind }) => kind === "done" || kind === "acknowledgement")) break;
  }
  return messages;
}

function refused(what: string, reason: string, span: Span): RunFailure {
  return new RunFailure({ kind: "failed", message: `Cannot ${what} by netlink: ${reason}`, span });
}
