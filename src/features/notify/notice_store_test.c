/* Notices: written for whom an event concerns, once, as each chose. */
#include "base/error.h"
#include "notify/notify_private.h"
#include "plan/plan.h"
#include "test_workspace.h"

static HibJobs *
listen(HibTestWorkspace *ws)
{
    GError *error = NULL;
    hib_events_subscribe(ws->test->store, hib_notify.subscriptions);
    HibJobs *jobs = hib_jobs_manual(ws->test->store, hib_notify.jobs, &ws->services, &error);
    g_assert_no_error(error);
    return jobs;
}

static void
assign(HibDb *db, const char *person, const char *what)
{
    GError *error = NULL;
    const char *json = hib_arena_printf(
        hib_db_arena(db),
        "{\"person\":\"%s\",\"what\":\"%s\",\"place\":\"/tasks\",\"name\":\"佐藤\"}", person, what);
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    hib_assert_ok(hib_event_emit(db, "task.assigned", "t1", json, &error), error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static size_t
seen(HibDb *db, const char *person, HibSqlNoticeRow **ret)
{
    GError *error = NULL;
    size_t n;
    hib_assert_ok(hib_sql_notice_page(db, person, HIB_NEVER, "", 100, ret, &n, &error), error);
    return n;
}

static void
a_person_is_told_once_and_reads_it(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = listen(&ws);
    HibSqlNoticeRow *rows;
    HibSqlNoticeUnread *unread;
    assign(db, ws.person, "画像を選ぶ");
    assign(db, "nobody here", "x");
    hib_jobs_run_due(jobs);
    g_assert_cmpuint(seen(db, ws.person, &rows), ==, 1);
    g_assert_cmpstr(rows[0].word, ==, "task");
    g_assert_cmpstr(rows[0].what, ==, "画像を選ぶ");
    g_assert_cmpstr(rows[0].who, ==, "佐藤");
    g_assert_cmpstr(rows[0].place, ==, "/tasks");
    hib_assert_ok(hib_sql_notice_unread(db, ws.person, &unread, &error), error);
    g_assert_cmpint(unread->n, ==, 1);
    const char *const ids[] = {rows[0].id, "no"};
    hib_assert_ok(hib_notice_read(db, "somebody", ids, 2, &error), error); /* not theirs */
    hib_assert_ok(hib_sql_notice_unread(db, ws.person, &unread, &error), error);
    g_assert_cmpint(unread->n, ==, 1);
    hib_assert_ok(hib_notice_read(db, ws.person, ids, 2, &error), error);
    hib_assert_ok(hib_sql_notice_unread(db, ws.person, &unread, &error), error);
    g_assert_cmpint(unread->n, ==, 0);
}

/* A crash between the commit and the job's end runs it again. */
static void
a_second_run_tells_nobody_twice(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibSqlNoticeRow *rows;
    HibJobEnd end;
    HibInstant at;
    const char *json = hib_arena_printf(hib_db_arena(db),
                                        "{\"event\":\"task.assigned\",\"subject\":\"t\",\"data\":{"
                                        "\"person\":\"%s\",\"what\":\"x\"}}",
                                        ws.person);
    const HibJob job = {.id = "job-1", .kind = HIB_NOTIFY_TELL, .json = json};
    for (int i = 0; i < 2; i++)
        hib_assert_ok(hib_notice_tell_run(db, &job, &ws.services, &end, &at, &error), error);
    g_assert_cmpuint(seen(db, ws.person, &rows), ==, 1);
}

static void
who_chose_nothing_hears_nothing(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = listen(&ws);
    HibNoticeChoices choices;
    HibSqlNoticeRow *rows;
    hib_assert_ok(hib_notice_choices(db, ws.person, &choices, &error), error);
    g_assert_cmpuint(choices.ways[HIB_NOTICE_TASK], ==, HIB_WAY_APP | HIB_WAY_MAIL | HIB_WAY_HOOK);
    g_assert_cmpuint(choices.ways[HIB_NOTICE_HOLD], ==, HIB_WAY_APP);
    choices.ways[HIB_NOTICE_TASK] = 0;
    hib_assert_ok(hib_notice_choose(db, ws.person, &choices, &error), error);
    assign(db, ws.person, "x");
    hib_jobs_run_due(jobs);
    g_assert_cmpuint(seen(db, ws.person, &rows), ==, 0);
    choices.ways[HIB_NOTICE_TASK] = HIB_WAY_MAIL; /* sent, not shown */
    hib_assert_ok(hib_notice_choose(db, ws.person, &choices, &error), error);
    assign(db, ws.person, "x");
    hib_jobs_run_due(jobs);
    g_assert_cmpuint(seen(db, ws.person, &rows), ==, 0);
}

static void
old_notices_go(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = listen(&ws);
    HibSqlNoticeRow *rows;
    assign(db, ws.person, "古い");
    hib_jobs_run_due(jobs);
    hib_clock_manual_set(test->clock, hib_db_now(db) + HIB_NOTICE_KEEP + HIB_DAY);
    assign(db, ws.person, "新しい");
    hib_jobs_run_due(jobs);
    g_assert_cmpuint(seen(db, ws.person, &rows), ==, 1);
    g_assert_cmpstr(rows[0].what, ==, "新しい");
}

/* The writer hears of a comment by somebody else, with the words; what one wrote oneself is no news. */
static void
what_one_did_oneself_is_no_news(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibPost *post;
    HibNotice *rows;
    size_t n;
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = "豆"}, &post, &error), error);
    const char *mine = hib_arena_printf(hib_db_arena(db), "{\"by\":\"%s\"}", ws.person);
    hib_assert_ok(hib_notice_audience(db, "approval.changes", post->id,
                                      "{\"by\":\"p2\",\"name\":\"佐藤\",\"reason\":\"古い\"}",
                                      &rows, &n, &error),
                  error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].person, ==, ws.person);
    g_assert_cmpstr(rows[0].what, ==, "豆 — 古い");
    hib_assert_ok(hib_notice_audience(db, "approval.changes", post->id, mine, &rows, &n, &error),
                  error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_ok(hib_notice_audience(db, "approval.asked", post->id, mine, &rows, &n, &error),
                  error);
    g_assert_cmpuint(n, ==, 0); /* nobody is asked: it does not wait */
    hib_assert_ok(hib_notice_audience(db, "approval.asked", "gone", NULL, &rows, &n, &error),
                  error);
    hib_assert_ok(hib_notice_audience(db, "post.created", post->id, NULL, &rows, &n, &error),
                  error);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/notify/notice/a_person_is_told_once_and_reads_it",
                        a_person_is_told_once_and_reads_it);
    hib_test_add("/notify/notice/a_second_run_tells_nobody_twice", a_second_run_tells_nobody_twice);
    hib_test_add_manual("/notify/notice/who_chose_nothing_hears_nothing",
                        who_chose_nothing_hears_nothing);
    hib_test_add_manual("/notify/notice/old_notices_go", old_notices_go);
    hib_test_add("/notify/notice/what_one_did_oneself_is_no_news", what_one_did_oneself_is_no_news);
    return g_test_run();
}
