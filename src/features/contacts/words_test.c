/* Where a search begins, and what handles are compared by. */
#include "contacts/contacts_private.h"

static const char *
all_words(HibArena *arena, const char *text)
{
    g_autoptr(GString) out = g_string_new("");
    for (const char *const *word = hib_contact_words(arena, text); *word; word++)
        g_string_append_printf(out, "%s|", *word);
    return hib_arena_strdup(arena, out->str);
}

static void
words_begin_where_people_begin_to_type(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *upto;
    g_assert_cmpstr(all_words(arena, "山田花子"), ==, "山田花子|田花子|花子|子|");
    g_assert_cmpstr(all_words(arena, "Bob_Smith"), ==, "bob_smith|smith|");
    g_assert_cmpstr(all_words(arena, "✨"), ==, "");
    g_assert_cmpstr(hib_contact_sought(arena, " ＢＯＢ", &upto), ==, "bob");
    g_assert_cmpstr(upto, >, "bobzzz");
    g_assert_null(hib_contact_sought(arena, "%", &upto));
}

static void
handles_of_networks_are_compared_by_what_people_chose(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_contact_core(arena, "mastodon", "@Kissa.Hibiki@mastodon.example"), ==,
                    "kissahibiki");
    g_assert_cmpstr(hib_contact_core(arena, "bluesky", "kissa-hibiki.bsky.social"), ==,
                    "kissahibiki");
    g_assert_cmpstr(hib_contact_core(arena, "x", "kissa_hibiki"), ==, "kissahibiki");
    g_assert_cmpstr(hib_contact_core(arena, "x", "abc"), ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts/words_begin_where_people_begin_to_type",
                    words_begin_where_people_begin_to_type);
    g_test_add_func("/contacts/handles_of_networks_are_compared_by_what_people_chose",
                    handles_of_networks_are_compared_by_what_people_chose);
    return g_test_run();
}
