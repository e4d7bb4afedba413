/**
 * Waits for everything at once: pipes, sockets, pidfds and one timerfd on one epoll instance, in one call on one other
 * thread. Nothing is polled, and there is no thread per container.
 *
 * Sources: epoll(7), timerfd_create(2), eventfd(2).
 *
 * @module
 */

import type { Kernel } from "./kernel.ts";
import { Memory } from "./memory.ts";

const EPOLLIN = 0x1;
const EPOLLOUT = 0x4;
const EPOLLONESHOT = 0x4000_0000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;
const EPOLL_CLOEXEC = 0o2000000;
const CLOEXEC_NONBLOCK = 0o2004000;
const CLOCK_MONOTONIC = 1;
const ENOENT = 2;
const EVENTS_MAX = 128;

/** What someone waits for on a descriptor. */
interface Watch {
  read?: (() => void) | undefined;
  write?: (() => void) | undefined;
}

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** The event loop of a runner. Dispose of it when nothing waits any more. */
export class Reactor implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #epoll: number;
  readonly #wakeup: number;
  readonly #timerfd: number;
  /** struct epoll_event is packed on x86-64 only. */
  readonly #eventBytes: number;
  readonly #dataOffset: number;
  readonly #events: Memory;
  readonly #event = new Memory(16);
  readonly #expirations = new Memory(8);
  readonly #itimerspec = new Memory(32);
  readonly #watches = new Map<number, Watch>();
  readonly #timers = new Set<Timer>();
  #armedFor = Infinity;
  #loop: Promise<void> | undefined;
  #running = false;
  #closing = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#eventBytes = kernel.arch === "x86_64" ? 12 : 16;
    this.#dataOffset = kernel.arch === "x86_64" ? 4 : 8;
    this.#events = new Memory(EVENTS_MAX * this.#eventBytes);
    this.#epoll = must(kernel.call("epoll_create1", EPOLL_CLOEXEC));
    this.#wakeup = must(kernel.call("eventfd2", 0, CLOEXEC_NONBLOCK));
    this.#timerfd = must(kernel.call("timerfd_create", CLOCK_MONOTONIC, CLOEXEC_NONBLOCK));
    this.#control(EPOLL_CTL_ADD, this.#wakeup, EPOLLIN);
    this.#control(EPOLL_CTL_ADD, this.#timerfd, EPOLLIN);
  }

  /** Resolves when a descriptor can be read, has ended or has failed. One at a time per descriptor. */
  readable(fd: number): Promise<void> {
    return this.#watch(fd, "read");
  }

  /** Resolves when a descriptor can be written to or has failed. One at a time per descriptor. */
  writable(fd: number): Promise<void> {
    return this.#watch(fd, "write");
  }

  /** Lets go of a descriptor, before it is closed. Whoever waits for it is woken. */
  forget(fd: number): void {
    const watch = this.#watches.get(fd);
    this.#watches.delete(fd);
    this.#control(EPOLL_CTL_DEL, fd, 0);
    watch?.read?.();
    watch?.write?.();
  }

  /** Resolves after some milliseconds, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#timers.delete(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer: Timer = { at: performance.now() + ms, wake: done };
      this.#timers.add(timer);
      signal?.addEventListener("abort", done, { once: true });
      if (timer.at < this.#armedFor) this.#armTimer();
      this.#start();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#wake();
    await this.#loop;
    for (const fd of [this.#epoll, this.#wakeup, this.#timerfd]) this.#kernel.call("close", fd);
  }

  #watch(fd: number, kind: "read" | "write"): Promise<void> {
    return new Promise((resolve) => {
      let watch = this.#watches.get(fd);
      if (watch === undefined) {
        watch = {};
        this.#watches.set(fd, watch);
      }
      watch[kind] = resolve;
      this.#arm(fd, watch);
      this.#start();
    });
  }

  #arm(fd: number, watch: Watch): void {
    const events = (watch.read === undefined ? 0 : EPOLLIN) | (watch.write === undefined ? 0 : EPOLLOUT);
    if (events === 0) return;
    // Regular files and /dev/null are always ready, which epoll says as EPERM.
    const result = this.#control(EPOLL_CTL_MOD, fd, events | EPOLLONESHOT);
    const added = result === -ENOENT ? this.#control(EPOLL_CTL_ADD, fd, events | EPOLLONESHOT) : result;
    if (added < 0) this.#fire(fd, EPOLLIN | EPOLLOUT);
  }

  #control(operation: number, fd: number, events: number): number {
    this.#event.view.setUint32(0, events >>> 0, true);
    this.#event.view.setInt32(this.#dataOffset, fd, true);
    return this.#kernel.call("epoll_ctl", this.#epoll, operation, fd, this.#event.address);
  }

  /** One timerfd for the earliest timer; performance.now() runs with the same clock, from another zero. */
  #armTimer(): void {
    let earliest = Infinity;
    for (const { at } of this.#timers) earliest = Math.min(earliest, at);
    this.#armedFor = earliest;
    if (earliest === Infinity) return;
    const wait = Math.max(0.001, earliest - performance.now());
    const { view, address } = this.#itimerspec;
    view.setBigInt64(16, BigInt(Math.floor(wait / 1000)), true);
    view.setBigInt64(24, BigInt(Math.floor((wait % 1000) * 1e6)), true);
    this.#kernel.call("timerfd_settime", this.#timerfd, 0, address, 0);
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#loop = this.#run();
  }

  /** Runs as long as someone waits, so that an idle runner may end. */
  async #run(): Promise<void> {
    while (!this.#closing && (this.#timers.size > 0 || this.#waiting())) {
      const count = await this.#kernel.callElsewhere(
        "epoll_pwait",
        this.#epoll,
        this.#events.address,
        EVENTS_MAX,
        -1,
        0,
        8,
      );
      for (let index = 0; index < count; index++) {
        const offset = index * this.#eventBytes;
        const events = this.#events.view.getUint32(offset, true);
        this.#dispatch(this.#events.view.getInt32(offset + this.#dataOffset, true), events);
      }
      this.#expire();
    }
    this.#running = false;
  }

  #waiting(): boolean {
    for (const { read, write } of this.#watches.values()) if (read !== undefined || write !== undefined) return true;
    return false;
  }

  #dispatch(fd: number, events: number): void {
    if (fd === this.#wakeup || fd === this.#timerfd) this.#kernel.call("read", fd, this.#expirations.address, 8);
    else this.#fire(fd, events);
  }

  #fire(fd: number, events: number): void {
    const watch = this.#watches.get(fd);
    if (watch === undefined) return;
    const { read, write } = watch;
    // EPOLLERR and EPOLLHUP concern whoever waits.
    const both = (events & ~(EPOLLIN | EPOLLOUT)) !== 0;
    if (read !== undefined && (both || (events & EPOLLIN) !== 0)) {
      watch.read = undefined;
      read();
    }
    if (write !== undefined && (both || (events & EPOLLOUT) !== 0)) {
      watch.write = undefined;
      write();
    }
    this.#arm(fd, watch);
  }

  #expire(): void {
    const now = performance.now();
    if (now < this.#armedFor) return;
    // A timer that is woken removes itself.
    for (const timer of [...this.#timers]) if (timer.at <= now) timer.wake();
    this.#armTimer();
  }

  #wake(): void {
    this.#expirations.view.setBigUint64(0, 1n, true);
    this.#kernel.call("write", this.#wakeup, this.#expirations.address, 8);
  }
}

function must(fd: number): number {
  if (fd < 0) throw new Error(`Cannot make the event loop's descriptors: errno ${-fd}`);
  return fd;
}
