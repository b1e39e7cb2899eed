/* Who calls, over HTTP: the real server with this folder's handlers, cookies and tokens as a browser and a program send them. */
#include "base/json.h"
#include "http/client.h"
#include "team/team_api.h"
#include "team/test_team.h"
#include <string.h>

static bool
run_get_session(HibCall *call, GError **error)
{
    return hib_on_get_session(call, error);
}

static bool
run_sign_in(HibCall *call, GError **error)
{
    HibApiSignIn in = {0};
    return hib_call_read_body(call, &hib_api_sign_in_shape, &in, error) &&
           hib_on_sign_in(call, &in, error);
}

static bool
run_sign_out(HibCall *call, GError **error)
{
    return hib_on_sign_out(call, error);
}

static bool
run_list_members(HibCall *call, GError **error)
{
    return hib_on_list_members(call, error);
}

static bool
run_update_workspace(HibCall *call, GError **error)
{
    HibApiWorkspaceChange in = {0};
    return hib_call_read_body(call, &hib_api_workspace_change_shape, &in, error) &&
           hib_on_update_workspace(call, &in, error);
}

static bool
run_get_this_token(HibCall *call, GError **error)
{
    return hib_on_get_this_token(call, error);
}

#define MANAGERS (HIB_ROLE_OWNER | HIB_ROLE_MANAGER)
#define TEAM (MANAGERS | HIB_ROLE_EDITOR | HIB_ROLE_APPROVER | HIB_ROLE_ANALYST)
static const HibRoute routes[] = {
    {"GET", "/api/v1/session", "getSession", HIB_ROLE_ANY, "", .run = run_get_session},
    {"POST", "/api/v1/session", "signIn", HIB_ROLE_PUBLIC, "", .run = run_sign_in},
    {"DELETE", "/api/v1/session", "signOut", HIB_ROLE_ANY, "", .run = run_sign_out},
    {"GET", "/api/v1/token", "getThisToken", HIB_ROLE_ANY, "read", .run = run_get_this_token},
    {"GET", "/api/v1/workspaces/{workspace}/members", "listMembers", TEAM, "read",
     .is_cached = true, .run = run_list_members},
    {"PATCH", "/api/v1/workspaces/{workspace}", "updateWorkspace", MANAGERS, "admin",
     .run = run_update_workspace},
    {0},
};
static const HibAsset no_assets[] = {{0}};

typedef struct {
    HibTestTeam *team;
    HibServer *server;
    HibHttp *http;
    HibArena *arena;
} Web;

typedef struct {
    int status;
    const char *reason, *cookie, *csrf, *body;
} Answer;

/* `credential`: a whole header line, or NULL; `csrf`: NULL for none. */
static Answer
ask(Web *web, const char *method, const char *path, const char *credential, const char *csrf,
    const char *body)
{
    GError *error = NULL;
    const char *headers[4] = {NULL};
    int n = 0;
    if (credential)
        headers[n++] = credential;
    if (csrf)
        headers[n++] = hib_arena_printf(web->arena, "X-CSRF-Token: %s", csrf);
    const HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(web->arena, "http://127.0.0.1:%d%s", hib_server_port(web->server),
                                path),
        .headers = headers,
        .content_type = body ? "application/json" : NULL,
        .body = body,
        .n_body = body ? strlen(body) : 0,
    };
    HibHttpReply reply = {0};
    HibJson json = {0};
    hib_assert_ok(hib_http_do(web->http, web->arena, &request, &reply, &error), error);
    Answer answer = {.status = reply.status, .body = reply.body};
    if (reply.n_body && hib_json_parse(web->arena, reply.body, reply.n_body, &json, NULL)) {
        hib_json_opt_text(json, "reason", &answer.reason, NULL);
        hib_json_opt_text(json, "csrf", &answer.csrf, NULL);
    }
    const char *cookie = hib_http_header(&reply, "set-cookie");
    if (cookie) {
        g_assert_nonnull(strstr(cookie, "; HttpOnly"));
        g_assert_nonnull(strstr(cookie, "; SameSite=Lax"));
        g_assert_true(g_str_has_prefix(cookie, "hibiki_session="));
        answer.cookie =
            hib_arena_printf(web->arena, "Cookie: %.*s", (int)strcspn(cookie, ";"), cookie);
    }
    return answer;
}

static void
assert_refused(Answer answer, int status, const char *reason)
{
    g_assert_cmpint(answer.status, ==, status);
    g_assert_cmpstr(answer.reason, ==, reason);
}

