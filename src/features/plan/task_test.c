/* Tasks: the nearest day first, ticked off and taken back, changed by one person at a time. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static const char *
add(HibDb *db, const char *title, const char *due_on, const char *assignee)
{
    GError *error = NULL;
    const char *id = NULL;
    const HibTaskContent content = {.title = title, .due_on = due_on, .assignee_id = assignee};
    hib_assert_ok(hib_plan_add_task(db, &content, &id, &error), error);
    return id;
}

static const char *
titles(HibDb *db, const HibTaskQuery *query)
{
    GError *error = NULL;
    HibTask *rows;
    size_t n;
    g_autoptr(GString) out = g_string_new(NULL);
    hib_assert_ok(hib_tasks(db, query, &rows, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", rows[i].content.title);
    return hib_arena_strdup(hib_db_arena(db), out->str);
}

static void
the_nearest_day_comes_first_and_what_is_done_goes(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibTaskQuery open = {.most = 50}, done = {.is_done = true, .most = 50},
                       mine = {.assignee = ws.person, .most = 50};
    add(db, "いつか", NULL, NULL);
    const char *late = add(db, "来週", "2026-12-03", ws.person);
    const char *soon = add(db, "明日", "2026-11-27", ws.person);
    HibTask *after;
    g_assert_cmpstr(titles(db, &open), ==, "明日 来週 いつか");
    g_assert_cmpstr(titles(db, &mine), ==, "明日 来週");
    hib_assert_ok(hib_task_set_done(db, soon, true, &after, &error), error);
    HibInstant at = after->done_at;
    g_assert_cmpstr(after->done_by_name, ==, "山田 花子");
    hib_clock_manual_set(test->clock, at + HIB_DAY);
    hib_assert_ok(hib_task_set_done(db, soon, true, &after, &error), error);
    g_assert_cmpint(after->done_at, ==, at);
    hib_assert_ok(hib_task_set_done(db, late, true, &after, &error), error);
    g_assert_cmpstr(titles(db, &open), ==, "いつか");
    g_assert_cmpstr(titles(db, &done), ==, "来週 明日");
    hib_assert_ok(hib_task_set_done(db, late, false, &after, &error), error);
    g_assert_false(after->has_done_at);
    g_assert_cmpstr(titles(db, &mine), ==, "来週");
    hib_assert_ok(hib_task_delete(db, late, &error), error);
    hib_assert_refused(hib_task_delete(db, late, &error), error, "task.unknown");
}

static void
the_second_of_two_people_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *id = add(db, "a", NULL, NULL);
    HibTask *after;
    const HibTaskContent first = {.title = "b"}, second = {.title = "c"};
    hib_assert_ok(hib_task_change(db, id, 1, &first, &after, &error), error);
    hib_assert_refused(hib_task_change(db, id, 1, &second, &after, &error), error, "task.edited");
    hib_assert_ok(hib_task(db, id, &after, &error), error);
    g_assert_cmpstr(after->content.title, ==, "b");
}

static void
what_a_task_names_must_be_there(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const char no[] = "01890a5d-ac96-774b-bcce-b302099a8057";
    const struct {
        HibTaskContent content;
        const char *reason, *pointer;
    } all[] = {{{.title = " "}, "task.no_title", "/title"},
               {{.title = "x", .post_id = no}, "post.unknown", "/post_id"},
               {{.title = "x", .assignee_id = no}, "team.member_unknown", "/assignee_id"}};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GError) error = NULL;
        const char *id;
        g_assert_false(hib_plan_add_task(db, &all[i].content, &id, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, all[i].reason);
        g_assert_cmpstr(hib_error_pointer(error), ==, all[i].pointer);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/plan/task/" #name, name)
    ADD(the_nearest_day_comes_first_and_what_is_done_goes);
    ADD(the_second_of_two_people_is_refused);
    ADD(what_a_task_names_must_be_there);
    return g_test_run();
}
