import assert from "node:assert/strict";
import { kernel } from "./kernel.ts";
import { Memory } from "./memory.ts";
import { Reactor } from "./reactor.ts";

const CLOEXEC_NONBLOCK = 0o2004000;

/** A pipe that is closed with its scope. */
class Pipe implements Disposable {
  readonly read: number;
  readonly write: number;

  constructor() {
    const ends = new Memory(8);
    assert.equal(kernel().call("pipe2", ends.address, CLOEXEC_NONBLOCK), 0);
    [this.read, this.write] = [ends.view.getInt32(0, true), ends.view.getInt32(4, true)];
  }

  send(text: string): void {
    const bytes = new Memory(text);
    assert.equal(kernel().call("write", this.write, bytes.address, bytes.bytes.length), bytes.bytes.length);
  }

  [Symbol.dispose](): void {
    for (const fd of [this.read, this.write]) kernel().call("close", fd);
  }
}

/** Whether a promise has been resolved by the time that another is. */
async function isDone(promise: Promise<void>, by: Promise<void>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true);
  await by;
  return done;
}

Deno.test("readable() resolves when there is something to read, and not before", async () => {
  await using reactor = new Reactor(kernel());
  using pipe = new Pipe();
  const readable = reactor.readable(pipe.read);
  assert.equal(await isDone(readable, reactor.sleep(20)), false);
  pipe.send("x");
  await readable;
  // Level, not edge: what has not been read is said again.
  await reactor.readable(pipe.read);
  reactor.forget(pipe.read);
});

Deno.test("readable() resolves at the end of a pipe", async () => {
  await using reactor = new Reactor(kernel());
  const pipe = new Pipe();
  const readable = reactor.readable(pipe.read);
  kernel().call("close", pipe.write);
  await readable;
  reactor.forget(pipe.read);
  kernel().call("close", pipe.read);
});

Deno.test("readable() and writable() of one descriptor do not wake each other", async () => {
  await using reactor = new Reactor(kernel());
  using pipe = new Pipe();
  await reactor.writable(pipe.write);
  const readable = reactor.readable(pipe.read);
  await reactor.writable(pipe.write);
  assert.equal(await isDone(readable, reactor.sleep(5)), false);
  reactor.forget(pipe.read);
  reactor.forget(pipe.write);
  await readable;
});

Deno.test("forget() wakes whoever waits, so that nobody waits for ever for what is closed", async () => {
  await using reactor = new Reactor(kernel());
  using pipe = new Pipe();
  const readable = reactor.readable(pipe.read);
  reactor.forget(pipe.read);
  await readable;
});

Deno.test("sleep() wakes in the order of the times, whatever the order of the calls", async () => {
  await using reactor = new Reactor(kernel());
  const order: number[] = [];
  await Promise.all([30, 10, 20, 1].map((ms) => reactor.sleep(ms).then(() => order.push(ms))));
  assert.deepEqual(order, [1, 10, 20, 30]);
});

Deno.test("sleep() ends at once when its signal aborts, before or meanwhile", async () => {
  await using reactor = new Reactor(kernel());
  const over = new AbortController();
  const long = reactor.sleep(60_000, over.signal);
  over.abort();
  await long;
  await reactor.sleep(60_000, over.signal);
});

Deno.test("Reactor closes its descriptors, and can be disposed of while it waits", async () => {
  const count = (): number => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = count();
  {
    await using reactor = new Reactor(kernel());
    assert.equal(count(), before + 3);
    const over = new AbortController();
    const sleeping = reactor.sleep(60_000, over.signal);
    over.abort();
    await sleeping;
  }
  assert.equal(count(), before);
});
