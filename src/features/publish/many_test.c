/* Many posts at once are judged as one is, and what is stored of them is what scheduling one by one stores. */
#include "base/error.h"
#include "publish/fixture_test.h"
#include "publish/publish.h"
#include <string.h>

static void
keep_first(const GError *why, void *data)
{
    const char **reason = data;
    if (!*reason)
        *reason = hib_error_reason(why);
}

/* The post as it is stored, judged for `at`; NULL: nothing is wrong. */
static const char *
judged(HibTestPublish *t, const HibPost *stored, HibInstant at)
{
    GError *error = NULL;
    HibPublishDesk *desk;
    HibPost post = *stored;
    const char *reason = NULL;
    post.has_due_at = true;
    post.due_at = at;
    hib_assert_ok(hib_publish_desk(t->db, &desk, &error), error);
    hib_publish_judge(desk, t->arena, &post, true, keep_first, &reason);
    hib_assert_ok(hib_publish_reckon(t->db, &t->services, desk, &post, keep_first, &reason, &error),
                  error);
    return reason;
}

static void
each_is_refused_for_what_refuses_it_alone(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    g_autofree char *over = g_strnfill(301, 'a');
    const HibInstant soon = hib_clock_now(t->clock) + HIB_HOUR;
    const struct {
        const char *text;
        HibInstant at;
        const char *reason;
    } cases[] = {{"よい投稿", soon, NULL},
                 {over, soon, "post.over_limit"},
                 {"", soon, "post.empty"},
                 {"過ぎた", soon - HIB_DAY, "post.time_past"},
                 {"オンカジで稼ごう", soon, "check.blocked"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) alone = NULL;
        HibPost *after, *post = hib_test_draft(t, cases[i].text, 0, true);
        const char *many = judged(t, post, cases[i].at);
        const bool is_taken =
            hib_publish_schedule(t->db, post->id, NULL, cases[i].at, &after, &alone);
        g_assert_cmpstr(many, ==, cases[i].reason);
        g_assert_cmpstr(is_taken ? NULL : hib_error_reason(alone), ==, cases[i].reason);
    }
    HibPost *bare = hib_test_draft(t, "どこにも行かない", 0, false);
    bare->n_variants = 0;
    g_assert_cmpstr(judged(t, bare, soon), ==, "post.no_account");
}

static void
media_whose_rights_have_ended_stop_it_too(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibMedia *media;
    HibMediaCard *card;
    const HibInstant soon = hib_clock_now(t->clock) + HIB_HOUR;
    const HibPost *post = hib_test_draft(t, "店の前で", 1, false);
    g_assert_null(judged(t, post, soon));
    hib_assert_ok(hib_media_cards(t->db, (const char *const *)&t->image, 1, &media, &card, &error),
                  error);
    card->licence = HIB_LICENCE_LICENSED;
    card->expires_on = "2001-01-01";
    hib_assert_ok(hib_media_set_card(t->db, t->image, card, &error), error);
    g_assert_cmpstr(judged(t, post, soon), ==, "check.blocked");
}

/* Two posts with what follows them, beside one scheduled by hand: the same deliveries, steps and outcome. */
static void
what_is_stored_goes_out(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPublishDesk *desk;
    const HibInstant now = hib_clock_now(t->clock), at = now + HIB_MINUTE;
    HibPostPart part = {.text = "続き"};
    HibPostVariant variants[2] = {{.account_id = t->account, .thread = &part, .n_thread = 1},
                                  {.account_id = t->second, .text = "別の言葉"}};
    HibPost posts[2] = {{.id = hib_db_new_id(t->db),
                         .text = "一つ目",
                         .state = HIB_POST_SCHEDULED,
                         .variants = variants,
                         .n_variants = 2,
                         .has_due_at = true,
                         .due_at = at,
                         .created_at = now,
                         .updated_at = now,
                         .version = 1}};
    posts[1] = posts[0];
    posts[1].id = hib_db_new_id(t->db);
    posts[1].text = "二つ目";
    const char *by_hand = hib_test_scheduled(t, "手で", 0, HIB_MINUTE);
    g_autoptr(HibTx) tx = hib_tx_begin(t->db, &error);
    hib_assert_ok(tx && hib_publish_desk(t->db, &desk, &error) &&
                      hib_plan_add_many(t->db, posts, 2, &error) &&
                      hib_publish_schedule_many(t->db, desk, posts, 2, &error) &&
                      hib_tx_commit(tx, &error),
                  error);
    const HibDelivery *one = hib_test_delivery(t, posts[0].id),
                      *other = hib_test_delivery_of(t, posts[0].id, t->second),
                      *alone = hib_test_delivery(t, by_hand);
    g_assert_cmpstr(one->text, ==, "一つ目");
    g_assert_cmpstr(other->text, ==, "別の言葉");
    g_assert_cmpint(one->state, ==, alone->state);
    g_assert_cmpint(one->due_at, ==, at);
    g_assert_cmpstr(one->handle, ==, alone->handle);
    g_assert_cmpint(hib_test_n_steps(t, one->id, HIB_DID_SCHEDULED), ==, 1);
    hib_test_advance(t, 3 * HIB_MINUTE);
    for (size_t i = 0; i < 2; i++) {
        g_assert_cmpint(hib_test_post(t, posts[i].id)->state, ==, HIB_POST_PUBLISHED);
        g_assert_cmpint(hib_test_delivery(t, posts[i].id)->attempts, ==, 1);
    }
    g_assert_cmpint(hib_test_post(t, by_hand)->state, ==, HIB_POST_PUBLISHED);
}

static void
an_account_that_went_meanwhile_stops_all(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    g_autoptr(GError) error = NULL;
    HibPublishDesk *desk;
    HibPostVariant variant = {.account_id = "00000000-0000-7000-8000-000000000000"};
    const HibPost post = {.id = "p", .text = "x", .variants = &variant, .n_variants = 1};
    g_assert_true(hib_publish_desk(t->db, &desk, NULL));
    g_assert_false(hib_publish_schedule_many(t->db, desk, &post, 1, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "accounts.needs_reconnect");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/many/each_is_refused_for_what_refuses_it_alone",
                        each_is_refused_for_what_refuses_it_alone);
    hib_test_add_manual("/publish/many/media_whose_rights_have_ended_stop_it_too",
                        media_whose_rights_have_ended_stop_it_too);
    hib_test_add_manual("/publish/many/what_is_stored_goes_out", what_is_stored_goes_out);
    hib_test_add_manual("/publish/many/an_account_that_went_meanwhile_stops_all",
                        an_account_that_went_meanwhile_stops_all);
    return g_test_run();
}