static Web
web_new(HibTestStore *test)
{
    GError *error = NULL;
    Web web = {.team = hib_test_team_new(test), .http = hib_http_new(), .arena = test->arena};
    const HibServerOptions options = {
        .address = "127.0.0.1",
        .threads = 2,
        .routes = routes,
        .assets = no_assets,
        .store = test->store,
        .authorise = hib_team_authorise,
        .context = &web.team->services,
    };
    web.server = hib_server_start(&options, &error);
    g_assert_no_error(error);
    return web;
}

static void
web_clear(Web *web)
{
    hib_server_stop(web->server);
    hib_http_free(web->http);
    hib_test_team_free(web->team);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Web, web_clear)

static Answer
sign_in(Web *web, const char *email)
{
    const char *body = hib_arena_printf(web->arena, "{\"email\":\"%s\",\"password\":\"%s\"}", email,
                                        HIB_TEST_PASSWORD);
    Answer answer = ask(web, "POST", "/api/v1/session", NULL, NULL, body);
    g_assert_cmpint(answer.status, ==, 201);
    g_assert_nonnull(answer.cookie);
    g_assert_nonnull(answer.csrf);
    return answer;
}

static const char *
members_of(Web *web, const char *workspace)
{
    return hib_arena_printf(web->arena, "/api/v1/workspaces/%s/members", workspace);
}

static void
a_cookie_opens_and_signing_out_closes_at_once(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    assert_refused(ask(&web, "GET", "/api/v1/session", NULL, NULL, NULL), 401, "auth.needed");
    assert_refused(
        ask(&web, "GET", "/api/v1/session", "Cookie: hibiki_session=made-up", NULL, NULL), 401,
        "auth.needed");
    Answer hanako = sign_in(&web, HIB_TEST_EMAIL);
    const char *members = members_of(&web, web.team->workspace);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(ask(&web, "GET", members, hanako.cookie, NULL, NULL).status, ==, 200);
    Answer session = ask(&web, "GET", "/api/v1/session", hanako.cookie, NULL, NULL);
    g_assert_cmpstr(session.csrf, ==, hanako.csrf);
    Answer out = ask(&web, "DELETE", "/api/v1/session", hanako.cookie, hanako.csrf, NULL);
    g_assert_cmpint(out.status, ==, 204);
    g_assert_cmpstr(out.cookie, ==, "Cookie: hibiki_session=");
    assert_refused(ask(&web, "GET", members, hanako.cookie, NULL, NULL), 401, "auth.needed");
    assert_refused(ask(&web, "GET", "/api/v1/session", hanako.cookie, NULL, NULL), 401,
                   "auth.needed");
}

static void
a_change_needs_the_sessions_own_csrf_token(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    hib_test_person(web.team, "taro@example.jp", "manager");
    Answer hanako = sign_in(&web, HIB_TEST_EMAIL), taro = sign_in(&web, "taro@example.jp");
    const char *path = hib_arena_printf(web.arena, "/api/v1/workspaces/%s", web.team->workspace);
    const char *body = "{\"name\":\"響\"}";
    assert_refused(ask(&web, "PATCH", path, hanako.cookie, NULL, body), 403, "auth.csrf");
    assert_refused(ask(&web, "PATCH", path, hanako.cookie, taro.csrf, body), 403, "auth.csrf");
    g_assert_cmpint(ask(&web, "PATCH", path, hanako.cookie, hanako.csrf, body).status, ==, 200);
}

static void
a_strangers_workspace_and_none_at_all_look_the_same(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    GError *error = NULL;
    const char *taro = hib_test_person(web.team, "taro@example.jp", "editor"), *private;
    hib_assert_ok(
        hib_team_create_workspace(web.team->db, taro, "Taro's", "Asia/Tokyo", &private, &error),
        error);
    Answer hanako = sign_in(&web, HIB_TEST_EMAIL);
    Answer strange = ask(&web, "GET", members_of(&web, private), hanako.cookie, NULL, NULL);
    Answer none = ask(&web, "GET", members_of(&web, "01990000-0000-7000-8000-000000000000"),
                      hanako.cookie, NULL, NULL);
    assert_refused(strange, 403, "auth.forbidden");
    assert_refused(none, strange.status, strange.reason);
}

