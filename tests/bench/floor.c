/*
 * The floor: podlab's own tables of system calls (src/asm/record.ts), made by a C program. What podlab takes longer is
 * what JavaScript, the encoding of the tables and the event loop cost.
 *
 * plan.h, which floor.ts writes, says where the tables are. They come as a file that is mapped at the address that they
 * were encoded for. Each line on standard input names something to do; the answer is how many nanoseconds it took.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct record {
  long number, arguments[6], result, flags, store, tolerated, skip;
};
struct segment {
  int from, to;
};
struct container {
  struct segment prepare, start, await, remove;
};
struct pod {
  struct segment up, kill, down;
  struct container containers[2];
};

#include "plan.h" /* IMAGE, BYTES, RECORDS; FD_NULL, FD_INFRA, FD_STDOUT, FD_STDERR; SETUP, TEARDOWN and the pods */

enum { FORK = 1 << 1, IGNORE = 1 << 3, EXPECT = 1 << 4 };
#define INDIRECT(i) (1 << (8 + (i)))

static struct record *failed;
static long runner;

#if defined(__x86_64__)
#define ARGUMENTS(a) \
  register long r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5]
#define PASSED(a) "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
#define CLOBBERED "rcx", "r11", "memory"
#elif defined(__aarch64__)
#define ARGUMENTS(a)                                                                                            \
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = a[0], x1 __asm__("x1") = a[1],                    \
                x2 __asm__("x2") = a[2], x3 __asm__("x3") = a[3], x4 __asm__("x4") = a[4], x5 __asm__("x5") = a[5]
#define PASSED(a) "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
#define CLOBBERED "memory"
#endif

static inline long call6(long number, const long *a) {
  ARGUMENTS(a);
#if defined(__x86_64__)
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), PASSED(a) : CLOBBERED);
  return result;
#elif defined(__aarch64__)
  __asm__ volatile("svc 0" : "+r"(x0) : PASSED(a) : CLOBBERED);
  return x0;
#endif
}

struct chain {
  struct record *next, *end;
  int depth;
};
static _Noreturn __attribute__((used)) void child(struct chain *);

/*
 * A clone that shares memory: the new process goes on in child(), on a stack of its own, as its maker's frame has to be
 * as it was when that goes on.
 */
static inline long fork6(long number, const long *a, struct chain *chain) {
  static char stacks[4][16384] __attribute__((aligned(16)));
  char *stack = stacks[chain->depth] + sizeof stacks[0];
  ARGUMENTS(a);
#if defined(__x86_64__)
  register struct chain *kept __asm__("rbx") = chain;
  register char *top __asm__("r12") = stack;
  long result;
  __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\t"
                   "mov %%r12, %%rsp\n\tmov %%rbx, %%rdi\n\tcall child\n1:"
                   : "=a"(result)
                   : "a"(number), PASSED(a), "r"(kept), "r"(top)
                   : CLOBBERED);
  return result;
#elif defined(__aarch64__)
  register struct chain *kept __asm__("x19") = chain;
  register char *top __asm__("x20") = stack;
  __asm__ volatile("svc 0\n\tcbnz x0, 1f\n\tmov sp, x20\n\tmov x0, x19\n\tbl child\n1:"
                   : "+r"(x0)
                   : PASSED(a), "r"(kept), "r"(top)
                   : CLOBBERED, "x30");
  return x0;
#endif
}

/* Makes a record's call; what it clones goes on with the records from the next to `end`. */
static inline long make(struct record *r, struct record *end, int depth) {
  long arguments[6];
  for (int i = 0; i < 6; i++)
    arguments[i] = r->flags & INDIRECT(i) ? *(long *)r->arguments[i] : r->arguments[i];
  if (!(r->flags & FORK))
    return r->result = call6(r->number, arguments);
  struct chain chain = {r + 1, r->skip == 0 ? end : r + 1 + r->skip, depth};
  return r->result = fork6(r->number, arguments, &chain);
}

static inline int is_error(long result) { return result < 0 && result >= -4095; }
static inline int forgiven(struct record *r) { return r->flags & IGNORE || r->tolerated == -r->result; }

/* After a call that succeeded: keeps its result, and returns the next record. */
static inline struct record *after(struct record *r) {
  if (r->flags & EXPECT)
    return r->result == runner ? r + 1 + r->skip : r + 1;
  if (r->store)
    *(long *)r->store = r->result;
  return r + 1 + r->skip;
}

