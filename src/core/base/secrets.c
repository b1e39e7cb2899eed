/* Secrets at rest, randomness, digests.
 *
 * The key file holds one line, "hibiki-key-1 " and 64 hex digits. Nothing is encrypted with that key itself: each
 * purpose has its own key, the keyed BLAKE2b of "seal:" or "mac:" and the purpose's name. */
#include "base/secrets.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32
#define KEY_HEAD "hibiki-key-1 "
#define KEY_LINE (sizeof KEY_HEAD - 1 + 2 * KEY_BYTES + 1) /* with the line's end */
#define SEAL_HEAD "v1."

struct HibKeys {
    unsigned char *master; /* in locked memory, read-only */
};

static void
need_sodium(void)
{
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        g_assert(sodium_init() >= 0); /* fails only where the system has no randomness */
        g_once_init_leave(&ready, 1);
    }
}

/* --- the key file --------------------------------------------------------------------------------------- */
static void
set_io_error(GError **error, const char *what, const char *path)
{
    int code = errno;
    hib_error_set(error, HIB_ERROR_INTERNAL, "secrets.key_io", "%s %s: %s", what, path,
                  g_strerror(code));
    if (error != NULL)
        hib_error_set_detail(*error, "path", path);
}

static bool
write_all(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, data, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        n -= (size_t)written;
    }
    return fsync(fd) == 0;
}

static void
sync_folder_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* Written whole under another name and then linked into place: a crash leaves no half key, and of two
 * processes that start at once one wins and both read its key. */
static bool
make_key_file(const char *path, GError **error)
{
    char line[KEY_LINE + 1] = KEY_HEAD;
    unsigned char key[KEY_BYTES];
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(line + strlen(KEY_HEAD), 2 * KEY_BYTES + 1, key, sizeof key);
    line[KEY_LINE - 1] = '\n';
    sodium_memzero(key, sizeof key);

    g_autofree char *draft =
        g_strdup_printf("%s.%08x%08x", path, randombytes_random(), randombytes_random());
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        set_io_error(error, "cannot create", draft);
        return false;
    }
    bool ok = write_all(fd, line, KEY_LINE);
    ok = close(fd) == 0 && ok;
    sodium_memzero(line, sizeof line);
    ok = ok && (link(draft, path) == 0 || errno == EEXIST);
    if (!ok)
        set_io_error(error, "cannot write", path);
    unlink(draft);
    sync_folder_of(path);
    return ok;
}

static bool
read_key(int fd, const char *path, unsigned char key[KEY_BYTES], GError **error)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        set_io_error(error, "cannot look at", path);
        return false;
    }
    if ((about.st_mode & 077) != 0) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "secrets.key_readable",
                      "%s has mode %03o; it must be 600", path, (unsigned)about.st_mode & 0777);
        if (error != NULL)
            hib_error_set_detail(*error, "path", path);
        return false;
    }
    char line[KEY_LINE + 2] = {0};
    size_t got = 0;
    ssize_t n = 1;
    while (S_ISREG(about.st_mode) && got < KEY_LINE + 1 && n > 0) {
        n = read(fd, line + got, KEY_LINE + 1 - got);
        got += n > 0 ? (size_t)n : 0;
    }
    size_t length = got == KEY_LINE && line[got - 1] == '\n' ? got - 1 : got;
    size_t decoded = 0;
    bool ok = length == KEY_LINE - 1 && g_str_has_prefix(line, KEY_HEAD) &&
              sodium_hex2bin(key, KEY_BYTES, line + strlen(KEY_HEAD), 2 * KEY_BYTES, NULL, &decoded,
                             NULL) == 0 &&
              decoded == KEY_BYTES;
    sodium_memzero(line, sizeof line);
    if (!ok) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "secrets.key_damaged", "%s does not hold a key",
                      path);
        if (error != NULL)
            hib_error_set_detail(*error, "path", path);
    }
    return ok;
}

HibKeys *
hib_keys_open(const char *path, GError **error)
{
    need_sodium();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        if (!make_key_file(path, error))
            return NULL;
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) {
        set_io_error(error, "cannot open", path);
        return NULL;
    }
    unsigned char *master = sodium_malloc(KEY_BYTES);
    g_assert(master != NULL);
    bool ok = read_key(fd, path, master, error);
    close(fd);
    if (!ok) {
        sodium_free(master);
        return NULL;
    }
    sodium_mprotect_readonly(master);
    HibKeys *keys = g_new0(HibKeys, 1);
    keys->master = master;
    return keys;
}

void
hib_keys_free(HibKeys *keys)
{
    if (keys == NULL)
        return;
    sodium_free(keys->master);
    g_free(keys);
}

static void
key_for(const HibKeys *keys, const char *use, const char *purpose, unsigned char out[KEY_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, keys->master, KEY_BYTES, KEY_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)use, strlen(use));
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_generichash_final(&state, out, KEY_BYTES);
    sodium_memzero(&state, sizeof state);
}

