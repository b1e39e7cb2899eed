/* The key file, boxes and digests. */
#include "base/secrets.h"

#include "base/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    HibArena *arena;
    char *folder;
    char *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->arena = hib_arena_new();
    f->folder = g_dir_make_tmp("hibiki-secrets-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "key", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_unlink(f->path);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0); /* no draft is left behind */
    g_free(f->path);
    g_free(f->folder);
    hib_arena_free(f->arena);
}

static HibKeys *
open_keys(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    HibKeys *keys = hib_keys_open(f->path, &error);
    g_assert_no_error(error);
    return keys;
}

static void
the_key_is_made_once_and_only_its_owner_may_read_it(Fixture *f, gconstpointer data)
{
    mode_t old = umask(0);
    g_autoptr(HibKeys) first = open_keys(f);
    umask(old);
    struct stat about;
    g_assert_cmpint(stat(f->path, &about), ==, 0);
    g_assert_cmpint(about.st_mode & 0777, ==, 0600);
    char *sealed = hib_seal(first, f->arena, "grant", "refresh-token");
    g_autoptr(HibKeys) second = open_keys(f);
    g_assert_cmpstr(hib_unseal(second, f->arena, "grant", sealed, NULL), ==, "refresh-token");
}

static void
assert_refused(Fixture *f, HibErrorKind kind, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibKeys) keys = hib_keys_open(f->path, &error);
    g_assert_null(keys);
    g_assert_cmpint(hib_error_kind(error), ==, kind);
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
    g_assert_cmpstr(hib_error_detail(error, "path"), ==, f->path);
}

static void
a_key_file_others_may_read_is_refused(Fixture *f, gconstpointer data)
{
    hib_keys_free(open_keys(f));
    static const int modes[] = {0640, 0604, 0620, 0601};
    for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_cmpint(g_chmod(f->path, modes[i]), ==, 0);
        assert_refused(f, HIB_ERROR_INTERNAL, "secrets.key_readable");
    }
    g_assert_cmpint(g_chmod(f->path, 0400), ==, 0);
    hib_keys_free(open_keys(f));
}

