/**
 * A terminal in a container, connected to this process's standard streams.
 *
 * @module
 */

import type { Place } from "../plan/clone.ts";
import { visit } from "../plan/exec.ts";
import { op } from "../plan/op.ts";
import { openFlags } from "../sys/constants.ts";
import { errnoName } from "../sys/errno.ts";
import { Memory } from "../sys/memory.ts";
import type { Context } from "./context.ts";
import { RunFailure } from "./errors.ts";

/** asm-generic/ioctls.h */
const TIOCSPTLCK = 0x40045431;
const TIOCGPTPEER = 0x5441;
const TIOCSWINSZ = 0x5414;
const TCGETS = 0x5401;
const TCSETS = 0x5402;
const OPOST = 1;
const O_NONBLOCK = 0o4000;
const F_SETFL = 4;

/** Both ends of a pseudo-terminal of a container's devpts. */
export interface Terminal {
  readonly master: number;
  /** The slot of the other end. */
  readonly slot: string;
}

/**
 * Opens a pseudo-terminal of the container's own devpts, so that it is /dev/pts/N there: a stepping stone opens it in
 * the container's mount namespace, on descriptors that it shares with the runner.
 */
export function openTerminal(context: Context, id: string, pidfd: string, { host, span }: Place): Terminal {
  const { executor, machine: { kernel } } = context;
  const master = `${id}.master`;
  executor.run(visit(`${id} terminal`, [
    op("setns", { fd: { slot: pidfd }, type: ["CLONE_NEWNS"] }, span),
    op(
      "openat2",
      {
        dirfd: "AT_FDCWD",
        path: "/dev/pts/ptmx",
        how: { flags: ["O_RDWR", "O_NOCTTY", "O_CLOEXEC"], resolve: ["RESOLVE_IN_ROOT", "RESOLVE_NO_MAGICLINKS"] },
      },
      span,
      { as: master },
    ),
  ], { host, span }));
  const fd = executor.value(master);
  const unlocked = new Memory(4);
  check("unlock the terminal", kernel.call("ioctl", fd, TIOCSPTLCK, unlocked.address));
  const flags = openFlags(kernel.arch);
  const peer = check(
    "open the terminal",
    kernel.call("ioctl", fd, TIOCGPTPEER, flags.O_RDWR | flags.O_NOCTTY | flags.O_CLOEXEC),
  );
  executor.adopt(`${id}.tty`, peer);
  kernel.call("fcntl", fd, F_SETFL, O_NONBLOCK);
  return { master: fd, slot: master };
}

/** Gives a terminal the size of this process's own, if it has one. */
export function matchSize({ machine: { kernel } }: Context, master: number): void {
  try {
    const { columns, rows } = Deno.consoleSize();
    const size = new Memory(8);
    size.view.setUint16(0, rows, true);
    size.view.setUint16(2, columns, true);
    kernel.call("ioctl", master, TIOCSWINSZ, size.address);
  } catch {
    // Standard output is no terminal: the size stays as it is.
  }
}

/**
 * Leaves this process's terminal to the one in the container: keys come as they are typed, and what is written is not changed on its
 * way (Deno's raw mode leaves output processing on, so that each line would end with two carriage returns).
 */
export class RawMode implements Disposable {
  constructor({ kernel }: Context["machine"]) {
    Deno.stdin.setRaw(true);
    // struct termios of the kernel: c_iflag, c_oflag … (asm-generic/termbits.h)
    const termios = new Memory(64);
    if (kernel.call("ioctl", 0, TCGETS, termios.address) < 0) return;
    termios.view.setUint32(4, termios.view.getUint32(4, true) & ~OPOST, true);
    kernel.call("ioctl", 0, TCSETS, termios.address);
  }

  [Symbol.dispose](): void {
    Deno.stdin.setRaw(false);
  }
}

function check(what: string, result: number): number {
  if (result >= 0) return result;
  throw new RunFailure({ kind: "failed", message: `Cannot ${what} of the container: ${errnoName(-result)}` });
}
