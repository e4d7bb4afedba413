/**
 * rtnetlink: the requests that podlab makes about a network namespace, and the links, addresses and routes in the answers.
 *
 * Sources: rtnetlink(7), linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/if_arp.h.
 *
 * @module
 */

import { formatAddress, formatMac } from "./addresses.ts";
import {
  type Attribute,
  attributeText,
  decodeAttributes,
  type Decoded,
  encodeMessage,
  NETLINK_FLAGS,
  type NetlinkMessage,
  viewOf,
} from "./netlink.ts";

/** The index of `lo`, which is the first device of every network namespace. */
export const LOOPBACK_INDEX = 1;

/** linux/rtnetlink.h: the routing table that routes are in unless another is named. */
export const RT_TABLE_MAIN = 254;

const RTM_NEWLINK = 16;
const RTM_NEWADDR = 20;
const RTM_NEWROUTE = 24;
const GET = { links: 18, addresses: 22, routes: 26 } as const; // RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE

const IFINFOMSG_BYTES = 16;
const IFADDRMSG_BYTES = 8;
const RTMSG_BYTES = 12;
const RTNEXTHOP_BYTES = 8;

const AF_INET6 = 10;
const IFF_UP = 1;
const ARPHRD_LOOPBACK = 772;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_VIA = 18;
/** `rtm_flags`: a cached copy of another route. */
const RTM_F_CLONED = 0x200;

/** A network device. */
export type Link = {
  readonly index: number;
  readonly name: string;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  readonly mtu: number;
  /** Absent where the device has no hardware address (a tunnel). */
  readonly mac?: string;
  /** IFLA_INFO_KIND (`veth`, `bridge` …), or `loopback`; absent for hardware. */
  readonly kind?: string;
};

/** An address of a device: `127.0.0.1/8`. */
export interface LinkAddress {
  readonly index: number;
  readonly address: string;
}

/** A route; one with several next hops is several of them. */
export interface Route {
  /** `10.0.0.0/8`, or `default`. */
  readonly destination: string;
  readonly gateway?: string;
  /** The device's index; absent for a route that goes nowhere (blackhole, unreachable). */
  readonly oif?: number;
  readonly table: number;
}

/** What a message of a dump says; `other` is of a type that podlab does not read. */
export type RouteEntry =
  | { readonly kind: "link"; readonly link: Link }
  | { readonly kind: "address"; readonly address: LinkAddress }
  | { readonly kind: "routes"; readonly routes: readonly Route[] }
  | { readonly kind: "other"; readonly type: number };

/** RTM_NEWLINK that sets IFF_UP on a device. The kernel acknowledges it. */
export function encodeLinkUp(index: number, sequence: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(IFINFOMSG_BYTES);
  const view = viewOf(payload);
  view.setInt32(4, index, true); // int ifi_index; ifi_family, padding and ifi_type stay 0
  view.setUint32(8, IFF_UP, true); // unsigned ifi_flags
  view.setUint32(12, IFF_UP, true); // unsigned ifi_change: which flags to set
  return encodeMessage({
    type: RTM_NEWLINK,
    flags: NETLINK_FLAGS.NLM_F_REQUEST | NETLINK_FLAGS.NLM_F_ACK,
    sequence,
    payload,
  });
}

/** A request for all links, addresses or routes, of every family. Answered by many messages and NLMSG_DONE. */
export function encodeDump(what: keyof typeof GET, sequence: number): Uint8Array<ArrayBuffer> {
  const size = { links: IFINFOMSG_BYTES, addresses: IFADDRMSG_BYTES, routes: RTMSG_BYTES }[what];
  return encodeMessage({
    type: GET[what],
    flags: NETLINK_FLAGS.NLM_F_REQUEST | NETLINK_FLAGS.NLM_F_DUMP,
    sequence,
    payload: new Uint8Array(size),
  });
}

/** What a message of an answer says. */
export function decodeRouteEntry(message: NetlinkMessage & { readonly kind: "data" }): Decoded<RouteEntry> {
  const { type, payload } = message;
  if (type === RTM_NEWLINK) {
    return decode(payload, IFINFOMSG_BYTES, (attributes) => ({ kind: "link", link: toLink(payload, attributes) }));
  }
  if (type === RTM_NEWADDR) {
    return decode(
      payload,
      IFADDRMSG_BYTES,
      (attributes) => ({ kind: "address", address: toAddress(payload, attributes) }),
    );
  }
  if (type === RTM_NEWROUTE) {
    return decode(payload, RTMSG_BYTES, (attributes) => ({ kind: "routes", routes: toRoutes(payload, attributes) }));
  }
  return { ok: true, value: { kind: "other", type } };
}

