/**
 * Numbers of the system calls that a plan and the runner make.
 *
 * Sources: arch/x86/entry/syscalls/syscall_64.tbl; scripts/syscall.tbl (aarch64 uses the generic numbers). From 424 on
 * both are the same.
 *
 * @module
 */

import type { CallName } from "../plan/call.ts";

/** Calls that the runner makes for itself: its event loop, its files, its sockets. */
export type RunnerCall =
  | "bind"
  | "connect"
  | "epoll_create1"
  | "epoll_ctl"
  | "epoll_pwait"
  | "eventfd2"
  | "fcntl"
  | "fsopen"
  | "fstat"
  | "getdents64"
  | "getpid"
  | "getsockopt"
  | "memfd_create"
  | "pidfd_open"
  | "pipe2"
  | "prctl"
  | "read"
  | "readlinkat"
  | "recvfrom"
  | "sendto"
  | "statx"
  | "timerfd_create"
  | "timerfd_settime";

/** [x86-64, aarch64] */
const NUMBERS: Readonly<Record<CallName | RunnerCall, readonly [number, number]>> = {
  bind: [49, 200],
  capset: [126, 91],
  chdir: [80, 49],
  clone: [56, 220],
  clone3: [435, 435],
  close: [3, 57],
  close_range: [436, 436],
  connect: [42, 203],
  dup3: [292, 24],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_pwait: [281, 22],
  eventfd2: [290, 19],
  execve: [59, 221],
  execveat: [322, 281],
  exit: [60, 93],
  fchown: [93, 55],
  fchownat: [260, 54],
  fcntl: [72, 25],
  fsopen: [430, 430],
  fstat: [5, 80],
  getdents64: [217, 61],
  getpid: [39, 172],
  getppid: [110, 173],
  getsockopt: [55, 209],
  ioctl: [16, 29],
  memfd_create: [319, 279],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  open_tree: [428, 428],
  openat: [257, 56],
  openat2: [437, 437],
  pidfd_open: [434, 434],
  pidfd_send_signal: [424, 424],
  pipe2: [293, 59],
  pivot_root: [155, 41],
  prctl: [157, 167],
  prlimit64: [302, 261],
  read: [0, 63],
  readlinkat: [267, 78],
  recvfrom: [45, 207],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  sendto: [44, 206],
  setgroups: [116, 159],
  sethostname: [170, 161],
  setns: [308, 268],
  setresgid: [119, 149],
  setresuid: [117, 147],
  setsid: [112, 157],
  socket: [41, 198],
  statx: [332, 291],
  symlinkat: [266, 36],
  timerfd_create: [283, 85],
  timerfd_settime: [286, 86],
  umask: [95, 166],
  uname: [63, 160],
  umount2: [166, 39],
  unlinkat: [263, 35],
  unshare: [272, 97],
  waitid: [247, 95],
  write: [1, 64],
};

/** A system call's number on an architecture. */
export function callNumber(call: CallName | RunnerCall, arch: "x86_64" | "aarch64"): number {
  return NUMBERS[call][arch === "x86_64" ? 0 : 1];
}
