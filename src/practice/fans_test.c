/* Who did what: pages that agree with each other and with a question about one person. */
#include "practice/fans.h"

#include <glib.h>

static const char *
id_of(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "id-%s", handle);
}

static void
pages_hold_everybody_who_did_it_once(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibComment said[] = {{.handle = "hana", .name = "はな"},
                               {.handle = "hana", .name = "は"}};
    const HibFans fans = {"repost", "post-1", id_of, said, 2};
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    HibFan *rows;
    size_t from = 0, next = 0, n_pages = 0;
    do {
        size_t n = hib_fans(arena, &fans, from, 50, &rows, &next);
        g_assert_cmpuint(n, <=, 50);
        for (size_t i = 0; i < n; i++) {
            g_assert_true(g_hash_table_add(seen, (gpointer)(uintptr_t)rows[i].id));
            g_assert_true(hib_fan_did(arena, "repost", "post-1", rows[i].id));
        }
        from = next;
        n_pages++;
    } while (next);
    g_assert_cmpuint(n_pages, >, 3);
    g_assert_cmpint(g_hash_table_contains(seen, "id-hana"), ==,
                    hib_fan_did(arena, "repost", "post-1", "id-hana"));
    /* Three in four of those who are told apart by their handle, and not the same for another post. */
    g_assert_cmpuint(g_hash_table_size(seen), >, 120);
    g_assert_cmpuint(g_hash_table_size(seen), <, 300);
    size_t n_same = 0;
    GHashTableIter at;
    void *id;
    g_hash_table_iter_init(&at, seen);
    while (g_hash_table_iter_next(&at, &id, NULL))
        n_same += hib_fan_did(arena, "repost", "post-2", id);
    g_assert_cmpuint(n_same, <, g_hash_table_size(seen));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/fans/pages_hold_everybody_who_did_it_once",
                    pages_hold_everybody_who_did_it_once);
    return g_test_run();
}
