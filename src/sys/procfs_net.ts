/**
 * The sockets of a network namespace (/proc/PID/net/{tcp,tcp6,udp,udp6}), in the vocabulary of the subject `network`
 * (`src/lab/facts.ts`).
 *
 * Source: proc_pid_net(5); the kernel's Documentation/networking/proc_net_tcp.rst.
 *
 * @module
 */

import { formatAddress } from "./addresses.ts";

/** A file of sockets, and the protocol of all sockets in it. */
export type SocketProtocol = "tcp" | "tcp6" | "udp" | "udp6";

/** A TCP socket that listens or a UDP socket that is bound. */
export type ListeningSocket = {
  readonly protocol: SocketProtocol;
  readonly address: string;
  readonly port: number;
  readonly uid: number;
};

/** So many sockets are told of one protocol; a lab that opens more floods, and does not check. */
const SOCKETS_MAX = 4096;

/** Column `st`: net/tcp_states.h. A UDP socket without a peer is in the state that TCP calls closed. */
const LISTENING: Readonly<Record<SocketProtocol, string>> = { tcp: "0A", tcp6: "0A", udp: "07", udp6: "07" };

/** The sockets of a file that wait for peers. */
export function parseSockets(protocol: SocketProtocol, text: string): ListeningSocket[] {
  const sockets: ListeningSocket[] = [];
  for (const line of text.split("\n").slice(1)) {
    if (sockets.length === SOCKETS_MAX) break;
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid
    const [, local = "", , state, , , , uid = ""] = line.trim().split(/\s+/);
    const [, address = "", port = ""] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/.exec(local) ?? [];
    if (state !== LISTENING[protocol] || port === "" || !/^\d+$/.test(uid)) continue;
    sockets.push({ protocol, address: hexAddress(address), port: parseInt(port, 16), uid: Number(uid) });
  }
  return sockets;
}

/** Each 32 bits of an address are written as a number in host byte order, little-endian here: their bytes are reversed. */
function hexAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)));
  return formatAddress(Uint8Array.from(bytes));
}
