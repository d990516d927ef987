// What Glibc's Swift module leaves out, because it is built without _GNU_SOURCE.
#include <sys/eventfd.h>

// rename(2): moves a name, and with the flag refuses when the new name is taken.
extern int renameat2(int oldFolder, const char *oldName, int newFolder, const char *newName,
                     unsigned int flags);
static const unsigned int RenameNoReplace = 1;
