/* What a post said before: one state for what one person saves within minutes, each other one of its own, the last hundred. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

typedef struct {
    HibTestStore *test;
    HibDb *db;
    HibPost *post;
} Writing;

static void
say(Writing *writing, const char *text)
{
    GError *error = NULL;
    hib_assert_ok(hib_plan_update(writing->db, writing->post->id, writing->post->version,
                                  &(HibPostContent){.text = text}, &writing->post, &error),
                  error);
}

static void
begin(Writing *writing, HibTestStore *test, HibDb *db, const char *text)
{
    GError *error = NULL;
    *writing = (Writing){test, db, NULL};
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = text}, &writing->post, &error),
                  error);
}

static void
later(Writing *writing, HibDuration by)
{
    hib_clock_manual_set(writing->test->clock, hib_db_now(writing->db) + by);
}

/* The texts of all versions, the newest first, with a bar between them. */
static const char *
all(const Writing *writing)
{
    GError *error = NULL;
    HibPostVersion *rows;
    size_t n;
    g_autoptr(GString) out = g_string_new("");
    hib_assert_ok(hib_plan_versions(writing->db, writing->post->id, &rows, &n, &error), error);
    for (size_t i = 0; i < n; i++) {
        HibPostVersion one;
        HibApiPostDraft draft;
        g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT, rows[i].version);
        hib_assert_ok(hib_plan_version(writing->db, writing->post->id, version, &one, &error),
                      error);
        hib_assert_ok(hib_version_draft(hib_db_arena(writing->db), &one, &draft, &error), error);
        g_string_append_printf(out, "%s%s", i ? "|" : "", draft.text);
    }
    return hib_arena_strdup(hib_db_arena(writing->db), out->str);
}

static void
what_is_saved_while_typing_is_one_version(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    Writing writing;
    begin(&writing, test, db, "あ");
    g_assert_cmpstr(all(&writing), ==, "あ");
    say(&writing, "あさ");
    later(&writing, 9 * HIB_MINUTE);
    say(&writing, "あさの");
    g_assert_cmpstr(all(&writing), ==, "あさの");
    later(&writing, 2 * HIB_MINUTE);
    say(&writing, "あさの豆");
    say(&writing, "あさの豆");
    g_assert_cmpstr(all(&writing), ==, "あさの豆|あさの");
    later(&writing, HIB_HOUR);
    say(&writing, "よる");
    g_assert_cmpstr(all(&writing), ==, "よる|あさの豆|あさの");
}

static void
what_stood_before_the_first_change_is_kept(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    Writing writing;
    HibPostVersion *rows, one;
    size_t n;
    begin(&writing, test, db, "昨日の文");
    later(&writing, HIB_DAY);
    say(&writing, "今日の文");
    g_assert_cmpstr(all(&writing), ==, "今日の文|昨日の文");
    hib_assert_ok(hib_plan_versions(db, writing.post->id, &rows, &n, &error), error);
    g_assert_cmpint(rows[0].saved_at, ==, hib_db_now(db));
    g_assert_cmpint(rows[1].saved_at, ==, hib_db_now(db) - HIB_DAY);
    g_assert_cmpstr(rows[1].saved_by_name, ==, "山田 花子");
    hib_assert_refused(hib_plan_version(db, writing.post->id, "77", &one, &error), error,
                       "version.unknown");
    hib_assert_refused(hib_plan_version(db, writing.post->id, "一", &one, &error), error,
                       "version.unknown");
    hib_assert_refused(hib_plan_versions(db, "no", &rows, &n, &error), error, "post.unknown");
}

static void
another_time_is_another_version_and_a_closed_one_takes_nothing_more(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    Writing writing;
    begin(&writing, test, db, "文");
    hib_assert_ok(hib_plan_close_version(db, writing.post->id, &error), error);
    say(&writing, "選んだ文");
    g_assert_cmpstr(all(&writing), ==, "選んだ文|文");
    later(&writing, HIB_HOUR);
    const HibInstant due_at = hib_db_now(db) + HIB_DAY;
    hib_assert_ok(hib_plan_set_due(db, writing.post->id, NULL, &due_at, &writing.post, &error),
                  error);
    g_assert_cmpstr(all(&writing), ==, "選んだ文|選んだ文|文");
    hib_assert_ok(hib_plan_close_version(db, writing.post->id, &error), error);
    hib_assert_ok(hib_plan_set_schedule(db, writing.post->id, HIB_POST_SCHEDULED, &due_at, &error),
                  error);
    g_assert_cmpstr(all(&writing), ==, "選んだ文|選んだ文|文");
}

static void
the_last_hundred_are_kept_and_go_with_the_post(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    Writing writing;
    HibPostVersion *rows;
    size_t n;
    begin(&writing, test, db, "0");
    for (int i = 1; i <= 120; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);
        later(&writing, HIB_HOUR);
        say(&writing, text);
    }
    hib_assert_ok(hib_plan_versions(db, writing.post->id, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 100);
    g_assert_cmpint(rows[0].version, ==, writing.post->version);
    hib_assert_ok(hib_version_purge(db, writing.post->id, &error), error);
    hib_assert_ok(hib_plan_versions(db, writing.post->id, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/plan/version/" #name, name)
    ADD(what_is_saved_while_typing_is_one_version);
    ADD(what_stood_before_the_first_change_is_kept);
    ADD(another_time_is_another_version_and_a_closed_one_takes_nothing_more);
    ADD(the_last_hundred_are_kept_and_go_with_the_post);
    return g_test_run();
}
