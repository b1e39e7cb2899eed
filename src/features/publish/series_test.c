/* Posts that come again are made ahead, each once; slots give the next free time. */
#include "base/error.h"
#include "publish/fixture_test.h"
#include "publish/series.h"
#include "publish/series.sql.h"

#define START                                                                                      \
    ((HibInstant)1767571200 *                                                                      \
     HIB_SECOND) /* Monday 2026-01-05, 9:00 in Tokyo: where the fixture begins */

static HibSeries *
weekly(HibTestPublish *t, const char *const *posts, size_t n, unsigned weekdays)
{
    GError *error = NULL;
    HibSeries *made = NULL;
    const HibSeriesContent content = {.name = "朝のひとこと",
                                      .zone = "Asia/Tokyo",
                                      .rule = {.frequency = HIB_FREQ_WEEKLY,
                                               .interval = 1,
                                               .weekdays = weekdays,
                                               .minutes = {8 * 60},
                                               .n_times = 1,
                                               .from = 20260101},
                                      .post_ids = posts,
                                      .n_posts = n};
    hib_assert_ok(hib_series_add(t->db, &content, &made, &error), error);
    return made;
}

static HibSeries *
look(HibTestPublish *t, const char *series)
{
    GError *error = NULL;
    HibSeries *found = NULL;
    hib_assert_ok(hib_series_get(t->db, series, &found, &error), error);
    return found;
}

static HibTestPublish *
from_start(HibTestStore *test)
{
    HibTestPublish *t = hib_test_publish_new(test, false);
    g_assert_cmpint(hib_clock_now(t->clock) / HIB_MINUTE, ==, START / HIB_MINUTE);
    return t;
}

static void
posts_are_made_ahead_in_turn_and_go_out(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test);
    const char *posts[] = {hib_test_draft(t, "一つ目の豆", 0, false)->id,
                           hib_test_draft(t, "二つ目の豆", 0, false)->id};
    HibSeries *series = weekly(t, posts, 2, 1u << 1 | 1u << 4);
    hib_test_advance(t, HIB_SECOND);
    series = look(t, series->id);
    g_assert_cmpuint(series->n_coming, ==, 4); /* Monday and Thursday of the next two weeks */
    HibPost *first = hib_test_post(t, series->coming[0].post_id);
    g_assert_cmpint(first->state, ==, HIB_POST_SCHEDULED);
    g_assert_cmpstr(first->text, ==, "一つ目の豆");
    g_assert_cmpstr(hib_test_post(t, series->coming[1].post_id)->text, ==, "二つ目の豆");
    g_assert_cmpstr(hib_test_post(t, series->coming[2].post_id)->text, ==, "一つ目の豆");
    hib_test_advance(t, 8 * HIB_DAY);
    g_assert_cmpint(hib_test_delivery(t, first->id)->state, ==, HIB_DELIVERY_PUBLISHED);
    series = look(t, series->id);
    g_assert_cmpuint(series->n_coming, ==, 4); /* the window has moved on */
    g_assert_cmpint(hib_test_post(t, posts[0])->state, ==, HIB_POST_DRAFT); /* the template stays */
}

/* Run again from an older state of the row, as after a crash before the last commit: nothing twice. */
static void
an_occurrence_is_made_once_however_often_the_job_runs(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test);
    const char *posts[] = {hib_test_draft(t, "毎朝", 0, false)->id};
    HibSeries *series = weekly(t, posts, 1, 254);
    GError *error = NULL;
    int64_t changed;
    size_t n;
    HibSqlOccurrenceRow *rows;
    hib_test_advance(t, HIB_SECOND);
    hib_assert_ok(hib_sql_series_advance(t->db, series->id, 1, START, 0, &changed, &error), error);
    g_assert_cmpint(changed, ==, 1);
    hib_test_crash(t);
    hib_test_advance(t, 7 * HIB_HOUR);
    hib_assert_ok(hib_sql_occurrence_from(t->db, series->id, START, 100, &rows, &n, &error), error);
    g_assert_cmpuint(n, >=, 13);
    for (size_t i = 1; i < n; i++) {
        g_assert_cmpint(rows[i].due_at - rows[i - 1].due_at, ==, HIB_DAY);
        g_assert_cmpstr(rows[i].post_id, !=, rows[i - 1].post_id);
    }
}

static void
a_changed_series_takes_back_what_nobody_touched(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test);
    const char *posts[] = {hib_test_draft(t, "毎朝", 0, false)->id};
    HibSeries *series = weekly(t, posts, 1, 254), *after;
    GError *error = NULL;
    HibPost *moved;
    hib_test_advance(t, HIB_SECOND);
    series = look(t, series->id);
    const char *touched = series->coming[3].post_id, *plain = series->coming[4].post_id;
    hib_assert_ok(hib_publish_schedule(t->db, touched, NULL, series->coming[3].due_at + HIB_HOUR,
                                       &moved, &error),
                  error);
    HibSeriesContent content = {.name = "休み",
                                .zone = "Asia/Tokyo",
                                .rule = series->rule,
                                .state = HIB_SERIES_PAUSED,
                                .post_ids = posts,
                                .n_posts = 1};
    hib_assert_refused(hib_series_change(t->db, series->id, 99, &content, &after, &error), error,
                       "series.edited");
    hib_assert_ok(hib_series_change(t->db, series->id, series->version, &content, &after, &error),
                  error);
    g_assert_cmpuint(after->n_coming, ==, 1);
    g_assert_cmpint(hib_test_post(t, touched)->state, ==, HIB_POST_SCHEDULED);
    hib_assert_refused(hib_plan_get(t->db, plain, false, &moved, &error), error, "post.unknown");
    hib_test_advance(t, HIB_DAY);
    g_assert_cmpuint(look(t, series->id)->n_coming, ==, 1); /* paused: nothing new */
    content.state = HIB_SERIES_RUNNING;
    hib_assert_ok(hib_series_change(t->db, series->id, after->version, &content, &after, &error),
                  error);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpuint(look(t, series->id)->n_coming, >, 10);
}

