/* The life of a delivery against the practice network: every fault at every step ends published once, failed with its reason, or
 * unknown and then resolved. The network counts; the clock is moved by hand. */
#include "base/error.h"
#include "practice/bluesky_face.h"
#include "publish/fixture_test.h"

static void
a_scheduled_post_goes_out_once_at_its_time(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "おはようございます", 0, HIB_HOUR);
    hib_test_advance(t, HIB_HOUR - 1);
    g_assert_cmpint(hib_face_count_text(t->face, "おはようございます"), ==, 0);
    hib_test_advance(t, 1);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(d->lateness_ms, ==, 0);
    g_assert_true(d->has_sent_at && d->has_published_at && d->url && d->remote_id && !d->has_error);
    g_assert_cmpint(d->attempts, ==, 1);
    g_assert_cmpint(d->next, ==, HIB_NEXT_NONE);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_PUBLISHED);
    for (HibDid did = HIB_DID_SCHEDULED; did <= HIB_DID_CANCELLED; did++) {
        bool is_expected = did == HIB_DID_SCHEDULED || did == HIB_DID_CLAIMED ||
                           did == HIB_DID_SENT || did == HIB_DID_PUBLISHED;
        g_assert_cmpint(hib_test_n_steps(t, d->id, did), ==, is_expected);
    }
    hib_test_advance(t, 2 * HIB_DAY);
    g_assert_cmpint(hib_face_count_text(t->face, "おはようございます"), ==, 1);
}

static void
pictures_go_up_one_by_one_and_none_twice(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibFaceCounts counts;
    const char *post = hib_test_scheduled(t, "四枚", 4, 0);
    hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_ERROR,
                                            .method = "com.atproto.repo.putRecord",
                                            .times = 1});
    hib_test_advance(t, HIB_MINUTE);
    hib_face_counts(t->face, &counts);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(counts.n_uploads, ==, 4); /* the repeat used the references kept */
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_STEP), ==, 4);
    g_assert_cmpint(counts.n_created, ==, 1);
}

/* How each fault must end; CUT and ERROR go through read-back. */
static const struct {
    const char *name;
    HibFault fault;
    int ms;
    HibDeliveryState end; /* when the fault hits the publishing call */
} faults[] = {
    {"429", HIB_FAULT_RATE_LIMITED, 30000, HIB_DELIVERY_PUBLISHED},
    {"500, nothing done", HIB_FAULT_ERROR, 0, HIB_DELIVERY_PUBLISHED},
    {"500, done", HIB_FAULT_ERROR_AFTER, 0, HIB_DELIVERY_PUBLISHED},
    {"cut before", HIB_FAULT_CUT_BEFORE, 0, HIB_DELIVERY_PUBLISHED},
    {"cut after", HIB_FAULT_CUT_AFTER, 0, HIB_DELIVERY_PUBLISHED},
    {"slow", HIB_FAULT_DELAY, 60, HIB_DELIVERY_PUBLISHED},
    {"expired token", HIB_FAULT_EXPIRED_TOKEN, 0, HIB_DELIVERY_PUBLISHED},
    {"refused", HIB_FAULT_REFUSED, 0, HIB_DELIVERY_FAILED},
};
static const char *const methods[] = {"com.atproto.repo.uploadBlob", "com.atproto.repo.putRecord",
                                      "com.atproto.repo.getRecord"};