static void
a_damaged_key_file_is_refused_and_left_as_it_is(Fixture *f, gconstpointer data)
{
    hib_keys_free(open_keys(f));
    g_autofree char *good = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(f->path, &good, &n, NULL));
    for (gsize cut = 0; cut < n - 1; cut++) { /* the line's end may be missing */
        g_assert_true(g_file_set_contents_full(f->path, good, (gssize)cut,
                                               G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
        assert_refused(f, HIB_ERROR_CORRUPT, "secrets.key_damaged");
    }
    g_autofree char *longer = g_strconcat(good, "x", NULL);
    g_assert_true(
        g_file_set_contents_full(f->path, longer, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    assert_refused(f, HIB_ERROR_CORRUPT, "secrets.key_damaged");
    good[20] = 'g';
    g_assert_true(
        g_file_set_contents_full(f->path, good, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    assert_refused(f, HIB_ERROR_CORRUPT, "secrets.key_damaged");
    g_autofree char *after = NULL;
    g_assert_true(g_file_get_contents(f->path, &after, NULL, NULL));
    g_assert_cmpstr(after, ==, good);
}

static void
a_key_that_cannot_be_written_is_said_so(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *nowhere = g_build_filename(f->folder, "none", "key", NULL);
    g_assert_null(hib_keys_open(nowhere, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "secrets.key_io");
}

static gpointer
seal_with_own_keys(gpointer data)
{
    Fixture *f = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibKeys) keys = open_keys(f);
    return g_strdup(hib_seal(keys, arena, "race", "same"));
}

static void
who_starts_at_the_same_time_gets_the_same_key(Fixture *f, gconstpointer data)
{
    GThread *threads[8];
    for (int i = 0; i < 8; i++)
        threads[i] = g_thread_new("open", seal_with_own_keys, f);
    g_autoptr(HibKeys) keys = open_keys(f);
    for (int i = 0; i < 8; i++) {
        g_autofree char *sealed = g_thread_join(threads[i]);
        g_assert_cmpstr(hib_unseal(keys, f->arena, "race", sealed, NULL), ==, "same");
    }
}

static void
a_box_opens_only_whole_with_its_key_and_purpose(Fixture *f, gconstpointer data)
{
    g_autoptr(HibKeys) keys = open_keys(f);
    char *sealed = hib_seal(keys, f->arena, "grant", "秘密");
    g_assert_true(g_str_has_prefix(sealed, "v1."));
    g_assert_cmpstr(sealed, !=, hib_seal(keys, f->arena, "grant", "秘密"));
    g_assert_cmpstr(hib_unseal(keys, f->arena, "grant", sealed, NULL), ==, "秘密");
    g_assert_cmpstr(hib_unseal(keys, f->arena, "e", hib_seal(keys, f->arena, "e", ""), NULL), ==,
                    "");

    g_autoptr(GError) error = NULL;
    g_assert_null(hib_unseal(keys, f->arena, "totp", sealed, &error));
    g_assert_cmpint(hib_error_kind(error), ==, HIB_ERROR_CORRUPT);
    g_assert_cmpstr(hib_error_reason(error), ==, "secrets.unreadable");
    size_t n = strlen(sealed);
    for (size_t i = 0; i < n; i++) {
        char *changed = hib_arena_strdup(f->arena, sealed);
        changed[i] =
            changed[i] == 'A' ? 'Q' : 'A'; /* differs in a bit that even the last digit uses */
        g_assert_null(hib_unseal(keys, f->arena, "grant", changed, NULL));
        g_assert_null(
            hib_unseal(keys, f->arena, "grant", hib_arena_strndup(f->arena, sealed, i), NULL));
    }
    g_assert_null(hib_unseal(keys, f->arena, "grant", NULL, NULL));
    g_unlink(f->path);
    g_autoptr(HibKeys) others = open_keys(f);
    g_assert_null(hib_unseal(others, f->arena, "grant", sealed, NULL));
}

static void
digests_agree_with_others(Fixture *f, gconstpointer data)
{
    g_autoptr(HibKeys) keys = open_keys(f);
    g_assert_cmpstr(hib_sha256_hex(f->arena, "abc", 3), ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_autofree char *empty = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "", 0);
    g_assert_cmpstr(hib_sha256_hex(f->arena, "", 0), ==, empty);
    uint8_t counting[16]; /* the example of SipHash's own paper */
    for (uint8_t i = 0; i < 16; i++)
        counting[i] = i;
    g_assert_cmpuint(hib_keyed_hash(counting, counting, 15), ==,
                     G_GUINT64_CONSTANT(0xa129ca6149be45e5));
    const char *mac = hib_mac_hex(keys, f->arena, "csrf", "a");
    g_assert_cmpuint(strlen(mac), ==, 64);
    g_assert_cmpstr(mac, ==, hib_mac_hex(keys, f->arena, "csrf", "a"));
    g_assert_cmpstr(mac, !=, hib_mac_hex(keys, f->arena, "link", "a"));
    g_assert_cmpstr(mac, !=, hib_mac_hex(keys, f->arena, "csrf", "b"));
    g_assert_cmpstr(hib_mac_hex(keys, f->arena, "ab", "c"), !=,
                    hib_mac_hex(keys, f->arena, "a", "bc"));
    g_assert_true(hib_equal_secret("abc", "abc"));
    g_assert_false(hib_equal_secret("abc", "abd"));
    g_assert_false(hib_equal_secret("abc", "ab"));
    g_assert_false(hib_equal_secret("", "a"));
    g_assert_false(hib_equal_secret(NULL, NULL));
}

static void
tokens_are_url_safe_and_differ(Fixture *f, gconstpointer data)
{
    const char *a = hib_random_token(f->arena, 32);
    g_assert_cmpuint(strlen(a), ==, 43);
    g_assert_cmpuint(strspn(a, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"), ==, 43);
    g_assert_cmpstr(a, !=, hib_random_token(f->arena, 32));
}

#define ADD(name) g_test_add("/secrets/" #name, Fixture, NULL, set_up, name, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(the_key_is_made_once_and_only_its_owner_may_read_it);
    ADD(a_key_file_others_may_read_is_refused);
    ADD(a_damaged_key_file_is_refused_and_left_as_it_is);
    ADD(a_key_that_cannot_be_written_is_said_so);
    ADD(who_starts_at_the_same_time_gets_the_same_key);
    ADD(a_box_opens_only_whole_with_its_key_and_purpose);
    ADD(digests_agree_with_others);
    ADD(tokens_are_url_safe_and_differ);
    return g_test_run();
}
