/* Arenas: memory apart, calls at the end in order. */
#include "base/arena.h"

#include <string.h>

static void
arena_memory_is_zeroed_aligned_and_apart(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    unsigned char *taken[2000];
    size_t sizes[2000];
    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++) {
        sizes[i] = i % 97 == 0 ? i * 300 : i * 7 % 601;
        taken[i] = hib_arena_take(arena, sizes[i]);
        g_assert_cmpuint((guintptr)taken[i] % 16, ==, 0);
        for (size_t b = 0; b < sizes[i]; b++)
            g_assert_cmpuint(taken[i][b], ==, 0);
        memset(taken[i], (int)(i % 255) + 1, sizes[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++) {
        for (size_t b = 0; b < sizes[i]; b++)
            g_assert_cmpuint(taken[i][b], ==, i % 255 + 1);
    }
}

static void
arena_texts_are_copies(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    char source[] = "予定";
    char *copy = hib_arena_strdup(arena, source);
    source[0] = 'x';
    g_assert_cmpstr(copy, ==, "予定");
    g_assert_null(hib_arena_strdup(arena, NULL));
    g_assert_cmpstr(hib_arena_strndup(arena, "abc", 2), ==, "ab");
    g_assert_cmpstr(hib_arena_strndup(arena, "abc", 9), ==, "abc");
    g_assert_cmpstr(hib_arena_printf(arena, "%d/%s", 7, "x"), ==, "7/x");
    g_autofree char *longer = g_strnfill(1000, 'y');
    g_assert_cmpstr(hib_arena_printf(arena, "%s!", longer) + 998, ==, "yy!");
}

static void
note(void *data)
{
    GString *order = data;
    g_string_append_c(order, (char)('a' + order->len));
}

static HibArena *late_arena;

static void
defer_once_more(void *data)
{
    hib_arena_defer(late_arena, note, data);
}

static void
deferred_calls_run_last_first_even_those_added_on_the_way(void)
{
    g_autoptr(GString) order = g_string_new("");
    late_arena = hib_arena_new();
    hib_arena_defer(late_arena, note, order);
    hib_arena_defer(late_arena, defer_once_more, order);
    hib_arena_free(late_arena);
    g_assert_cmpstr(order->str, ==, "ab");
    hib_arena_free(NULL);
}

static void
an_overflowing_size_ends_the_process(void)
{
    if (g_test_subprocess()) {
        g_autoptr(HibArena) arena = hib_arena_new();
        void *taken = hib_arena_take_n(arena, G_MAXSIZE / 2, 3);
        g_assert_null(taken);
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr_unmatched("*should be NULL*");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arena/memory_is_zeroed_aligned_and_apart",
                    arena_memory_is_zeroed_aligned_and_apart);
    g_test_add_func("/arena/texts_are_copies", arena_texts_are_copies);
    g_test_add_func("/arena/deferred_calls_run_last_first_even_those_added_on_the_way",
                    deferred_calls_run_last_first_even_those_added_on_the_way);
    g_test_add_func("/arena/an_overflowing_size_ends_the_process",
                    an_overflowing_size_ends_the_process);
    return g_test_run();
}
