/**
 * Portable program → machine code.
 *
 * @module
 */

import { encodeAarch64 } from "./aarch64.ts";
import { Code } from "./code.ts";
import type { Architecture } from "./instruction.ts";
import type { Program } from "./program.ts";
import { encodeX86 } from "./x86_64.ts";

const ENCODERS = { x86_64: encodeX86, aarch64: encodeAarch64 } as const;

/**
 * The program as position-independent machine code: it runs wherever it is copied to.
 *
 * @throws Error if a label is missing or a constant does not fit its instruction
 */
export function assemble(architecture: Architecture, program: Program): Uint8Array<ArrayBuffer> {
  const code = new Code();
  const encode = ENCODERS[architecture];
  for (const instruction of program.instructions) encode(code, instruction);
  return code.finish();
}
