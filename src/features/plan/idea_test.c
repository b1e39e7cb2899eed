/* Ideas: on their board in the order people gave them, and one draft of each. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static const char *
add(HibDb *db, const char *title, HibIdeaStatus status)
{
    GError *error = NULL;
    const char *id = NULL;
    const HibIdeaContent content = {.title = title, .status = status};
    hib_assert_ok(hib_plan_add_idea(db, &content, &id, &error), error);
    return id;
}

/* The titles of a column, from the top, a blank between them. */
static const char *
column(HibDb *db, HibIdeaStatus status)
{
    GError *error = NULL;
    HibIdea *rows;
    size_t n;
    g_autoptr(GString) out = g_string_new(NULL);
    hib_assert_ok(hib_ideas(db, NULL, false, 500, &rows, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        if (rows[i].content.status == status)
            g_string_append_printf(out, "%s%s", out->len ? " " : "", rows[i].content.title);
    return hib_arena_strdup(hib_db_arena(db), out->str);
}

static void
move(HibDb *db, const char *idea, HibIdeaStatus status, const char *below)
{
    GError *error = NULL;
    HibIdea *after;
    hib_assert_ok(hib_idea_move(db, idea, status, below, &after, &error), error);
}

static void
ideas_stand_where_people_put_them(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *a = add(db, "a", HIB_IDEA_NEW), *b = add(db, "b", HIB_IDEA_NEW),
               *c = add(db, "c", HIB_IDEA_NEW);
    g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, "c b a"); /* the newest on top */
    move(db, c, HIB_IDEA_NEW, NULL);
    g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, "b a c");
    move(db, c, HIB_IDEA_NEW, b);
    g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, "c b a");
    move(db, a, HIB_IDEA_NEW, b);
    g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, "c a b");
    move(db, a, HIB_IDEA_READY, NULL);
    move(db, b, HIB_IDEA_READY, a);
    g_assert_cmpstr(column(db, HIB_IDEA_READY), ==, "b a");
    move(db, c, HIB_IDEA_READY, c); /* above itself is the foot */
    g_assert_cmpstr(column(db, HIB_IDEA_READY), ==, "b a c");
    move(db, c, HIB_IDEA_SHAPING, a); /* a went elsewhere meanwhile */
    g_assert_cmpstr(column(db, HIB_IDEA_SHAPING), ==, "c");
}

/* A gap of 2^20 lasts for some twenty moves into the same place; then the column is numbered anew. */
static void
the_order_holds_when_a_gap_is_used_up(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *z = add(db, "z", HIB_IDEA_NEW), *x = add(db, "x", HIB_IDEA_NEW),
               *y = add(db, "y", HIB_IDEA_NEW);
    for (int i = 0; i < 60; i++) {
        move(db, i % 2 ? x : y, HIB_IDEA_NEW, z);
        g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, i % 2 ? "y x z" : "x y z");
    }
}

static void
an_idea_becomes_one_draft_and_another_when_that_is_deleted(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibCampaign *campaign;
    HibIdea *idea, *again;
    HibPost *post;
    const char *id, *picture = hib_test_picture(&ws, db, 9);
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = "冬"}, &campaign, &error),
                  error);
    const HibIdeaContent content = {.title = "音だけの30秒",
                                    .note = " 焙煎機の音。 ",
                                    .url = "https://example.com/a",
                                    .media_id = picture,
                                    .campaign_id = campaign->id};
    hib_assert_ok(hib_plan_add_idea(db, &content, &id, &error), error);
    hib_assert_ok(hib_idea_draft(db, id, &idea, &error), error);
    g_assert_cmpint(idea->content.status, ==, HIB_IDEA_DRAFTED);
    hib_assert_ok(hib_plan_get(db, idea->post_id, false, &post, &error), error);
    g_assert_cmpstr(post->text, ==, "焙煎機の音。\nhttps://example.com/a");
    g_assert_cmpstr(post->campaign_id, ==, campaign->id);
    g_assert_cmpuint(post->n_media, ==, 1);
    hib_assert_refused(hib_idea_draft(db, id, &again, &error), error, "idea.drafted");
    hib_assert_ok(hib_plan_set_deleted(db, post->id, &error), error);
    hib_assert_ok(hib_idea(db, id, &again, &error), error);
    g_assert_null(again->post_id);
    hib_assert_ok(hib_idea_draft(db, id, &again, &error), error);
    g_assert_cmpstr(again->post_id, !=, post->id);
    hib_assert_ok(hib_idea_delete(db, id, &error), error);
    hib_assert_ok(hib_plan_get(db, again->post_id, false, &post, &error), error); /* stays */
}

static void
the_second_of_two_people_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *id = add(db, "a", HIB_IDEA_NEW);
    HibIdea *after;
    const HibIdeaContent first = {.title = "b", .status = HIB_IDEA_READY, .owner_id = ws.person},
                         second = {.title = "c"};
    hib_assert_ok(hib_idea_change(db, id, 1, &first, &after, &error), error);
    g_assert_cmpstr(after->owner_name, ==, "山田 花子");
    hib_assert_refused(hib_idea_change(db, id, 1, &second, &after, &error), error, "idea.edited");
    g_assert_cmpstr(column(db, HIB_IDEA_READY), ==, "b");
}

static void
what_an_idea_names_must_be_there(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const char no[] = "01890a5d-ac96-774b-bcce-b302099a8057";
    const struct {
        HibIdeaContent content;
        const char *reason, *pointer;
    } all[] = {
        {{.title = " "}, "idea.no_title", "/title"},
        {{.title = "x", .campaign_id = no}, "campaign.unknown", "/campaign_id"},
        {{.title = "x", .media_id = no}, "media.unknown", "/media_id"},
        {{.title = "x", .owner_id = no}, "team.member_unknown", "/owner_id"},
        {{.title = "x", .due_on = "2026-02-30"}, "campaign.bad_day", "/due_on"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GError) error = NULL;
        const char *id;
        g_assert_false(hib_plan_add_idea(db, &all[i].content, &id, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, all[i].reason);
        g_assert_cmpstr(hib_error_pointer(error), ==, all[i].pointer);
    }
    g_assert_cmpstr(column(db, HIB_IDEA_NEW), ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/plan/idea/" #name, name)
    ADD(ideas_stand_where_people_put_them);
    ADD(the_order_holds_when_a_gap_is_used_up);
    ADD(an_idea_becomes_one_draft_and_another_when_that_is_deleted);
    ADD(the_second_of_two_people_is_refused);
    ADD(what_an_idea_names_must_be_there);
    return g_test_run();
}
