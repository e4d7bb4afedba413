/**
 * The names of kernel constants that a plan may use, by the argument that takes them. Names only: their numbers are in
 * `src/sys/constants.ts`, which must have each of these.
 *
 * @module
 */

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

/** signal(7): those that a lab can name. */
export const SIGNALS = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGKILL",
  "SIGUSR1",
  "SIGSEGV",
  "SIGUSR2",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGSTKFLT",
  "SIGCHLD",
  "SIGCONT",
  "SIGSTOP",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGURG",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGVTALRM",
  "SIGPROF",
  "SIGWINCH",
  "SIGIO",
  "SIGPWR",
  "SIGSYS",
] as const;

/** A signal's name; its number is its place in {@linkcode SIGNALS} counted from 1 (x86-64 and aarch64 agree). */
export type SignalName = typeof SIGNALS[number];

/** capabilities(7), in the order of their numbers, without `CAP_`. */
export const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "IPC_OWNER",
  "SYS_MODULE",
  "SYS_RAWIO",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_PACCT",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_NICE",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "MKNOD",
  "LEASE",
  "AUDIT_WRITE",
  "AUDIT_CONTROL",
  "SETFCAP",
  "MAC_OVERRIDE",
  "MAC_ADMIN",
  "SYSLOG",
  "WAKE_ALARM",
  "BLOCK_SUSPEND",
  "AUDIT_READ",
  "PERFMON",
  "BPF",
  "CHECKPOINT_RESTORE",
] as const;

/** A capability's name without `CAP_`; its number is its place in {@linkcode CAPABILITIES}. */
export type CapabilityName = typeof CAPABILITIES[number];

/** The kinds of namespace, as in /proc/PID/ns. */
export const NAMESPACE_KINDS = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup", "time"] as const;

/** A kind of namespace. */
export type NamespaceKind = typeof NAMESPACE_KINDS[number];