static void
every_fault_at_every_step_ends_once_or_with_its_reason(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibFaceCounts counts;
    for (size_t f = 0; f < G_N_ELEMENTS(faults); f++)
        for (size_t m = 0; m < G_N_ELEMENTS(methods); m++)
            for (int times = 1; times <= 3; times += 2) {
                const char *text =
                    hib_arena_printf(t->arena, "%s %s %d", faults[f].name, methods[m], times);
                const char *post = hib_test_scheduled(t, text, 1, 0);
                bool is_find = m == 2;
                if (is_find) { /* a reading back happens only after an open outcome */
                    hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_CUT_AFTER,
                                                            .method = methods[1],
                                                            .times = 1});
                    hib_jobs_run_due(t->jobs);
                    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_UNKNOWN);
                    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_UNKNOWN);
                }
                hib_face_fault(t->face, &(HibFaceFault){.fault = faults[f].fault,
                                                        .method = methods[m],
                                                        .times = times,
                                                        .ms = faults[f].ms});
                hib_test_advance(t, 2 * HIB_HOUR);
                hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_NONE});
                HibDelivery *d = hib_test_delivery(t, post);
                HibDeliveryState end = is_find ? HIB_DELIVERY_PUBLISHED : faults[f].end;
                g_test_message("%s: %s → %d, %s %s", text, d->account_id, d->state, d->error_code,
                               d->error_message);
                g_assert_cmpint(d->state, ==, end);
                g_assert_cmpint(hib_face_count_text(t->face, text), ==,
                                end == HIB_DELIVERY_PUBLISHED);
                g_assert_cmpint(d->has_error, ==, end == HIB_DELIVERY_FAILED);
                g_assert_cmpint(hib_test_post(t, post)->state, ==,
                                end == HIB_DELIVERY_PUBLISHED ? HIB_POST_PUBLISHED
                                                              : HIB_POST_FAILED);
            }
    hib_face_counts(t->face, &counts);
    g_assert_cmpint(counts.n_twice_key, ==, 0);
    g_assert_cmpint(counts.n_twice_text, ==, 0);
    g_assert_cmpint(counts.n_changed, ==, 0);
}

/* --- cut short ------------------------------------------------------------------------------------------------------------ */
/* What a process killed right after its claim leaves behind: the row says sending, nobody is at it. */
static HibDeliverWork *
leave_claimed(HibTestPublish *t, const char *post)
{
    HibDeliverWork *work;
    bool done;
    GError *error = NULL;
    hib_assert_ok(hib_deliver_load(t->db, hib_test_delivery(t, post)->id, &work, &error), error);
    work->remote_key = hib_network_find("bluesky")->new_handle(
        &(HibNetContext){.arena = t->arena, .clock = t->clock});
    work->created_at = hib_clock_now(t->clock);
    hib_assert_ok(hib_deliver_claim(t->db, work, "f", "a-job-that-is-gone", true, &done, &error),
                  error);
    g_assert_true(done);
    return work;
}

static void
a_run_cut_before_the_call_goes_out_once(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "途中で消えた", 0, 0);
    leave_claimed(t, post);
    hib_test_crash(t);
    hib_jobs_run_due(t->jobs); /* another job's claim: not touched before its time is over */
    g_assert_cmpint(hib_face_count_text(t->face, "途中で消えた"), ==, 0);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_SENDING);
    hib_test_advance(t, 10 * HIB_MINUTE);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_READ_BACK), >=, 1);
    g_assert_cmpint(hib_face_count_text(t->face, "途中で消えた"), ==, 1);
}

static void
a_run_cut_after_the_effect_is_found_and_not_repeated(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibFaceCounts before, counts;
    const char *post = hib_test_scheduled(t, "もう出ている", 0, 0);
    HibDeliverWork *work = leave_claimed(t, post);
    const char *did = hib_face_did(t->face, "hibiki.practice");
    g_assert_true(hib_face_add_post(t->face, did, work->remote_key, "もう出ている",
                                    hib_clock_now(t->clock), 0, NULL));
    hib_face_counts(t->face, &before);
    hib_test_crash(t);
    hib_test_advance(t, 10 * HIB_MINUTE);
    HibDelivery *d = hib_test_delivery(t, post);
    hib_face_counts(t->face, &counts);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_true(g_str_has_suffix(d->url, work->remote_key));
    g_assert_cmpint(counts.n_puts, ==, before.n_puts);
    g_assert_cmpint(hib_face_count_text(t->face, "もう出ている"), ==, 1);
}

/* --- waiting has an end ------------------------------------------------------------------------------------------------------ */
static void
a_network_that_is_down_is_tried_for_a_day_and_then_said_to_have_failed(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "届かない", 0, 0);
    g_clear_pointer(&t->face, hib_face_stop);
    hib_test_advance(t, HIB_HOUR);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(d->has_next_at && d->next_at > hib_clock_now(t->clock) && d->has_error);
    g_assert_cmpint(d->next, ==, HIB_NEXT_WAIT);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_SCHEDULED);
    hib_test_advance(t, HIB_DAY);
    d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_FAILED);
    g_assert_cmpstr(d->error_code, ==, HIB_DELIVER_CODE_LATE);
    g_assert_cmpint(d->next, ==, HIB_NEXT_RETRY);
}

