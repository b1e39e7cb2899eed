/* From found to granted to withdrawn: each step once, nothing taken as granted by itself. */
#include "base/error.h"
#include "ugc/fixture_test.h"

static void
look_for(Fixture *f, const char *tags, bool mentions)
{
    GError *error = NULL;
    HibUgcSetting setting;
    hib_assert_ok(hib_ugc_setting(f->db, &setting, &error), error);
    setting.tags = tags;
    setting.mentions = mentions;
    hib_assert_ok(hib_ugc_set_setting(f->db, &setting, &error), error);
}

static HibUgcItem *
items(Fixture *f, size_t *ret_n)
{
    GError *error = NULL;
    HibUgcItem *rows;
    const char *next;
    hib_assert_ok(hib_ugc_items(f->db, NULL, NULL, 0, &rows, ret_n, &next, &error), error);
    return rows;
}

static void
what_has_the_hashtag_is_found_once(HibTestStore *test)
{
    Fixture f;
    size_t n;
    open_fixture(&f, test);
    say(&f, HIB_TALK_MENTION, "a", "fan", "最高 #ひびき珈琲", NULL, 0);
    say(&f, HIB_TALK_COMMENT, "b", "other", "ふつう", NULL, 0);
    say(&f, HIB_TALK_MESSAGE, "c", "third", "#ひびき珈琲 について", NULL, 0);
    gather(&f);
    items(&f, &n);
    g_assert_cmpuint(n, ==, 0); /* nothing was chosen yet */
    look_for(&f, "ひびき珈琲", false);
    gather(&f);
    gather(&f);
    HibUgcItem *rows = items(&f, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].author_handle, ==, "fan");
    say(&f, HIB_TALK_MENTION, "d", "fourth", "@cafe いい店", NULL, 0);
    gather(&f);
    items(&f, &n);
    g_assert_cmpuint(n, ==, 1);
    look_for(&f, "ひびき珈琲", true);
    gather(&f);
    items(&f, &n);
    g_assert_cmpuint(n, ==, 2);
    close_fixture(&f);
}

static void
a_request_is_sent_once_and_its_answer_waits_for_a_person(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibUgcItem *item;
    HibUgcReading reading;
    size_t n;
    open_fixture(&f, test);
    look_for(&f, "hibiki", false);
    say(&f, HIB_TALK_MENTION, "at://did:plc:fan/app.bsky.feed.post/1", "fan", "#hibiki おいしい",
        NULL, 0);
    gather(&f);
    const char *id = items(&f, &n)[0].id;
    const HibUgcAsk ask = {
        .purpose = "店頭ポスター", .places = "全店舗", .until_day = "2099-03-31"};
    const HibUgcAsk bad = {.purpose = "x", .places = "y", .until_day = "2099-02-30"};
    hib_assert_refused(hib_ugc_ask(f.db, id, &bad, &error), error, "ugc.bad_day");
    hib_assert_ok(hib_ugc_ask(f.db, id, &ask, &error), error);
    hib_assert_refused(hib_ugc_ask(f.db, id, &ask, &error), error, "ugc.asked");
    hib_assert_ok(hib_ugc_item(f.db, id, &item, &error), error);
    g_assert_cmpint(item->state, ==, HIB_UGC_ASKED);
    g_assert_nonnull(strstr(item->asked_text, "店頭ポスター"));
    g_assert_nonnull(strstr(item->asked_text, "2099-03-31"));
    g_assert_nonnull(strstr(item->asked_text, "#承諾"));
    /* Somebody else's yes is none. */
    say(&f, HIB_TALK_MENTION, "y", "stranger", "はい", "at://did:plc:fan/app.bsky.feed.post/1", 0);
    say(&f, HIB_TALK_MENTION, "z", "fan", "はい、どうぞ", "at://did:plc:fan/app.bsky.feed.post/1",
        0);
    gather(&f);
    hib_assert_ok(hib_ugc_item(f.db, id, &item, &error), error);
    reading = (HibUgcReading)item->answer;
    g_assert_cmpint(item->state, ==, HIB_UGC_ASKED);
    if (item->answer_id) /* threads are engage/'s: without them only what answers the request itself is seen */
        g_assert_cmpint(reading, ==, HIB_UGC_YES);
    close_fixture(&f);
}

static void
what_is_granted_stands_on_the_card_and_ends(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibUgcItem *item;
    HibMedia *media;
    HibMediaCard *card;
    HibPost *post;
    open_fixture(&f, test);
    const HibUgcDraft draft = {
        .network = "instagram", .url = "https://www.instagram.com/p/1/", .author_handle = "fan"};
    hib_assert_ok(hib_ugc_add(f.db, &draft, &item, &error), error);
    hib_assert_refused(hib_ugc_add(f.db, &draft, &item, &error), error, "ugc.twice");
    const HibUgcAsk ask = {.purpose = "x", .places = "y"};
    hib_assert_refused(hib_ugc_ask(f.db, item->id, &ask, &error), error, "ugc.cannot_ask");
    const char *picture = hib_test_picture(&f.ws, f.db, 12);
    HibUgcDecision yes = {
        .state = HIB_UGC_GRANTED, .media = picture, .until_day = "2099-03-31", .version = 1};
    hib_assert_refused(hib_ugc_decide(f.db, item->id, &yes, &error), error, "ugc.no_proof");
    yes.proof = "https://www.instagram.com/direct/t/1";
    hib_assert_ok(hib_ugc_decide(f.db, item->id, &yes, &error), error);
    hib_assert_ok(hib_media_cards(f.db, &picture, 1, &media, &card, &error), error);
    g_assert_cmpint(card->licence, ==, HIB_LICENCE_UGC_PERMITTED);
    g_assert_cmpstr(card->expires_on, ==, "2099-03-31");
    g_assert_cmpstr(card->consent_paper, ==, yes.proof);
    g_assert_nonnull(strstr(card->owner, "fan"));
    /* A post uses it; then its author takes the permission back. */
    const HibPostMedia shown = {.media_id = picture, .alt = ""};
    const HibPostVariant variant = {.account_id = f.account};
    const HibPostContent content = {.text = "お客さまの一枚",
                                    .media = (HibPostMedia *)&shown,
                                    .n_media = 1,
                                    .variants = (HibPostVariant *)&variant,
                                    .n_variants = 1};
    hib_assert_ok(hib_plan_create(f.db, &content, &post, &error), error);
    hib_assert_ok(hib_ugc_item(f.db, item->id, &item, &error), error);
    const HibUgcDecision no = {
        .state = HIB_UGC_WITHDRAWN, .note = "DMで取り消し", .version = item->version};
    hib_assert_ok(hib_ugc_decide(f.db, item->id, &no, &error), error);
    hib_assert_ok(hib_media_cards(f.db, &picture, 1, &media, &card, &error), error);
    const char *const *rights = hib_media_rights(hib_db_arena(f.db), card, "2098-01-01");
    g_assert_cmpstr(rights[0], ==, "expired");
    HibSqlUgcUses *uses;
    size_t n;
    hib_assert_ok(hib_ugc_used(f.db, picture, &uses, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    hib_assert_refused(hib_ugc_decide(f.db, item->id, &yes, &error), error, "ugc.decided");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/ugc/item/" #name, name)
    ADD(what_has_the_hashtag_is_found_once);
    ADD(a_request_is_sent_once_and_its_answer_waits_for_a_person);
    ADD(what_is_granted_stands_on_the_card_and_ends);
    return g_test_run();
}