/* What a cloned process does. */
static _Noreturn void child(struct chain *chain) {
  struct record *r = chain->next, *end = chain->end;
  int depth = chain->depth + 1;
  while (r < end) {
    long result = make(r, end, depth);
    if (is_error(result)) {
      if (!forgiven(r)) {
        failed = r;
        call6(SYS_exit_group, (long[6]){127});
      }
      r++;
    } else if (r->flags & FORK && r->skip == 0)
      break;
    else
      r = after(r);
  }
  for (;;)
    call6(SYS_exit, (long[6]){0});
}

static const struct timespec PAUSE = {.tv_nsec = 1000000};

/* A cgroup whose last process has just gone may still be busy. */
static int retry(struct record *r) {
  if (r->number != SYS_unlinkat || r->result != -EBUSY || r->flags & IGNORE)
    return 0;
  nanosleep(&PAUSE, NULL);
  return 1;
}

static void run(struct segment segment) {
  struct record *r = RECORDS + segment.from, *end = RECORDS + segment.to;
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  failed = NULL;
  while (r < end && failed == NULL) {
    if (!is_error(make(r, end, 0)))
      r = after(r);
    else if (!retry(r)) {
      if (!forgiven(r))
        failed = r;
      r++;
    }
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (failed != NULL) {
    fprintf(stderr, "record %ld, system call %ld: %s\n", (long)(failed - RECORDS), failed->number,
            strerror((int)-failed->result));
    exit(1);
  }
}

static void must(int result, const char *what) {
  if (result >= 0)
    return;
  perror(what);
  exit(1);
}

/* Starts a container; the ends of its pipes to read from are left in `streams`. */
static void start(struct container c, int streams[2]) {
  run(c.prepare);
  for (int i = 0; i < 2; i++) {
    int ends[2];
    must(pipe2(ends, O_CLOEXEC), "pipe2");
    must(fcntl(ends[1], F_SETFL, 0), "fcntl");
    must(dup3(ends[1], FD_STDOUT + i, O_CLOEXEC), "dup3");
    close(ends[1]);
    streams[i] = ends[0];
  }
  run(c.start);
  close(FD_STDOUT);
  close(FD_STDERR);
}

static void finish(struct container c, int streams[2]) {
  char buffer[65536];
  run(c.await);
  for (int i = 0; i < 2; i++) {
    while (read(streams[i], buffer, sizeof buffer) > 0)
      ;
    close(streams[i]);
  }
  run(c.remove);
}

static long since(struct timespec begun) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - begun.tv_sec) * 1000000000L + (now.tv_nsec - begun.tv_nsec);
}

static void place(const char *path, int flags, int fd) {
  int opened = open(path, flags | O_CLOEXEC);
  must(opened, path);
  must(dup3(opened, fd, O_CLOEXEC), "dup3");
  close(opened);
}

/* A container of a pod that is up, from its cgroups to their removal. */
static long container(void) {
  struct timespec begun;
  int streams[2];
  clock_gettime(CLOCK_MONOTONIC, &begun);
  start(WARM.containers[0], streams);
  finish(WARM.containers[0], streams);
  return since(begun);
}

/* A pod of one container, from its cgroups to their removal. */
static long pod(void) {
  struct timespec begun;
  int streams[2];
  clock_gettime(CLOCK_MONOTONIC, &begun);
  run(SINGLE.up);
  start(SINGLE.containers[0], streams);
  finish(SINGLE.containers[0], streams);
  run(SINGLE.kill);
  run(SINGLE.down);
  return since(begun);
}

/* A pod of two containers until both run; what takes it down again is not counted. */
static long up(struct pod pod) {
  struct timespec begun;
  int streams[2][2];
  clock_gettime(CLOCK_MONOTONIC, &begun);
  run(pod.up);
  for (int i = 0; i < 2; i++)
    start(pod.containers[i], streams[i]);
  long taken = since(begun);
  run(pod.kill);
  for (int i = 0; i < 2; i++)
    finish(pod.containers[i], streams[i]);
  run(pod.down);
  return taken;
}

int main(int argc, char **argv) {
  char line[64];
  if (argc != 3)
    return 2;
  int image = open(argv[1], O_RDONLY | O_CLOEXEC);
  must(image, argv[1]);
  if (mmap(IMAGE, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE, image, 0) != IMAGE)
    must(-1, "mmap");
  runner = getpid();
  place("/dev/null", O_RDWR, FD_NULL);
  place(argv[2], O_RDONLY, FD_INFRA);
  run(SETUP);
  run(WARM.up);
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    long taken = strcmp(line, "container") == 0 ? container()
                 : strcmp(line, "pod") == 0     ? pod()
                 : strcmp(line, "pair") == 0    ? up(PAIR)
                                                : up(HOST);
    printf("%ld\n", taken);
    fflush(stdout);
  }
  run(WARM.kill);
  run(WARM.down);
  run(TEARDOWN);
  return 0;
}
