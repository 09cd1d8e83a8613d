#pragma once
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Hidden by _GNU_SOURCE, which Swift's Glibc module is built without.
extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
extern void *memrchr(const void *bytes, int byte, size_t length);
extern int pipe2(int descriptors[2], int flags);
extern int posix_openpt(int flags);
extern int grantpt(int master);
extern int unlockpt(int master);
extern int ptsname_r(int master, char *name, size_t size);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
// In <malloc.h>, which the Glibc module leaves out.
extern int mallopt(int parameter, int value);
struct sockaddr;
extern int accept4(int descriptor, struct sockaddr *address, unsigned int *length, int flags);

// Variadic: no libc wrapper before glibc 2.36. A descriptor that becomes readable when the process ends (Linux 5.3).
static inline int ssm_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

// Macro with a type in it: the request number of a master's own number.
static inline unsigned long ssm_tiocgptn(void) { return TIOCGPTN; }

// Macros: what waitpid(2) reported.
static inline int ssm_exited(int status) { return WIFEXITED(status); }
static inline int ssm_exit_status(int status) { return WEXITSTATUS(status); }
static inline int ssm_term_signal(int status) { return WTERMSIG(status); }

// Variadic.
static inline int ssm_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
