// SHA-256 by FIPS 180-4: the log hashes every record, stream name and group of hashes, so a general library's contexts
// and allocations cost as much as the hashing itself. Two block functions: plain arithmetic, and the instructions that
// x86-64 processors have for it.
#include "CSHA256.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// First 32 bits of the fractional parts of the square roots of the first eight primes (5.3.3).
static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

typedef void block_function(uint32_t state[8], const uint8_t *blocks, size_t count);

static inline uint32_t load_word(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return __builtin_bswap32(word);
}

static inline uint32_t rotate(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

static void portable_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    for (; count > 0; count--, blocks += 64) {
        uint32_t schedule[64];
        for (int t = 0; t < 16; t++) schedule[t] = load_word(blocks + 4 * t);
        for (int t = 16; t < 64; t++) {
            uint32_t early = schedule[t - 15], late = schedule[t - 2];
            uint32_t sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3;
            uint32_t sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10;
            schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++) {
            uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
            uint32_t choice = (e & f) ^ (~e & g);
            uint32_t first = h + sum1 + choice + round_constants[t] + schedule[t];
            uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
            uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
            h = g, g = f, f = e, e = d + first;
            d = c, c = b, b = a, a = first + sum0 + majority;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

#if defined(__x86_64__)
// The instructions keep the state as (A B E F) and (C D G H) and do two rounds at a time; four message words are
// scheduled by one pair of msg1/msg2. Names: `words[i]` holds the schedule's words of the rounds i * 4 and following,
// modulo 16.
__attribute__((target("sha,sse4.1,ssse3"))) static void x86_blocks(
    uint32_t state[8], const uint8_t *blocks, size_t count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(abcd, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, abcd, 0xf0);
    for (; count > 0; count--, blocks += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            __m128i message;
            if (group < 4) {
                message = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * group)), big_endian);
            } else {
                // w[t] = sigma1(w[t-2]) + w[t-7] + sigma0(w[t-15]) + w[t-16], four at a time.
                __m128i last = words[(group + 3) % 4];
                __m128i seventh = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
                __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(words[group % 4], words[(group + 1) % 4]), seventh);
                message = _mm_sha256msg2_epu32(sum, last);
            }
            words[group % 4] = message;
            __m128i keyed = _mm_add_epi32(message, _mm_load_si128((const __m128i *)(round_constants + 4 * group)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, keyed);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(keyed, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static int has_instructions(void) {
    // Asked once; two threads that ask at the same time find the same.
    static int known = -1;
    int found = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (found < 0) {
        __builtin_cpu_init();
        unsigned int a = 7, b = 0, c = 0, d = 0;
        __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
        // Bit 29 of EBX in leaf 7 is SHA.
        found = (b >> 29 & 1) && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
        __atomic_store_n(&known, found, __ATOMIC_RELAXED);
    }
    return found;
}

static inline block_function *best_blocks(void) { return has_instructions() ? x86_blocks : portable_blocks; }
#else
static int has_instructions(void) { return 0; }
static inline block_function *best_blocks(void) { return portable_blocks; }
#endif

static inline void hash(const void *bytes, size_t count, uint64_t words[4], block_function *blocks) {
    uint32_t state[8];
    memcpy(state, initial_state, sizeof state);
    size_t whole = count / 64;
    if (whole > 0) blocks(state, bytes, whole);
    // The rest, a one bit, zeros, and the length in bits: one block or two.
    uint8_t tail[128];
    size_t rest = count % 64, size = rest < 56 ? 64 : 128;
    memcpy(tail, (const uint8_t *)bytes + whole * 64, rest);
    tail[rest] = 0x80;
    memset(tail + rest + 1, 0, size - rest - 9);
    uint64_t bits = __builtin_bswap64((uint64_t)count * 8);
    memcpy(tail + size - 8, &bits, 8);
    blocks(state, tail, size / 64);
    for (int i = 0; i < 4; i++) words[i] = (uint64_t)state[2 * i] << 32 | state[2 * i + 1];
}

void care_sha256(const void *bytes, size_t count, uint64_t words[4]) { hash(bytes, count, words, best_blocks()); }

void care_sha256_portable(const void *bytes, size_t count, uint64_t words[4]) {
    hash(bytes, count, words, portable_blocks);
}

int care_sha256_is_accelerated(void) { return has_instructions(); }
