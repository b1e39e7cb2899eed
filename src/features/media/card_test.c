/* Cards: what is tidied, searched and judged. */
#include "base/error.h"
#include "media/media_private.h"
#include "store/test_store.h"
#include <string.h>

static const HibMediaCard blank = {.title = "",
                                   .note = "",
                                   .alt = "",
                                   .owner = "",
                                   .terms = "",
                                   .source = "",
                                   .consent_paper = ""};

static const char *
joined(HibArena *arena, const char *const *names)
{
    g_autofree char *text = g_strjoinv(" ", (char **)(void *)names);
    return hib_arena_strdup(arena, text);
}

static void
tags_are_tidied_and_each_stands_once(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const tags[] = {"夏", "#夏", " ＃春 ", "", "か\u3099", "a\nb"};
    size_t n = 0;
    g_assert_cmpstr(joined(arena, hib_card_tags(arena, tags, G_N_ELEMENTS(tags), &n)), ==,
                    "a b が 夏 春");
    g_assert_cmpuint(n, ==, 4);
}

static void
a_card_is_refused_with_the_place_that_is_wrong(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibMediaCard card = blank, out;
    const char *many[HIB_MEDIA_TAGS + 1];
    g_autoptr(GError) day = NULL, until = NULL, tags = NULL;
    card.expires_on = "2026-02-30";
    g_assert_false(hib_card_take(arena, &card, &out, &day));
    g_assert_cmpstr(hib_error_reason(day), ==, "media.bad_day");
    g_assert_cmpstr(hib_error_pointer(day), ==, "/expires_on");
    card = blank;
    card.consent = HIB_CONSENT_OBTAINED;
    card.consent_until = "2026-13-01";
    g_assert_false(hib_card_take(arena, &card, &out, &until));
    g_assert_cmpstr(hib_error_pointer(until), ==, "/consent_until");
    card.consent = HIB_CONSENT_NOT_NEEDED; /* nobody's consent has no end */
    g_assert_true(hib_card_take(arena, &card, &out, NULL));
    g_assert_null(out.consent_until);
    for (size_t i = 0; i <= HIB_MEDIA_TAGS; i++)
        many[i] = hib_arena_printf(arena, "t%zu", i);
    card.tags = many;
    card.n_tags = HIB_MEDIA_TAGS + 1;
    g_assert_false(hib_card_take(arena, &card, &out, &tags));
    g_assert_cmpstr(hib_error_reason(tags), ==, "media.too_many_tags");
}

static void
words_are_found_however_they_are_written(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const tags[] = {"ハーブティー"};
    HibMediaCard card = blank;
    card.title = "ＬＰ用 バナー";
    card.tags = tags;
    card.n_tags = 1;
    const char *words = hib_card_words(arena, "IMG_0001.jpg", &card);
    const char *const asked[] = {"lp", "ﾊﾞﾅｰ", "はーぶ", "img_0001"};
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
        g_assert_nonnull(strstr(words, hib_media_fold(arena, asked[i])));
    g_assert_null(strstr(words, hib_media_fold(arena, "紅茶")));
}

static void
rights_hold_through_their_last_day(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibMediaCard card = blank;
    card.licence = HIB_LICENCE_LICENSED;
    card.expires_on = "2026-12-31";
    card.consent = HIB_CONSENT_OBTAINED;
    card.consent_until = "2026-06-30";
    g_assert_cmpstr(joined(arena, hib_media_rights(arena, &card, "2026-06-30")), ==, "");
    g_assert_cmpstr(joined(arena, hib_media_rights(arena, &card, "2026-07-01")), ==,
                    "consent_ended");
    g_assert_cmpstr(joined(arena, hib_media_rights(arena, &card, "2027-01-01")), ==,
                    "expired consent_ended");
    card = blank;
    g_assert_cmpstr(joined(arena, hib_media_rights(arena, &card, "2026-07-01")), ==, "unsaid");
    card.licence = HIB_LICENCE_UNKNOWN;
    card.consent = HIB_CONSENT_MISSING;
    g_assert_cmpstr(joined(arena, hib_media_rights(arena, &card, "2026-07-01")), ==,
                    "consent_missing unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/card/" #name, name)
    ADD(tags_are_tidied_and_each_stands_once);
    ADD(a_card_is_refused_with_the_place_that_is_wrong);
    ADD(words_are_found_however_they_are_written);
    ADD(rights_hold_through_their_last_day);
    return g_test_run();
}