static void
a_rate_limit_is_kept_to_and_burns_no_try(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibFaceCounts before, after;
    hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_RATE_LIMITED,
                                            .method = methods[1],
                                            .times = 1,
                                            .ms = 1800000});
    const char *post = hib_test_scheduled(t, "制限中", 0, 0);
    hib_test_advance(t, HIB_SECOND);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->error_class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(d->error_status, ==, 429);
    hib_face_counts(t->face, &before);
    hib_test_advance(t, 28 * HIB_MINUTE);
    hib_face_counts(t->face, &after);
    g_assert_cmpint(after.n_calls, ==, before.n_calls);
    hib_test_advance(t, 5 * HIB_MINUTE);
    d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(d->lateness_ms, >=, 30 * 60 * 1000 - 1000);
}

static void
an_account_that_needs_a_person_waits_and_goes_on_once_reconnected(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibAccount *account;
    const char *first = hib_test_scheduled(t, "一つ目", 0, 0),
               *second = hib_test_scheduled(t, "二つ目", 0, HIB_HOUR);
    hib_face_end_sessions(t->face);
    hib_test_advance(t, 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, first)->state, ==, HIB_DELIVERY_WAITING);
    g_assert_cmpint(hib_test_delivery(t, first)->next, ==, HIB_NEXT_RECONNECT);
    g_assert_cmpint(hib_test_delivery(t, second)->next, ==, HIB_NEXT_RECONNECT);
    hib_assert_ok(hib_accounts_reconnect(t->db, &t->services, t->account, "aaaa-bbbb-cccc-dddd",
                                         &account, &error),
                  error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, first)->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_test_delivery(t, second)->state, ==, HIB_DELIVERY_PUBLISHED);
}

static void
an_account_nobody_reconnects_fails_its_post_after_a_day(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibAccount *account;
    const char *post = hib_test_scheduled(t, "昨日の話", 0, 0);
    hib_face_end_sessions(t->face);
    hib_test_advance(t, HIB_DAY + HIB_HOUR);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_FAILED);
    g_assert_cmpstr(d->error_code, ==, HIB_DELIVER_CODE_LATE);
    g_assert_cmpint(d->next, ==, HIB_NEXT_RECONNECT);
    hib_assert_ok(hib_accounts_reconnect(t->db, &t->services, t->account, "aaaa-bbbb-cccc-dddd",
                                         &account, &error),
                  error);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_face_count_text(t->face, "昨日の話"), ==, 0); /* a person decides */
    hib_assert_ok(hib_publish_retry(t->db, d->id, &d, &error), error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_face_count_text(t->face, "昨日の話"), ==, 1);
}

static void
count_cancelled(const HibEvent *event, void *data)
{
    if (g_str_equal(event->kind, "delivery.cancelled"))
        g_atomic_int_inc((gint *)data);
}

static void
a_disconnected_account_takes_its_posts_back_to_draft(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibJobsState jobs;
    gint n_cancelled = 0;
    hib_events_listen(test->store, count_cancelled, &n_cancelled);
    const char *post = hib_test_scheduled(t, "出さない", 0, HIB_HOUR);
    hib_assert_ok(hib_accounts_disconnect(t->db, t->account, &error), error);
    hib_test_advance(t, 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_CANCELLED);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_DRAFT);
    g_assert_cmpint(hib_face_count_text(t->face, "出さない"), ==, 0);
    /* Listeners are told by a thread of their own, after the commit. */
    for (int i = 0; i < 2000 && !g_atomic_int_get(&n_cancelled); i++)
        g_usleep(5000);
    hib_events_unlisten(test->store, count_cancelled, &n_cancelled);
    g_assert_cmpint(n_cancelled, ==, 1);
    /* Nothing goes on for an account that is gone, and nothing counts as failed. */
    hib_assert_ok(hib_jobs_state(t->db, &jobs, &error), error);
    g_assert_cmpint(jobs.n_failed, ==, 0);
    hib_test_advance(t, 30 * HIB_DAY);
    hib_assert_ok(hib_jobs_state(t->db, &jobs, &error), error);
    g_assert_cmpint(jobs.n_failed, ==, 0);
    g_assert_cmpint(jobs.n_waiting, ==,
                    2); /* the other account stays connected: its refresh, and the warning ahead */
}

