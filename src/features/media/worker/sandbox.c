/* The child's walls. What stays possible: computing, memory up to the limit, threads of its own, and reading and writing the descriptors it was given. No file, socket
 * or program can be opened; the files it has were opened by the server. A call that is not listed ends the process at once. */
#include "media/worker/worker.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NEEDS_MUCH_ADDRESS_SPACE true /* the sanitizers' shadow memory is terabytes of it */
#else
#define NEEDS_MUCH_ADDRESS_SPACE false
#endif

#define NICE 10 /* publishing goes first */

static bool
limit(int what, rlim_t most)
{
    const struct rlimit both = {most, most};
    return setrlimit(what, &both) == 0;
}

/* The first limit is told by SIGXCPU, the second by SIGKILL, which could be anybody's. */
static bool
limit_time(rlim_t seconds)
{
    const struct rlimit both = {seconds, seconds + 1};
    return setrlimit(RLIMIT_CPU, &both) == 0;
}

bool
hib_sandbox_limit(const HibWork *work)
{
    const rlim_t bytes = 2 * (rlim_t)work->max_bytes + (1 << 20); /* tries may overshoot */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return false;
    if (setpriority(PRIO_PROCESS, 0, NICE) != 0)
        return false;
    return limit(RLIMIT_CORE, 0) && limit_time((rlim_t)work->cpu_s) && limit(RLIMIT_FSIZE, bytes) &&
           limit(RLIMIT_MEMLOCK, 0) &&
           (NEEDS_MUCH_ADDRESS_SPACE || limit(RLIMIT_AS, (rlim_t)work->memory_mb << 20));
}

/* No more than what decoding, encoding, memory and threads need. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(pwrite64),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(dup2),
    SCMP_SYS(fstat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(getcpu),
    SCMP_SYS(membarrier),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
};

static bool
allow_all(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) != 0)
            return false;
    return true;
}

/* Calls of which only one use is needed. */
static bool
allow_some(scmp_filter_ctx filter)
{
    const uint64_t exec = PROT_EXEC, thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
    const int own = (int)getpid();
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) == 0 &&
           /* clone3's flags lie in memory, where they cannot be looked at: glibc then takes clone */
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)own)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                            SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                            SCMP_A1(SCMP_CMP_EQ, F_GETFL)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                            SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                            SCMP_A2(SCMP_CMP_EQ, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(sched_setscheduler), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(sched_setaffinity), 0) == 0;
}

bool
hib_sandbox_close(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL)
        return false;
    const bool is_closed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) == 0 &&
                           seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                           allow_all(filter) && allow_some(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_closed;
}

/* --- for the test that the walls stand ------------------------------------------------------------------------------------ */
static void
eat(void)
{
    for (;;) {
        char *piece = malloc((size_t)16 << 20);
        if (piece == NULL)
            return;
        memset(piece, 1, (size_t)16 << 20);
    }
}

static void
flood(void)
{
    static const char line[] = "progress 1\nnonsense without end ";
    while (write(1, line, sizeof line - 1) > 0)
        continue;
}

int
hib_sandbox_try(const char *what)
{
    volatile unsigned spun = 0;
    if (strcmp(what, "open") == 0)
        return open("/etc/hostname", O_RDONLY);
    if (strcmp(what, "socket") == 0)
        return socket(AF_INET, SOCK_STREAM, 0);
    if (strcmp(what, "exec") == 0)
        return execl("/bin/true", "true", (char *)NULL);
    if (strcmp(what, "fork") == 0)
        return (int)fork();
    if (strcmp(what, "execute") == 0)
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                    0) == MAP_FAILED;
    if (strcmp(what, "kill") == 0)
        return kill(getppid(), 0);
    if (strcmp(what, "eat") == 0)
        eat();
    if (strcmp(what, "flood") == 0)
        flood();
    if (strcmp(what, "write") == 0)
        while (write(HIB_WORK_OUT, "................", 16) > 0)
            continue;
    while (strcmp(what, "spin") == 0)
        spun++;
    while (strcmp(what, "sleep") == 0)
        usleep(100000);
    return 0;
}
