/**
 * The netlink message format: bytes to messages and back. What rtnetlink puts into them is in `netlink_route.ts`.
 *
 * Sources: netlink(7), linux/netlink.h. Numbers are in host byte order: little-endian on both architectures.
 *
 * @module
 */

/** `nlmsg_flags` of linux/netlink.h, as far as podlab sends or reads them. */
export const NETLINK_FLAGS = {
  NLM_F_REQUEST: 0x001,
  NLM_F_ACK: 0x004,
  /** NLM_F_ROOT | NLM_F_MATCH */
  NLM_F_DUMP: 0x300,
  /** In an answer to a dump: it changed while it was being read, so the dump must be asked for again. */
  NLM_F_DUMP_INTR: 0x010,
  /** In an error: the request is not in it beyond its header. */
  NLM_F_CAPPED: 0x100,
  /** In an error: attributes of extended acknowledgement follow. */
  NLM_F_ACK_TLVS: 0x200,
} as const;

const NLMSG_NOOP = 1;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_OVERRUN = 4;
const NLMSGERR_ATTR_MSG = 1;
/** The two highest bits of an attribute's type say how its payload is to be read (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
const NLA_TYPE_MASK = 0x3fff;
const MESSAGE_HEADER_BYTES = 16;
const ATTRIBUTE_HEADER_BYTES = 4;

/** An attribute: its type without the flag bits, and its payload. */
export interface Attribute {
  readonly type: number;
  readonly data: Uint8Array;
}

/** What is sent: `payload` is the family's own header and the attributes. */
export interface NetlinkRequest {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** One message that was received. `errno` is positive. */
export type NetlinkMessage =
  | {
    readonly kind: "data";
    readonly type: number;
    readonly flags: number;
    readonly sequence: number;
    readonly payload: Uint8Array;
  }
  /** The request was carried out (NLMSG_ERROR with 0). */
  | { readonly kind: "acknowledgement"; readonly sequence: number }
  /** The request failed; `text` is the kernel's explanation, where it gave one. */
  | { readonly kind: "error"; readonly sequence: number; readonly errno: number; readonly text?: string }
  /** The last message of a dump. `interrupted`: what was dumped changed meanwhile. */
  | { readonly kind: "done"; readonly sequence: number; readonly interrupted: boolean };

/** What a datagram held: its messages, or why it cannot be read. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** A request as a datagram for the kernel. */
export function encodeMessage({ type, flags, sequence, payload }: NetlinkRequest): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(align(MESSAGE_HEADER_BYTES + payload.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MESSAGE_HEADER_BYTES + payload.length, true); // __u32 nlmsg_len
  view.setUint16(4, type, true); // __u16 nlmsg_type
  view.setUint16(6, flags, true); // __u16 nlmsg_flags
  view.setUint32(8, sequence, true); // __u32 nlmsg_seq; nlmsg_pid stays 0: the kernel fills it in
  bytes.set(payload, MESSAGE_HEADER_BYTES);
  return bytes;
}

/**
 * Attributes one after the other, each padded to 4 bytes.
 *
 * @throws {RangeError} If an attribute is longer than its 16-bit length can say.
 */
export function encodeAttributes(attributes: readonly Attribute[]): Uint8Array<ArrayBuffer> {
  const size = attributes.reduce((sum, { data }) => sum + align(ATTRIBUTE_HEADER_BYTES + data.length), 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { type, data } of attributes) {
    const length = ATTRIBUTE_HEADER_BYTES + data.length;
    if (length > 0xffff) throw new RangeError(`Cannot encode an attribute of ${data.length} bytes`);
    view.setUint16(offset, length, true); // __u16 nla_len
    view.setUint16(offset + 2, type, true); // __u16 nla_type
    bytes.set(data, offset + ATTRIBUTE_HEADER_BYTES);
    offset += align(length);
  }
  return bytes;
}

/** The messages of a received datagram, in order. Ends early only with an error. */
export function decodeMessages(datagram: Uint8Array): Decoded<readonly NetlinkMessage[]> {
  const view = viewOf(datagram);
  const messages: NetlinkMessage[] = [];
  let offset = 0;
  while (offset < datagram.length) {
    if (datagram.length - offset < MESSAGE_HEADER_BYTES) return truncated("message header", offset);
    const length = view.getUint32(offset, true);
    // The lower bound is also what makes the loop end.
    if (length < MESSAGE_HEADER_BYTES || length > datagram.length - offset) return truncated("message", offset);
    const message = decodeMessage(
      view.getUint16(offset + 4, true),
      view.getUint16(offset + 6, true),
      view.getUint32(offset + 8, true),
      datagram.subarray(offset + MESSAGE_HEADER_BYTES, offset + length),
    );
    if (!message.ok) return message;
    if (message.value !== undefined) messages.push(message.value);
    offset += align(length);
  }
  return { ok: true, value: messages };
}

/** The attributes of a payload after its family header, in order. */
export function decodeAttributes(bytes: Uint8Array): Decoded<readonly Attribute[]> {
  const view = viewOf(bytes);
  const attributes: Attribute[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes.length - offset < ATTRIBUTE_HEADER_BYTES) return truncated("attribute header", offset);
    const length = view.getUint16(offset, true);
    if (length < ATTRIBUTE_HEADER_BYTES || length > bytes.length - offset) return truncated("attribute", offset);
    const data = bytes.subarray(offset + ATTRIBUTE_HEADER_BYTES, offset + length);
    attributes.push({ type: view.getUint16(offset + 2, true) & NLA_TYPE_MASK, data });
    offset += align(length);
  }
  return { ok: true, value: attributes };
}