static void
what_cannot_be_scheduled_says_why(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test);
    GError *error = NULL;
    HibPost *post = hib_test_draft(t, "", 0, false); /* empty: refused at scheduling */
    const char *posts[] = {post->id};
    HibSeries *series = weekly(t, posts, 1, 1u << 3);
    hib_test_advance(t, HIB_SECOND);
    series = look(t, series->id);
    g_assert_cmpuint(series->n_coming, ==, 2);
    g_assert_null(series->coming[0].post_id);
    g_assert_cmpstr(series->coming[0].error_reason, ==, "post.empty");
    const HibPostContent nobody = {.text = "だれにも"};
    hib_assert_ok(hib_plan_create(t->db, &nobody, &post, &error), error);
    const char *unusable[] = {post->id};
    const HibSeriesContent content = {.name = "x",
                                      .zone = "Asia/Tokyo",
                                      .rule = series->rule,
                                      .post_ids = unusable,
                                      .n_posts = 1};
    hib_assert_refused(hib_series_add(t->db, &content, &series, &error), error,
                       "series.template_unusable");
}

/* Nothing ran for a month: what was missed is told, not sent late and not left out in silence. */
static void
what_was_missed_is_told(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test);
    const char *posts[] = {hib_test_draft(t, "毎週", 0, false)->id};
    HibSeries *series = weekly(t, posts, 1, 1u << 3);
    GError *error = NULL;
    HibJobEnd end;
    HibInstant at;
    const HibJob job = {.kind = HIB_JOB_SERIES, .subject = series->id, .json = "{}"};
    hib_clock_manual_set(t->clock, START + 30 * HIB_DAY);
    hib_assert_ok(hib_series_run(t->db, &job, &t->services, &end, &at, &error), error);
    series = look(t, series->id);
    g_assert_cmpuint(series->n_coming, ==, 7); /* five missed, two coming */
    g_assert_cmpstr(series->coming[0].error_reason, ==, "series.missed");
    g_assert_null(series->coming[6].error_reason);
}

static void
a_queue_takes_the_next_slot_that_is_free(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = from_start(test); /* Monday, 9:00 */
    GError *error = NULL;
    const HibSlot slots[] = {{.weekday = 1, .minute = 8 * 60},
                             {.weekday = 1, .minute = 12 * 60},
                             {.weekday = 3, .minute = 19 * 60 + 30}};
    HibPost *after;
    HibInstant at[10];
    size_t n;
    HibPost *post = hib_test_draft(t, "枠へ", 0, false);
    hib_assert_refused(hib_slots_queue(t->db, post->id, &after, &error), error, "slot.none");
    hib_assert_ok(hib_slots_set(t->db, t->account, slots, 3, NULL, &error), error);
    hib_assert_ok(hib_slots_queue(t->db, post->id, &after, &error), error);
    g_assert_cmpint(after->due_at, ==, START + 3 * HIB_HOUR); /* 12:00 of today */
    hib_assert_ok(hib_slots_queue(t->db, hib_test_draft(t, "次へ", 0, false)->id, &after, &error),
                  error);
    g_assert_cmpint(after->due_at, ==, START + 2 * HIB_DAY + 10 * HIB_HOUR + 30 * HIB_MINUTE);
    hib_assert_ok(hib_slots_next(t->db, &t->account, 1, at, 10, &n, &error), error);
    g_assert_cmpuint(n, ==, 10);
    g_assert_cmpint(at[0], ==, START + 7 * HIB_DAY - HIB_HOUR); /* next Monday, 8:00 */
    hib_assert_ok(hib_slots_set(t->db, t->account, NULL, 0, NULL, &error), error);
    hib_assert_ok(hib_slots_next(t->db, &t->account, 1, at, 10, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_refused(hib_slots_set(t->db, "nobody", slots, 3, NULL, &error), error,
                       "accounts.unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/series/posts_are_made_ahead_in_turn_and_go_out",
                        posts_are_made_ahead_in_turn_and_go_out);
    hib_test_add_manual("/publish/series/an_occurrence_is_made_once_however_often_the_job_runs",
                        an_occurrence_is_made_once_however_often_the_job_runs);
    hib_test_add_manual("/publish/series/a_changed_series_takes_back_what_nobody_touched",
                        a_changed_series_takes_back_what_nobody_touched);
    hib_test_add_manual("/publish/series/what_cannot_be_scheduled_says_why",
                        what_cannot_be_scheduled_says_why);
    hib_test_add_manual("/publish/series/what_was_missed_is_told", what_was_missed_is_told);
    hib_test_add_manual("/publish/series/a_queue_takes_the_next_slot_that_is_free",
                        a_queue_takes_the_next_slot_that_is_free);
    return g_test_run();
}
