/**
 * Numbers of the kernel's interface that the toolbox uses, by header. They are the same on x86-64 and aarch64, but for
 * O_DIRECTORY, which is therefore not here.
 *
 * @module
 */

// include/linux/err.h: errno values, as they are returned (uapi/asm-generic/errno-base.h, errno.h)
export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EAGAIN = 11;
export const EACCES = 13;
export const EXDEV = 18;
export const EINVAL = 22;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;

/** Standard streams. */
export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

// uapi/asm-generic/fcntl.h
export const AT_FDCWD = -100;
export const AT_EMPTY_PATH = 0x1000;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_CREAT = 0o100;
export const O_TRUNC = 0o1000;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;

// uapi/linux/openat2.h
export const RESOLVE_NO_MAGICLINKS = 0x02;
export const RESOLVE_BENEATH = 0x08;
/** sizeof(struct open_how): flags, mode, resolve. */
export const OPEN_HOW_BYTES = 24;

// uapi/linux/stat.h
export const S_IFMT = 0o170000;
export const S_IFDIR = 0o040000;
export const S_IFREG = 0o100000;
export const S_IFSOCK = 0o140000;
export const STATX_TYPE_SIZE = 0x201;
/** struct statx: its size, and where stx_mode (16 bits) and stx_size (64 bits) are. */
export const STATX = { bytes: 256, mode: 28, size: 40 } as const;

// uapi/linux/socket.h, include/linux/socket.h, uapi/asm-generic/socket.h, uapi/linux/in6.h
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_CLOEXEC = O_CLOEXEC;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_RCVTIMEO = 20;
export const SO_SNDTIMEO = 21;
export const IPPROTO_IPV6 = 41;
export const IPV6_V6ONLY = 26;
export const SHUT_WR = 1;
/** sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6), and of struct sockaddr_un's path. */
export const SOCKADDR_IN_BYTES = 16;
export const SOCKADDR_IN6_BYTES = 28;
export const SUN_PATH_BYTES = 108;

// uapi/asm-generic/signal.h
export const SIGINT = 2;
export const SIGKILL = 9;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIG_IGN = 1;
export const SA_RESTORER = 0x0400_0000;
export const SIG_BLOCK = 0;
/** Size of the kernel's sigset_t, which rt_sig… calls ask for. */
export const SIGSET_BYTES = 8;

// uapi/linux/prctl.h
export const PR_SET_PDEATHSIG = 1;

// uapi/linux/wait.h
export const WNOHANG = 1;

// uapi/linux/time.h
export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const ITIMER_REAL = 0;

// uapi/asm-generic/mman-common.h
export const PROT_READ_WRITE = 3;
export const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
/** The smallest page of both architectures. */
export const PAGE_BYTES = 4096;
