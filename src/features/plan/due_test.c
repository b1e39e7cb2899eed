/* Reminders of ideas and tasks: on the morning before and on the morning itself, of what is open, to whom it was given. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <string.h>

static void
the_next_morning_is_the_day_before_or_the_day_itself(void)
{
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    const struct {
        const char *now, *next; /* NULL: none */
    } rows[] = {
        {"2026-11-20T00:00:00Z", "2026-11-30T00:00:00Z"},
        {"2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z"},
        {"2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"}, /* 9:00 sharp: it is being told now */
        {"2026-12-01T00:00:00Z", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibInstant now, next = 0, wanted = 0;
        g_assert_true(hib_instant_parse(rows[i].now, &now));
        bool is_any = hib_charge_next(tokyo, "2026-12-01", now, &next);
        g_assert_true(is_any == (rows[i].next != NULL));
        if (rows[i].next)
            g_assert_true(hib_instant_parse(rows[i].next, &wanted));
        if (is_any)
            g_assert_cmpint(next, ==, wanted);
    }
}

static GString *told;

static bool
write_down(HibDb *db G_GNUC_UNUSED, const HibJob *job, void *context G_GNUC_UNUSED,
           HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    HibJson payload;
    const char *event = "";
    *ret_end = HIB_JOB_DONE;
    if (hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, NULL) &&
        hib_json_text(payload, "event", &event, NULL))
        g_string_append_printf(told, "%s ", event);
    return true;
}

static const HibSubscription subscriptions[] = {{"task.assigned", "test.told"},
                                                {"task.due", "test.told"},
                                                {"idea.assigned", "test.told"},
                                                {"idea.due", "test.told"},
                                                {0}};

static const char *
day_after(HibDb *db, int days)
{
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    HibWall wall = hib_wall_at(tokyo, hib_db_now(db) + days * HIB_DAY);
    return hib_arena_printf(hib_db_arena(db), "%04d-%02d-%02d", wall.year, wall.month, wall.day);
}

/* What is told until `days` from now, hour by hour. */
static const char *
play(HibTestStore *test, HibDb *db, HibJobs *jobs, int days)
{
    HibInstant start = hib_db_now(db);
    g_string_truncate(told, 0);
    for (int hour = 0; hour <= days * 24; hour++) {
        hib_clock_manual_set(test->clock, start + hour * HIB_HOUR);
        hib_jobs_run_due(jobs);
        hib_jobs_run_due(jobs);
    }
    return told->str;
}

static void
what_is_open_is_told_of_and_what_is_done_is_not(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibJobKind kinds[] = {
        {.kind = HIB_PLAN_DUE, .run = hib_charge_remind, .lease_s = 60, .tries = 2},
        {.kind = "test.told", .run = write_down, .lease_s = 60, .tries = 2},
        {0}};
    hib_events_subscribe(test->store, subscriptions);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &ws.services, &error);
    g_assert_no_error(error);
    told = g_string_new(NULL);
    const char *task, *idea, *done;
    HibTask *after;
    HibIdea *idea_after, *stored;
    HibTaskContent content = {
        .title = "写真", .assignee_id = ws.person, .due_on = day_after(db, 3)};
    hib_assert_ok(hib_plan_add_task(db, &content, &task, &error), error);
    g_assert_cmpstr(play(test, db, jobs, 5), ==, "task.assigned task.due task.due ");

    content.due_on = day_after(db, 3); /* another day: the reminder moves with it */
    hib_assert_ok(hib_task_change(db, task, 1, &content, &after, &error), error);
    hib_assert_ok(hib_plan_add_task(db, &content, &done, &error), error);
    hib_assert_ok(hib_task_set_done(db, done, true, &after, &error), error);
    g_assert_cmpstr(play(test, db, jobs, 5), ==, "task.assigned task.due task.due ");

    const HibIdeaContent thought = {
        .title = "湯気", .owner_id = ws.person, .due_on = day_after(db, 2)};
    hib_assert_ok(hib_plan_add_idea(db, &thought, &idea, &error), error);
    hib_assert_ok(hib_idea(db, idea, &stored, &error), error);
    hib_assert_ok(hib_idea_move(db, idea, HIB_IDEA_DROPPED, NULL, &idea_after, &error), error);
    g_assert_cmpstr(play(test, db, jobs, 4), ==, "idea.assigned ");
    hib_assert_ok(hib_idea_move(db, idea, HIB_IDEA_NEW, NULL, &idea_after, &error), error);
    g_assert_cmpstr(play(test, db, jobs, 1), ==, ""); /* the day is past, nobody new */
    hib_assert_ok(hib_idea_delete(db, idea, &error), error);
    g_string_free(told, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/due/the_next_morning_is_the_day_before_or_the_day_itself",
                    the_next_morning_is_the_day_before_or_the_day_itself);
    hib_test_add_manual("/plan/due/what_is_open_is_told_of_and_what_is_done_is_not",
                        what_is_open_is_told_of_and_what_is_done_is_not);
    return g_test_run();
}
