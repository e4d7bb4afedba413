/**
 * What a runner needs of the machine: the kernel, the event loop, the two programs of podlab's own, and descriptors that
 * all pods share.
 *
 * @module
 */

import { infraElf } from "../asm/infra.ts";
import { TOOLBOX } from "../asm/toolbox_bytes.ts";
import { errnoName, errnoText } from "../sys/errno.ts";
import { type Kernel, kernel } from "../sys/kernel.ts";
import { Memory } from "../sys/memory.ts";
import { Reactor } from "../sys/reactor.ts";
import { RunFailure } from "./errors.ts";

const AT_FDCWD = -100;
const O_RDWR_CLOEXEC = 0o2000002;
const MFD_CLOEXEC = 1;
const O_CLOEXEC_NONBLOCK = 0o2004000;
const O_NONBLOCK = 0o4000;
const F_SETFL = 4;

/** One runner's hold on the machine. */
export class Machine implements AsyncDisposable {
  readonly kernel: Kernel = kernel();
  readonly reactor: Reactor = new Reactor(this.kernel);
  /** /dev/null, read and write. */
  readonly null: number;
  /** A memfd that holds infra's program. */
  readonly infra: number;
  #toolbox: Uint8Array<ArrayBuffer> | undefined;
  readonly #chunk = new Memory(64 * 1024);

  constructor() {
    this.null = this.check("open", this.kernel.call("openat", AT_FDCWD, NULL_PATH.address, O_RDWR_CLOEXEC, 0));
    this.infra = this.check("memfd_create", this.kernel.call("memfd_create", INFRA_NAME.address, MFD_CLOEXEC));
    const program = new Memory(infraElf(this.kernel.arch));
    this.check("write", this.kernel.call("write", this.infra, program.address, program.bytes.length));
  }

  /** Programs that a plan may write to a file. */
  readonly programs = (): { toolbox: Uint8Array<ArrayBuffer> } => ({
    toolbox: this.#toolbox ??= Uint8Array.fromBase64(TOOLBOX[this.kernel.arch]),
  });

  /**
   * The result of a call of the runner's own.
   *
   * @throws {RunFailure} If it is an error.
   */
  check(what: string, result: number): number {
    if (result >= 0) return result;
    throw new RunFailure({
      kind: "failed",
      message: `Cannot ${what}: ${errnoName(-result)} (${errnoText(-result)})`,
      errno: errnoName(-result),
    });
  }

  /** A pipe: the end to read from does not block, the end to write to, which a container gets, does. */
  pipe(): { read: number; write: number } {
    const ends = new Memory(8);
    this.check("make a pipe", this.kernel.call("pipe2", ends.address, O_CLOEXEC_NONBLOCK));
    const [read, write] = [ends.view.getInt32(0, true), ends.view.getInt32(4, true)];
    this.kernel.call("fcntl", write, F_SETFL, 0);
    return { read, write };
  }

  /** A pipe whose end to write to is the runner's and does not block. */
  inputPipe(): { read: number; write: number } {
    const { read, write } = this.pipe();
    this.kernel.call("fcntl", read, F_SETFL, 0);
    this.kernel.call("fcntl", write, F_SETFL, O_NONBLOCK);
    return { read, write };
  }

  /** Reads what is there, up to 64 KiB: bytes that are valid until the next read; empty at the end; -errno. */
  read(fd: number): Uint8Array | number {
    const count = this.kernel.call("read", fd, this.#chunk.address, this.#chunk.bytes.length);
    return count < 0 ? count : this.#chunk.bytes.subarray(0, count);
  }

  /** Writes as much as there is room for; how much, or -errno. */
  write(fd: number, bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.#chunk.bytes.length);
    this.#chunk.bytes.set(part);
    return this.kernel.call("write", fd, this.#chunk.address, part.length);
  }

  /** Closes a descriptor that someone may be waiting for. */
  close(fd: number): void {
    this.reactor.forget(fd);
    this.kernel.call("close", fd);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reactor[Symbol.asyncDispose]();
    this.kernel.call("close", this.null);
    this.kernel.call("close", this.infra);
  }
}

const NULL_PATH = Memory.text("/dev/null");
const INFRA_NAME = Memory.text("infra");
