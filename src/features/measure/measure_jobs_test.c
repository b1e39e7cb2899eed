/* Collection against the practice network: when it calls, what it keeps, and what it does when the network does not answer. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/reading.sql.h"
#include "networks/bluesky.h"
#include "practice/bluesky_face.h"
#include "practice/crowd.h"

#define HANDLE "hibiki.practice"
#define PASSWORD "aaaa-bbbb-cccc-dddd"

typedef struct {
    HibTestMeasure *t;
    HibFace *face;
    HibJobs *jobs;
    HibClock *clock;
    HibDb *db;
    const char *account, *did;
} Desk;

static Desk *
desk_new(HibTestStore *test)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    Desk *desk = g_new0(Desk, 1);
    desk->t = hib_test_measure_new(test, "Asia/Tokyo", false);
    desk->clock = test->clock;
    desk->db = desk->t->db;
    HibFaceAccount who = {HANDLE, PASSWORD, "Hibiki", NULL,
                          hib_audience_new(1, hib_clock_now(test->clock), 300)};
    HibFaceOptions options = {.accounts = &who, .n_accounts = 1, .clock = test->clock};
    desk->face = hib_face_start(&options, &error);
    g_assert_no_error(error);
    desk->did = hib_face_did(desk->face, HANDLE);
    desk->t->services.bluesky_service = hib_face_url(desk->face);
    hib_events_subscribe(test->store, hib_measure.subscriptions);
    desk->jobs = hib_jobs_manual(test->store, hib_measure.jobs, &desk->t->services, &error);
    g_assert_no_error(error);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->t->services, "bluesky", NULL, HANDLE,
                                       PASSWORD, &account, &error),
                  error);
    desk->account = account->id;
    return desk;
}

static void
desk_free(Desk *desk)
{
    hib_jobs_stop(desk->jobs);
    hib_test_measure_free(desk->t);
    hib_face_stop(desk->face);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static void
advance(Desk *desk, HibDuration by, HibDuration step)
{
    HibInstant end = hib_clock_now(desk->clock) + by;
    hib_jobs_run_due(desk->jobs);
    while (hib_clock_now(desk->clock) < end) {
        hib_clock_manual_set(desk->clock, hib_clock_now(desk->clock) + step);
        hib_jobs_run_due(desk->jobs);
    }
}

static void
tell(Desk *desk, const char *event, const char *subject, const char *json)
{
    GError *error = NULL;
    hib_assert_ok(hib_event_emit(desk->db, event, subject, json, &error), error);
}

/* A post that went out now. */
static const char *
publish(Desk *desk, const char *rkey, bool is_there)
{
    HibInstant now = hib_clock_now(desk->clock);
    g_autofree char *uri = g_strdup_printf("at://%s/app.bsky.feed.post/%s", desk->did, rkey);
    if (is_there)
        g_assert_true(hib_face_add_post(desk->face, desk->did, rkey, "おはよう", now, 0, NULL));
    const char *id = hib_test_measure_out(desk->t, desk->account, now, uri);
    tell(desk, "delivery.published", id, NULL);
    return id;
}

static HibMeasureCurve *
curve(Desk *desk, const char *delivery)
{
    GError *error = NULL;
    HibMeasureCurve *curve = NULL;
    hib_assert_ok(hib_measure_curve(desk->db, delivery, &curve, &error), error);
    return curve;
}

/* Readings of likes: one for each time the post was read. */
static int
n_read(Desk *desk, const char *delivery, HibInstant *ret_last)
{
    const HibMeasureCurve *seen = curve(desk, delivery);
    int n = 0;
    for (size_t i = 0; i < seen->n_readings; i++)
        if (g_str_equal(seen->readings[i].metric, "likes")) {
            n++;
            *ret_last = seen->readings[i].as_of;
        }
    return n;
}

static int64_t
n_waiting(Desk *desk)
{
    HibJobsState state;
    GError *error = NULL;
    hib_assert_ok(hib_jobs_state(desk->db, &state, &error), error);
    g_assert_cmpint(state.n_failed, ==, 0);
    return state.n_waiting;
}

static int64_t
n_calls(Desk *desk)
{
    HibFaceCounts counts;
    hib_face_counts(desk->face, &counts);
    return counts.n_calls;
}

enum { OF_AN_ACCOUNT = 3 }; /* its refresh, the warning ahead of its end, and collecting */

