#define _GNU_SOURCE
#include "KillSwitch.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// Each function counts, then makes its system call itself: no dlsym, so nothing can recurse, and it
// works before any constructor has run.

#define ON_PATH(function, folder, path, call) \
  return killSwitchCount(function, folder, path) == KillSwitchFail ? -1 : (int)(call)
#define ON_FILE(function, file, call) \
  return killSwitchCountFile(function, file) == KillSwitchFail ? -1 : (int)(call)

int rename(const char *old, const char *new) {
  ON_PATH("rename", AT_FDCWD, new, syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0));
}
int renameat(int from, const char *old, int to, const char *new) {
  ON_PATH("renameat", to, new, syscall(SYS_renameat2, from, old, to, new, 0));
}
int renameat2(int from, const char *old, int to, const char *new, unsigned int flags) {
  ON_PATH("renameat2", to, new, syscall(SYS_renameat2, from, old, to, new, flags));
}
int unlink(const char *path) {
  ON_PATH("unlink", AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int unlinkat(int folder, const char *path, int flags) {
  ON_PATH("unlinkat", folder, path, syscall(SYS_unlinkat, folder, path, flags));
}
int rmdir(const char *path) {
  ON_PATH("rmdir", AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
int link(const char *old, const char *new) {
  ON_PATH("link", AT_FDCWD, new, syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, new, 0));
}
int linkat(int from, const char *old, int to, const char *new, int flags) {
  ON_PATH("linkat", to, new, syscall(SYS_linkat, from, old, to, new, flags));
}
int mkdir(const char *path, mode_t mode) {
  ON_PATH("mkdir", AT_FDCWD, path, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int mkdirat(int folder, const char *path, mode_t mode) {
  ON_PATH("mkdirat", folder, path, syscall(SYS_mkdirat, folder, path, mode));
}

int fsync(int file) { ON_FILE("fsync", file, syscall(SYS_fsync, file)); }
int fdatasync(int file) { ON_FILE("fdatasync", file, syscall(SYS_fdatasync, file)); }
int fchmod(int file, mode_t mode) { ON_FILE("fchmod", file, syscall(SYS_fchmod, file, mode)); }
int ftruncate(int file, off_t size) {
  ON_FILE("ftruncate", file, syscall(SYS_ftruncate, file, size));
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

// Opening counts only when it makes or empties a file.
static int openCounted(const char *function, int folder, const char *path, int flags, mode_t mode) {
  int changes = (flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE;
  if (changes && killSwitchCount(function, folder, path) == KillSwitchFail) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN_MODE(mode, flags)                                  \
  mode_t mode = 0;                                              \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {  \
    va_list rest;                                               \
    va_start(rest, flags);                                      \
    mode = va_arg(rest, mode_t);                                \
    va_end(rest);                                               \
  }

int open(const char *path, int flags, ...) {
  OPEN_MODE(mode, flags)
  return openCounted("open", AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  OPEN_MODE(mode, flags)
  return openCounted("open", AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  OPEN_MODE(mode, flags)
  return openCounted("openat", folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  OPEN_MODE(mode, flags)
  return openCounted("openat", folder, path, flags, mode);
}
int creat(const char *path, mode_t mode) {
  return openCounted("open", AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

// Writing counts only on regular files: what goes to a terminal or a pipe changes nothing.
static enum KillSwitchVerdict writeCounted(const char *function, int file) {
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return KillSwitchGo;
  return killSwitchCountFile(function, file);
}

static size_t shortened(enum KillSwitchVerdict verdict, size_t size) {
  return verdict == KillSwitchShort && size > 1 ? size / 2 : size;
}

ssize_t write(int file, const void *bytes, size_t size) {
  enum KillSwitchVerdict verdict = writeCounted("write", file);
  if (verdict == KillSwitchFail) return -1;
  return syscall(SYS_write, file, bytes, shortened(verdict, size));
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
  enum KillSwitchVerdict verdict = writeCounted("pwrite", file);
  if (verdict == KillSwitchFail) return -1;
  return syscall(SYS_pwrite64, file, bytes, shortened(verdict, size), offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
  return pwrite(file, bytes, size, offset);
}
ssize_t writev(int file, const struct iovec *pieces, int count) {
  if (writeCounted("writev", file) == KillSwitchFail) return -1;
  return syscall(SYS_writev, file, pieces, count);
}
