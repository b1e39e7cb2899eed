/* Texts as they are sent, against the cases that the page's preview is held against too (tests/data/wording.json); and whole posts. */
#include "base/json.h"
#include "base/secrets.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <string.h>

typedef struct {
    HibArena *arena;
    HibJson root;
    HibWording wording;
} Cases;

static HibMention
mention_of(HibArena *arena, HibJson one)
{
    HibJson list;
    HibMention out = {0};
    g_assert_true(hib_json_text(one, "name", &out.name, NULL) &&
                  hib_json_array(one, "handles", &list, NULL));
    HibHandle *handles = hib_arena_array(arena, HibHandle, hib_json_count(list));
    for (HibJson at = hib_json_first(list); at.value; at = hib_json_next(list, at)) {
        HibHandle *handle = &handles[out.n_handles++];
        g_assert_true(hib_json_text(at, "network", &handle->network, NULL) &&
                      hib_json_text(at, "handle", &handle->handle, NULL));
    }
    out.handles = handles;
    return out;
}

static void
read_cases(HibArena *arena, Cases *ret)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson list;
    *ret = (Cases){.arena = arena};
    g_assert_true(g_file_get_contents(TEST_DATA "/wording.json", &text, &n, NULL));
    g_assert_true(hib_json_parse(arena, text, n, &ret->root, NULL) &&
                  hib_json_array(ret->root, "mentions", &list, NULL));
    HibMention *mentions = hib_arena_array(arena, HibMention, hib_json_count(list));
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        mentions[ret->wording.n_mentions++] = mention_of(arena, one);
    g_assert_true(hib_json_array(ret->root, "hosts", &list, NULL));
    const char **hosts = hib_arena_array(arena, const char *, hib_json_count(list));
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        hosts[ret->wording.n_hosts++] = one.value->valuestring;
    ret->wording.mentions = mentions;
    ret->wording.hosts = hosts;
    g_assert_true(hib_json_text(ret->root, "medium", &ret->wording.medium, NULL));
}

static void
every_network_gets_its_own_handles_and_marked_links(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Cases cases;
    HibJson list;
    read_cases(arena, &cases);
    g_assert_true(hib_json_array(cases.root, "cases", &list, NULL));
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        const cJSON *network = cJSON_GetObjectItem(one.value, "network"),
                    *campaign = cJSON_GetObjectItem(one.value, "campaign");
        cases.wording.short_base = NULL;
        g_assert_true(hib_json_opt_text(one, "short", &cases.wording.short_base, NULL));
        const char *text, *sent;
        g_assert_true(hib_json_text(one, "text", &text, NULL) &&
                      hib_json_text(one, "sent", &sent, NULL));
        cases.wording.campaign = cJSON_IsString(campaign) ? campaign->valuestring : NULL;
        const char *name = cJSON_IsString(network) ? network->valuestring : NULL;
        g_assert_cmpstr(hib_plan_word_for(arena, &cases.wording, name, NULL, text), ==, sent);
        /* what is worded once stays as it is */
        if (!strstr(text, "@{@{"))
            g_assert_cmpstr(hib_plan_word_for(arena, &cases.wording, name, NULL, sent), ==, sent);
    }
    g_assert_null(hib_plan_word(arena, &cases.wording, "x", NULL));
}

static void
whatever_is_written_stays_a_text(void)
{
    static const char *const pieces[] = {
        "@{", "あお珈琲", "}",  "{",  "@", "https://", "example.jp", "/", "?",      "#",  "&",
        "=",  "utm_",     "。", "\n", " ", "😀",        "(",          ".", "\u202e", "ー", "Mina"};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 5);
    for (int i = 0; i < 3000; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) text = g_string_new("");
        Cases cases;
        read_cases(arena, &cases);
        for (int k = 0; k < 14; k++)
            g_string_append(text, pieces[hib_seeded_below(&seeded, G_N_ELEMENTS(pieces))]);
        const char *sent = hib_plan_word(arena, &cases.wording, "x", text->str);
        g_assert_true(g_utf8_validate(sent, -1, NULL));
        if (!strstr(text->str, "@{") && !strstr(text->str, "://"))
            g_assert_cmpstr(sent, ==, text->str);
    }
}

static void
a_post_is_worded_for_each_of_its_accounts(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibHandle handles[] = {{"bluesky", "@ao.example.jp"}};
    HibMention mention;
    hib_assert_ok(hib_plan_put_mention(db, NULL, 0, "あお", handles, 1, &mention, &error), error);
    HibPostPart part = {.text = "@{あお}"};
    const HibPostVariant variants[] = {{.account_id = hib_test_account(&ws, db, "a.example"),
                                        .title = "@{あお}の題",
                                        .first_comment = "https://shop.example/",
                                        .thread = &part,
                                        .n_thread = 1}};
    HibPost *post, *sent;
    hib_assert_ok(hib_plan_create(db,
                                  &(HibPostContent){.text = "@{あお}さん https://shop.example/",
                                                    .variants = variants,
                                                    .n_variants = 1},
                                  &post, &error),
                  error);
    const char *host = "https://Shop.example/";
    hib_assert_ok(hib_plan_set_link_tags(
                      db,
                      &(HibLinkTags){.is_on = true, .hosts = &host, .n_hosts = 1, .medium = "sns"},
                      &error),
                  error);
    hib_assert_ok(hib_plan_as_sent(db, post, &sent, &error), error);
    const HibPostVariant *variant = &sent->variants[0];
    g_assert_cmpstr(variant->text, ==,
                    "@ao.example.jp さん https://shop.example/?utm_source=bluesky&utm_medium=sns");
    g_assert_cmpstr(variant->title, ==, "@ao.example.jp の題");
    g_assert_cmpstr(variant->first_comment, ==,
                    "https://shop.example/?utm_source=bluesky&utm_medium=sns");
    g_assert_cmpstr(variant->thread[0].text, ==, "@ao.example.jp");
    g_assert_null(post->variants[0].text);
    g_assert_cmpstr(sent->text, ==, "あおさん https://shop.example/");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/wording/every_network_gets_its_own_handles_and_marked_links",
                    every_network_gets_its_own_handles_and_marked_links);
    g_test_add_func("/plan/wording/whatever_is_written_stays_a_text",
                    whatever_is_written_stays_a_text);
    hib_test_add_manual("/plan/wording/a_post_is_worded_for_each_of_its_accounts",
                        a_post_is_worded_for_each_of_its_accounts);
    return g_test_run();
}