/** Attributes by type; the last of equals holds. */
type Attributes = ReadonlyMap<number, Uint8Array>;

function decode(
  payload: Uint8Array,
  headerBytes: number,
  read: (attributes: Attributes) => RouteEntry,
): Decoded<RouteEntry> {
  if (payload.length < headerBytes) {
    return {
      ok: false,
      error: `Cannot read from netlink: a header of ${payload.length} instead of ${headerBytes} bytes`,
    };
  }
  const attributes = decodeAttributes(payload.subarray(headerBytes));
  return attributes.ok ? { ok: true, value: read(byType(attributes.value)) } : attributes;
}

function toLink(payload: Uint8Array, attributes: Attributes): Link {
  const view = viewOf(payload);
  const name = attributes.get(IFLA_IFNAME);
  const mac = attributes.get(IFLA_ADDRESS);
  const kind = view.getUint16(2, true) === ARPHRD_LOOPBACK ? "loopback" : infoKind(attributes.get(IFLA_LINKINFO));
  return {
    index: view.getInt32(4, true),
    name: name === undefined ? "" : attributeText(name),
    up: (view.getUint32(8, true) & IFF_UP) !== 0,
    mtu: number(attributes.get(IFLA_MTU)) ?? 0,
    ...(mac === undefined || mac.length === 0 ? {} : { mac: formatMac(mac) }),
    ...(kind === undefined ? {} : { kind }),
  };
}

function infoKind(info: Uint8Array | undefined): string | undefined {
  const nested = info === undefined ? undefined : decodeAttributes(info);
  if (nested === undefined || !nested.ok) return undefined;
  const kind = byType(nested.value).get(IFLA_INFO_KIND);
  return kind === undefined ? undefined : attributeText(kind);
}

function toAddress(payload: Uint8Array, attributes: Attributes): LinkAddress {
  // On a point-to-point device IFA_ADDRESS is the peer's, and IFA_LOCAL its own.
  const address = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS) ?? new Uint8Array();
  const prefix = payload[1] ?? 0; // __u8 ifa_prefixlen
  return { index: viewOf(payload).getUint32(4, true), address: `${formatAddress(address)}/${prefix}` };
}

function toRoutes(payload: Uint8Array, attributes: Attributes): readonly Route[] {
  const [family = 0, prefix = 0, , , tableByte = 0] = payload;
  if ((viewOf(payload).getUint32(8, true) & RTM_F_CLONED) !== 0) return [];
  const nowhere = new Uint8Array(family === AF_INET6 ? 16 : 4);
  const route = {
    destination: prefix === 0 ? "default" : `${formatAddress(attributes.get(RTA_DST) ?? nowhere)}/${prefix}`,
    // Tables above 255 do not fit into the header.
    table: number(attributes.get(RTA_TABLE)) ?? tableByte,
  };
  const hops = nextHops(attributes.get(RTA_MULTIPATH));
  return hops.length > 0 ? hops.map((hop) => ({ ...route, ...hop })) : [{ ...route, ...nextHop(attributes) }];
}

type NextHop = Pick<Route, "gateway" | "oif">;

function nextHop(attributes: Attributes, index = number(attributes.get(RTA_OIF))): NextHop {
  // struct rtvia: an address of another family than the route's, after 2 bytes that name the family.
  const gateway = attributes.get(RTA_GATEWAY) ?? attributes.get(RTA_VIA)?.subarray(2);
  return {
    ...(gateway === undefined ? {} : { gateway: formatAddress(gateway) }),
    ...(index === undefined ? {} : { oif: index }),
  };
}

/** An array of struct rtnexthop, each with attributes of its own. What cannot be read ends it. */
function nextHops(bytes: Uint8Array | undefined): NextHop[] {
  const hops: NextHop[] = [];
  let rest = bytes ?? new Uint8Array();
  while (rest.length >= RTNEXTHOP_BYTES) {
    const view = viewOf(rest);
    const length = view.getUint16(0, true); // unsigned short rtnh_len
    if (length < RTNEXTHOP_BYTES || length > rest.length) break;
    const attributes = decodeAttributes(rest.subarray(RTNEXTHOP_BYTES, length));
    if (attributes.ok) hops.push(nextHop(byType(attributes.value), view.getInt32(4, true)));
    rest = rest.subarray(Math.ceil(length / 4) * 4);
  }
  return hops;
}

function byType(attributes: readonly Attribute[]): Attributes {
  return new Map(attributes.map(({ type, data }) => [type, data]));
}

/** A 32-bit attribute; `undefined` where it is missing or of another size. */
function number(data: Uint8Array | undefined): number | undefined {
  return data?.length === 4 ? viewOf(data).getUint32(0, true) : undefined;
}
