/**
 * Runs and disassembles machine code in tests.
 *
 * @module
 */

import type { Architecture } from "../../src/asm/instruction.ts";
import { CONTEXT, CONTEXT_BYTES, RECORD, RECORD_BYTES } from "../../src/asm/record.ts";

const PROT_READ_WRITE = 3;
const PROT_READ_EXEC = 5;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const PAGE_BYTES = 65536n;

const SIGNATURE = { parameters: ["buffer"], result: "i64" } as const;

/** The address of a buffer's first byte. Keep the buffer referenced for as long as the address is used. */
export function addressOf(view: ArrayBufferView<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(view));
}

/** The spawn routine, mapped into this process. */
export class MappedRoutine implements Disposable {
  readonly #libc = Deno.dlopen("libc.so.6", {
    mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
    mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
    munmap: { parameters: ["pointer", "usize"], result: "i32" },
  });
  readonly #page: Deno.PointerObject;
  readonly #call: Deno.UnsafeFnPointer<typeof SIGNATURE>;

  constructor(code: Uint8Array) {
    const { mmap, mprotect } = this.#libc.symbols;
    const page = mmap(null, PAGE_BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0n);
    if (page === null) throw new Error("Cannot map memory");
    new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(page, Number(PAGE_BYTES))).set(code);
    if (mprotect(page, PAGE_BYTES, PROT_READ_EXEC) !== 0) throw new Error("Cannot make memory executable");
    this.#page = page;
    const entry = Deno.UnsafePointer.create<typeof SIGNATURE>(Deno.UnsafePointer.value(page));
    if (entry === null) throw new Error("Cannot point to the code");
    this.#call = new Deno.UnsafeFnPointer(entry, SIGNATURE);
  }

  /** Runs a table of records. */
  run(table: CallTable): { result: number; failed: number | undefined } {
    const context = new BigUint64Array(CONTEXT_BYTES / 8);
    context[CONTEXT.records] = table.address;
    const result = Number(this.#call.call(new Uint8Array(context.buffer)));
    const failed = context[CONTEXT.failed] ?? 0n;
    return { result, failed: failed === 0n ? undefined : Number(failed - table.address) / RECORD_BYTES };
  }

  [Symbol.dispose](): void {
    this.#libc.symbols.munmap(this.#page, PAGE_BYTES);
    this.#libc.close();
  }
}

/** One record as a test writes it. */
export interface Call {
  readonly number: number;
  readonly arguments?: readonly (number | bigint)[];
  readonly flags?: number;
  readonly result?: number;
  readonly store?: bigint;
  readonly tolerated?: number;
  readonly skip?: number;
}

/** Records in memory. */
export class CallTable {
  readonly words: BigInt64Array<ArrayBuffer>;

  constructor(calls: readonly Call[]) {
    this.words = new BigInt64Array(calls.length * RECORD_BYTES / 8);
    calls.forEach((call, i) => {
      const record = this.words.subarray(i * RECORD_BYTES / 8);
      record[RECORD.number] = BigInt(call.number);
      call.arguments?.forEach((argument, a) => record[RECORD.arguments + a] = BigInt(argument));
      record[RECORD.result] = BigInt(call.result ?? 0);
      record[RECORD.flags] = BigInt(call.flags ?? 0);
      record[RECORD.store] = call.store ?? 0n;
      record[RECORD.tolerated] = BigInt(call.tolerated ?? 0);
      record[RECORD.skip] = BigInt(call.skip ?? 0);
    });
  }

  /** Where the first record is. */
  get address(): bigint {
    return addressOf(this.words);
  }

  /** The raw result of a call. */
  result(index: number): number {
    return Number(this.words[index * RECORD_BYTES / 8 + RECORD.result]);
  }
}

const OBJDUMP: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ["objdump", "-m", "i386:x86-64", "-M", "intel"],
  aarch64: ["aarch64-linux-gnu-objdump", "-m", "aarch64"],
};

/** The disassembler for an architecture, if it is installed. */
export function disassemblerFor(architecture: Architecture): string | undefined {
  const [program] = OBJDUMP[architecture];
  const isInstalled = ["/usr/bin", "/usr/local/bin"].some((folder) => exists(`${folder}/${program}`));
  return isInstalled ? program : undefined;
}

/** The code as objdump lists it: `offset: bytes  mnemonic operands`, one instruction a line. */
export function disassemble(architecture: Architecture, code: Uint8Array): string {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, code);
    const [program = "", ...options] = OBJDUMP[architecture];
    const { stdout } = new Deno.Command(program, { args: ["-D", "-w", "-b", "binary", ...options, path] }).outputSync();
    const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => /^ +[0-9a-f]+:\t/.test(line));
    return lines.map((line) => line.replace(/\s+(\/\/|#) .*$/, "").trim().replace(/\s+/g, " ")).join("\n") + "\n";
  } finally {
    Deno.removeSync(path);
  }
}

/** Whether there is a file. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
