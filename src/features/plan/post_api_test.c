/* Posts over HTTP: written, read, paged, restored; faults with their place. */
#include "base/error.h"
#include "plan/plan.h"
#include "test_server.h"
#include <string.h>

static bool
run_create(HibCall *call, GError **error)
{
    HibApiPostDraft in = {0};
    return hib_call_read_body(call, &hib_api_post_draft_shape, &in, error) &&
           hib_on_create_post(call, &in, error);
}

static bool
run_list(HibCall *call, GError **error)
{
    HibApiListPostsQuery query = {0};
    return hib_call_read_query(call, &hib_api_list_posts_query_shape, &query, error) &&
           hib_on_list_posts(call, &query, error);
}

static bool
run_get(HibCall *call, GError **error)
{
    const char *post = NULL;
    return hib_call_read_path(call, "post", HIB_UUID, 0, 0, &post, error) &&
           hib_on_get_post(call, post, error);
}

static bool
run_restore(HibCall *call, GError **error)
{
    const char *post = NULL;
    return hib_call_read_path(call, "post", HIB_UUID, 0, 0, &post, error) &&
           hib_on_restore_post(call, post, error);
}

#define W "/api/v1/workspaces/{workspace}"
static const HibRoute routes[] = {
    {"GET", W "/posts", "listPosts", HIB_ROLE_OWNER, "read", true, .run = run_list},
    {"POST", W "/posts", "createPost", HIB_ROLE_OWNER, "write", .run = run_create},
    {"GET", W "/posts/{post}", "getPost", HIB_ROLE_OWNER, "read", true, .run = run_get},
    {"POST", W "/posts/{post}/restore", "restorePost", HIB_ROLE_OWNER, "write", .run = run_restore},
    {0},
};

static HibHttpReply
ask(HibTestWorkspace *ws, HibServer *server, const char *method, const char *path, const char *body)
{
    return hib_test_request(ws, server,
                            &(HibTestRequest){.method = method, .path = path, .body = body});
}

static void
a_post_is_written_read_deleted_and_restored(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    const char *account = hib_test_account(&ws, db, "a.example"),
               *picture = hib_test_picture(&ws, db, 5);
    const char *body = hib_arena_printf(
        test->arena,
        "{\"text\":\"おはようございます\",\"variants\":[{\"account_id\":\"%s\",\"text\":null}],"
        "\"media\":[{\"media_id\":\"%s\",\"alt\":\"朝の店内\"}],\"due_at\":\"2026-12-01T00:00:"
        "00Z\"}",
        account, picture);
    HibHttpReply reply = ask(&ws, server, "POST", "/posts", body);
    g_assert_cmpint(reply.status, ==, 201);
    const char *id = NULL, *text = NULL, *state = NULL, *author = NULL;
    HibJson in = hib_test_json(&ws, &reply);
    hib_assert_ok(hib_json_text(in, "id", &id, &error), error);
    hib_assert_ok(hib_json_text(in, "state", &state, &error), error);
    hib_assert_ok(hib_json_text(in, "created_by_name", &author, &error), error);
    g_assert_cmpstr(state, ==, "draft");
    g_assert_cmpstr(author, ==, "山田 花子");

    const char *path = hib_arena_printf(test->arena, "/posts/%s", id);
    reply = ask(&ws, server, "GET", path, NULL);
    g_assert_cmpint(reply.status, ==, 200);
    hib_assert_ok(hib_json_text(hib_test_json(&ws, &reply), "text", &text, &error), error);
    g_assert_cmpstr(text, ==, "おはようございます");

    const char *restore = hib_arena_printf(test->arena, "/posts/%s/restore", id);
    reply = ask(&ws, server, "POST", restore, NULL);
    hib_test_problem(&ws, &reply, 409, "post.not_deleted", NULL);
    hib_assert_ok(hib_plan_set_deleted(db, id, &error), error);
    reply = ask(&ws, server, "GET", path, NULL);
    hib_test_problem(&ws, &reply, 404, "post.unknown", NULL);
    reply = ask(&ws, server, "POST", restore, NULL);
    g_assert_cmpint(reply.status, ==, 200);
}

static void
faults_are_told_with_their_place(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    static const struct {
        const char *method, *path, *body;
        int status;
        const char *reason, *pointer;
    } cases[] = {
        {"POST", "/posts", "{\"text\":\"x\"}", 422, "input.missing", "/variants"},
        {"POST", "/posts", "{\"text\":1,\"variants\":[]}", 422, "input.wrong_type", "/text"},
        {"POST", "/posts",
         "{\"text\":\"x\",\"variants\":[{\"account_id\":\"0190a0a0-0000-7000-8000-000000000001\","
         "\"text\":null}]}",
         404, "accounts.unknown", "/variants/0/account_id"},
        {"GET", "/posts?limit=0", NULL, 422, "input.too_small", "?limit"},
        {"GET", "/posts?state=lost", NULL, 422, "input.not_allowed", "?state"},
        {"GET", "/posts?cursor=zzz", NULL, 422, "post.bad_cursor", "?cursor"},
        {"GET", "/posts?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", NULL, 422,
         "post.bad_range", "?to"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibHttpReply reply = ask(&ws, server, cases[i].method, cases[i].path, cases[i].body);
        hib_test_problem(&ws, &reply, cases[i].status, cases[i].reason, cases[i].pointer);
    }
}

static void
a_list_is_walked_by_its_cursor(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    for (int i = 0; i < 7; i++) {
        HibPost *post = NULL;
        const HibInstant at = hib_db_now(db) + i * HIB_HOUR;
        hib_assert_ok(hib_plan_create(db,
                                      &(HibPostContent){.text = "x", .due_at = i % 2 ? &at : NULL},
                                      &post, &error),
                      error);
    }
    const char *cursor = NULL;
    size_t n_seen = 0, n_pages = 0;
    do {
        const char *path = cursor
                               ? hib_arena_printf(test->arena, "/posts?limit=3&cursor=%s", cursor)
                               : "/posts?limit=3";
        HibHttpReply reply = ask(&ws, server, "GET", path, NULL);
        g_assert_cmpint(reply.status, ==, 200);
        HibJson in = hib_test_json(&ws, &reply), posts;
        cursor = NULL;
        hib_assert_ok(hib_json_array(in, "posts", &posts, &error), error);
        hib_assert_ok(hib_json_opt_text(in, "next_cursor", &cursor, &error), error);
        n_seen += hib_json_count(posts);
        n_pages++;
    } while (cursor);
    g_assert_cmpuint(n_seen, ==, 7);
    g_assert_cmpuint(n_pages, ==, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/post_api/" #name, name)
    ADD(a_post_is_written_read_deleted_and_restored);
    ADD(faults_are_told_with_their_place);
    ADD(a_list_is_walked_by_its_cursor);
    return g_test_run();
}
