/* Comments in the store: on a post and on a spot, shared or not, settled and open again. */
#include "base/error.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static const HibVoter writer = {.person = "p1", .name = "佐藤", .role = "editor", .client = ""},
                      guest = {.link = "l1", .name = "客", .client = ""};

static HibPost *
draft(HibDb *db, const char *text)
{
    GError *error = NULL;
    HibPost *post;
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = text}, &post, &error), error);
    return post;
}

static HibComment
say(HibDb *db, const char *post, const HibVoter *by, const HibCommentDraft *draft)
{
    GError *error = NULL;
    HibComment comment;
    hib_assert_ok(hib_comment_add(db, post, by, draft, &comment, &error), error);
    return comment;
}

static void
a_comment_on_a_spot_follows_it(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibPost *post = draft(db, "豆は500円です"), *after;
    HibComment *rows;
    size_t n;
    HibComment made =
        say(db, post->id, &writer,
            &(HibCommentDraft){.text = " 税込？ ", .has_spot = true, .start = 2, .n = 4});
    g_assert_cmpstr(made.row.text, ==, "税込？");
    g_assert_cmpstr(made.row.quote, ==, "500円");
    hib_assert_ok(hib_plan_update(db, post->id, post->version,
                                  &(HibPostContent){.text = "新しい豆は500円です"}, &after, &error),
                  error);
    hib_assert_ok(hib_comment_list(db, post->id, false, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(rows[0].spot.is_there);
    g_assert_cmpint(rows[0].spot.start, ==, 5);
}

static void
clients_see_what_is_shared(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *post = draft(db, "豆")->id;
    HibComment inside = say(db, post, &writer, &(HibCommentDraft){.text = "内輪の話"});
    say(db, post, &writer, &(HibCommentDraft){.text = "見てほしい", .is_shared = true});
    HibComment theirs = say(db, post, &guest, &(HibCommentDraft){.text = "いいですね"}), after;
    g_assert_true(theirs.row.is_shared);
    HibComment *rows;
    size_t n;
    hib_assert_ok(hib_comment_list(db, post, true, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    hib_assert_refused(hib_comment_resolve(db, post, inside.row.id, true, true, &after, &error),
                       error, "comment.unknown");
    hib_assert_ok(hib_comment_resolve(db, post, theirs.row.id, true, true, &after, &error), error);
    g_assert_true(after.row.has_resolved_at);
    g_assert_cmpstr(after.row.resolved_by_name, ==, "山田 花子");
    hib_assert_ok(hib_comment_resolve(db, post, theirs.row.id, false, false, &after, &error),
                  error);
    g_assert_false(after.row.has_resolved_at);
    const char *const *people;
    HibCommentFacts facts;
    hib_assert_ok(hib_plan_commenters(db, post, &people, &error), error);
    g_assert_cmpstr(people[0], ==, "p1");
    g_assert_null(people[1]);
    hib_assert_ok(hib_plan_comment_facts(db, theirs.row.id, &facts, &error), error);
    g_assert_null(facts.person_id);
    hib_assert_refused(hib_plan_comment_facts(db, "no", &facts, &error), error, "comment.unknown");
}

static void
what_makes_no_comment_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *post = draft(db, "豆")->id;
    HibComment made;
    hib_assert_refused(
        hib_comment_add(db, post, &writer, &(HibCommentDraft){.text = " \n"}, &made, &error), error,
        "comment.empty");
    hib_assert_refused(
        hib_comment_add(db, post, &writer,
                        &(HibCommentDraft){.text = "x", .has_spot = true, .start = 1, .n = 1},
                        &made, &error),
        error, "comment.bad_spot");
    hib_assert_refused(hib_comment_add(db, post, &writer,
                                       &(HibCommentDraft){.text = "x", .account = "no"}, &made,
                                       &error),
                       error, "accounts.unknown");
    hib_assert_refused(
        hib_comment_add(db, "no", &writer, &(HibCommentDraft){.text = "x"}, &made, &error), error,
        "post.unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/plan/comment_store/a_comment_on_a_spot_follows_it",
                 a_comment_on_a_spot_follows_it);
    hib_test_add("/plan/comment_store/clients_see_what_is_shared", clients_see_what_is_shared);
    hib_test_add("/plan/comment_store/what_makes_no_comment_is_refused",
                 what_makes_no_comment_is_refused);
    return g_test_run();
}
