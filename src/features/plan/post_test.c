/* Posts: what may be written, by whom first, and what stays when it is refused. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <string.h>

static HibPost *
make(HibDb *db, const char *text, const HibInstant *due_at)
{
    GError *error = NULL;
    HibPost *post = NULL;
    const HibPostContent content = {.text = text, .due_at = due_at};
    hib_assert_ok(hib_plan_create(db, &content, &post, &error), error);
    return post;
}

static void
a_post_comes_back_as_it_was_written(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibPostVariant variants[] = {{hib_test_account(&ws, db, "b.example"), NULL},
                                       {hib_test_account(&ws, db, "a.example"), "自分の文章"}};
    const HibPostMedia images[] = {{.media_id = hib_test_picture(&ws, db, 30), .alt = "窓辺の珈琲"},
                                   {.media_id = hib_test_picture(&ws, db, 20), .alt = ""}};
    const HibInstant due_at = hib_db_now(db) + HIB_DAY;
    const HibPostContent content = {.text = "か\xe3\x82\x99", /* か + combining mark */
                                    .lang = "ja",
                                    .variants = variants,
                                    .n_variants = 2,
                                    .media = images,
                                    .n_media = 2,
                                    .due_at = &due_at};
    HibPost *made = NULL, *post = NULL;
    hib_assert_ok(hib_plan_create(db, &content, &made, &error), error);
    hib_assert_ok(hib_plan_get(db, made->id, false, &post, &error), error);
    g_assert_cmpstr(post->text, ==, "が");
    g_assert_cmpstr(post->lang, ==, "ja");
    g_assert_cmpint(post->state, ==, HIB_POST_DRAFT);
    g_assert_cmpint(post->version, ==, 1);
    g_assert_true(post->has_due_at && post->due_at == due_at);
    g_assert_cmpstr(post->created_by_name, ==, "山田 花子");
    g_assert_cmpuint(post->n_variants, ==, 2);
    g_assert_cmpstr(post->variants[0].account_id, ==, variants[0].account_id);
    g_assert_null(post->variants[0].text);
    g_assert_cmpstr(hib_plan_text_for(post, variants[0].account_id), ==, "が");
    g_assert_cmpstr(hib_plan_text_for(post, variants[1].account_id), ==, "自分の文章");
    g_assert_cmpuint(post->n_media, ==, 2);
    g_assert_cmpstr(post->media[0].alt, ==, "窓辺の珈琲");
    g_assert_cmpint(post->media[0].width, ==, 30);
    g_assert_cmpstr(post->media[1].mime, ==, "image/png");
    g_assert_cmpuint(strlen(post->media[1].sha256), ==, 64);
}