static void
an_account_is_read_when_it_is_connected_and_then_hourly(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibMeasureOverview seen;
    GError *error = NULL;
    int64_t before = n_calls(desk);
    hib_jobs_run_due(desk->jobs);
    g_assert_cmpint(n_calls(desk), ==, before + 1);
    hib_assert_ok(hib_measure_overview(desk->db, desk->t->zone, 7, NULL, &seen, &error), error);
    g_assert_true(seen.days[6].has_followers);
    g_assert_cmpint(seen.days[6].followers, ==, 300);
    advance(desk, 59 * HIB_MINUTE, HIB_MINUTE);
    g_assert_cmpint(n_calls(desk), ==, before + 1);
    advance(desk, HIB_MINUTE, HIB_MINUTE);
    g_assert_cmpint(n_calls(desk), ==, before + 2);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
}

static void
a_post_is_read_by_the_schedule(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant out = hib_clock_now(desk->clock), last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    advance(desk, 30 * HIB_SECOND, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 0);
    advance(desk, 30 * HIB_SECOND, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 1);
    g_assert_cmpint(last, ==, out + HIB_MINUTE);
    advance(desk, 9 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 10);
    advance(desk, 50 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 20);
    advance(desk, 5 * HIB_HOUR, HIB_MINUTE);
    g_assert_cmpint(n_read(desk, post, &last), ==, 40);
    advance(desk, 18 * HIB_HOUR, HIB_MINUTE);
    g_assert_cmpint(n_read(desk, post, &last), ==, 58);
    const HibMeasureCurve *seen = curve(desk, post);
    g_assert_true(seen->has_next_read_at && seen->next_read_at == out + 25 * HIB_HOUR);
    HibFaceCounts counts;
    hib_face_counts(desk->face, &counts);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
}

static void
numbers_read_are_what_the_network_says(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    HibInstant out = hib_clock_now(desk->clock);
    const char *rkey = "3lk2aaaaaaaaa", *id = publish(desk, rkey, true);
    advance(desk, 6 * HIB_HOUR, HIB_MINUTE);
    HibSqlMeasurePost *post = NULL;
    hib_assert_ok(hib_sql_measure_post_get(desk->db, id, &post, &error), error);
    HibAudience audience = hib_audience_new(1, out, 300);
    const HibAudiencePost said = {.key = hib_audience_key(rkey), .at = out, .graphemes = 4};
    g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
    hib_crowd_post(crowd, &said);
    HibAudienceNumbers counts = hib_crowd_numbers(crowd, said.key, post->as_of);
    g_assert_cmpint(post->likes, ==, counts.likes);
    g_assert_cmpint(post->reposts, ==, counts.reposts);
    g_assert_cmpint(post->engagements, ==,
                    counts.likes + counts.reposts + counts.comments + counts.quotes);
}

static void
fifty_posts_take_two_calls_and_one_job(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    hib_jobs_run_due(desk->jobs);
    HibInstant last = 0;
    const char *ids[50];
    for (int i = 0; i < 50; i++) {
        char rkey[HIB_TID_TEXT];
        hib_tid_fill(rkey, hib_clock_now(desk->clock) + i * HIB_SECOND);
        ids[i] = publish(desk, rkey, true);
    }
    for (int i = 0; i < 50; i++) /* however often it is said */
        tell(desk, "delivery.published", ids[i], NULL);
    tell(desk, "account.reconnected", desk->account, NULL);
    hib_jobs_run_due(desk->jobs);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
    int64_t before = n_calls(desk);
    advance(desk, HIB_MINUTE + 2 * HIB_SECOND, HIB_SECOND);
    g_assert_cmpint(n_calls(desk), ==, before + 2);
    for (int i = 0; i < 50; i++)
        g_assert_cmpint(n_read(desk, ids[i], &last), ==, 1);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
}

