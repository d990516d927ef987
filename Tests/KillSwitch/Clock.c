#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// CLOCK_SHIFT=n: the process sees the time of day n seconds later (earlier, if negative) than it is.

int clock_gettime(clockid_t clock, struct timespec *time) {
  long result = syscall(SYS_clock_gettime, clock, time);
  const char *shift = getenv("CLOCK_SHIFT");
  if (result == 0 && clock == CLOCK_REALTIME && shift) time->tv_sec += strtoll(shift, NULL, 10);
  return (int)result;
}
