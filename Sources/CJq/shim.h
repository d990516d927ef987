#ifndef AIRLOCK_CJQ_SHIM_H
#define AIRLOCK_CJQ_SHIM_H

#include <errno.h>
#include <jq.h>
#include <jv.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// libjq 1.6 checks itself with asserts, and knows no bound on time, memory or recursion. So it compiles
// in a process of its own, which may open no file, holds no environment and ends soon: what kills it
// there is an answer here.

enum cjq_outcome {
  CJQ_COMPILES = 0,
  CJQ_REFUSED = 1,
  CJQ_DIED = 2,
  CJQ_NO_PROCESS = 3,
};

/// The first message goes to the parent as it is; later ones only repeat that something is wrong.
static inline void cjq_report(void *pipe_end, jv message) {
  int *end = (int *)pipe_end;
  if (*end >= 0 && jv_get_kind(message) == JV_KIND_STRING) {
    const char *text = jv_string_value(message);
    size_t length = strlen(text);
    ssize_t ignored = write(*end, text, length < 400 ? length : 400);
    (void)ignored;
    *end = -1;
  }
  jv_free(message);
}

static inline void cjq_bound(unsigned seconds) {
  struct rlimit none = {0, 0};
  struct rlimit memory = {(rlim_t)1 << 30, (rlim_t)1 << 30};
  struct rlimit time = {seconds, seconds};
  signal(SIGALRM, SIG_DFL);
  sigset_t all;
  sigemptyset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  alarm(seconds);
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_FSIZE, &none);
  setrlimit(RLIMIT_NOFILE, &none);
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_DATA, &memory);
  extern char **environ;
  environ = NULL;
}

static inline int cjq_child(const char *expression, int end) {
  jq_state *jq = jq_init();
  if (jq == NULL) return CJQ_DIED;
  jq_set_error_cb(jq, cjq_report, &end);
  jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
  return jq_compile(jq, expression) ? CJQ_COMPILES : CJQ_REFUSED;
}

/// Compiles an expression and never runs it. `message` gets the start of jq's first complaint,
/// which may quote the expression, and ends with a zero byte.
static inline enum cjq_outcome cjq_compile(
    const char *expression, unsigned seconds, char *message, size_t capacity) {
  int ends[2];
  message[0] = 0;
  if (pipe(ends) != 0) return CJQ_NO_PROCESS;
  pid_t child = fork();
  if (child == 0) {
    cjq_bound(seconds);
    _exit(cjq_child(expression, ends[1]));
  }
  close(ends[1]);
  size_t length = 0;
  ssize_t count = 0;
  while (child > 0 && length + 1 < capacity
      && (count = read(ends[0], message + length, capacity - 1 - length)) > 0)
    length += (size_t)count;
  message[length] = 0;
  close(ends[0]);
  if (child < 0) return CJQ_NO_PROCESS;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return CJQ_NO_PROCESS;
  if (!WIFEXITED(status)) return CJQ_DIED;
  return (enum cjq_outcome)WEXITSTATUS(status);
}

#endif
