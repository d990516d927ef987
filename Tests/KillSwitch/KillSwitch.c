#define _GNU_SOURCE
#include "KillSwitch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long count;

static unsigned long number(const char *name) {
  const char *text = getenv(name);
  return text ? strtoul(text, NULL, 10) : 0;
}

static int wantedErrno(const char *name) {
  static const struct { const char *name; int number; } known[] = {
      {"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
      {"EACCES", EACCES}, {"EXDEV", EXDEV},   {"EMFILE", EMFILE}, {"EINTR", EINTR},
  };
  for (size_t i = 0; name && i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i].name, name) == 0) return known[i].number;
  int value = name ? atoi(name) : 0;
  return value > 0 ? value : EIO;
}

// Writes by the system call itself, so that nothing of this is counted.
static void put(const char *variable, int flags, const char *text, size_t length) {
  const char *file = getenv(variable);
  if (!file) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return;
  (void)!syscall(SYS_write, fd, text, length);
  syscall(SYS_close, fd);
}

static void report(const char *function, const char *path) {
  char line[PATH_MAX + 100];
  int length = snprintf(line, sizeof line, "%lu", count);
  put("KILL_COUNT_FILE", O_TRUNC, line, (size_t)length);
  length = snprintf(line, sizeof line, "%lu %s %s\n", count, function, path);
  if (length >= (int)sizeof line) length = sizeof line - 1;
  put("KILL_TRACE", O_APPEND, line, (size_t)length);
}

// Whether `name` is one of the words of a comma-separated list; yes if there is no list.
static int isListed(const char *list, const char *name) {
  size_t length = strlen(name);
  if (!list) return 1;
  for (const char *at = list; (at = strstr(at, name)); at += length)
    if ((at == list || at[-1] == ',') && (at[length] == ',' || !at[length])) return 1;
  return 0;
}

static void pathOf(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  path[length < 0 ? 0 : length] = 0;
}

static enum KillSwitchVerdict decide(const char *function, const char *path) {
  const char *under = getenv("KILL_UNDER");
  if (under && strncmp(path, under, strlen(under)) != 0) return KillSwitchGo;
  if (!isListed(getenv("KILL_ONLY"), function)) return KillSwitchGo;
  pthread_mutex_lock(&lock);
  count++;
  report(function, path);
  unsigned long current = count;
  if (current == number("KILL_AT")) raise(SIGKILL);
  pthread_mutex_unlock(&lock);
  unsigned long failAt = number("FAIL_AT");
  const char *wanted = getenv("FAIL_ERRNO");
  // A full disk keeps nobody from removing a file.
  int isRoom = wanted && strcmp(wanted, "ENOSPC") == 0 && strncmp(function, "unlink", 6) == 0;
  int isLater = current > failAt && number("FAIL_STICKY") && !isRoom;
  if (!failAt || (current != failAt && !isLater)) return KillSwitchGo;
  if (wanted && strcmp(wanted, "SHORT") == 0) return KillSwitchShort;
  errno = wantedErrno(wanted);
  return KillSwitchFail;
}

enum KillSwitchVerdict killSwitchCount(const char *function, int folder, const char *path) {
  char full[2 * PATH_MAX];
  int before = errno;
  if (path[0] == '/') {
    snprintf(full, sizeof full, "%s", path);
  } else {
    char base[PATH_MAX];
    if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
    else pathOf(folder, base, sizeof base);
    snprintf(full, sizeof full, "%s/%s", base, path);
  }
  errno = before;
  return decide(function, full);
}

enum KillSwitchVerdict killSwitchCountFile(const char *function, int file) {
  char path[PATH_MAX];
  int before = errno;
  pathOf(file, path, sizeof path);
  errno = before;
  return decide(function, path);
}
