/* Rules at scheduling: what blocks is not scheduled until somebody says why; a change withdraws it; what is told is counted. */
#include "base/error.h"
#include "publish/fixture_test.h"

#include <string.h>

static bool
schedule(HibTestPublish *t, const char *post, const char *reason)
{
    g_autoptr(GError) error = NULL;
    HibPost *after;
    bool is_done =
        hib_publish_schedule(t->db, post, NULL, hib_clock_now(t->clock) + HIB_HOUR, &after, &error);
    if (reason)
        g_assert_cmpstr(hib_error_reason(error), ==, reason);
    else
        g_assert_no_error(error);
    return is_done;
}

static HibPost *
change(HibTestPublish *t, const char *id, const char *text)
{
    GError *error = NULL;
    HibPost *post, *after = NULL;
    hib_assert_ok(hib_plan_get(t->db, id, false, &post, &error), error);
    const HibPostContent content = {
        .text = text, .variants = post->variants, .n_variants = post->n_variants};
    if (!hib_publish_update(t->db, id, post->version, &content, &after, &error))
        g_assert_cmpstr(hib_error_reason(error), ==, "check.blocked");
    g_clear_error(&error);
    return after;
}

static void
what_blocks_is_not_scheduled_until_somebody_says_why(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_draft(t, "オンカジの注意喚起です", 0, false)->id;
    g_assert_false(schedule(t, post, "check.blocked"));
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_DRAFT);
    g_assert_false(hib_publish_override(t->db, post, "  ", &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "check.no_reason");
    g_clear_error(&error);
    hib_assert_ok(hib_publish_override(t->db, post, "消費者庁の注意喚起の引用", &error), error);
    g_assert_true(schedule(t, post, NULL));
    /* other words need a reason of their own: the post stays as it was */
    g_assert_null(change(t, post, "オンカジで稼ごう"));
    g_assert_cmpstr(hib_test_post(t, post)->text, ==, "オンカジの注意喚起です");
    g_assert_nonnull(change(t, post, "本日もお待ちしています"));
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_SCHEDULED);
}

static void
findings_stand_at_their_texts_and_are_counted_once(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *id = hib_test_draft(t, "業界最安値です", 0, false)->id;
    HibPost *post = hib_test_post(t, id);
    HibPostPart part = {.text = "宅急便でお届け"};
    post->variants[0].first_comment = "女子力アップ";
    post->variants[0].thread = &part;
    post->variants[0].n_thread = 1;
    HibPostFinding *found;
    size_t n;
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(found[0].pointer, ==, "/text");
    g_assert_cmpstr(found[0].finding->rule->id, ==, "KHY-05");
    g_assert_null(found[0].account_id);
    g_assert_cmpstr(found[1].pointer, ==, "/variants/0/first_comment");
    g_assert_cmpstr(found[2].pointer, ==, "/variants/0/thread/0/text");
    g_assert_cmpstr(found[2].finding->replacement, ==, "宅配便");
    for (int twice = 0; twice < 2; twice++)
        g_assert_true(schedule(t, id, NULL));
    HibCheckCount *counts;
    hib_assert_ok(hib_check_counts(t->db, &counts, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(counts[0].n_told, ==, 1);
}

static void
industry_and_disclosure_bring_their_rules(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    static const char *const alcohol[] = {"alcohol", NULL};
    const char *id = hib_test_draft(t, "純米酒が入荷しました", 0, false)->id;
    hib_assert_ok(hib_check_set_industries(t->db, alcohol, &error), error);
    g_assert_false(schedule(t, id, "check.blocked"));
    const char *const *industries;
    hib_assert_ok(hib_check_industries(t->db, &industries, &error), error);
    g_assert_cmpstr(industries[0], ==, "alcohol");
    HibPost *post = hib_test_post(t, id);
    post->disclosure.is_advertising = true;
    HibPostFinding *found;
    size_t n;
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 2); /* the notice, and 【PR】 */
    post->text = "【PR】純米酒が入荷しました。お酒は20歳になってから";
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/publish/findings/block", what_blocks_is_not_scheduled_until_somebody_says_why);
    hib_test_add("/publish/findings/places", findings_stand_at_their_texts_and_are_counted_once);
    hib_test_add("/publish/findings/industry", industry_and_disclosure_bring_their_rules);
    return g_test_run();
}
