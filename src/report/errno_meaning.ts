/**
 * What an errno means where podlab meets it: namespaces, mounts, cgroups, processes. Source: errno(3), clone(2),
 * mount(2), setns(2), cgroups(7).
 *
 * @module
 */

import { type Language, type Text, textIn } from "../lab/lab.ts";

const MEANINGS: ReadonlyMap<string, Text> = new Map([
  ["E2BIG", { en: "the arguments are too long", zh: "参数过长" }],
  ["EACCES", { en: "permission denied", zh: "权限不够" }],
  ["EAGAIN", { en: "a limit is reached, or try again", zh: "达到上限，或需重试" }],
  ["EBADF", { en: "not an open file descriptor", zh: "无效的文件描述符" }],
  ["EBUSY", { en: "in use", zh: "正在使用" }],
  ["ECHILD", { en: "no such child process", zh: "没有这个子进程" }],
  ["ECONNREFUSED", { en: "nobody listens there", zh: "没有程序在监听" }],
  ["EEXIST", { en: "it exists already", zh: "已经存在" }],
  ["EFAULT", { en: "a bad address", zh: "地址无效" }],
  ["EINTR", { en: "interrupted by a signal", zh: "被信号中断" }],
  ["EINVAL", { en: "the kernel does not take these arguments here", zh: "内核不接受这些参数" }],
  ["EIO", { en: "input or output error", zh: "输入输出错误" }],
  ["EISDIR", { en: "it is a directory", zh: "是一个目录" }],
  ["ELOOP", { en: "too many symbolic links", zh: "符号链接层数过多" }],
  ["EMFILE", { en: "too many open files", zh: "打开的文件过多" }],
  ["ENODEV", { en: "the kernel does not know this file system or device", zh: "内核没有这种文件系统或设备" }],
  ["ENOENT", { en: "no such file or directory", zh: "文件或目录不存在" }],
  ["ENOEXEC", { en: "not in a format that can be executed", zh: "不是可执行的格式" }],
  ["ENOMEM", { en: "out of memory", zh: "内存不足" }],
  ["ENOSPC", { en: "no space left, or a limit of namespaces is reached", zh: "空间不足，或命名空间数量达到上限" }],
  ["ENOSYS", {
    en: "this kernel, or a seccomp filter, does not have this call",
    zh: "内核没有这个调用，或被 seccomp 过滤",
  }],
  ["ENOTDIR", { en: "not a directory", zh: "不是目录" }],
  ["ENXIO", { en: "no such device or address", zh: "没有这个设备或地址" }],
  ["EOPNOTSUPP", { en: "not supported", zh: "不支持" }],
  ["EPERM", { en: "operation not permitted", zh: "操作不被允许" }],
  ["EPIPE", { en: "the reader has gone", zh: "读取端已关闭" }],
  ["EROFS", { en: "the file system is read-only", zh: "文件系统只读" }],
  ["ESRCH", { en: "no such process", zh: "没有这个进程" }],
  ["ETIMEDOUT", { en: "timed out", zh: "超时" }],
  ["EUSERS", { en: "a limit of nested namespaces is reached", zh: "命名空间嵌套层数达到上限" }],
  ["EXDEV", { en: "on another file system", zh: "位于另一个文件系统" }],
]);

/** `EPERM (operation not permitted)`; of an errno that is not in the table, its name alone. */
export function errnoText(errno: string, language: Language): string {
  const meaning = MEANINGS.get(errno);
  if (meaning === undefined) return errno;
  return language === "zh" ? `${errno}（${textIn(meaning, language)}）` : `${errno} (${textIn(meaning, language)})`;
}