static void
a_post_the_network_lost_is_gone_and_read_no_more(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant last = 0;
    const char *rkey = "3lk2aaaaaaaaa", *post = publish(desk, rkey, true);
    advance(desk, 3 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_true(hib_face_delete_post(desk->face, desk->did, rkey));
    advance(desk, 10 * HIB_MINUTE, 30 * HIB_SECOND);
    const HibMeasureCurve *seen = curve(desk, post);
    g_assert_true(seen->is_gone);
    g_assert_false(seen->has_next_read_at);
    g_assert_cmpint(n_read(desk, post, &last), ==, 3); /* what it had stays */
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
}

/* The list does not have it, and whether the record is there cannot be told. */
static void
a_post_not_listed_yet_has_no_numbers_and_is_looked_for_again_soon(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant out = hib_clock_now(desk->clock), last = 0;
    const HibFaceFault unsure = {HIB_FAULT_ERROR, "com.atproto.repo.getRecord", -1, 0, 0};
    hib_face_fault(desk->face, &unsure);
    const char *rkey = "3lk2aaaaaaaaa", *post = publish(desk, rkey, false);
    advance(desk, 30 * HIB_MINUTE, 30 * HIB_SECOND);
    const HibMeasureCurve *seen = curve(desk, post);
    g_assert_false(seen->is_gone || seen->has_as_of);
    g_assert_cmpint(seen->n_readings, ==, 0);
    g_assert_cmpint(seen->next_read_at, ==, out + 31 * HIB_MINUTE);
    g_assert_true(hib_face_add_post(desk->face, desk->did, rkey, "おはよう", out, 0, NULL));
    advance(desk, HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 1);
    g_assert_cmpint(curve(desk, post)->next_read_at, ==, out + 36 * HIB_MINUTE);
}

static void
a_rate_limit_is_kept_also_when_more_posts_come_out(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    hib_jobs_run_due(desk->jobs);
    const HibFaceFault limit = {HIB_FAULT_RATE_LIMITED, NULL, 1, 0, 20 * 60 * 1000};
    hib_face_fault(desk->face, &limit);
    int64_t before = n_calls(desk);
    advance(desk, HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_calls(desk), ==, before + 1);
    publish(desk, "3lk2bbbbbbbbb", true);
    advance(desk, 19 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_calls(desk), ==, before + 1);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
    advance(desk, 2 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_calls(desk), >, before + 1);
    g_assert_cmpint(n_read(desk, post, &last), >=, 1);
}

static void
a_failing_network_is_asked_less_and_less_but_at_least_hourly(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    hib_jobs_run_due(desk->jobs);
    const HibFaceFault down = {HIB_FAULT_ERROR, NULL, -1, 0, 0}, up = {0};
    hib_face_fault(desk->face, &down);
    int64_t before = n_calls(desk);
    advance(desk, 6 * HIB_HOUR, HIB_MINUTE);
    int64_t tried = n_calls(desk) - before;
    g_assert_cmpint(tried, >=, 8);
    g_assert_cmpint(tried, <=, 16);
    g_assert_cmpint(n_read(desk, post, &last), ==, 0);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
    hib_face_fault(desk->face, &up);
    advance(desk, HIB_HOUR + 2 * HIB_MINUTE, HIB_MINUTE);
    g_assert_cmpint(n_read(desk, post, &last), >=, 1);
    HibMeasureState state;
    GError *error = NULL;
    hib_assert_ok(hib_measure_state_get(desk->db, desk->account, &state, &error), error);
    g_assert_cmpint(state.failures, ==, 0);
}

static void
posts_are_kept_when_only_the_account_cannot_be_read(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant last = 0;
    const HibFaceFault no_profile = {HIB_FAULT_ERROR, "app.bsky.actor.getProfile", -1, 0, 0};
    hib_face_fault(desk->face, &no_profile);
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    advance(desk, 30 * HIB_MINUTE, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), >=, 1);
}

static void
an_expired_token_is_refreshed_and_nothing_is_lost(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    HibInstant last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    advance(desk, 90 * HIB_SECOND, 30 * HIB_SECOND);
    hib_face_expire_tokens(desk->face);
    advance(desk, 90 * HIB_SECOND, 30 * HIB_SECOND);
    g_assert_cmpint(n_read(desk, post, &last), ==, 3);
    HibFaceCounts counts;
    hib_face_counts(desk->face, &counts);
    g_assert_cmpint(counts.n_refreshes, ==, 1);
}

static void
an_account_that_needs_a_person_waits_for_one(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    HibInstant last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    advance(desk, 90 * HIB_SECOND, 30 * HIB_SECOND);
    hib_face_end_sessions(desk->face);
    advance(desk, 10 * HIB_MINUTE, 30 * HIB_SECOND);
    HibAccount *account = NULL;
    hib_assert_ok(hib_accounts_get(desk->db, desk->account, &account, &error), error);
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_NEEDS_RECONNECT);
    int64_t before = n_calls(desk);
    advance(desk, 5 * HIB_HOUR, HIB_MINUTE);
    g_assert_cmpint(n_calls(desk), ==, before);
    g_assert_cmpint(n_read(desk, post, &last), ==, 1);
    hib_assert_ok(hib_accounts_reconnect(desk->db, &desk->t->services, desk->account, PASSWORD,
                                         &account, &error),
                  error);
    hib_jobs_run_due(desk->jobs);
    g_assert_cmpint(n_read(desk, post, &last), ==, 2);
    g_assert_cmpint(last, ==, hib_clock_now(desk->clock));
}

