/**
 * The smallest program file that the kernel executes: a static ELF-64 executable, elf(5), whose whole file is mapped
 * readable and executable. There is no writable memory but the stack.
 *
 * @module
 */

import type { Architecture } from "./instruction.ts";

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const PROGRAM_HEADERS = 2;
const CODE_OFFSET = HEADER_BYTES + PROGRAM_HEADERS * PROGRAM_HEADER_BYTES;
const BASE_ADDRESS = 0x40_0000;
/** aarch64 kernels may have pages of 64 KiB. */
const ALIGNMENT = 0x1_0000;

/** e_machine: EM_X86_64, EM_AARCH64. */
const MACHINE: Readonly<Record<Architecture, number>> = { x86_64: 62, aarch64: 183 };

/** An executable that starts at the first byte of the code, with `sp` at argc as execve(2) leaves it. */
export function elf(architecture: Architecture, code: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = CODE_OFFSET + code.length;
  const file = new Uint8Array(size);
  writeHeader(new DataView(file.buffer), MACHINE[architecture]);
  const [PT_LOAD, PT_GNU_STACK] = [1, 0x6474_e551];
  const [READ, WRITE, EXECUTE] = [4, 2, 1];
  writeProgramHeader(new DataView(file.buffer, HEADER_BYTES), PT_LOAD, READ | EXECUTE, BASE_ADDRESS, size, ALIGNMENT);
  writeProgramHeader(
    new DataView(file.buffer, HEADER_BYTES + PROGRAM_HEADER_BYTES),
    PT_GNU_STACK,
    READ | WRITE,
    0,
    0,
    16,
  );
  file.set(code, CODE_OFFSET);
  return file;
}

/** Elf64_Ehdr. */
function writeHeader(at: DataView, machine: number): void {
  at.setUint32(0, 0x7f45_4c46); // e_ident: 7f "ELF"
  at.setUint8(4, 2); // ELFCLASS64
  at.setUint8(5, 1); // ELFDATA2LSB
  at.setUint8(6, 1); // EV_CURRENT
  at.setUint16(16, 2, true); // e_type: ET_EXEC
  at.setUint16(18, machine, true); // e_machine
  at.setUint32(20, 1, true); // e_version
  at.setBigUint64(24, BigInt(BASE_ADDRESS + CODE_OFFSET), true); // e_entry
  at.setBigUint64(32, BigInt(HEADER_BYTES), true); // e_phoff
  at.setUint16(52, HEADER_BYTES, true); // e_ehsize
  at.setUint16(54, PROGRAM_HEADER_BYTES, true); // e_phentsize
  at.setUint16(56, PROGRAM_HEADERS, true); // e_phnum
}

/** Elf64_Phdr of a part that starts with the file. */
function writeProgramHeader(
  at: DataView,
  type: number,
  flags: number,
  address: number,
  size: number,
  alignment: number,
): void {
  at.setUint32(0, type, true); // p_type
  at.setUint32(4, flags, true); // p_flags
  at.setBigUint64(16, BigInt(address), true); // p_vaddr
  at.setBigUint64(24, BigInt(address), true); // p_paddr
  at.setBigUint64(32, BigInt(size), true); // p_filesz
  at.setBigUint64(40, BigInt(size), true); // p_memsz
  at.setBigUint64(48, BigInt(alignment), true); // p_align
}
