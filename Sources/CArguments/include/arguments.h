#ifndef AIRLOCK_ARGUMENTS_H
#define AIRLOCK_ARGUMENTS_H

// The arguments that the process was started with, as the loader handed them over. Swift's own
// `CommandLine` reads /proc/self/cmdline, and without /proc (a chroot, a bare container) it has none.

// How many there are, the program's name among them.
int airlock_argument_count(void);

// One of them, from 0; NULL beyond the last.
const char *airlock_argument(int index);

#endif
