/* What has no approval, though the workspace asks for one since, leaves the schedule and never goes out. */
#include "base/error.h"
#include "publish/fixture_test.h"

static void
ask_for(HibTestPublish *t, HibApprovalMode mode)
{
    GError *error = NULL;
    hib_assert_ok(hib_plan_set_approvals(t->db, &(HibApprovalPolicy){mode, 24}, &error), error);
}

static void
a_scheduled_post_leaves_the_schedule_when_approvals_are_asked_for(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *post;
    const char *id = hib_test_scheduled(t, "豆が届きました", 0, HIB_HOUR);
    HibInstant due = hib_test_post(t, id)->due_at;
    ask_for(t, HIB_APPROVAL_ONE);
    hib_test_advance(t, HIB_SECOND);
    post = hib_test_post(t, id);
    g_assert_cmpint(post->state, ==, HIB_POST_IN_REVIEW); /* asked for, not forgotten */
    g_assert_cmpint(post->due_at, ==, due);
    g_assert_cmpint(hib_test_delivery(t, id)->state, ==, HIB_DELIVERY_CANCELLED);
    hib_test_advance(t, 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, id)->state, ==, HIB_DELIVERY_CANCELLED);
    hib_assert_refused(
        hib_publish_schedule(t->db, id, NULL, hib_clock_now(t->clock) + HIB_HOUR, &post, &error),
        error, "approval.needed");
    hib_assert_refused(hib_publish_unschedule(t->db, id, &post, &error), error,
                       "post.not_scheduled");
    ask_for(t, HIB_APPROVAL_NONE);
    g_assert_cmpint(hib_test_post(t, id)->state, ==, HIB_POST_DRAFT);
    hib_assert_ok(
        hib_publish_schedule(t->db, id, NULL, hib_clock_now(t->clock) + HIB_SECOND, &post, &error),
        error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, id)->state, ==, HIB_DELIVERY_PUBLISHED);
}

/* The job that takes it out has not run yet when the post is due: the dispatcher asks for itself, and so does the claim. */
static void
the_dispatcher_asks_for_itself(HibTestStore *test)
{
    static const HibJobKind deliver_only[] = {{.kind = HIB_JOB_DELIVER,
                                               .run = hib_deliver_run,
                                               .lease_s = HIB_DELIVER_LEASE_S,
                                               .tries = G_MAXINT,
                                               .backoff_s = 1},
                                              {0}};
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    const char *id = hib_test_scheduled(t, "豆が届きました", 0, HIB_MINUTE);
    const char *delivery = hib_test_delivery(t, id)->id;
    t->kinds = deliver_only;
    hib_test_crash(t);
    ask_for(t, HIB_APPROVAL_TWO);
    HibDeliverWork *work;
    bool done = true;
    hib_assert_ok(hib_deliver_load(t->db, delivery, &work, &error), error);
    work->remote_key = "key";
    hib_assert_ok(hib_deliver_claim(t->db, work, "f", "job", true, &done, &error), error);
    g_assert_false(done);
    hib_test_advance(t, 2 * HIB_MINUTE);
    g_assert_cmpint(hib_test_post(t, id)->state, ==, HIB_POST_IN_REVIEW);
    g_assert_cmpint(hib_test_delivery(t, id)->state, ==, HIB_DELIVERY_CANCELLED);
    g_assert_cmpint(hib_test_n_steps(t, delivery, HIB_DID_CLAIMED), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual(
        "/publish/unapproved/a_scheduled_post_leaves_the_schedule_when_approvals_are_asked_for",
        a_scheduled_post_leaves_the_schedule_when_approvals_are_asked_for);
    hib_test_add_manual("/publish/unapproved/the_dispatcher_asks_for_itself",
                        the_dispatcher_asks_for_itself);
    return g_test_run();
}