static void
what_is_named_must_be_there_and_the_place_is_told(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = hib_test_account(&ws, db, "a.example");
    HibPost *post = NULL, *rows = NULL;
    size_t n = 0;
    const char *next = NULL;

    const HibPostVariant twice[] = {{account, NULL}, {account, "x"}};
    hib_plan_create(db, &(HibPostContent){.text = "", .variants = twice, .n_variants = 2}, &post,
                    &error);
    g_assert_cmpstr(hib_error_pointer(error), ==, "/variants/1/account_id");
    hib_assert_refused(false, error, "post.account_twice");

    const HibPostVariant unknown[] = {{account, NULL}, {hib_db_new_id(db), NULL}};
    hib_plan_create(db, &(HibPostContent){.text = "", .variants = unknown, .n_variants = 2}, &post,
                    &error);
    g_assert_cmpstr(hib_error_pointer(error), ==, "/variants/1/account_id");
    hib_assert_refused(false, error, "accounts.unknown");

    const HibPostMedia image = {.media_id = hib_db_new_id(db), .alt = ""};
    hib_plan_create(db, &(HibPostContent){.text = "", .media = &image, .n_media = 1}, &post,
                    &error);
    g_assert_cmpstr(hib_error_pointer(error), ==, "/media/0/media_id");
    hib_assert_refused(false, error, "media.unknown");

    g_autofree char *endless = g_strnfill(HIB_LIMIT_POST_BYTES + 1, 'a');
    hib_assert_refused(hib_plan_create(db, &(HibPostContent){.text = endless}, &post, &error),
                       error, "post.too_long");

    hib_assert_ok(hib_plan_list(db, &(HibPostQuery){.limit = 10}, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
an_update_of_an_older_version_is_refused_and_changes_nothing(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibPostVariant variant = {hib_test_account(&ws, db, "a.example"), NULL};
    HibPost *first = make(db, "一", NULL), *second = NULL, *post = NULL;
    const HibPostContent better = {.text = "二", .variants = &variant, .n_variants = 1};
    hib_assert_ok(hib_plan_update(db, first->id, 1, &better, &second, &error), error);
    g_assert_cmpint(second->version, ==, 2);
    hib_assert_refused(
        hib_plan_update(db, first->id, 1, &(HibPostContent){.text = "三"}, &post, &error), error,
        "post.edited");
    hib_assert_ok(hib_plan_get(db, first->id, false, &post, &error), error);
    g_assert_cmpstr(post->text, ==, "二");
    g_assert_cmpuint(post->n_variants, ==, 1);
    hib_assert_refused(hib_plan_update(db, hib_db_new_id(db), 1, &better, &post, &error), error,
                       "post.unknown");
}

typedef struct {
    HibTestWorkspace *ws;
    const char *post;
    int number;
    bool is_saved;
} Writer;

static gpointer
write_once(gpointer data)
{
    Writer *writer = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_test_workspace_db(writer->ws, arena);
    g_autoptr(GError) error = NULL;
    HibPost *post = NULL;
    const char *text = hib_arena_printf(arena, "writer %d", writer->number);
    writer->is_saved =
        hib_plan_update(db, writer->post, 1, &(HibPostContent){.text = text}, &post, &error);
    if (!writer->is_saved)
        g_assert_cmpstr(hib_error_reason(error), ==, "post.edited");
    return NULL;
}

static void
of_eight_writers_of_one_version_exactly_one_saves(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibPost *post = make(db, "start", NULL);
    Writer writers[8];
    GThread *threads[8];
    int saved = 0, winner = -1;
    for (int i = 0; i < 8; i++) {
        writers[i] = (Writer){.ws = &ws, .post = post->id, .number = i};
        threads[i] = g_thread_new("writer", write_once, &writers[i]);
    }
    for (int i = 0; i < 8; i++) {
        g_thread_join(threads[i]);
        saved += writers[i].is_saved;
        winner = writers[i].is_saved ? i : winner;
    }
    g_assert_cmpint(saved, ==, 1);
    hib_assert_ok(hib_plan_get(db, post->id, false, &post, &error), error);
    g_assert_cmpstr(post->text, ==, hib_arena_printf(test->arena, "writer %d", winner));
    g_assert_cmpint(post->version, ==, 2);
}

static void
only_drafts_scheduled_and_failed_posts_can_be_edited(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibInstant at = hib_db_now(db) + HIB_DAY;
    HibPost *post = make(db, "x", NULL);
    hib_assert_ok(hib_plan_set_schedule(db, post->id, HIB_POST_SCHEDULED, &at, &error), error);
    hib_assert_ok(hib_plan_update(db, post->id, 2, &(HibPostContent){.text = "y"}, &post, &error),
                  error);
    g_assert_cmpint(post->state, ==, HIB_POST_SCHEDULED);
    g_assert_true(post->has_due_at &&
                  post->due_at == at); /* none was given: a scheduled post keeps its time */

    static const HibPostState closed[] = {HIB_POST_SENDING, HIB_POST_PUBLISHED, HIB_POST_UNKNOWN};
    int64_t version = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++) {
        hib_assert_ok(hib_plan_set_state(db, post->id, closed[i], &error), error);
        version++;
        hib_assert_refused(
            hib_plan_update(db, post->id, version, &(HibPostContent){.text = "z"}, &post, &error),
            error, "post.already_sending");
    }
    hib_assert_ok(hib_plan_set_state(db, post->id, HIB_POST_FAILED, &error), error);
    hib_assert_ok(
        hib_plan_update(db, post->id, version + 1, &(HibPostContent){.text = "z"}, &post, &error),
        error);
    g_assert_cmpstr(post->text, ==, "z");
}

static void
a_deleted_post_is_gone_and_comes_back_whole_as_a_draft(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibPostVariant variant = {hib_test_account(&ws, db, "a.example"), "変えた文"};
    HibPost *made = NULL, *post = NULL;
    const HibPostContent content = {.text = "元の文", .variants = &variant, .n_variants = 1};
    hib_assert_ok(hib_plan_create(db, &content, &made, &error), error);
    hib_assert_refused(hib_plan_restore(db, made->id, &post, &error), error, "post.not_deleted");
    hib_assert_ok(hib_plan_set_schedule(db, made->id, HIB_POST_SCHEDULED, NULL, &error), error);
    hib_assert_ok(hib_plan_set_deleted(db, made->id, &error), error);
    hib_assert_refused(hib_plan_get(db, made->id, false, &post, &error), error, "post.unknown");
    hib_assert_refused(hib_plan_set_deleted(db, made->id, &error), error, "post.unknown");
    hib_assert_refused(hib_plan_set_state(db, made->id, HIB_POST_DRAFT, &error), error,
                       "post.unknown");
    hib_assert_ok(hib_plan_get(db, made->id, true, &post, &error), error);
    g_assert_true(post->is_deleted);
    hib_assert_ok(hib_plan_restore(db, made->id, &post, &error), error);
    g_assert_false(post->is_deleted);
    g_assert_cmpint(post->state, ==, HIB_POST_DRAFT);
    g_assert_cmpstr(post->variants[0].text, ==, "変えた文");
    hib_assert_refused(hib_plan_restore(db, hib_db_new_id(db), &post, &error), error,
                       "post.unknown");
}

static void
another_workspace_sees_nothing_of_it(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibPost *mine = make(db, "内緒", NULL), *post = NULL, *rows = NULL;
    const char *next = NULL;
    size_t n = 1;
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(db));
    hib_assert_refused(hib_plan_get(other, mine->id, true, &post, &error), error, "post.unknown");
    hib_assert_refused(
        hib_plan_update(other, mine->id, 1, &(HibPostContent){.text = "x"}, &post, &error), error,
        "post.unknown");
    hib_assert_refused(hib_plan_set_deleted(other, mine->id, &error), error, "post.unknown");
    hib_assert_ok(hib_plan_list(other, &(HibPostQuery){.limit = 5}, &rows, &n, &next, &error),
                  error);
    g_assert_cmpuint(n, ==, 0);
}

static void
a_wall_time_is_read_in_the_workspaces_zone_or_the_one_named(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const struct {
        const char *wall, *zone, *instant;
    } good[] = {
        {"2026-12-01 09:00", NULL, "2026-12-01T00:00:00Z"},
        {"2026-12-01T09:00:30", "Asia/Tokyo", "2026-12-01T00:00:30Z"},
        {"2026-03-29 02:30", "Europe/Berlin",
         "2026-03-29T01:30:00Z"}, /* skipped: moved on to 03:30 */
        {"2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"}, /* twice: the first */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        HibInstant at = 0;
        char text[HIB_INSTANT_TEXT];
        hib_assert_ok(hib_plan_resolve(db, good[i].wall, good[i].zone, &at, &error), error);
        g_assert_cmpstr(hib_instant_format(at, text), ==, good[i].instant);
    }
    HibInstant at = 0;
    hib_assert_refused(hib_plan_resolve(db, "2026-12-01 09:00", "Asia/Edo", &at, &error), error,
                       "post.bad_zone");
    hib_assert_refused(hib_plan_resolve(db, "2026-02-30 09:00", NULL, &at, &error), error,
                       "post.bad_wall");
    hib_assert_refused(hib_plan_resolve(db, "tomorrow", NULL, &at, &error), error, "post.bad_wall");
}

static void
the_audit_line_shortens_long_texts_between_characters(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 2000; i++)
        g_string_append(text, "響");
    const HibPost post = {.id = "x", .text = text->str, .version = 3};
    const char *json = hib_post_audit(arena, &post), *shown = NULL;
    HibJson in;
    hib_assert_ok(hib_json_parse(arena, json, strlen(json), &in, &error), error);
    hib_assert_ok(hib_json_text(in, "text", &shown, &error), error);
    g_assert_cmpint(g_utf8_strlen(shown, -1), ==, 500);
    g_assert_true(g_str_has_suffix(shown, "響…"));
    g_string_free(text, TRUE);
}

