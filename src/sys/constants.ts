/**
 * Numbers of the names in `src/plan/flags.ts`, by header. All are the same on x86-64 and aarch64 but those of
 * {@linkcode openFlags}.
 *
 * @module
 */

import type {
  AtFlag,
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
  SocketDomain,
  SocketType,
  TreeFlag,
  UmountFlag,
  WaitFlag,
} from "../plan/flags.ts";

/** linux/mount.h */
export const MOUNT_FLAGS: Readonly<Record<MountFlag, number>> = {
  MS_RDONLY: 1,
  MS_NOSUID: 2,
  MS_NODEV: 4,
  MS_NOEXEC: 8,
  MS_REMOUNT: 32,
  MS_BIND: 4096,
  MS_REC: 16384,
  MS_PRIVATE: 1 << 18,
  MS_STRICTATIME: 1 << 24,
};

/** linux/fs.h */
export const UMOUNT_FLAGS: Readonly<Record<UmountFlag, number>> = { MNT_DETACH: 2 };

/** asm-generic/fcntl.h; O_DIRECTORY and O_NOFOLLOW are swapped about on aarch64 (asm/fcntl.h). */
export function openFlags(arch: "x86_64" | "aarch64"): Readonly<Record<OpenFlag, number>> {
  return {
    O_RDONLY: 0,
    O_WRONLY: 1,
    O_RDWR: 2,
    O_CREAT: 0o100,
    O_EXCL: 0o200,
    O_NOCTTY: 0o400,
    O_TRUNC: 0o1000,
    O_NONBLOCK: 0o4000,
    O_DIRECTORY: arch === "x86_64" ? 0o200000 : 0o40000,
    O_NOFOLLOW: arch === "x86_64" ? 0o400000 : 0o100000,
    O_CLOEXEC: 0o2000000,
    O_PATH: 0o10000000,
  };
}

/** linux/openat2.h */
export const RESOLVE_FLAGS: Readonly<Record<ResolveFlag, number>> = {
  RESOLVE_NO_MAGICLINKS: 0x02,
  RESOLVE_NO_SYMLINKS: 0x04,
  RESOLVE_BENEATH: 0x08,
  RESOLVE_IN_ROOT: 0x10,
};

/** linux/mount.h, linux/fcntl.h */
export const TREE_FLAGS: Readonly<Record<TreeFlag, number>> = {
  OPEN_TREE_CLONE: 1,
  OPEN_TREE_CLOEXEC: 0o2000000,
  AT_EMPTY_PATH: 0x1000,
  AT_RECURSIVE: 0x8000,
};

/** linux/mount.h */
export const MOVE_FLAGS: Readonly<Record<MoveFlag, number>> = {
  MOVE_MOUNT_F_EMPTY_PATH: 0x04,
  MOVE_MOUNT_T_EMPTY_PATH: 0x40,
};

/** linux/fcntl.h */
export const AT_FLAGS: Readonly<Record<AtFlag, number>> = {
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_REMOVEDIR: 0x200,
  AT_EMPTY_PATH: 0x1000,
  AT_RECURSIVE: 0x8000,
};

/** linux/fcntl.h */
export const AT_FDCWD = -100;

/** linux/mount.h */
export const MOUNT_ATTRS: Readonly<Record<MountAttr, number>> = {
  MOUNT_ATTR_RDONLY: 1,
  MOUNT_ATTR_NOSUID: 2,
  MOUNT_ATTR_NODEV: 4,
  MOUNT_ATTR_NOEXEC: 8,
};

/** linux/sched.h */
export const CLONE_FLAGS: Readonly<Record<CloneFlag, number>> = {
  CLONE_NEWTIME: 0x80,
  CLONE_VM: 0x100,
  CLONE_FILES: 0x400,
  CLONE_PIDFD: 0x1000,
  CLONE_VFORK: 0x4000,
  CLONE_PARENT: 0x8000,
  CLONE_NEWNS: 0x20000,
  CLONE_NEWCGROUP: 0x2000000,
  CLONE_NEWUTS: 0x4000000,
  CLONE_NEWIPC: 0x8000000,
  CLONE_NEWUSER: 0x10000000,
  CLONE_NEWPID: 0x20000000,
  CLONE_NEWNET: 0x40000000,
  CLONE_CLEAR_SIGHAND: 0x100000000,
  CLONE_INTO_CGROUP: 0x200000000,
};

/** linux/close_range.h */
export const CLOSE_RANGE_FLAGS: Readonly<Record<CloseRangeFlag, number>> = { CLOSE_RANGE_CLOEXEC: 4 };

/** linux/stat.h */
export const NODE_TYPES: Readonly<Record<NodeType, number>> = {
  S_IFIFO: 0o010000,
  S_IFCHR: 0o020000,
  S_IFBLK: 0o060000,
  S_IFREG: 0o100000,
};

/** linux/prctl.h */
export const PRCTL_OPTIONS: Readonly<Record<PrctlOption, number>> = {
  PR_SET_PDEATHSIG: 1,
  PR_SET_DUMPABLE: 4,
  PR_CAPBSET_DROP: 24,
  PR_SET_NO_NEW_PRIVS: 38,
};

/** linux/socket.h */
export const SOCKET_DOMAINS: Readonly<Record<SocketDomain, number>> = {
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
};

/** linux/net.h */
export const SOCKET_TYPES: Readonly<Record<SocketType, number>> = {
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
};

/** linux/wait.h */
export const WAIT_FLAGS: Readonly<Record<WaitFlag, number>> = { WEXITED: 4, __WALL: 0x40000000 };

/** asm-generic/resource.h */
export const RLIMITS: Readonly<Record<RlimitName, number>> = { RLIMIT_CORE: 4, RLIMIT_NOFILE: 7 };
