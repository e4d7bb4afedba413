/**
 * The infra container's program: it holds the pod's namespaces by being there, and does nothing else.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import { elf } from "./elf.ts";
import { type Architecture, ARGUMENTS } from "./instruction.ts";
import { label, Program } from "./program.ts";

const PR_SET_DUMPABLE = 4;
const PR_SET_NAME = 15;

/**
 * A static executable of under 1 KB that names itself "infra", takes itself out of reach of the other processes of its
 * user (not dumpable: they cannot ptrace it nor open its /proc files), and sleeps for ever.
 *
 * It waits for no child. Whoever executes it sets SIGCHLD to SIG_IGN first, which survives execve(2): then the kernel reaps
 * the orphans that become infra's children, as it is PID 1 of its PID namespace.
 */
export function infraElf(architecture: Architecture): Uint8Array<ArrayBuffer> {
  const p = new Program();
  const name = label("name");
  const forever = label("forever");

  p.immediate("a0", PR_SET_NAME);
  p.address("a1", name);
  p.systemCall("prctl");
  p.immediate("a0", PR_SET_DUMPABLE);
  p.immediate("a1", 0);
  p.systemCall("prctl");

  p.place(forever); // ppoll(2) without descriptors, timeout and mask; a signal that is handled interrupts it
  for (const argument of ARGUMENTS) p.immediate(argument, 0);
  p.systemCall("ppoll");
  p.jump(forever);

  p.place(name);
  p.bytes(new TextEncoder().encode("infra\0"));
  return elf(architecture, assemble(architecture, p));
}