static void
a_cursor_that_is_not_ours_is_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    HibPostCursor cursor;
    const HibPost last = {
        .id = "0190a0a0-0000-7000-8000-000000000001", .has_due_at = true, .due_at = -5};
    hib_assert_ok(hib_post_cursor_read(arena, hib_post_cursor_text(arena, &last), &cursor, &error),
                  error);
    g_assert_false(cursor.is_untimed);
    g_assert_cmpint(cursor.at, ==, -5);
    g_assert_cmpstr(cursor.id, ==, last.id);
    static const char *const bad[] = {"",
                                      ".",
                                      "t",
                                      "t.",
                                      "t1.x",
                                      "x1.0190a0a0-0000-7000-8000-000000000001",
                                      "t1x.0190a0a0-0000-7000-8000-000000000001",
                                      "t99999999999999999999.0190a0a0-0000-7000-8000-000000000001"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        hib_assert_refused(hib_post_cursor_read(arena, bad[i], &cursor, &error), error,
                           "post.bad_cursor");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/post/" #name, name)
    ADD(a_post_comes_back_as_it_was_written);
    ADD(what_is_named_must_be_there_and_the_place_is_told);
    ADD(an_update_of_an_older_version_is_refused_and_changes_nothing);
    ADD(of_eight_writers_of_one_version_exactly_one_saves);
    ADD(only_drafts_scheduled_and_failed_posts_can_be_edited);
    ADD(a_deleted_post_is_gone_and_comes_back_whole_as_a_draft);
    ADD(another_workspace_sees_nothing_of_it);
    ADD(a_wall_time_is_read_in_the_workspaces_zone_or_the_one_named);
    g_test_add_func("/post/the_audit_line_shortens_long_texts_between_characters",
                    the_audit_line_shortens_long_texts_between_characters);
    g_test_add_func("/post/a_cursor_that_is_not_ours_is_refused",
                    a_cursor_that_is_not_ours_is_refused);
    return g_test_run();
}
