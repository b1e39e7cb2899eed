/* Links for clients: opened by their token, ended by time or hand, guessing gets slow, and a flood is refused. */
#include "base/error.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static HibPost *
draft(HibDb *db)
{
    GError *error = NULL;
    HibPost *post;
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = "豆"}, &post, &error), error);
    return post;
}

/* Ids with a blank between them. */
static const char *
shown_by(HibDb *db, const HibReview *review)
{
    GError *error = NULL;
    const char *const *ids;
    size_t n;
    hib_assert_ok(hib_review_posts(db, review, &ids, &n, &error), error);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", ids[i]);
    return hib_arena_strdup(hib_db_arena(db), out->str);
}

static void
a_link_opens_its_post_until_it_ends(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) anywhere = hib_db_open(test->store, test->arena, NULL);
    const char *post = draft(db)->id, *token, *other;
    HibSqlReviewRow *row, *second;
    HibReview review;
    hib_assert_ok(hib_review_add(db, &post, 1, "クライアント", 14, &row, &token, &error), error);
    hib_assert_ok(hib_review_add(db, &post, 1, "別の人", 14, &second, &other, &error), error);
    g_assert_cmpuint(strlen(token), >=, 43);
    hib_assert_ok(hib_review_open(anywhere, token, "192.0.2.1", &review, &error), error);
    g_assert_cmpstr(shown_by(db, &review), ==, post);
    g_assert_cmpstr(review.workspace, ==, ws.workspace);
    g_assert_cmpstr(review.name, ==, "クライアント");
    hib_assert_ok(hib_review_revoke(db, second->id, &error), error);
    hib_assert_ok(hib_review_revoke(db, second->id, &error), error); /* twice is once */
    hib_assert_refused(hib_review_open(anywhere, other, "192.0.2.1", &review, &error), error,
                       "review.over");
    hib_clock_manual_set(test->clock, hib_db_now(db) + 14 * HIB_DAY);
    hib_assert_refused(hib_review_open(anywhere, token, "192.0.2.1", &review, &error), error,
                       "review.over");
    hib_assert_refused(hib_review_revoke(db, "no", &error), error, "review.unknown");
}

static void
guessing_gets_slow_and_a_right_link_is_served(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) anywhere = hib_db_open(test->store, test->arena, NULL);
    const char *post = draft(db)->id, *token;
    HibSqlReviewRow *row;
    HibReview review;
    hib_assert_ok(hib_review_add(db, &post, 1, "客", 1, &row, &token, &error), error);
    for (int i = 0; i < 5; i++)
        hib_assert_refused(hib_review_open(anywhere, "guess", "192.0.2.9", &review, &error), error,
                           "review.unknown");
    hib_assert_refused(hib_review_open(anywhere, "guess", "192.0.2.9", &review, &error), error,
                       "auth.throttled");
    hib_assert_refused(hib_review_open(anywhere, "guess", "192.0.2.10", &review, &error), error,
                       "review.unknown");
    hib_assert_ok(hib_review_open(anywhere, token, "192.0.2.9", &review, &error), error);
}

static void
a_flood_through_a_link_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *post = draft(db)->id, *token;
    HibSqlReviewRow *row;
    HibComment comment;
    hib_assert_ok(hib_review_add(db, &post, 1, "客", 1, &row, &token, &error), error);
    const HibReview review = {.workspace = ws.workspace, .link = row->id};
    const HibVoter guest = {.link = row->id, .name = "客", .client = ""};
    for (int i = 0; i < HIB_REVIEW_ACTS; i++) {
        hib_assert_ok(hib_review_check_pace(db, &review, &error), error);
        hib_assert_ok(
            hib_comment_add(db, post, &guest, &(HibCommentDraft){.text = "x"}, &comment, &error),
            error);
    }
    hib_assert_refused(hib_review_check_pace(db, &review, &error), error, "review.busy");
    hib_clock_manual_set(test->clock, hib_db_now(db) + HIB_HOUR + 1);
    hib_assert_ok(hib_review_check_pace(db, &review, &error), error);
}

static void
several_posts_come_in_their_order_without_those_deleted(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *one = draft(db)->id, *two = draft(db)->id, *token;
    const char *const posts[] = {two, one, two}, *const wrong[] = {one, "nothing"};
    HibSqlReviewRow *row, *rows;
    size_t n;
    const char *const *left;
    hib_assert_ok(hib_review_add(db, posts, 3, "客", 1, &row, &token, &error), error);
    const HibReview review = {.workspace = ws.workspace, .link = row->id};
    g_assert_cmpint(row->n_posts, ==, 2);
    g_assert_cmpstr(shown_by(db, &review), ==, hib_arena_printf(test->arena, "%s %s", two, one));
    for (int i = 0; i < 2; i++) { /* both posts know of the link */
        hib_assert_ok(hib_review_list(db, posts[i], false, &rows, &n, &error), error);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpstr(rows[0].id, ==, row->id);
    }
    hib_assert_ok(hib_plan_set_deleted(db, two, &error), error);
    g_assert_cmpstr(shown_by(db, &review), ==, one);
    hib_assert_ok(hib_plan_set_deleted(db, one, &error), error);
    hib_assert_refused(hib_review_posts(db, &review, &left, &n, &error), error, "post.unknown");
    hib_assert_refused(hib_review_add(db, wrong, 2, "客", 1, &row, &token, &error), error,
                       "post.unknown");
    hib_assert_ok(hib_review_list(db, NULL, true, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1); /* nothing was kept of the refused one */
    hib_assert_ok(hib_review_revoke(db, rows[0].id, &error), error);
    hib_assert_ok(hib_review_list(db, NULL, true, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_ok(hib_review_list(db, NULL, false, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/plan/review_store/a_link_opens_its_post_until_it_ends",
                        a_link_opens_its_post_until_it_ends);
    hib_test_add_manual("/plan/review_store/guessing_gets_slow_and_a_right_link_is_served",
                        guessing_gets_slow_and_a_right_link_is_served);
    hib_test_add_manual("/plan/review_store/a_flood_through_a_link_is_refused",
                        a_flood_through_a_link_is_refused);
    hib_test_add("/plan/review_store/several_posts_come_in_their_order_without_those_deleted",
                 several_posts_come_in_their_order_without_those_deleted);
    return g_test_run();
}
