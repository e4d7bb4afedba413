/**
 * A network namespace as a subject: devices, addresses and routes by netlink, sockets from procfs.
 *
 * @module
 */

import type { Json } from "../../lab/matcher.ts";
import type { Span } from "../../lab/span.ts";
import { unameInPod } from "../../plan/exec.ts";
import { networkFacts } from "../../sys/network_facts.ts";
import { parseSockets } from "../../sys/procfs_net.ts";
import type { Context } from "../context.ts";
import { dump } from "../netlink.ts";
import type { Found } from "../targets.ts";
import { namespacesOf } from "./namespaces.ts";
import { readProc } from "./process.ts";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC_NONBLOCK = 0o2004003;
/** Where the node name lies in struct utsname (uname(2)). */
const NODENAME = 65;

/**
 * The facts of the subject `network`. Absent ones where the process has ended.
 *
 * @param seen Namespaces that this look has seen already, by inode number: the kernel goes through all of the host's sockets to
 * tell a namespace's, so those who share one are told from one reading.
 */
export function networkOf(context: Context, found: Found, span: Span, seen: Map<number, Json>): Json {
  const { hostPid, pod } = found;
  if (hostPid === undefined || pod.infra !== "running") return {};
  const inode = namespacesOf(hostPid).net;
  if (inode === undefined) return {};
  const own = seen.get(inode) ?? namespaceFacts(context, found, hostPid, span);
  seen.set(inode, own);
  return { ...own as Record<string, Json>, hostname: hostnameOf(context, found, span), inode };
}

function namespaceFacts(context: Context, found: Found, hostPid: number, span: Span): Json {
  const sockets = (["tcp", "tcp6", "udp", "udp6"] as const).flatMap((protocol) =>
    parseSockets(protocol, readProc(`${hostPid}/net/${protocol}`) ?? "")
  );
  return {
    ...withNetlink(context, found, (fd) => {
      const { machine } = context;
      return networkFacts({
        links: dump(machine, fd, "links", span).flatMap((entry) => entry.kind === "link" ? [entry.link] : []),
        addresses: dump(machine, fd, "addresses", span).flatMap((entry) =>
          entry.kind === "address" ? [entry.address] : []
        ),
        routes: dump(machine, fd, "routes", span).flatMap((entry) => entry.kind === "routes" ? entry.routes : []),
      });
    }) as unknown as Record<string, Json>,
    listening: sockets as unknown as Json,
    ports: [...new Set(sockets.filter(({ protocol }) => protocol.startsWith("tcp")).map(({ port }) => port))],
  };
}

/** The pod's own socket; a pod on the host's network has none, so the runner, which is on it too, makes one. */
function withNetlink<T>({ executor, machine }: Context, { pod }: Found, use: (fd: number) => T): T {
  const slot = `${pod.name}.netlink`;
  if (executor.open.has(slot)) return use(executor.value(slot));
  const fd = machine.check(
    "make a netlink socket",
    machine.kernel.call("socket", AF_NETLINK, SOCK_RAW_CLOEXEC_NONBLOCK, 0),
  );
  try {
    return use(fd);
  } finally {
    machine.kernel.call("close", fd);
  }
}

/** The host name is not in procfs but for one's own namespace, so a stepping stone asks in the process's. */
function hostnameOf({ executor, host }: Context, { pod, pidfd }: Found, span: Span): string {
  if (pod.spec.hostNetwork.value) return host.hostname;
  const id = `${pod.name} uname`;
  executor.run(unameInPod(id, pidfd, { host, span }));
  const name = executor.buffers.get(id)?.subarray(NODENAME) ?? new Uint8Array();
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}
