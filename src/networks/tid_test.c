/* Record keys: the official syntax lists, order by time, never the same twice. */
#include "networks/bluesky.h"

#include <string.h>

static void
the_official_valid_keys_are_valid(void)
{
    const char *const valid[] = {"3jzfcijpj2z2a", "7777777777777", "3zzzzzzzzzzzz",
                                 "a222222222222", "j222222222222", "azzzzzzzzzzzz"};
    for (size_t i = 0; i < G_N_ELEMENTS(valid); i++)
        g_assert_true(hib_tid_valid(valid[i]));
}

static void
the_official_invalid_keys_are_refused(void)
{
    const char *const invalid[] = {
        "",    "0000000000000",    "3JZFCIJPJ2Z2A", "3jzfcijpj2z2aa", "3jzfcijpj2z2",
        "222", "3jzf-cij-pj2z-2a", "zzzzzzzzzzzzz", "kjzfcijpj2z2a",  "3jzfcijpj2z21"};
    for (size_t i = 0; i < G_N_ELEMENTS(invalid); i++)
        g_assert_false(hib_tid_valid(invalid[i]));
    g_assert_false(hib_tid_valid(NULL));
}

static void
a_key_tells_its_microsecond(void)
{
    char tid[HIB_TID_TEXT];
    hib_tid_fill_salted(tid, INT64_C(1795000000123456), 1023);
    g_assert_true(hib_tid_valid(tid));
    g_assert_cmpint(hib_tid_time(tid), ==, INT64_C(1795000000123456));
    g_assert_cmpint(hib_tid_time("nonsense"), ==, 0);
}

static void
keys_of_a_clock_that_stands_still_differ_and_keep_their_order(void)
{
    char last[HIB_TID_TEXT] = "";
    char tid[HIB_TID_TEXT];
    for (int i = 0; i < 20000; i++) {
        hib_tid_fill(tid, INT64_C(1795000000000000));
        g_assert_cmpint(strcmp(last, tid), <, 0);
        memcpy(last, tid, sizeof last);
    }
}

#define N_THREADS 4
#define N_EACH 20000

static void *
make_keys(void *data)
{
    char(*keys)[HIB_TID_TEXT] = data;
    for (int i = 0; i < N_EACH; i++)
        hib_tid_fill(keys[i], INT64_C(1796000000000000));
    return NULL;
}

static void
keys_of_many_threads_differ(void)
{
    char(*keys)[HIB_TID_TEXT] = g_malloc0_n(N_THREADS * N_EACH, sizeof *keys);
    GThread *threads[N_THREADS];
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int t = 0; t < N_THREADS; t++)
        threads[t] = g_thread_new("keys", make_keys, keys + t * N_EACH);
    for (int t = 0; t < N_THREADS; t++)
        g_thread_join(threads[t]);
    for (int i = 0; i < N_THREADS * N_EACH; i++)
        g_assert_true(g_hash_table_add(seen, keys[i]));
    g_free(keys);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/tid/the_official_valid_keys_are_valid",
                    the_official_valid_keys_are_valid);
    g_test_add_func("/networks/tid/the_official_invalid_keys_are_refused",
                    the_official_invalid_keys_are_refused);
    g_test_add_func("/networks/tid/a_key_tells_its_microsecond", a_key_tells_its_microsecond);
    g_test_add_func("/networks/tid/keys_of_a_clock_that_stands_still_differ_and_keep_their_order",
                    keys_of_a_clock_that_stands_still_differ_and_keep_their_order);
    g_test_add_func("/networks/tid/keys_of_many_threads_differ", keys_of_many_threads_differ);
    return g_test_run();
}
