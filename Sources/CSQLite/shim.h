// What Swift cannot call of SQLite, since its arguments vary in number.
#include <sqlite3.h>

// sqlite3_config(SQLITE_CONFIG_MEMSTATUS): each piece of memory is counted under one lock of the whole
// process unless this is off. To be called before any database is opened.
static inline int sqlite3_config_memstatus(int isOn) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, isOn);
}
