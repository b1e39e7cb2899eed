/* Texts that are nearly the same: what the store holds now is what is compared with, however it came to be there. */
#include "base/error.h"
#include "base/limits.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <string.h>

#define TEXT "本日より冬の新作タルトを店頭とオンラインで販売いたします。数に限りがございます。"
#define NEARLY "本日より冬の新作ケーキを店頭とオンラインで販売いたします。数に限りがございます。"
#define OTHER "営業時間のお知らせです。年内は30日まで、年始は4日から営業します。"

static HibPost *
make(HibDb *db, const char *text, const char *of_variant, const char *account, HibInstant due_at)
{
    GError *error = NULL;
    HibPost *post = NULL;
    const HibPostVariant variant = {.account_id = account, .text = of_variant};
    const HibPostContent content = {
        .text = text, .variants = &variant, .n_variants = account != NULL, .due_at = &due_at};
    hib_assert_ok(hib_plan_create(db, &content, &post, &error), error);
    return post;
}

static size_t
ask(HibDb *db, HibPlanLikes *likes, const HibPost *post, HibPlanLike **ret)
{
    GError *error = NULL;
    size_t n;
    hib_assert_ok(hib_plan_likes(db, likes, post, ret, &n, &error), error);
    return n;
}

static void
what_changes_in_the_store_changes_what_is_found(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibPlanLikes) likes = hib_plan_likes_new();
    HibInstant now = hib_db_now(db);
    const char *account = hib_test_account(&ws, db, "a.example");
    const HibPost question = {.text = NEARLY, .has_due_at = true, .due_at = now + HIB_DAY};
    HibPlanLike *found;
    HibPost *after;
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    HibPost *post = make(db, TEXT, NULL, NULL, now + 2 * HIB_DAY);
    make(db, OTHER, NULL, NULL, now + 2 * HIB_DAY);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
    g_assert_cmpstr(found[0].post->id, ==, post->id);
    g_assert_true(found[0].share >= 0.6 && found[0].share < 1);
    g_assert_cmpuint(ask(db, likes, post, &found), ==, 0); /* itself is not told */
    g_assert_cmpuint(ask(db, NULL, &question, &found), ==, 1);
    /* The text moves into a variant of its own, then away. */
    const HibPostVariant variant = {.account_id = account, .text = TEXT};
    HibInstant due_at = now + 2 * HIB_DAY;
    HibPostContent content = {
        .text = OTHER, .variants = &variant, .n_variants = 1, .due_at = &due_at};
    hib_clock_manual_set(test->clock, now + HIB_MINUTE);
    hib_assert_ok(hib_plan_update(db, post->id, post->version, &content, &after, &error), error);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
    content.n_variants = 0;
    hib_assert_ok(hib_plan_update(db, post->id, after->version, &content, &after, &error), error);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    /* Deleted and restored. */
    post = make(db, TEXT, NULL, NULL, now + 3 * HIB_DAY);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
    hib_assert_ok(hib_plan_set_deleted(db, post->id, &error), error);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    hib_assert_ok(hib_plan_restore(db, post->id, &after, &error), error);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
    hib_clock_manual_set(test->clock, now + 2 * HIB_DAY); /* made anew */
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
}

static void
the_most_alike_come_first_and_only_those_near_in_time(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibPlanLikes) likes = hib_plan_likes_new();
    HibInstant now = hib_db_now(db);
    HibPlanLike *found;
    make(db, NEARLY, NULL, NULL, now + 10 * HIB_DAY);
    HibPost *same = make(db, TEXT, NULL, NULL, now + 80 * HIB_DAY);
    make(db, TEXT, NULL, NULL, now + 100 * HIB_DAY);
    make(db, TEXT, NULL, NULL, now - 89 * HIB_DAY);
    const HibPost question = {.text = TEXT, .has_due_at = true, .due_at = now + HIB_HOUR};
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 3);
    g_assert_cmpfloat(found[0].share, ==, 1);
    g_assert_cmpfloat(found[1].share, ==, 1);
    g_assert_cmpfloat(found[2].share, <, 1);
    g_assert_true(g_str_equal(found[0].post->id, same->id) ||
                  g_str_equal(found[1].post->id, same->id));
}

static void
a_tracked_campaign_counts_within_a_week(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibPlanLikes) likes = hib_plan_likes_new();
    HibInstant now = hib_db_now(db); /* 2026-01-05 */
    HibPost question = {.text = NEARLY, .has_due_at = true, .due_at = now + HIB_DAY};
    HibTracked wanted = {.who = "となりの店", .text = TEXT, .url = NULL, .on = 20260112}, *made,
               *rows;
    HibPlanLike *found;
    size_t n;
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    hib_assert_ok(hib_plan_track(db, &wanted, &made, &error), error);
    g_assert_cmpstr(made->by, ==, "山田 花子");
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
    g_assert_null(found[0].post);
    g_assert_cmpstr(found[0].tracked->who, ==, "となりの店");
    question.due_at = now + 20 * HIB_DAY;
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    question.due_at = now + HIB_DAY;
    hib_assert_ok(hib_plan_untrack(db, made->id, &error), error);
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 0);
    hib_assert_refused(hib_plan_untrack(db, made->id, &error), error, "tracked.unknown");
    wanted.on = 0;
    hib_assert_refused(hib_plan_track(db, &wanted, &made, &error), error, "tracked.bad_day");
    hib_assert_ok(hib_plan_tracked(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
workspaces_are_apart_and_indexes_bounded(HibTestStore *test)
{
    g_autoptr(HibPlanLikes) likes = hib_plan_likes_new();
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibInstant now = hib_db_now(db);
    const HibPost question = {.text = TEXT, .has_due_at = true, .due_at = now};
    HibPlanLike *found;
    make(db, TEXT, NULL, NULL, now + HIB_DAY);
    for (int i = 0; i < 3 * HIB_LIMIT_SIMILAR_INDEXES; i++) {
        GError *error = NULL;
        bool is_own = i % HIB_LIMIT_SIMILAR_INDEXES == 0;
        g_autofree char *name = g_strdup_printf("00000000-0000-7000-8000-%012d", i);
        g_autoptr(HibDb) other =
            hib_db_open(test->store, test->arena, is_own ? ws.workspace : name);
        size_t n;
        /* A workspace nobody made has no zone: refused after the index was looked at, which is what counts here. */
        if (hib_plan_likes(other, likes, &question, &found, &n, &error))
            g_assert_cmpuint(n, ==, is_own);
        else
            g_assert_false(is_own);
        g_clear_error(&error);
    }
    g_assert_cmpuint(ask(db, likes, &question, &found), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/like/store", what_changes_in_the_store_changes_what_is_found);
    hib_test_add_manual("/like/time", the_most_alike_come_first_and_only_those_near_in_time);
    hib_test_add_manual("/like/tracked", a_tracked_campaign_counts_within_a_week);
    hib_test_add_manual("/like/workspaces", workspaces_are_apart_and_indexes_bounded);
    return g_test_run();
}
