/**
 * The system calls that a plan is made of: for each its parameters, in order, with the kind of each. One table, read by
 * the types of {@linkcode Op}, by the printer (`describe.ts`) and by the encoder (`src/sys/encode.ts`).
 *
 * @module
 */

import type {
  AtFlag,
  CapabilityName,
  CloneFlag,
  CloseRangeFlag,
  MountAttr,
  MountFlag,
  MoveFlag,
  NodeType,
  OpenFlag,
  PrctlOption,
  ResolveFlag,
  RlimitName,
  SignalName,
  SocketDomain,
  SocketType,
  TreeFlag,
  UmountFlag,
  WaitFlag,
} from "./flags.ts";

/** A value that an earlier call of the run gives: a descriptor or a process id, by name. */
export interface Slot {
  /** Its name, as in `web/a.pidfd`. */
  readonly slot: string;
}

/** A descriptor: a number that is fixed, the current directory, or what an earlier call opened. */
export type Fd = number | "AT_FDCWD" | Slot;

/** What an argument of each kind is written as. Kinds that begin with `=` follow from the argument before them. */
export interface Kinds {
  /** A NUL-terminated string, or NULL. */
  readonly text: string | null;
  /** Bytes to write: UTF-8 text, or a program of podlab's own. */
  readonly bytes: string | { readonly program: "toolbox" };
  /** How many bytes the argument before has. */
  readonly "=length": never;
  /** The size of the struct before. */
  readonly "=size": never;
  /** A constant that the kernel wants there. */
  readonly "=null": never;
  /** A descriptor. */
  readonly fd: Fd;
  /** A number. */
  readonly int: number;
  /** Permission bits. */
  readonly mode: number;
  /** A vector of strings, as argv. */
  readonly strings: readonly string[];
  /** mount(2). */
  readonly mountFlags: readonly MountFlag[];
  /** umount2(2). */
  readonly umountFlags: readonly UmountFlag[];
  /** open(2). */
  readonly openFlags: readonly OpenFlag[];
  /** open_tree(2). */
  readonly treeFlags: readonly TreeFlag[];
  /** move_mount(2). */
  readonly moveFlags: readonly MoveFlag[];
  /** openat(2) and its likes. */
  readonly atFlags: readonly AtFlag[];
  /** clone(2). */
  readonly cloneFlags: readonly CloneFlag[];
  /** close_range(2). */
  readonly closeRangeFlags: readonly CloseRangeFlag[];
  /** socket(2). */
  readonly socketDomain: SocketDomain;
  /** socket(2). */
  readonly socketType: readonly SocketType[];
  /** waitid(2). */
  readonly waitFlags: readonly WaitFlag[];
  /** prctl(2). */
  readonly prctlOption: PrctlOption;
  /** A number, or a name that is one. */
  readonly prctlValue: number | SignalName | CapabilityName;
  /** A signal by name. */
  readonly signal: SignalName;
  /** mknod's mode: type and permissions. */
  readonly node: { readonly type: NodeType; readonly mode: number };
  /** mknod's device. */
  readonly device: { readonly major: number; readonly minor: number };
  /** openat2(2): struct open_how. */
  readonly openHow: {
    readonly flags: readonly OpenFlag[];
    readonly mode?: number;
    readonly resolve: readonly ResolveFlag[];
  };
  /** mount_setattr(2): struct mount_attr. */
  readonly mountAttr: { readonly set: readonly MountAttr[] };
  /** `pidfd` is the slot that the kernel writes the pidfd to, `cgroup` a directory of a v2 hierarchy. */
  readonly cloneArgs: { readonly flags: readonly CloneFlag[]; readonly pidfd?: string; readonly cgroup?: Slot };
  /** Memory that the kernel fills, given back under a name. */
  readonly buffer: { readonly buffer: string; readonly size: number };
  /** The slot that the kernel writes to. */
  readonly out: string;
  /** sigaction(2): what to do with a signal. */
  readonly sigaction: "SIG_DFL" | "SIG_IGN";
  /** sigprocmask(2): which signals. */
  readonly sigset: "all" | "none";
  /** capset(2): the sets of a thread. */
  readonly capabilities: {
    readonly effective: readonly CapabilityName[];
    readonly permitted: readonly CapabilityName[];
    readonly inheritable: readonly CapabilityName[];
  };
  /** setgroups(2). */
  readonly gids: readonly number[];
  /** getrlimit(2). */
  readonly rlimitName: RlimitName;
  /** getrlimit(2): struct rlimit. */
  readonly rlimit: { readonly soft: number; readonly hard: number };
}

