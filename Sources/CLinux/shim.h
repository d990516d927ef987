// What Glibc's Swift module leaves out, because it is built without _GNU_SOURCE.
#include <sys/eventfd.h>
#include <sys/types.h>

// rename(2): moves a name, and with the flag refuses when the new name is taken.
extern int renameat2(int oldFolder, const char *oldName, int newFolder, const char *newName,
                     unsigned int flags);
static const unsigned int RenameNoReplace = 1;

// copy_file_range(2): copies bytes between files within the kernel; advances both.
extern ssize_t copy_file_range(int from, off_t *fromPlace, int to, off_t *toPlace, size_t count,
                               unsigned int flags);
