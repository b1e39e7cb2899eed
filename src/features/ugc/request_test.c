/* The words of a request, and what an answer seems to say. */
#include "store/test_store.h"
#include "ugc/ugc_private.h"

static void
places_are_filled_and_others_stay(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const values[] = {"name", "{yes}", "yes", "#承諾", NULL};
    g_assert_cmpstr(hib_ugc_fill(arena, "{name}さん {yes} {no} {", values), ==,
                    "{yes}さん #承諾 {no} {");
    g_assert_cmpstr(hib_ugc_fill(arena, "", values), ==, "");
}

static void
an_answer_is_read_carefully(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char yes[] = "#承諾\nはい\nok", no[] = "いいえ\nお断り\nno";
    const struct {
        const char *text;
        HibUgcReading reading;
    } all[] = {{"はい、どうぞ!", HIB_UGC_YES},
               {"＃承諾 です", HIB_UGC_YES},
               {"ＯＫ!", HIB_UGC_YES},
               {"OKAYAMAに住んでいます", HIB_UGC_UNCLEAR},
               {"ハイ", HIB_UGC_YES},
               {"いいえ、お断りします", HIB_UGC_NO},
               {"はい…いや、お断り", HIB_UGC_NO},
               {"I saw a note", HIB_UGC_UNCLEAR},
               {"No, thanks", HIB_UGC_NO},
               {"いつまで使うのですか?", HIB_UGC_UNCLEAR},
               {"", HIB_UGC_UNCLEAR}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_cmpint(hib_ugc_read_answer(arena, all[i].text, yes, no), ==, all[i].reading);
}

static void
hashtags_are_found_however_they_are_written(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const words[] = {"#ひびき珈琲", "Ｈｉｂｉｋｉ", "", "ＨＩＢＩＫＩ", "＃ひびき珈琲"};
    const char *tags = hib_ugc_tags(arena, words, G_N_ELEMENTS(words));
    g_assert_cmpstr(tags, ==, "ひびき珈琲\nHibiki");
    g_assert_true(hib_ugc_has_tag(arena, "朝の一杯 #ヒビキ珈琲 です", tags));
    g_assert_true(hib_ugc_has_tag(arena, "so good #HIBIKI", tags));
    g_assert_false(hib_ugc_has_tag(arena, "#hibikiya でも飲んだ", tags));
    g_assert_false(hib_ugc_has_tag(arena, "ひびき珈琲", tags));
    g_assert_false(hib_ugc_has_tag(arena, "#hibiki", ""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ugc/request/fill", places_are_filled_and_others_stay);
    g_test_add_func("/ugc/request/answer", an_answer_is_read_carefully);
    g_test_add_func("/ugc/request/tags", hashtags_are_found_however_they_are_written);
    return g_test_run();
}