static void
a_disconnected_account_is_left_alone_until_it_is_back(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    HibAccount *account = NULL;
    HibInstant last = 0;
    const char *post = publish(desk, "3lk2aaaaaaaaa", true);
    advance(desk, HIB_MINUTE, 30 * HIB_SECOND);
    hib_assert_ok(hib_accounts_disconnect(desk->db, desk->account, &error), error);
    int64_t before = n_calls(desk);
    advance(desk, 2 * HIB_HOUR, HIB_MINUTE);
    g_assert_cmpint(n_calls(desk), ==, before);
    g_assert_cmpint(n_waiting(desk), ==, 0);
    g_assert_cmpint(n_read(desk, post, &last), ==, 1);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->t->services, "bluesky", NULL, HANDLE,
                                       PASSWORD, &account, &error),
                  error);
    g_assert_cmpstr(account->id, ==, desk->account);
    hib_jobs_run_due(desk->jobs);
    g_assert_cmpint(n_read(desk, post, &last), ==, 2);
    g_assert_cmpint(n_waiting(desk), ==, OF_AN_ACCOUNT);
}

static void
the_days_are_worked_out_anew_when_the_zone_changes_and_only_then(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    hib_jobs_run_due(desk->jobs);
    g_autofree char *before = hib_test_measure_dump(desk->t, NULL, 0);
    g_assert_cmpstr(before, !=, "");
    hib_assert_ok(hib_sql_measure_roll_clear(desk->db, &error), error);
    tell(desk, "workspace.changed", hib_db_workspace(desk->db), NULL);
    hib_jobs_run_due(desk->jobs);
    g_autofree char *renamed = hib_test_measure_dump(desk->t, NULL, 0);
    g_assert_cmpstr(renamed, ==, "");
    tell(desk, "workspace.changed", hib_db_workspace(desk->db), "{\"is_zone\":true}");
    hib_jobs_run_due(desk->jobs);
    g_autofree char *moved = hib_test_measure_dump(desk->t, NULL, 0);
    g_assert_cmpstr(moved, ==, before);
}

static void
what_a_network_tells_of_a_story_is_a_reading_of_that_time(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    const char *story =
        hib_test_measure_out(desk->t, desk->account, hib_clock_now(desk->clock), "story-1");
    const HibInstant at = hib_clock_now(desk->clock) + 23 * HIB_HOUR;
    const HibAccountHookEvent told = {
        .account = desk->account,
        .event = {.kind = "numbers",
                  .remote_id = "story-1",
                  .at = at,
                  .reading = {.metrics = {{"reach", 40}, {"replies", 2}}, .n_metrics = 2}}};
    HibAccountHookEvent of_others = told;
    of_others.event.remote_id = "story-2";
    hib_assert_ok(hib_measure_told(desk->db, &told, &error), error);
    hib_assert_ok(hib_measure_told(desk->db, &told, &error), error); /* again */
    hib_assert_ok(hib_measure_told(desk->db, &of_others, &error), error);
    const HibMeasureCurve *seen = curve(desk, story);
    g_assert_cmpuint(seen->n_readings, ==, 2);
    g_assert_cmpstr(seen->readings[0].metric, ==, "replies");
    g_assert_cmpint(seen->readings[0].value, ==, 2);
    g_assert_cmpint(seen->readings[0].as_of, ==, at);
    g_assert_cmpstr(seen->readings[1].metric, ==, "reach");
    g_assert_cmpint(seen->readings[1].value, ==, 40);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/jobs/" #name, name)
    TEST(an_account_is_read_when_it_is_connected_and_then_hourly);
    TEST(a_post_is_read_by_the_schedule);
    TEST(numbers_read_are_what_the_network_says);
    TEST(fifty_posts_take_two_calls_and_one_job);
    TEST(a_post_the_network_lost_is_gone_and_read_no_more);
    TEST(a_post_not_listed_yet_has_no_numbers_and_is_looked_for_again_soon);
    TEST(a_rate_limit_is_kept_also_when_more_posts_come_out);
    TEST(a_failing_network_is_asked_less_and_less_but_at_least_hourly);
    TEST(posts_are_kept_when_only_the_account_cannot_be_read);
    TEST(an_expired_token_is_refreshed_and_nothing_is_lost);
    TEST(an_account_that_needs_a_person_waits_for_one);
    TEST(a_disconnected_account_is_left_alone_until_it_is_back);
    TEST(the_days_are_worked_out_anew_when_the_zone_changes_and_only_then);
    TEST(what_a_network_tells_of_a_story_is_a_reading_of_that_time);
    return g_test_run();
}
