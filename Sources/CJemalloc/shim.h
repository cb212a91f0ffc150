// The allocator of every process. Linking it puts it in the place of the C library's: requests are many small objects that
// live for one turn, which the C library's allocator joins and splits again and again.
#ifndef CARE_CJEMALLOC_SHIM_H
#define CARE_CJEMALLOC_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <jemalloc/jemalloc.h>

// Bytes handed out and not given back, over all threads; -1 when the allocator does not say.
static inline int64_t care_allocated_bytes(void) {
    uint64_t epoch = 1;
    size_t length = sizeof epoch;
    // Its figures stand still between two epochs.
    if (mallctl("epoch", &epoch, &length, &epoch, length) != 0) return -1;
    size_t allocated = 0;
    length = sizeof allocated;
    return mallctl("stats.allocated", &allocated, &length, NULL, 0) == 0 ? (int64_t)allocated : -1;
}

#endif
