/**
 * Internet addresses as text and as bytes, and the address structures that bind(2), connect(2) and sendto(2) take.
 *
 * Sources: ip(7), ipv6(7), unix(7), netlink(7); RFC 4291 (IPv6 text), RFC 5952 (its canonical form). Numbers that a
 * structure holds in host byte order are little-endian, as on both architectures that podlab runs on.
 *
 * @module
 */

/** linux/socket.h */
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;

/** linux/un.h: `sun_path`, with its final NUL. */
const UNIX_PATH_BYTES = 108;

/** An IPv4 (4 bytes) or IPv6 (16 bytes) address in network byte order. */
export type AddressBytes = Uint8Array<ArrayBuffer>;

/**
 * The bytes of an address in text: dotted decimal with four parts, or RFC 4291's IPv6 without a zone. `undefined` for
 * anything else; leading zeros are refused, since some programs read them as octal.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return bytes === undefined ? undefined : Uint8Array.from(bytes);
}

/**
 * The addresses that a host's text stands for, in the order to try them: itself, or both loopback addresses for
 * `localhost`. Nothing else is resolved: the runner asks no name server, and a pod's hosts file is not its own.
 */
export function hostAddresses(host: string): readonly AddressBytes[] {
  if (host.toLowerCase() === "localhost") {
    return [Uint8Array.of(127, 0, 0, 1), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)];
  }
  const address = parseAddress(host);
  return address === undefined ? [] : [address];
}

/** An address as text: `127.0.0.1`, `fe80::1`. Bytes that are neither 4 nor 16 are shown in hexadecimal, as a MAC is. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  return bytes.length === 16 ? formatIpv6(bytes) : formatMac(bytes);
}

/** A hardware address: `02:42:ac:11:00:02`. */
export function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** `struct sockaddr_in` or `struct sockaddr_in6` (netinet/in.h), by the address's length. */
export function internetSocketAddress(address: Uint8Array, port: number): Uint8Array<ArrayBuffer> {
  const inet6 = address.length === 16;
  if (!inet6 && address.length !== 4) {
    throw new RangeError("Cannot connect to an address that is not 4 or 16 bytes long");
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot use port ${port}: not 0 to 65535`);
  }
  const bytes = new Uint8Array(inet6 ? 28 : 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, inet6 ? AF_INET6 : AF_INET, true); // sa_family_t
  view.setUint16(2, port); // in_port_t, network byte order
  // sockaddr_in6 has sin6_flowinfo in between; its sin6_scope_id and sockaddr_in's padding stay 0.
  bytes.set(address, inet6 ? 8 : 4);
  return bytes;
}

/**
 * `struct sockaddr_un` (linux/un.h) of a socket file, as long as it must be given to connect(2): with one final NUL.
 *
 * @throws {RangeError} If the path is empty, contains NUL, or is longer than 107 bytes.
 */
export function unixSocketAddress(path: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(path);
  if (name.length === 0 || name.includes(0) || name.length >= UNIX_PATH_BYTES) {
    throw new RangeError(`Cannot use "${path}" as a socket's path: it must be 1 to 107 bytes long, without NUL`);
  }
  const bytes = new Uint8Array(2 + name.length + 1);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true); // sa_family_t
  bytes.set(name, 2);
  return bytes;
}

/** `struct sockaddr_nl` (linux/netlink.h). Port 0 is the kernel, or in bind(2) asks for any port. */
export function netlinkSocketAddress(port = 0, groups = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_NETLINK, true); // sa_family_t, then 2 bytes of padding
  view.setUint32(4, port, true); // __u32 nl_pid
  view.setUint32(8, groups, true); // __u32 nl_groups
  return bytes;
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [front = "", back] = halves;
  const head = parseGroups(front, back === undefined);
  if (back === undefined) return head?.length === 16 ? head : undefined;
  const tail = parseGroups(back, true);
  if (head === undefined || tail === undefined) return undefined;
  const zeros = 16 - head.length - tail.length;
  // "::" stands for at least one group.
  return zeros < 2 ? undefined : [...head, ...Array<number>(zeros).fill(0), ...tail];
}

/** Groups of 16 bits; the last two may be written as an IPv4 address where they end the text. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const ipv4 = last && index === groups.length - 1 && group.includes(".") ? parseIpv4(group) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (/^[\da-f]{1,4}$/i.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

function formatIpv6(bytes: Uint8Array): string {
  // RFC 5952 section 5: an address that is known to carry an IPv4 address shows it as one.
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return `::ffff:${bytes.subarray(12).join(".")}`;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const text = groups.map((group) => group.toString(16));
  if (length < 2) return text.join(":");
  return `${text.slice(0, start).join(":")}::${text.slice(start + length).join(":")}`;
}

/** The longest run of zero groups, the first of equals. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}
