/**
 * Numbers of the system calls that the project's own programs and the routine's tests make. x86-64: arch/x86/entry/syscalls/syscall_64.tbl;
 * aarch64: include/uapi/asm-generic/unistd.h. From 424 on both are the same.
 *
 * @module
 */

import type { Architecture } from "./instruction.ts";

/** [x86-64, aarch64] */
const NUMBERS = {
  read: [0, 63],
  write: [1, 64],
  close: [3, 57],
  mmap: [9, 222],
  munmap: [11, 215],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  pwrite64: [18, 68],
  writev: [20, 66],
  nanosleep: [35, 101],
  setitimer: [38, 103],
  getpid: [39, 172],
  sendfile: [40, 71],
  socket: [41, 198],
  connect: [42, 203],
  sendto: [44, 206],
  recvfrom: [45, 207],
  shutdown: [48, 210],
  bind: [49, 200],
  listen: [50, 201],
  getsockname: [51, 204],
  setsockopt: [54, 208],
  clone: [56, 220],
  execve: [59, 221],
  exit: [60, 93],
  wait4: [61, 260],
  uname: [63, 160],
  ftruncate: [77, 46],
  getuid: [102, 174],
  getgid: [104, 176],
  getppid: [110, 173],
  getgroups: [115, 158],
  rt_sigtimedwait: [128, 137],
  prctl: [157, 167],
  clock_settime: [227, 112],
  clock_gettime: [228, 113],
  exit_group: [231, 94],
  waitid: [247, 95],
  openat: [257, 56],
  unlinkat: [263, 35],
  fchmodat: [268, 53],
  ppoll: [271, 73],
  accept4: [288, 242],
  pipe2: [293, 59],
  memfd_create: [319, 279],
  statx: [332, 291],
  clone3: [435, 435],
  openat2: [437, 437],
} as const satisfies Record<string, readonly [number, number]>;

/** A system call that has a number in the table. */
export type SystemCall = keyof typeof NUMBERS;

/** The number of a system call. */
export function systemCallNumber(architecture: Architecture, call: SystemCall): number {
  const [x86, aarch64] = NUMBERS[call];
  return architecture === "x86_64" ? x86 : aarch64;
}
