/**
 * The way into the kernel: the spawn routine (`src/asm/routine.ts`) mapped into this process, and tables of calls run by
 * it. The only file that opens a library.
 *
 * @module
 */

import { CONTEXT, CONTEXT_BYTES, FLAG_LAST, RECORD, RECORD_BYTES } from "../asm/record.ts";
import { routine } from "../asm/routine.ts";
import type { CallName } from "../plan/call.ts";
import { addressOf } from "./arena.ts";
import { callNumber, type RunnerCall } from "./numbers.ts";

/** The architectures that there is machine code for. */
export type Architecture = "x86_64" | "aarch64";

const PROT_READ_WRITE = 3;
const PROT_READ_EXEC = 5;
const MAP_PRIVATE_ANONYMOUS = 0x22;
/** mmap(2) says -1 where it fails. */
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const SIGSET_BYTES = 8;
const SIG_SETMASK = 2;
const CALL = { parameters: ["buffer"], result: "i64" } as const;
const CALL_ELSEWHERE = { parameters: ["buffer"], result: "i64", nonblocking: true } as const;

/** A context with one record after it. */
class SingleCall {
  readonly bytes = new Uint8Array(CONTEXT_BYTES + RECORD_BYTES);
  readonly words = new BigInt64Array(this.bytes.buffer);
  static readonly record = CONTEXT_BYTES / 8;

  constructor() {
    this.words[CONTEXT.records] = BigInt(addressOf(this.bytes) + CONTEXT_BYTES);
    this.words[SingleCall.record + RECORD.flags] = BigInt(FLAG_LAST);
  }

  set(number: number, args: readonly number[]): void {
    const { words } = this;
    words[SingleCall.record + RECORD.number] = BigInt(number);
    for (let i = 0; i < 6; i++) words[SingleCall.record + RECORD.arguments + i] = BigInt(args[i] ?? 0);
  }

  get result(): number {
    return Number(this.words[SingleCall.record + RECORD.result] ?? 0n);
  }
}

/**
 * System calls with raw results: not negative on success, -errno on failure. errno itself, which other threads' and V8's
 * calls may change, is never looked at.
 */
export class Kernel {
  readonly arch: Architecture = Deno.build.arch;
  readonly #run: Deno.UnsafeFnPointer<typeof CALL>;
  readonly #runElsewhere: Deno.UnsafeFnPointer<typeof CALL_ELSEWHERE>;
  readonly #single = new SingleCall();
  readonly #masks = new BigUint64Array(2);
  readonly #maskAddress = addressOf(new Uint8Array(this.#masks.buffer));

  constructor() {
    // glibc is mapped in every Deno process on Linux, so this loads nothing.
    const libc = Deno.dlopen("libc.so.6", {
      mmap: {
        parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], // void *, size_t, int, int, int, off_t
        result: "pointer",
      },
      mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" }, // void *, size_t, int
    });
    const code = routine(this.arch);
    const page = libc.symbols.mmap(null, BigInt(code.length), PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0n);
    if (page === null || Deno.UnsafePointer.value(page) === MAP_FAILED) {
      throw new Error("Cannot map memory for the spawn routine");
    }
    new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(page, code.length)).set(code);
    if (libc.symbols.mprotect(page, BigInt(code.length), PROT_READ_EXEC) !== 0) {
      throw new Error("Cannot make the spawn routine executable: this system forbids new executable memory");
    }
    // The memory stays mapped for the life of the process; the library was wanted for it alone.
    libc.close();
    const address = Deno.UnsafePointer.value(page);
    this.#run = new Deno.UnsafeFnPointer(codeAt<typeof CALL>(address), CALL);
    this.#runElsewhere = new Deno.UnsafeFnPointer(codeAt<typeof CALL_ELSEWHERE>(address), CALL_ELSEWHERE);
  }

  /** Makes one call in this thread. */
  call(name: CallName | RunnerCall, ...args: number[]): number {
    this.#single.set(callNumber(name, this.arch), args);
    this.#run.call(this.#single.bytes);
    return this.#single.result;
  }

  /** Makes one call in another thread, where it may block. Its buffers must be kept alive by the caller. */
  async callElsewhere(name: CallName | RunnerCall, ...args: number[]): Promise<number> {
    const single = new SingleCall();
    single.set(callNumber(name, this.arch), args);
    await this.#runElsewhere.call(single.bytes);
    return single.result;
  }

  /**
   * Runs a table in this thread; see record.ts for what a context is. All signals are blocked meanwhile: one that came
   * between clone and execve would run the runner's handler in the child, on the runner's memory, and a memory limit that
   * is being written (v1) would be given up with EINTR, whatever SA_RESTART says.
   */
  run(context: Uint8Array<ArrayBuffer>): number {
    this.#masks[0] = 0xffff_ffff_ffff_ffffn;
    this.call("rt_sigprocmask", SIG_SETMASK, this.#maskAddress, this.#maskAddress + SIGSET_BYTES, SIGSET_BYTES);
    try {
      return Number(this.#run.call(context));
    } finally {
      this.call("rt_sigprocmask", SIG_SETMASK, this.#maskAddress + SIGSET_BYTES, 0, SIGSET_BYTES);
    }
  }
}

function codeAt<F extends Deno.ForeignFunction>(address: bigint): Deno.PointerObject<Omit<F, "nonblocking">> {
  const pointer = Deno.UnsafePointer.create<Omit<F, "nonblocking">>(address);
  if (pointer === null) throw new Error("Cannot point to the spawn routine");
  return pointer;
}

let shared: Kernel | undefined;

/** The process's one way into the kernel, made at the first use. */
export function kernel(): Kernel {
  return shared ??= new Kernel();
}
