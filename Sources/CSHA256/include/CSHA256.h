#ifndef CARE_SHA256_H
#define CARE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4) of `count` bytes, as four big-endian words: no object, no allocation, no copy of the message.
void care_sha256(const void *bytes, size_t count, uint64_t words[4]);

/// Whether the processor's own SHA-256 instructions are used.
int care_sha256_is_accelerated(void);

/// The same by plain arithmetic, whatever the processor has; for tests.
void care_sha256_portable(const void *bytes, size_t count, uint64_t words[4]);

#endif