static void
a_lower_role_counts_from_the_next_call_on_also_for_kept_replies(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(web.team, web.team->owner);
    GError *error = NULL;
    HibMember *member;
    const char *person = hib_test_person(web.team, "taro@example.jp", "editor");
    Answer taro = sign_in(&web, "taro@example.jp");
    const char *members = members_of(&web, web.team->workspace);
    for (int i = 0; i < 5; i++)
        g_assert_cmpint(ask(&web, "GET", members, taro.cookie, NULL, NULL).status, ==, 200);
    hib_assert_ok(
        hib_team_change_member(db, &web.team->services, "owner", person, "client", &member, &error),
        error);
    assert_refused(ask(&web, "GET", members, taro.cookie, NULL, NULL), 403, "auth.forbidden");
}

static void
a_token_does_what_its_scopes_and_its_persons_role_allow(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    GError *error = NULL;
    const char *id, *secret;
    g_autoptr(HibDb) db = hib_test_scoped(web.team, web.team->owner);
    hib_assert_ok(hib_team_token_make(db, "script", HIB_SCOPE_READ, NULL, &id, &secret, &error),
                  error);
    const char *bearer = hib_arena_printf(web.arena, "Authorization: Bearer %s", secret);
    const char *path = hib_arena_printf(web.arena, "/api/v1/workspaces/%s", web.team->workspace);
    g_assert_cmpint(
        ask(&web, "GET", members_of(&web, web.team->workspace), bearer, NULL, NULL).status, ==,
        200);
    Answer this = ask(&web, "GET", "/api/v1/token", bearer, NULL, NULL);
    g_assert_cmpint(this.status, ==, 200);
    g_assert_nonnull(strstr(this.body, web.team->workspace));
    assert_refused(ask(&web, "PATCH", path, bearer, NULL, "{\"name\":\"x\"}"), 403, "auth.scope");
    assert_refused(ask(&web, "GET", "/api/v1/session", bearer, NULL, NULL), 403,
                   "auth.person_needed");
    assert_refused(ask(&web, "GET", path, "Authorization: Basic aGliaWtp", NULL, NULL), 405,
                   "http.method");
    assert_refused(ask(&web, "GET", "/api/v1/token", "Authorization: Basic aGliaWtp", NULL, NULL),
                   401, "auth.bad_token");
    assert_refused(
        ask(&web, "GET", "/api/v1/token", "Authorization: Bearer hib_made-up", NULL, NULL), 401,
        "auth.bad_token");
    hib_assert_ok(hib_team_revoke_token(db, &web.team->services, id, &error), error);
    assert_refused(ask(&web, "GET", members_of(&web, web.team->workspace), bearer, NULL, NULL), 401,
                   "auth.bad_token");
    Answer hanako = sign_in(&web, HIB_TEST_EMAIL);
    assert_refused(ask(&web, "GET", "/api/v1/token", hanako.cookie, NULL, NULL), 403,
                   "auth.forbidden");
}

static void
after_a_day_the_reply_brings_the_new_cookie(HibTestStore *test)
{
    g_auto(Web) web = web_new(test);
    Answer hanako = sign_in(&web, HIB_TEST_EMAIL);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_DAY);
    Answer next = ask(&web, "GET", "/api/v1/session", hanako.cookie, NULL, NULL);
    g_assert_cmpint(next.status, ==, 200);
    g_assert_nonnull(next.cookie);
    g_assert_cmpstr(next.csrf, ==, hanako.csrf);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + 2 * HIB_MINUTE);
    assert_refused(ask(&web, "GET", "/api/v1/session", hanako.cookie, NULL, NULL), 401,
                   "auth.needed");
    g_assert_cmpint(ask(&web, "GET", "/api/v1/session", next.cookie, NULL, NULL).status, ==, 200);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_DAY);
    const char *body = "{\"email\":\"" HIB_TEST_EMAIL "\",\"password\":\"" HIB_TEST_PASSWORD "\"}";
    Answer again = ask(&web, "POST", "/api/v1/session", next.cookie, NULL,
                       body); /* rotated and replaced in one call */
    g_assert_cmpint(again.status, ==, 201);
    g_assert_cmpint(ask(&web, "GET", "/api/v1/session", again.cookie, NULL, NULL).status, ==, 200);
    assert_refused(ask(&web, "GET", "/api/v1/session", next.cookie, NULL, NULL), 401,
                   "auth.needed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/authorise/" #test, test)
    ADD(a_cookie_opens_and_signing_out_closes_at_once);
    ADD(a_change_needs_the_sessions_own_csrf_token);
    ADD(a_strangers_workspace_and_none_at_all_look_the_same);
    ADD(a_lower_role_counts_from_the_next_call_on_also_for_kept_replies);
    ADD(a_token_does_what_its_scopes_and_its_persons_role_allow);
    ADD(after_a_day_the_reply_brings_the_new_cookie);
    return g_test_run();
}