static void
a_refused_post_is_edited_and_scheduled_anew(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after;
    HibPostVariant variant = {.account_id = t->account};
    HibPostContent content = {.text = "直した", .variants = &variant, .n_variants = 1};
    hib_face_fault(t->face,
                   &(HibFaceFault){.fault = HIB_FAULT_REFUSED, .method = methods[1], .times = 1});
    const char *post = hib_test_scheduled(t, "直す前", 0, 0);
    hib_test_advance(t, HIB_MINUTE);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->next, ==, HIB_NEXT_EDIT);
    g_assert_cmpstr(d->error_code, ==, "InvalidRequest");
    hib_assert_ok(
        hib_publish_update(t->db, post, hib_test_post(t, post)->version, &content, &after, &error),
        error);
    g_assert_cmpint(after->state, ==, HIB_POST_DRAFT);
    hib_assert_ok(hib_publish_schedule(t->db, post, NULL, hib_clock_now(t->clock), &after, &error),
                  error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_face_count_text(t->face, "直した"), ==, 1);
    g_assert_cmpint(hib_face_count_text(t->face, "直す前"), ==, 0);
}

static void
a_post_of_two_accounts_ends_when_both_have(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *post = hib_test_draft(t, "二つの店", 0, true);
    hib_face_fault(
        t->face, &(HibFaceFault){.fault = HIB_FAULT_CUT_BEFORE, .method = methods[1], .times = 1});
    hib_assert_ok(
        hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock), &post, &error), error);
    hib_jobs_run_due(t->jobs);
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_UNKNOWN);
    hib_assert_refused(
        hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock), &post, &error), error,
        "post.already_sending");
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_PUBLISHED);
    g_assert_cmpint(hib_face_count_text(t->face, "二つの店"), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/a_scheduled_post_goes_out_once_at_its_time",
                        a_scheduled_post_goes_out_once_at_its_time);
    hib_test_add_manual("/publish/pictures_go_up_one_by_one_and_none_twice",
                        pictures_go_up_one_by_one_and_none_twice);
    hib_test_add_manual("/publish/every_fault_at_every_step_ends_once_or_with_its_reason",
                        every_fault_at_every_step_ends_once_or_with_its_reason);
    hib_test_add_manual("/publish/a_run_cut_before_the_call_goes_out_once",
                        a_run_cut_before_the_call_goes_out_once);
    hib_test_add_manual("/publish/a_run_cut_after_the_effect_is_found_and_not_repeated",
                        a_run_cut_after_the_effect_is_found_and_not_repeated);
    hib_test_add_manual(
        "/publish/a_network_that_is_down_is_tried_for_a_day_and_then_said_to_have_failed",
        a_network_that_is_down_is_tried_for_a_day_and_then_said_to_have_failed);
    hib_test_add_manual("/publish/a_rate_limit_is_kept_to_and_burns_no_try",
                        a_rate_limit_is_kept_to_and_burns_no_try);
    hib_test_add_manual(
        "/publish/an_account_that_needs_a_person_waits_and_goes_on_once_reconnected",
        an_account_that_needs_a_person_waits_and_goes_on_once_reconnected);
    hib_test_add_manual("/publish/an_account_nobody_reconnects_fails_its_post_after_a_day",
                        an_account_nobody_reconnects_fails_its_post_after_a_day);
    hib_test_add_manual("/publish/a_disconnected_account_takes_its_posts_back_to_draft",
                        a_disconnected_account_takes_its_posts_back_to_draft);
    hib_test_add_manual("/publish/a_refused_post_is_edited_and_scheduled_anew",
                        a_refused_post_is_edited_and_scheduled_anew);
    hib_test_add_manual("/publish/a_post_of_two_accounts_ends_when_both_have",
                        a_post_of_two_accounts_ends_when_both_have);
    return g_test_run();
}
