// A library for LD_PRELOAD that counts the calls by which a process changes the disk, and can kill
// the process just before the n-th of them, or make that call fail. Only for tests.
//
//   KILL_AT=n          SIGKILL before the n-th call (the first is 1)
//   FAIL_AT=n          the n-th call does nothing and fails instead
//   FAIL_ERRNO=ENOSPC  with this error: EIO (default), ENOSPC, EDQUOT, EROFS, EACCES, EXDEV, EMFILE,
//                      EINTR, a number, or SHORT (a write takes half, other calls succeed)
//   FAIL_STICKY=1      and so does every call after it
//   KILL_UNDER=path    count only calls on paths that start so
//   KILL_ONLY=a,b      count only these functions, by the names in Interposed.c
//   KILL_COUNT_FILE=f  keep the count in f, as decimal text, up to date at every call
//   KILL_TRACE=f       append a line "n function path" to f before every call
//   CLOCK_SHIFT=n      the time of day is n seconds later than it is (see Clock.c)
//
// The count is that of one process; a child of it counts anew. Calls made inside of libc (stdio) are
// not seen.
#pragma once

// What is to become of the call that is about to be made.
enum KillSwitchVerdict { KillSwitchGo, KillSwitchFail, KillSwitchShort };

// Counts a call on `path` below the folder `folder`; does not return if it is the one to die at.
// With the verdict `KillSwitchFail`, errno is set.
enum KillSwitchVerdict killSwitchCount(const char *function, int folder, const char *path);

// The same for a call on an open file.
enum KillSwitchVerdict killSwitchCountFile(const char *function, int file);