/** A text attribute, which the kernel ends with NUL. */
export function attributeText(data: Uint8Array): string {
  const end = data.indexOf(0);
  return new TextDecoder().decode(end === -1 ? data : data.subarray(0, end));
}

/** A view of just these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeMessage(
  type: number,
  flags: number,
  sequence: number,
  payload: Uint8Array,
): Decoded<NetlinkMessage | undefined> {
  switch (type) {
    case NLMSG_NOOP:
      return { ok: true, value: undefined };
    case NLMSG_OVERRUN:
      return { ok: false, error: "Cannot read from netlink: messages were lost" };
    case NLMSG_ERROR:
      return decodeError(flags, sequence, payload);
    case NLMSG_DONE:
      return decodeDone(flags, sequence, payload);
    default:
      return { ok: true, value: { kind: "data", type, flags, sequence, payload } };
  }
}

/** struct nlmsgerr: the result, the request that it belongs to, and perhaps attributes. */
function decodeError(flags: number, sequence: number, payload: Uint8Array): Decoded<NetlinkMessage> {
  if (payload.length < 4 + MESSAGE_HEADER_BYTES) return truncated("error message", 0);
  const view = viewOf(payload);
  const errno = -view.getInt32(0, true);
  if (errno === 0) return { ok: true, value: { kind: "acknowledgement", sequence } };
  const request = (flags & NETLINK_FLAGS.NLM_F_CAPPED) !== 0 ? MESSAGE_HEADER_BYTES : view.getUint32(4, true);
  return failure(sequence, errno, extendedText(flags, payload, 4 + align(request)));
}

/** The end of a dump, which carries the errno that it stopped with. */
function decodeDone(flags: number, sequence: number, payload: Uint8Array): Decoded<NetlinkMessage> {
  const errno = payload.length >= 4 ? -viewOf(payload).getInt32(0, true) : 0;
  if (errno > 0) return failure(sequence, errno, extendedText(flags, payload, 4));
  const interrupted = (flags & NETLINK_FLAGS.NLM_F_DUMP_INTR) !== 0;
  return { ok: true, value: { kind: "done", sequence, interrupted } };
}

function failure(sequence: number, errno: number, text: string | undefined): Decoded<NetlinkMessage> {
  return { ok: true, value: { kind: "error", sequence, errno, ...(text === undefined ? {} : { text }) } };
}

/** The explanation of an extended acknowledgement. It only adds to an errno, so a broken one is as none. */
function extendedText(flags: number, payload: Uint8Array, offset: number): string | undefined {
  if ((flags & NETLINK_FLAGS.NLM_F_ACK_TLVS) === 0) return undefined;
  const attributes = decodeAttributes(payload.subarray(offset));
  if (!attributes.ok) return undefined;
  const message = attributes.value.find(({ type }) => type === NLMSGERR_ATTR_MSG);
  return message === undefined ? undefined : attributeText(message.data);
}

function truncated(what: string, offset: number): { readonly ok: false; readonly error: string } {
  return { ok: false, error: `Cannot read from netlink: truncated ${what} at byte ${offset}` };
}

/** NLMSG_ALIGN and NLA_ALIGN: up to the next multiple of 4. */
function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}
