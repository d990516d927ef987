#include "arguments.h"

#include <stddef.h>

static int count;
static char **arguments;

// glibc and musl's dynamic loaders (glibc's static start-up too) call constructors with what main(3)
// is called with.
__attribute__((constructor)) static void remember(int argc, char **argv) {
  count = argc;
  arguments = argv;
}

int airlock_argument_count(void) { return count; }

const char *airlock_argument(int index) {
  return index >= 0 && index < count ? arguments[index] : NULL;
}
