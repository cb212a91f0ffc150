#include "CSM3.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

// Fetched once: looking an algorithm up by its name takes longer than hashing a record.
static EVP_MD *algorithm;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch(void) { algorithm = EVP_MD_fetch(NULL, "SM3", NULL); }

int care_sm3(const void *bytes, size_t count, uint64_t words[4]) {
    unsigned char digest[32];
    unsigned int length = sizeof digest;
    pthread_once(&once, fetch);
    if (algorithm == NULL) return 0;
    if (EVP_Digest(count == 0 ? "" : bytes, count, digest, &length, algorithm, NULL) != 1 || length != sizeof digest) return 0;
    memcpy(words, digest, sizeof digest);
    for (int i = 0; i < 4; i++) words[i] = __builtin_bswap64(words[i]);
    return 1;
}
