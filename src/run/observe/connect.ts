/**
 * Connections from inside a pod's network namespace: the socket is made there, and used from here.
 *
 * @module
 */

import type { Subject } from "../../lab/lab.ts";
import type { Json } from "../../lab/matcher.ts";
import type { Span } from "../../lab/span.ts";
import { socketInPod } from "../../plan/exec.ts";
import { hostAddresses, internetSocketAddress, unixSocketAddress } from "../../sys/addresses.ts";
import { openFlags } from "../../sys/constants.ts";
import { errnoName } from "../../sys/errno.ts";
import { Memory } from "../../sys/memory.ts";
import type { Context } from "../context.ts";
import type { Found } from "../targets.ts";
import { openIn, openRoot } from "./file.ts";
import { exchange, parseTarget, type Stream } from "./http_exchange.ts";

const RECEIVED_BYTES = 64 * 1024;
/** A peer that has spoken and then says nothing for so long has finished. */
const QUIET_MS = 100;
const EAGAIN = -11;
const EINPROGRESS = -115;
const SOL_SOCKET = 1;
const SO_ERROR = 4;

/** How a connection ends before it is one: an errno's name, `timeout`, or a sentence. */
class NoConnection extends Error {}

/** The facts of the subject `connect`. */
export async function connectFacts(
  context: Context,
  found: Found,
  subject: Extract<Subject, { kind: "connect" }>,
): Promise<Json> {
  const started = performance.now();
  try {
    await using socket = await open(context, found, subject.to, subject.timeoutMs, subject.span);
    const latencyMs = Math.round(performance.now() - started);
    const received = await socket.converse(subject.send);
    return { ok: true, latencyMs, received };
  } catch (error) {
    if (!(error instanceof NoConnection)) throw error;
    return { ok: false, error: error.message, latencyMs: Math.round(performance.now() - started), received: "" };
  }
}

