/**
 * The names of kernel constants that a plan may use, by the argument that takes them. Names only: their numbers are in
 * `src/sys/constants.ts`, which must have each of these.
 *
 * @module
 */

export { CAPABILITIES, type CapabilityName, type SignalName, SIGNALS } from "../lab/names.ts";

/** mount(2). */
export type MountFlag =
  | "MS_RDONLY"
  | "MS_NOSUID"
  | "MS_NODEV"
  | "MS_NOEXEC"
  | "MS_REMOUNT"
  | "MS_BIND"
  | "MS_REC"
  | "MS_PRIVATE"
  | "MS_STRICTATIME";

/** umount2(2). */
export type UmountFlag = "MNT_DETACH";

/** open(2). */
export type OpenFlag =
  | "O_RDONLY"
  | "O_WRONLY"
  | "O_RDWR"
  | "O_CREAT"
  | "O_TRUNC"
  | "O_EXCL"
  | "O_CLOEXEC"
  | "O_NOCTTY"
  | "O_NONBLOCK"
  | "O_PATH"
  | "O_DIRECTORY"
  | "O_NOFOLLOW";

/** openat2(2), `open_how.resolve`. */
export type ResolveFlag = "RESOLVE_BENEATH" | "RESOLVE_IN_ROOT" | "RESOLVE_NO_MAGICLINKS" | "RESOLVE_NO_SYMLINKS";

/** open_tree(2). */
export type TreeFlag = "OPEN_TREE_CLONE" | "OPEN_TREE_CLOEXEC" | "AT_EMPTY_PATH" | "AT_RECURSIVE";

/** move_mount(2). */
export type MoveFlag = "MOVE_MOUNT_F_EMPTY_PATH" | "MOVE_MOUNT_T_EMPTY_PATH";

/** mount_setattr(2): where. */
export type AtFlag = "AT_EMPTY_PATH" | "AT_RECURSIVE" | "AT_REMOVEDIR" | "AT_SYMLINK_NOFOLLOW";

/** mount_setattr(2), `mount_attr.attr_set`. */
export type MountAttr = "MOUNT_ATTR_RDONLY" | "MOUNT_ATTR_NOSUID" | "MOUNT_ATTR_NODEV" | "MOUNT_ATTR_NOEXEC";

/** clone(2): the flags of clone3, clone, unshare and setns. */
export type CloneFlag =
  | "CLONE_VM"
  | "CLONE_VFORK"
  | "CLONE_FILES"
  | "CLONE_PARENT"
  | "CLONE_PIDFD"
  | "CLONE_CLEAR_SIGHAND"
  | "CLONE_INTO_CGROUP"
  | "CLONE_NEWNS"
  | "CLONE_NEWCGROUP"
  | "CLONE_NEWUTS"
  | "CLONE_NEWIPC"
  | "CLONE_NEWUSER"
  | "CLONE_NEWPID"
  | "CLONE_NEWNET"
  | "CLONE_NEWTIME";

/** File types of mknod(2). */
export type NodeType = "S_IFREG" | "S_IFCHR" | "S_IFBLK" | "S_IFIFO";

/** close_range(2). */
export type CloseRangeFlag = "CLOSE_RANGE_CLOEXEC";

/** prctl(2) options with one number. */
export type PrctlOption = "PR_SET_PDEATHSIG" | "PR_CAPBSET_DROP" | "PR_SET_NO_NEW_PRIVS" | "PR_SET_DUMPABLE";

/** socket(2). */
export type SocketDomain = "AF_UNIX" | "AF_INET" | "AF_INET6" | "AF_NETLINK";

/** socket(2). */
export type SocketType = "SOCK_STREAM" | "SOCK_DGRAM" | "SOCK_RAW" | "SOCK_CLOEXEC" | "SOCK_NONBLOCK";

/** waitid(2). */
export type WaitFlag = "WEXITED" | "__WALL";

/** getrlimit(2). */
export type RlimitName = "RLIMIT_CORE" | "RLIMIT_NOFILE";

/** The kinds of namespace, as in /proc/PID/ns. */
export const NAMESPACE_KINDS = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup", "time"] as const;

/** A kind of namespace. */
export type NamespaceKind = typeof NAMESPACE_KINDS[number];
