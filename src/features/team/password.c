/* Passwords: Argon2id with 19 MiB and two passes (OWASP's first choice for one lane), hashed by at most two threads at a time so that
 * a rush of sign-ins costs 38 MiB at most. A password nobody has is looked at just as long as a wrong one. */
#include "team/team_private.h"
#include <sodium.h>
#include <string.h>

#define PASSES 2
#define MEMORY (19456 * 1024)
#define SHORTEST 10
#define LONGEST 200
#define DISTINCT 5

/* The hash of random bytes that were thrown away, with the cost above. */
static const char nobodys[] = "$argon2id$v=19$m=19456,t=2,p=1$Ho+B1EdFmDHYj/"
                              "KpXKwfWg$Lurbjoej1Rnr7z47GRBbd/KEeZQh6Z9LU+pLC6oS/Vw";

static bool
is_mostly(const char *password, const char *email)
{
    const char *at = strchr(email, '@');
    size_t n = at ? (size_t)(at - email) : strlen(email);
    g_autofree char *folded = g_utf8_strdown(password, -1);
    g_autofree char *local = g_strndup(email, n);
    return n >= 4 && strlen(folded) < n + 5 && strstr(folded, local);
}

static bool
is_run(const char *password)
{
    for (const char *p = password; p[0] && p[1]; p++)
        if (p[1] != p[0] + 1 && p[1] != p[0] && !(p[0] == '9' && p[1] == '0'))
            return false;
    return true;
}

static int
distinct(const char *password)
{
    bool seen[256] = {false};
    int n = 0;
    for (const unsigned char *p = (const unsigned char *)password; *p; p++) {
        n += !seen[*p];
        seen[*p] = true;
    }
    return n;
}

bool
hib_team_password_strong(const char *password, const char *email, const char *pointer,
                         GError **error)
{
    long n = g_utf8_strlen(password, -1);
    if (n >= SHORTEST && n <= LONGEST && distinct(password) >= DISTINCT && !is_run(password) &&
        !is_mostly(password, email))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "team.weak_password", pointer,
                     "the password is too easy to guess");
    return false;
}

static bool
is_ready(GError **error)
{
    if (sodium_init() >= 0)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "libsodium does not start");
    return false;
}

char *
hib_team_password_hash(HibTeamCache *cache, HibArena *arena, const char *password, GError **error)
{
    char text[crypto_pwhash_STRBYTES];
    if (!is_ready(error) || !hib_team_gate_enter(cache, error))
        return NULL;
    int failed = crypto_pwhash_str_alg(text, password, strlen(password), PASSES, MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    hib_team_gate_leave(cache);
    if (!failed)
        return hib_arena_strdup(arena, text);
    hib_error_set(error, HIB_ERROR_BUSY, "http.busy", "no memory to hash a password");
    return NULL;
}

bool
hib_team_password_verify(HibTeamCache *cache, const char *hash, const char *password,
                         bool *ret_right, GError **error)
{
    *ret_right = false;
    if (!is_ready(error) || !hib_team_gate_enter(cache, error))
        return false;
    bool matches = crypto_pwhash_str_verify(hash ? hash : nobodys, password, strlen(password)) == 0;
    hib_team_gate_leave(cache);
    *ret_right = matches && hash;
    return true;
}

bool
hib_team_password_is_dated(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) != 0;
}
