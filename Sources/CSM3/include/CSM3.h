#ifndef CARE_SM3_H
#define CARE_SM3_H

#include <stddef.h>
#include <stdint.h>

/// SM3 (GB/T 32905-2016) of `count` bytes, as four big-endian words. The work is OpenSSL's.
/// Returns 1; 0 when the installed OpenSSL offers no SM3.
int care_sm3(const void *bytes, size_t count, uint64_t words[4]);

#endif