/** A kind of argument. */
export type Kind = keyof Kinds;

/** Every call: its parameters in the kernel's order. Sources: section 2 of the man pages. */
export const CALLS = {
  capset: { capabilities: "capabilities", size: "=size" },
  chdir: { path: "text" },
  clone: { flags: "cloneFlags", stack: "=null", pidfd: "out", tls: "=null", childTid: "=null" },
  clone3: { args: "cloneArgs", size: "=size" },
  close: { fd: "fd" },
  close_range: { first: "int", last: "int", flags: "closeRangeFlags" },
  dup3: { from: "fd", to: "int", flags: "openFlags" },
  execve: { path: "text", argv: "strings", envp: "strings" },
  execveat: { dirfd: "fd", path: "text", argv: "strings", envp: "strings", flags: "atFlags" },
  exit: { status: "int" },
  fchown: { fd: "fd", uid: "int", gid: "int" },
  fchownat: { dirfd: "fd", path: "text", uid: "int", gid: "int", flags: "atFlags" },
  getppid: {},
  ioctl: { fd: "fd", request: "int", value: "int" },
  mkdirat: { dirfd: "fd", path: "text", mode: "mode" },
  mknodat: { dirfd: "fd", path: "text", node: "node", device: "device" },
  mount: { source: "text", target: "text", type: "text", flags: "mountFlags", data: "text" },
  mount_setattr: { dirfd: "fd", path: "text", flags: "atFlags", attr: "mountAttr", size: "=size" },
  move_mount: { fromFd: "fd", fromPath: "text", toFd: "fd", toPath: "text", flags: "moveFlags" },
  open_tree: { dirfd: "fd", path: "text", flags: "treeFlags" },
  openat: { dirfd: "fd", path: "text", flags: "openFlags", mode: "mode" },
  openat2: { dirfd: "fd", path: "text", how: "openHow", size: "=size" },
  pidfd_send_signal: { pidfd: "fd", signal: "signal", info: "=null", flags: "=null" },
  pivot_root: { root: "text", old: "text" },
  prctl: { option: "prctlOption", value: "prctlValue", a: "=null", b: "=null", c: "=null" },
  prlimit64: { pid: "int", resource: "rlimitName", limit: "rlimit", old: "=null" },
  rt_sigaction: { signal: "signal", action: "sigaction", old: "=null", size: "=size" },
  rt_sigprocmask: { how: "int", set: "sigset", old: "=null", size: "=size" },
  setgroups: { count: "int", list: "gids" },
  sethostname: { name: "bytes", length: "=length" },
  setns: { fd: "fd", type: "cloneFlags" },
  setresgid: { real: "int", effective: "int", saved: "int" },
  setresuid: { real: "int", effective: "int", saved: "int" },
  setsid: {},
  socket: { domain: "socketDomain", type: "socketType", protocol: "int" },
  symlinkat: { target: "text", dirfd: "fd", path: "text" },
  uname: { name: "buffer" },
  umask: { mask: "mode" },
  umount2: { target: "text", flags: "umountFlags" },
  unlinkat: { dirfd: "fd", path: "text", flags: "atFlags" },
  unshare: { flags: "cloneFlags" },
  waitid: { type: "int", id: "fd", info: "=null", options: "waitFlags", usage: "=null" },
  write: { fd: "fd", data: "bytes", length: "=length" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>;

/** A system call's name. */
export type CallName = keyof typeof CALLS;

/** The parameters of a call, by name, each with its kind. */
export type Signature<C extends CallName> = typeof CALLS[C];

/** A call's arguments by name; those that follow from others are left out. */
export type Args<C extends CallName> = {
  readonly [P in keyof Signature<C> as Signature<C>[P] extends `=${string}` ? never : P]: Signature<C>[P] extends Kind
    ? Kinds[Signature<C>[P]]
    : never;
};

/** A call's parameters in order, as `[name, kind]`. */
export function parameters(call: CallName): readonly (readonly [string, Kind])[] {
  return PARAMETERS[call];
}

const PARAMETERS = Object.fromEntries(
  Object.entries(CALLS).map(([call, signature]) => [call, Object.entries(signature)]),
) as unknown as Readonly<Record<CallName, readonly (readonly [string, Kind])[]>>;
