/* Secrets at rest: XSalsa20-Poly1305 (libsodium secretbox) under one key file, mode 0600, made on first run.
 *
 * Everything that opens a door (network grants, TOTP seeds) is sealed before it reaches the store. `purpose` is
 * bound to the box: what was sealed for one place does not open in another. Thread-safe once opened. */
#pragma once
#include "base/arena.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct HibKeys HibKeys;
/* Opens or creates `path`. Refuses (INTERNAL, secrets.key_readable) a file others may read, (CORRUPT,
 * secrets.key_damaged) one of the wrong shape: a lost key cannot be made up. */
HibKeys *hib_keys_open(const char *path, GError **error);
void hib_keys_free(HibKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibKeys, hib_keys_free)

/* Text in, printable text out ("v1." + base64url). */
char *hib_seal(HibKeys *keys, HibArena *arena, const char *purpose, const char *plain);
/* CORRUPT, secrets.unreadable when the box was not sealed with this key for this purpose. */
char *hib_unseal(HibKeys *keys, HibArena *arena, const char *purpose, const char *sealed,
                 GError **error);

/* Randomness from the operating system. */
void hib_random_bytes(void *out, size_t n);
/* n bytes as base64url text without padding: session tokens, invitation links. */
char *hib_random_token(HibArena *arena, size_t n_bytes);
/* SHA-256 as 64 hex characters; tokens are stored only like this. */
char *hib_sha256_hex(HibArena *arena, const void *data, size_t n);
/* The same in pieces. The struct is plain memory: stored unfinished, it goes on where it stood. */
typedef struct {
    uint64_t state[13];
} HibSha256;
void hib_sha256_begin(HibSha256 *sum);
void hib_sha256_add(HibSha256 *sum, const void *data, size_t n);
char *hib_sha256_end(const HibSha256 *sum, HibArena *arena); /* hex; `sum` may go on after it */
/* SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits that say nothing to who does not have the key, for short texts and many of them. */
uint64_t hib_keyed_hash(const uint8_t key[16], const void *data, size_t n);
/* HMAC-SHA-256 keyed from the key file, hex: signed links, CSRF tokens. */
char *hib_mac_hex(HibKeys *keys, HibArena *arena, const char *purpose, const char *text);
bool hib_equal_secret(const char *a,
                      const char *b); /* constant time in the length of the shorter */

/* A seeded generator for practice and tests (xoshiro256**): same seed, same numbers, on every machine. */
typedef struct {
    uint64_t s[4];
} HibSeeded;
void hib_seeded_init(HibSeeded *seeded, uint64_t seed);
uint64_t hib_seeded_u64(HibSeeded *seeded);
double hib_seeded_unit(HibSeeded *seeded);              /* [0, 1) */
int64_t hib_seeded_below(HibSeeded *seeded, int64_t n); /* 0..n-1, n > 0 */
double hib_seeded_normal(HibSeeded *seeded);            /* mean 0, sd 1 */
int64_t hib_seeded_poisson(HibSeeded *seeded, double mean);