/* --- boxes ---------------------------------------------------------------------------------------------- */
static char *
base64_text(HibArena *arena, const char *head, const unsigned char *data, size_t n)
{
    size_t head_n = strlen(head);
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = hib_arena_take(arena, head_n + room);
    memcpy(text, head, head_n);
    sodium_bin2base64(text + head_n, room, data, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

char *
hib_seal(HibKeys *keys, HibArena *arena, const char *purpose, const char *plain)
{
    size_t n = strlen(plain);
    size_t total = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + n;
    unsigned char *box = hib_arena_take(arena, total);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);

    unsigned char key[KEY_BYTES];
    key_for(keys, "seal:", purpose, key);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain, n, box,
                          key);
    sodium_memzero(key, sizeof key);
    return base64_text(arena, SEAL_HEAD, box, total);
}

static void
wipe_text(void *data)
{
    sodium_memzero(data, strlen(data));
}

char *
hib_unseal(HibKeys *keys, HibArena *arena, const char *purpose, const char *sealed, GError **error)
{
    bool ok = sealed != NULL && g_str_has_prefix(sealed, SEAL_HEAD);
    const char *body = ok ? sealed + strlen(SEAL_HEAD) : "";
    size_t room = strlen(body) / 4 * 3 + 3;
    unsigned char *box = hib_arena_take(arena, room);
    size_t total = 0;
    ok = ok && sodium_base642bin(box, room, body, strlen(body), NULL, &total, NULL,
                                 sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    ok = ok && total >= crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    char *plain = NULL;
    if (ok) {
        size_t n = total - crypto_secretbox_NONCEBYTES;
        plain = hib_arena_take(arena, n - crypto_secretbox_MACBYTES + 1);
        unsigned char key[KEY_BYTES];
        key_for(keys, "seal:", purpose, key);
        ok = crypto_secretbox_open_easy((unsigned char *)plain, box + crypto_secretbox_NONCEBYTES,
                                        n, box, key) == 0;
        sodium_memzero(key, sizeof key);
    }
    if (!ok) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "secrets.unreadable",
                      "a sealed value for %s does not open", purpose);
        return NULL;
    }
    hib_arena_defer(arena, wipe_text, plain);
    return plain;
}

/* --- randomness and digests ----------------------------------------------------------------------------- */
void
hib_random_bytes(void *out, size_t n)
{
    need_sodium();
    randombytes_buf(out, n);
}

char *
hib_random_token(HibArena *arena, size_t n_bytes)
{
    unsigned char *raw = hib_arena_take(arena, n_bytes);
    hib_random_bytes(raw, n_bytes);
    char *text = base64_text(arena, "", raw, n_bytes);
    sodium_memzero(raw, n_bytes);
    return text;
}

static char *
hex_text(HibArena *arena, const unsigned char *data, size_t n)
{
    char *text = hib_arena_take(arena, 2 * n + 1);
    return sodium_bin2hex(text, 2 * n + 1, data, n);
}

char *
hib_sha256_hex(HibArena *arena, const void *data, size_t n)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, data, n);
    return hex_text(arena, digest, sizeof digest);
}

G_STATIC_ASSERT(sizeof(HibSha256) >= sizeof(crypto_hash_sha256_state));

void
hib_sha256_begin(HibSha256 *sum)
{
    crypto_hash_sha256_state state;
    memset(sum, 0, sizeof *sum);
    crypto_hash_sha256_init(&state);
    memcpy(sum, &state, sizeof state);
}

void
hib_sha256_add(HibSha256 *sum, const void *data, size_t n)
{
    crypto_hash_sha256_state state;
    memcpy(&state, sum, sizeof state);
    crypto_hash_sha256_update(&state, data, n);
    memcpy(sum, &state, sizeof state);
}

char *
hib_sha256_end(const HibSha256 *sum, HibArena *arena)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    memcpy(&state, sum, sizeof state);
    crypto_hash_sha256_final(&state, digest);
    return hex_text(arena, digest, sizeof digest);
}

uint64_t
hib_keyed_hash(const uint8_t key[16], const void *data, size_t n)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash = 0;
    crypto_shorthash(out, data, n, key);
    for (size_t i = sizeof out; i > 0; i--)
        hash = hash << 8 | out[i - 1];
    return hash;
}

char *
hib_mac_hex(HibKeys *keys, HibArena *arena, const char *purpose, const char *text)
{
    unsigned char key[KEY_BYTES];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    key_for(keys, "mac:", purpose, key);
    crypto_auth_hmacsha256(mac, (const unsigned char *)text, strlen(text), key);
    sodium_memzero(key, sizeof key);
    return hex_text(arena, mac, sizeof mac);
}

bool
hib_equal_secret(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return false;
    size_t n_a = strlen(a);
    size_t n_b = strlen(b);
    bool same_start = sodium_memcmp(a, b, MIN(n_a, n_b)) == 0;
    return same_start && n_a == n_b;
}
