#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>

/// prctl(2) is variadic, which Swift cannot call: ask for `signal` when the parent ends.
static inline int linda_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
}

/// malloc_trim(3): gives unused memory back to the kernel. Its header is in no module of Swift's.
static inline void linda_trim_heap(void) {
    malloc_trim(0);
}

/// mallopt(3): how much unused memory at the end of a heap is kept rather than given back to the kernel, in bytes.
///
/// Either setting ends glibc's own adjustment of both, so what is larger than half of it comes from the kernel each time.
static inline void linda_keep_heap(int bytes) {
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes / 2);
}
