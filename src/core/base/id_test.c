/* Ids: their form, their order, their time. */
#include "base/id.h"

#include <string.h>

static void
ids_are_uuid_version_7_and_tell_their_time(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibClock) clock = hib_clock_manual_new(1796083200123456);
    const char *id = hib_id_new(arena, clock);
    g_assert_true(hib_id_valid(id));
    g_assert_cmpint(id[14], ==, '7');
    g_assert_nonnull(strchr("89ab", id[19]));
    g_assert_cmpint(hib_id_time(id), ==, 1796083200123000);
}

static void
ids_of_one_millisecond_keep_their_order_and_never_repeat(void)
{
    g_autoptr(HibClock) clock = hib_clock_manual_new(1796083200000000);
    char last[HIB_ID_TEXT] = "";
    for (int i = 0; i < 200000; i++) {
        char id[HIB_ID_TEXT];
        if (i % 1000 == 999)
            hib_clock_manual_set(clock, 1796083200000000 + i * 10);
        hib_id_fill(id, clock);
        g_assert_cmpstr(id, >, last);
        memcpy(last, id, sizeof last);
    }
    hib_clock_manual_set(clock, 1796083200000000); /* set back by 2 s: the order holds */
    char id[HIB_ID_TEXT];
    hib_id_fill(id, clock);
    g_assert_cmpstr(id, >, last);
    hib_clock_manual_set(clock, 0); /* set back for good: believed */
    hib_id_fill(id, clock);
    g_assert_cmpint(hib_id_time(id), ==, 0);
}

#define PER_THREAD 20000

static gpointer
make_many(gpointer data)
{
    char(*ids)[HIB_ID_TEXT] = data;
    for (int i = 0; i < PER_THREAD; i++)
        hib_id_fill(ids[i], hib_clock_real());
    return NULL;
}

static void
threads_never_make_the_same_id(void)
{
    g_autofree char(*ids)[HIB_ID_TEXT] = g_malloc0((gsize)4 * PER_THREAD * HIB_ID_TEXT);
    GThread *threads[4];
    for (int t = 0; t < 4; t++)
        threads[t] = g_thread_new("ids", make_many, ids + t * PER_THREAD);
    for (int t = 0; t < 4; t++)
        g_thread_join(threads[t]);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int i = 0; i < 4 * PER_THREAD; i++) {
        g_assert_true(g_hash_table_add(seen, ids[i]));
        if (i % PER_THREAD != 0)
            g_assert_cmpstr(ids[i], >, ids[i - 1]);
    }
}

static void
only_canonical_lower_case_uuids_are_ids(void)
{
    g_assert_true(hib_id_valid("01935f3e-7b1c-7abc-8def-0123456789ab"));
    g_assert_true(hib_id_valid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
    static const char *const none[] = {"",
                                       "01935F3E-7b1c-7abc-8def-0123456789ab",
                                       "01935f3e-7b1c-7abc-8def-0123456789a",
                                       "01935f3e-7b1c-7abc-8def-0123456789abc",
                                       "01935f3e-7b1c-7abc-8def-0123456789ag",
                                       "01935f3e+7b1c-7abc-8def-0123456789ab",
                                       "01935f3e7b1c7abc8def0123456789ab",
                                       "{1935f3e-7b1c-7abc-8def-0123456789a}"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_false(hib_id_valid(none[i]));
    g_assert_false(hib_id_valid(NULL));
    g_assert_cmpint(hib_id_time("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), ==, 0);
    g_assert_cmpint(hib_id_time("x"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/id/ids_are_uuid_version_7_and_tell_their_time",
                    ids_are_uuid_version_7_and_tell_their_time);
    g_test_add_func("/id/ids_of_one_millisecond_keep_their_order_and_never_repeat",
                    ids_of_one_millisecond_keep_their_order_and_never_repeat);
    g_test_add_func("/id/threads_never_make_the_same_id", threads_never_make_the_same_id);
    g_test_add_func("/id/only_canonical_lower_case_uuids_are_ids",
                    only_canonical_lower_case_uuids_are_ids);
    return g_test_run();
}
