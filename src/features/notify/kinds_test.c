/* What is said and sent, without a store. */
#include "base/json.h"
#include "notify/notify_private.h"
#include <string.h>

static void
every_event_has_its_sentence_in_both_languages(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (const HibNoticeEvent *one = hib_notice_events; one->event; one++)
        for (int i = 0; i < 2; i++) {
            const char *said =
                hib_notice_sentence(arena, i ? "en" : "ja", one->word, "佐藤", "豆の投稿");
            g_assert_cmpstr(said, !=, one->word);
            g_assert_null(strchr(said, '{'));
            g_assert_true(strstr(said, "豆の投稿") || strstr(said, "佐藤"));
        }
    g_assert_null(hib_notice_event("post.created"));
}

static void
texts_are_cut_and_names_are_found(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_notice_short(arena, " 一行\n二行 ", 10), ==, "一行 二行");
    g_assert_cmpstr(hib_notice_short(arena, "あいうえおか", 4), ==, "あいう…");
    g_assert_true(hib_notice_mentions("@山田 花子 さん、お願いします", "山田 花子"));
    g_assert_false(hib_notice_mentions("山田 花子 さん", "山田 花子"));
    g_assert_false(hib_notice_mentions("@", ""));
}

static void
webhooks_get_what_they_expect(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibSqlNoticeRow notice = {.id = "n1", .kind = HIB_NOTICE_ASKED, .word = "asked"};
    const char *url = "https://h.example/compose/1";
    cJSON *slack = cJSON_Parse(
        hib_hook_body(arena, HIB_HOOK_SLACK, &notice, "佐藤さんから「\"豆\"」", url, NULL));
    g_assert_cmpstr(cJSON_GetObjectItem(slack, "text")->valuestring, ==,
                    "佐藤さんから「\"豆\"」\nhttps://h.example/compose/1");
    cJSON_Delete(slack);
    cJSON *line = cJSON_Parse(hib_hook_body(arena, HIB_HOOK_LINE, &notice, "豆", url, "U1"));
    g_assert_cmpstr(cJSON_GetObjectItem(line, "to")->valuestring, ==, "U1");
    cJSON *message = cJSON_GetArrayItem(cJSON_GetObjectItem(line, "messages"), 0);
    g_assert_cmpstr(cJSON_GetObjectItem(message, "type")->valuestring, ==, "text");
    cJSON_Delete(line);
    cJSON *plain = cJSON_Parse(hib_hook_body(arena, HIB_HOOK_JSON, &notice, "豆", url, NULL));
    g_assert_cmpstr(cJSON_GetObjectItem(plain, "id")->valuestring, ==, "n1");
    g_assert_cmpstr(cJSON_GetObjectItem(plain, "kind")->valuestring, ==, "asked");
    cJSON_Delete(plain);
}

/* Checked with: printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac key */
static void
the_signature_is_an_hmac_of_time_and_body(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *mac = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)"key", 3,
                                                     "1767225600.{\"a\":1}", -1);
    g_autofree char *wanted = g_strdup_printf("t=1767225600,v1=%s", mac);
    g_assert_cmpstr(hib_hook_signature(arena, "key", 1767225600 * HIB_SECOND, "{\"a\":1}"), ==,
                    wanted);
    g_assert_cmpstr(hib_hook_signature(arena, "kez", 1767225600 * HIB_SECOND, "{\"a\":1}"), !=,
                    wanted);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify/kinds/every_event_has_its_sentence_in_both_languages",
                    every_event_has_its_sentence_in_both_languages);
    g_test_add_func("/notify/kinds/texts_are_cut_and_names_are_found",
                    texts_are_cut_and_names_are_found);
    g_test_add_func("/notify/kinds/webhooks_get_what_they_expect", webhooks_get_what_they_expect);
    g_test_add_func("/notify/kinds/the_signature_is_an_hmac_of_time_and_body",
                    the_signature_is_an_hmac_of_time_and_body);
    return g_test_run();
}