/** The facts of the subject `http`. */
export async function httpFacts(
  context: Context,
  found: Found,
  subject: Extract<Subject, { kind: "http" }>,
): Promise<Json> {
  const started = performance.now();
  const latency = (): number => Math.round(performance.now() - started);
  const failed = (error: string): Json => ({ ok: false, error, latencyMs: latency() });
  const url = parseTarget(subject.url);
  if (url.kind !== "http") return failed(`"${subject.url}" is no URL that begins with http://`);
  try {
    await using socket = await open(
      context,
      found,
      `tcp://${bracketed(url.host)}:${url.port}`,
      subject.timeoutMs,
      subject.span,
    );
    const { method, headers, body } = subject;
    const answer = await exchange(socket, { method, url, headers, body });
    // A body that lasts until the server closes looks whole when the time is over.
    if (socket.timedOut) return failed("timeout");
    if (!answer.ok) return failed(answer.error);
    const { status, headers: answered, body: text } = answer.value;
    return { ok: true, status, headers: answered, body: text, latencyMs: latency() };
  } catch (error) {
    if (!(error instanceof NoConnection)) throw error;
    return failed(error.message);
  }
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Opens a connection to one of the addresses that a target stands for. */
async function open(
  context: Context,
  found: Found,
  to: string,
  timeoutMs: number,
  span: Span,
): Promise<Socket> {
  const target = parseTarget(to);
  if (target.kind === "invalid") throw new NoConnection(target.error);
  if (target.kind === "http") throw new NoConnection(`"${to}" is no socket`);
  if (target.kind === "unix") return await openUnix(context, found, target.path, timeoutMs, span);
  const type = target.kind === "tcp" ? "SOCK_STREAM" : "SOCK_DGRAM";
  const own = found.pod.spec.hostname.value;
  const addresses = hostAddresses(target.host === own ? "localhost" : target.host);
  if (addresses.length === 0) {
    throw new NoConnection(`"${target.host}" is no address, nor localhost, nor the pod's host name`);
  }
  const deadline = performance.now() + timeoutMs;
  let last = new NoConnection("timeout");
  for (const address of addresses) {
    const domain = address.length === 4 ? "AF_INET" : "AF_INET6";
    const socket = makeSocket(context, found, domain, type, deadline, span);
    try {
      await socket.connect(internetSocketAddress(address, target.port));
      return socket;
    } catch (error) {
      socket.close();
      if (!(error instanceof NoConnection)) throw error;
      last = error;
      if (socket.timedOut) break;
    }
  }
  throw last;
}

/** A UNIX socket's path is the container's: it is opened below its root, and connected to by that descriptor. */
async function openUnix(
  context: Context,
  found: Found,
  path: string,
  timeoutMs: number,
  span: Span,
): Promise<Socket> {
  const { machine } = context;
  if (found.hostPid === undefined) throw new NoConnection("ESRCH");
  const root = openRoot(machine, found.hostPid);
  if (root < 0) throw new NoConnection(errnoName(-root));
  const flags = openFlags(machine.kernel.arch);
  const file = openIn(machine, root, path, flags.O_PATH | flags.O_CLOEXEC);
  machine.kernel.call("close", root);
  if (file < 0) throw new NoConnection(errnoName(-file));
  const address = unixSocketAddress(`/proc/self/fd/${file}`);
  let failure = new NoConnection("EPROTOTYPE");
  try {
    for (const type of ["SOCK_STREAM", "SOCK_DGRAM"] as const) {
      const socket = makeSocket(context, found, "AF_UNIX", type, performance.now() + timeoutMs, span);
      try {
        await socket.connect(address);
        return socket;
      } catch (error) {
        socket.close();
        if (!(error instanceof NoConnection)) throw error;
        failure = error;
        if (error.message !== "EPROTOTYPE") break;
      }
    }
  } finally {
    machine.kernel.call("close", file);
  }
  throw failure;
}

let count = 0;

function makeSocket(
  context: Context,
  { pod }: Found,
  domain: "AF_UNIX" | "AF_INET" | "AF_INET6",
  type: "SOCK_STREAM" | "SOCK_DGRAM",
  deadline: number,
  span: Span,
): Socket {
  const { executor, host } = context;
  if (pod.infra !== "running") throw new NoConnection(`pod "${pod.name}" is not running`);
  const id = `socket ${++count} in ${pod.name}`;
  const steps = socketInPod(id, pod.infraSlot, { domain, type: [type] }, { host, span });
  executor.run(steps);
  return new Socket(context, id, type === "SOCK_STREAM", deadline);
}

/** A socket of the runner's with a deadline for everything. */
class Socket implements Stream, AsyncDisposable {
  timedOut = false;
  readonly #fd: number;
  #closed = false;

  constructor(readonly context: Context, readonly slot: string, readonly stream: boolean, readonly deadline: number) {
    this.#fd = context.executor.value(slot);
  }

  async connect(address: Uint8Array): Promise<void> {
    const { kernel } = this.context.machine;
    const memory = new Memory(address);
    const result = kernel.call("connect", this.#fd, memory.address, memory.bytes.length);
    if (result === 0) return;
    if (result !== EINPROGRESS && result !== EAGAIN) throw new NoConnection(errnoName(-result));
    if (!await this.#inTime("writable")) throw new NoConnection("timeout");
    const value = new Memory(4);
    const length = new Memory(4);
    length.view.setUint32(0, 4, true);
    kernel.call("getsockopt", this.#fd, SOL_SOCKET, SO_ERROR, value.address, length.address);
    const errno = value.view.getInt32(0, true);
    if (errno !== 0) throw new NoConnection(errnoName(errno));
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const written = this.context.machine.write(this.#fd, rest);
      if (written >= 0) rest = rest.subarray(written);
      else if (written !== EAGAIN) throw new NoConnection(errnoName(-written));
      else if (!await this.#inTime("writable")) throw new NoConnection("timeout");
    }
  }

  /** What has come, once something has; `undefined` at the end, after an error, or when the time is over. */
  read(): Promise<Uint8Array | undefined> {
    return this.#readWithin(Infinity);
  }

  async #readWithin(ms: number): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.context.machine.read(this.#fd);
      if (typeof bytes !== "number") return bytes.length === 0 ? undefined : bytes.slice();
      if (bytes !== EAGAIN) return undefined;
      if (ms === 0 || !await this.#inTime("readable", ms)) return undefined;
    }
  }

  /**
   * Sends a text, and gives what comes back: until the peer closes, the time is over, or it has been quiet for a moment
   * after it spoke. Without a text, what is there already: a greeting.
   */
  async converse(send: string): Promise<string> {
    await this.write(new TextEncoder().encode(send));
    const decoder = new TextDecoder();
    let text = "";
    let length = 0;
    while (length < RECEIVED_BYTES) {
      const wait = send === "" ? 0 : length > 0 ? QUIET_MS : Infinity;
      const bytes = await this.#readWithin(wait);
      if (bytes === undefined) break;
      const part = bytes.subarray(0, RECEIVED_BYTES - length);
      length += part.length;
      text += decoder.decode(part, { stream: true });
      if (!this.stream) break;
    }
    return text + decoder.decode();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.context.machine.reactor.forget(this.#fd);
    this.context.executor.close(this.slot);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async #inTime(what: "readable" | "writable", ms = Infinity): Promise<boolean> {
    const { reactor } = this.context.machine;
    const over = new AbortController();
    const left = this.deadline - performance.now();
    const ready = await Promise.race([
      reactor[what](this.#fd).then(() => true),
      reactor.sleep(Math.min(left, ms), AbortSignal.any([over.signal, this.context.signal])).then(() => false),
    ]);
    over.abort();
    if (!ready && left <= ms) this.timedOut = true;
    return ready;
  }
}
