/* Messages: both languages, details in their places, unknown keys visible. */
#include "base/error.h"
#include "base/messages.h"
#include <string.h>

static void
the_table_is_sorted_and_complete(void)
{
    g_assert_cmpuint(hib_n_message_rows, >, 50);
    for (size_t i = 0; i < hib_n_message_rows; i++) {
        g_assert_true(*hib_message_rows[i].ja && *hib_message_rows[i].en);
        g_assert_true(i == 0 || strcmp(hib_message_rows[i - 1].key, hib_message_rows[i].key) < 0);
        g_assert_true(hib_message("ja", hib_message_rows[i].key) == hib_message_rows[i].ja);
    }
}

static void
an_unknown_key_shows_itself(void)
{
    g_assert_cmpstr(hib_message("en", "no.such.key"), ==, "no.such.key");
}

static void
an_error_speaks_with_its_details(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_INVALID, "cli.unknown_setting", "no setting");
    hib_error_set_detail(error, "name", "prot");
    hib_error_set_detail(error, "nearest", "port");
    const char *en = hib_message_fill(arena, "en", error),
               *ja = hib_message_fill(arena, "ja", error);
    g_assert_nonnull(strstr(en, "prot"));
    g_assert_nonnull(strstr(ja, "「port」"));
    g_assert_null(strchr(en, '{'));
}

static void
a_missing_detail_leaves_no_brace(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_INVALID, "cli.unknown_setting", "no setting");
    g_assert_null(strchr(hib_message_fill(arena, "ja", error), '{'));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/messages/the_table_is_sorted_and_complete", the_table_is_sorted_and_complete);
    g_test_add_func("/messages/an_unknown_key_shows_itself", an_unknown_key_shows_itself);
    g_test_add_func("/messages/an_error_speaks_with_its_details", an_error_speaks_with_its_details);
    g_test_add_func("/messages/a_missing_detail_leaves_no_brace", a_missing_detail_leaves_no_brace);
    return g_test_run();
}
