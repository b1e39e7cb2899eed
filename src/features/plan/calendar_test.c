/* The calendar's reading: places, first words, what is found by words, and a draft's time. */
#include "base/error.h"
#include "plan/calendar.sql.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static HibPost *
draft(HibDb *db, const char *text, HibInstant due_at)
{
    GError *error = NULL;
    HibPost *post = NULL;
    const HibPostContent content = {.text = text, .due_at = due_at ? &due_at : NULL};
    hib_assert_ok(hib_plan_create(db, &content, &post, &error), error);
    return post;
}

static void
places_come_by_time_without_what_is_deleted_or_undated(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibInstant from = hib_db_now(db) + HIB_DAY, to = from + HIB_DAY;
    const char *late = draft(db, "遅い", to - 1)->id, *early = draft(db, "早い", from)->id;
    const char *gone = draft(db, "消した", from + 1)->id;
    draft(db, "次の日", to);
    draft(db, "いつか", 0);
    hib_assert_ok(hib_plan_set_deleted(db, gone, &error), error);
    HibPostSpot *spots;
    size_t n;
    bool is_cut;
    hib_assert_ok(hib_plan_spots(db, from, to, 10, &spots, &n, &is_cut, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_false(is_cut);
    g_assert_cmpstr(spots[0].id, ==, early);
    g_assert_cmpstr(spots[1].id, ==, late);
    g_assert_cmpuint(spots[0].n_accounts, ==, 0);
    hib_assert_ok(hib_plan_spots(db, from, to, 1, &spots, &n, &is_cut, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(is_cut);
}

static void
heads_keep_the_order_asked_for_and_name_what_is_gone(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autofree char *long_text = g_strnfill(200, 'x');
    const char *ids[60] = {0}, *campaign;
    HibCampaign *made;
    HibPostHead heads[60];
    for (int i = 0; i < 59; i++)
        ids[58 - i] = draft(db, i == 0 ? long_text : "短い", hib_db_now(db) + HIB_DAY)->id;
    ids[59] = "00000000-0000-7000-8000-000000000000";
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = "冬"}, &made, &error),
                  error);
    hib_assert_ok(hib_plan_set_campaign(db, ids[3], campaign = made->id, &error), error);
    hib_assert_ok(hib_plan_heads(db, ids, 60, heads, &error), error);
    for (int i = 0; i < 59; i++)
        g_assert_cmpstr(heads[i].id, ==, ids[i]);
    g_assert_cmpuint(strlen(heads[58].head), ==, 60);
    g_assert_cmpstr(heads[3].campaign_id, ==, campaign);
    g_assert_null(heads[4].campaign_id);
    g_assert_null(heads[59].id);
}

/* Half-width, full-width, capitals: what a reader calls the same word is found. */
static void
words_are_found_however_they_are_written(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibInstant at = hib_db_now(db) + HIB_DAY;
    const char *half = draft(db, "ｶﾌｪの新メニュー #Ｐａｎ", at)->id,
               *other = draft(db, "花", at)->id;
    const struct {
        const char *words;
        bool finds_half;
    } cases[] = {{"カフェ", true}, {"#pan", true}, {"メニユー", false}, {"花", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GHashTable *found;
        hib_assert_ok(hib_plan_spots_saying(db, at - 1, at + 1, cases[i].words, &found, &error),
                      error);
        g_assert_cmpint(g_hash_table_contains(found, half), ==, cases[i].finds_half);
        g_assert_cmpint(g_hash_table_contains(found, other), ==, g_str_equal(cases[i].words, "花"));
    }
}

static void
only_a_draft_gets_another_time_and_may_lose_it_again(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibInstant at = hib_db_now(db) + HIB_DAY;
    HibPost *post = draft(db, "いつか", 0), *after;
    int64_t stale = post->version - 1;
    hib_assert_refused(hib_plan_set_due(db, post->id, &stale, &at, &after, &error), error,
                       "post.edited");
    hib_assert_ok(hib_plan_set_due(db, post->id, &post->version, &at, &after, &error), error);
    g_assert_cmpint(after->due_at, ==, at);
    g_assert_cmpint(after->version, ==, post->version + 1);
    const char **ids;
    size_t n;
    hib_assert_ok(hib_plan_undated(db, 10, &ids, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_ok(hib_plan_set_due(db, post->id, NULL, NULL, &after, &error), error);
    g_assert_false(after->has_due_at);
    hib_assert_ok(hib_plan_undated(db, 10, &ids, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(ids[0], ==, post->id);
    hib_assert_ok(hib_plan_set_schedule(db, post->id, HIB_POST_SCHEDULED, &at, &error), error);
    hib_assert_refused(hib_plan_set_due(db, post->id, NULL, &at, &after, &error), error,
                       "post.already_sending");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/plan/calendar/places_come_by_time_without_what_is_deleted_or_undated",
                 places_come_by_time_without_what_is_deleted_or_undated);
    hib_test_add("/plan/calendar/heads_keep_the_order_asked_for_and_name_what_is_gone",
                 heads_keep_the_order_asked_for_and_name_what_is_gone);
    hib_test_add("/plan/calendar/words_are_found_however_they_are_written",
                 words_are_found_however_they_are_written);
    hib_test_add("/plan/calendar/only_a_draft_gets_another_time_and_may_lose_it_again",
                 only_a_draft_gets_another_time_and_may_lose_it_again);
    return g_test_run();
}
