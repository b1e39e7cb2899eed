/* One-time codes: RFC 6238 (TOTP, SHA-1, 30 s, six digits) over liboath's RFC 4226, and recovery codes. Pure: no store.
 *
 * A code is accepted one step early or late (clocks differ), and only for a step later than the last one used: the caller keeps that step,
 * so a code seen over somebody's shoulder is worth nothing. */
#include "http/client.h"
#include "team/team_private.h"
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define STEP (30 * HIB_SECOND)
#define DIGITS 6
#define KEY_BYTES 20

bool
hib_totp_code(const unsigned char *key, size_t n_key, int64_t step, int digits, char out[9])
{
    return step >= 0 && digits >= 6 && digits <= 8 &&
           oath_hotp_generate((const char *)key, n_key, (uint64_t)step, (unsigned)digits, false,
                              OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK;
}

int64_t
hib_totp_step(HibInstant at)
{
    return at / STEP;
}

char *
hib_totp_secret_new(HibArena *arena)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    G_STATIC_ASSERT(KEY_BYTES % 5 == 0); /* so there is nothing to pad */
    unsigned char key[KEY_BYTES];
    hib_random_bytes(key, sizeof key);
    char *secret = hib_arena_take(arena, KEY_BYTES / 5 * 8 + 1);
    for (size_t i = 0; i < KEY_BYTES / 5 * 8; i++) {
        size_t bit = i * 5, byte = bit / 8, shift = bit % 8;
        unsigned pair = (unsigned)key[byte] << 8 | (byte + 1 < KEY_BYTES ? key[byte + 1] : 0);
        secret[i] = letters[pair >> (11 - shift) & 31];
    }
    sodium_memzero(key, sizeof key);
    return secret;
}

char *
hib_totp_uri(HibArena *arena, const char *email, const char *secret)
{
    return hib_arena_printf(
        arena,
        "otpauth://totp/Hibiki:%s?secret=%s&issuer=Hibiki&algorithm=SHA1&digits=%d&period=30",
        hib_url_escape(arena, email), secret, DIGITS);
}

int64_t
hib_totp_match(const char *secret, HibInstant at, int64_t after, const char *code)
{
    char *key = NULL;
    size_t n_key = 0;
    if (strlen(code) != DIGITS ||
        oath_base32_decode(secret, strlen(secret), &key, &n_key) != OATH_OK)
        return -1;
    int64_t found = -1, now = hib_totp_step(at);
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char right[9] = "";
        if (hib_totp_code((const unsigned char *)key, n_key, step, DIGITS, right) &&
            hib_equal_secret(right, code) && step > after && found < 0)
            found = step;
    }
    sodium_memzero(key, n_key);
    free(key);
    return found;
}

/* Fifty bits, without the letters and digits that are read for each other. */
char *
hib_recovery_code_new(HibArena *arena)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz123456789";
    G_STATIC_ASSERT(sizeof letters == 33);
    unsigned char random[10];
    hib_random_bytes(random, sizeof random);
    char code[12];
    size_t n = 0;
    for (size_t i = 0; i < sizeof random; i++) {
        if (i == 5)
            code[n++] = '-';
        code[n++] = letters[random[i] % 32];
    }
    code[n] = '\0';
    return hib_arena_strdup(arena, code);
}
