/* One act on many posts: an outcome for each, all or none where that is asked for, undone by the opposite act. */
#include "base/error.h"
#include "publish/calendar.h"
#include "publish/fixture_test.h"

typedef struct {
    HibBatchResult results[8];
} Outcomes;

static Outcomes
batch(HibTestPublish *t, HibBatchAct act, const HibBatchItem *items, size_t n, bool is_whole)
{
    GError *error = NULL;
    Outcomes out;
    hib_assert_ok(
        hib_publish_batch(t->db, &t->services, act, items, n, NULL, is_whole, out.results, &error),
        error);
    return out;
}

static void
assert_refused_as(const HibBatchResult *result, const char *reason)
{
    g_assert_cmpint(result->outcome, ==, HIB_BATCH_REFUSED);
    g_assert_cmpstr(hib_error_reason(result->refusal), ==, reason);
}

static const char *
sent(HibTestPublish *t)
{
    const char *post = hib_test_scheduled(t, "もう出た", 0, HIB_MINUTE);
    hib_test_advance(t, 2 * HIB_MINUTE);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_PUBLISHED);
    return post;
}

static void
what_can_be_moved_moves_and_the_rest_says_why(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *out = sent(t), *scheduled = hib_test_scheduled(t, "予約", 0, HIB_HOUR),
               *draft = hib_test_draft(t, "下書き", 0, false)->id;
    HibInstant now = hib_clock_now(t->clock), at = now + HIB_DAY, past = now - HIB_DAY;
    const int64_t stale = 0;
    const HibBatchItem items[] = {
        {.post = out, .at = &at},
        {.post = scheduled, .at = &at},
        {.post = draft, .at = &at},
        {.post = draft, .at = &past},
        {.post = scheduled},
        {.post = scheduled, .version = &stale, .at = &at},
        {.post = "00000000-0000-7000-8000-000000000000", .at = &at},
    };
    Outcomes found = batch(t, HIB_ACT_MOVE, items, G_N_ELEMENTS(items), false);
    assert_refused_as(&found.results[0], "post.already_sending");
    g_assert_cmpint(found.results[1].outcome, ==, HIB_BATCH_DONE);
    g_assert_cmpint(found.results[1].post->due_at, ==, at);
    g_assert_cmpint(found.results[1].post->state, ==, HIB_POST_SCHEDULED);
    g_assert_cmpint(found.results[2].post->state, ==, HIB_POST_DRAFT);
    assert_refused_as(&found.results[3], "post.time_past");
    assert_refused_as(&found.results[4], "post.no_time");
    assert_refused_as(&found.results[5], "post.edited");
    assert_refused_as(&found.results[6], "post.unknown");
    g_assert_cmpint(hib_test_delivery(t, scheduled)->due_at, ==, at);
}

static void
all_or_none_touches_nothing_when_one_is_refused(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *out = sent(t), *one = hib_test_scheduled(t, "一つ目", 0, HIB_HOUR),
               *other = hib_test_scheduled(t, "二つ目", 0, 2 * HIB_HOUR);
    HibPost *before = hib_test_post(t, one);
    HibInstant at = hib_clock_now(t->clock) + HIB_DAY, past = at - 3 * HIB_DAY;
    const HibBatchItem items[] = {
        {.post = one, .at = &at}, {.post = out, .at = &at}, {.post = other, .at = &past}};
    Outcomes found = batch(t, HIB_ACT_MOVE, items, 3, true);
    g_assert_cmpint(found.results[0].outcome, ==, HIB_BATCH_LEFT);
    assert_refused_as(&found.results[1], "post.already_sending"); /* both that stand in the way */
    assert_refused_as(&found.results[2], "post.time_past");
    g_assert_cmpint(hib_test_post(t, one)->version, ==, before->version);
    /* Refused only when it is done: a draft without an account cannot be scheduled. */
    GError *error = NULL;
    HibPost *nobody;
    hib_assert_ok(hib_plan_create(t->db, &(HibPostContent){.text = "宛先なし", .due_at = &at},
                                  &nobody, &error),
                  error);
    const char *fine = hib_test_draft(t, "宛先あり", 0, false)->id;
    const HibBatchItem drafts[] = {{.post = fine, .at = &at}, {.post = nobody->id}};
    found = batch(t, HIB_ACT_SCHEDULE, drafts, 2, true);
    assert_refused_as(&found.results[1], "post.no_account");
    g_assert_cmpint(found.results[0].outcome, ==, HIB_BATCH_LEFT);
    g_assert_cmpint(hib_test_post(t, fine)->state, ==, HIB_POST_DRAFT);
    found = batch(t, HIB_ACT_MOVE, &(HibBatchItem){.post = one, .at = &at}, 1, true);
    g_assert_cmpint(found.results[0].outcome, ==, HIB_BATCH_DONE);
    g_assert_cmpint(hib_test_post(t, one)->due_at, ==, at);
}

