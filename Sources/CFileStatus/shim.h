#ifndef CARE_CFILESTATUS_SHIM_H
#define CARE_CFILESTATUS_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Which file stands under a name, and how long it is.
struct care_file_status {
    /// The device, as one number.
    uint64_t device;
    /// The file on that device.
    uint64_t inode;
    /// Bytes.
    int64_t size;
};

// The number of the call by the architecture's own table; glibc's wrapper needs a feature macro that Swift does not set.
long syscall(long number, ...);

/// 0, or -1 with errno set. Asks for no times: who has asked for a file's times since Linux 6.13 makes the next write set
/// finer ones, and each sync after it writes the file's inode, too.
static inline int care_file_status(const char *path, struct care_file_status *found) {
#ifdef SYS_statx
    struct statx fine;
    if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_INO | STATX_SIZE, &fine) == 0) {
        found->device = (uint64_t)fine.stx_dev_major << 32 | fine.stx_dev_minor;
        found->inode = fine.stx_ino;
        found->size = (int64_t)fine.stx_size;
        return 0;
    }
    if (errno != ENOSYS && errno != EPERM) return -1;
#endif
    struct stat plain;
    if (stat(path, &plain) != 0) return -1;
    found->device = plain.st_dev;
    found->inode = plain.st_ino;
    found->size = plain.st_size;
    return 0;
}

#endif
