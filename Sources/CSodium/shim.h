#include <sodium.h>
#include <sys/prctl.h>

// `prctl(2)` is variadic, which Swift cannot call.
static inline int airlock_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int airlock_dumps_allowed(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