static void
every_act_is_undone_by_its_opposite(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "もとへ", 0, HIB_HOUR);
    HibPost *before = hib_test_post(t, post);
    HibInstant later = before->due_at + HIB_DAY;
    const HibBatchItem there = {.post = post, .at = &later},
                       back = {.post = post, .at = &before->due_at}, bare = {.post = post};
    g_assert_cmpint(batch(t, HIB_ACT_MOVE, &there, 1, false).results[0].outcome, ==,
                    HIB_BATCH_DONE);
    g_assert_cmpint(batch(t, HIB_ACT_MOVE, &back, 1, false).results[0].outcome, ==, HIB_BATCH_DONE);
    g_assert_cmpint(hib_test_post(t, post)->due_at, ==, before->due_at);

    Outcomes found = batch(t, HIB_ACT_COPY, &there, 1, false);
    HibPost *copy = found.results[0].post;
    g_assert_cmpstr(copy->id, !=, post);
    g_assert_cmpint(copy->state, ==, HIB_POST_DRAFT); /* however the original stands */
    g_assert_cmpint(copy->due_at, ==, later);
    const HibBatchItem of_copy = {.post = copy->id};
    g_assert_cmpint(batch(t, HIB_ACT_DELETE, &of_copy, 1, false).results[0].outcome, ==,
                    HIB_BATCH_DONE);

    g_assert_cmpint(batch(t, HIB_ACT_UNSCHEDULE, &bare, 1, false).results[0].outcome, ==,
                    HIB_BATCH_DONE);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_CANCELLED);
    g_assert_cmpint(batch(t, HIB_ACT_SCHEDULE, &bare, 1, false).results[0].outcome, ==,
                    HIB_BATCH_DONE);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_WAITING);
    g_assert_cmpint(hib_test_delivery(t, post)->due_at, ==, before->due_at);

    g_assert_cmpint(batch(t, HIB_ACT_DELETE, &bare, 1, false).results[0].outcome, ==,
                    HIB_BATCH_DONE);
    assert_refused_as(&batch(t, HIB_ACT_MOVE, &there, 1, false).results[0], "post.unknown");
    found = batch(t, HIB_ACT_RESTORE, &bare, 1, false);
    g_assert_cmpint(found.results[0].post->state, ==, HIB_POST_DRAFT);
    assert_refused_as(&batch(t, HIB_ACT_RESTORE, &bare, 1, false).results[0], "post.not_deleted");
}

static void
posts_change_their_campaign_together(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibCampaign *winter;
    HibBatchResult results[2];
    const HibBatchItem items[] = {{.post = hib_test_draft(t, "一", 0, false)->id},
                                  {.post = hib_test_draft(t, "二", 0, false)->id}};
    hib_assert_ok(
        hib_plan_add_campaign(t->db, &(HibCampaignContent){.name = "冬"}, &winter, &error), error);
    hib_assert_refused(hib_publish_batch(t->db, &t->services, HIB_ACT_CAMPAIGN, items, 2, "nobody",
                                         false, results, &error),
                       error, "campaign.unknown");
    hib_assert_ok(hib_publish_batch(t->db, &t->services, HIB_ACT_CAMPAIGN, items, 2, winter->id,
                                    true, results, &error),
                  error);
    const char *of;
    hib_assert_ok(hib_plan_campaign_of(t->db, items[1].post, &of, &error), error);
    g_assert_cmpstr(of, ==, winter->id);
    hib_assert_ok(hib_publish_batch(t->db, &t->services, HIB_ACT_CAMPAIGN, items, 2, NULL, true,
                                    results, &error),
                  error);
    hib_assert_ok(hib_plan_campaign_of(t->db, items[1].post, &of, &error), error);
    g_assert_null(of);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/batch/what_can_be_moved_moves_and_the_rest_says_why",
                        what_can_be_moved_moves_and_the_rest_says_why);
    hib_test_add_manual("/publish/batch/all_or_none_touches_nothing_when_one_is_refused",
                        all_or_none_touches_nothing_when_one_is_refused);
    hib_test_add_manual("/publish/batch/every_act_is_undone_by_its_opposite",
                        every_act_is_undone_by_its_opposite);
    hib_test_add_manual("/publish/batch/posts_change_their_campaign_together",
                        posts_change_their_campaign_together);
    return g_test_run();
}
