/* OAuth as a face speaks it: the page and its refusals, PKCE both ways, codes that open once and not for long, rotation, expiry, ends,
 * scopes, broken answers, and grants that outlive a restart. */
#include "practice/face_oauth.h"

#include "http/client.h"
#include "practice/face_posts.h"
#include "practice/face_run.h"

#include <glib/gstdio.h>
#include <string.h>

#define BACK "http://127.0.0.1:9/back"

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const int status[HIB_REFUSE_N] = {404, 400, 413, 401, 419, 420, 403, 429, 403, 422, 500};
    hib_practice_text(call, status[why], "text/plain", message);
}

static void
me(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_practice_bearer(call, "read");
    if (account)
        hib_practice_text(call, 200, "text/plain", account->handle);
}

static void
exchange(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    if (hib_practice_exchange(call, hib_practice_query(call, "old"), 60 * HIB_DAY, &tokens))
        hib_practice_text(call, 200, "text/plain", tokens.access);
    else
        hib_practice_empty(call, 400);
}

static const HibPracticeRoute routes[] = {
    {"GET", "/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/token", "token", hib_practice_token_reply},
    {"GET", "/exchange", "token", exchange},
    {"GET", "/me", "read", me},
};

static const HibPracticeOauth strict = {.pkce = HIB_PKCE_NEEDED,
                                        .offline_scope = "offline",
                                        .code_life = 30 * HIB_SECOND,
                                        .access_life = 2 * HIB_HOUR,
                                        .refresh_life = 180 * HIB_DAY,
                                        .rotates = true};
static const HibPracticeOauth hex = {.client_id_field = "client_key",
                                     .scope_separator = ",",
                                     .pkce = HIB_PKCE_HEX,
                                     .code_life = HIB_MINUTE,
                                     .access_life = HIB_HOUR,
                                     .refresh_life = HIB_NEVER,
                                     .takes_field = true};

typedef struct {
    HibPracticeNetwork network;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibPracticeFace *face;
    const char *journal;
} World;

static void
start(World *w)
{
    static const HibPracticeAccount accounts[] = {
        {.id = "1", .handle = "a.test", .name = "喫茶 <ひびき>", .followers = 100},
        {.id = "2", .handle = "b.test", .name = "B", .followers = 10},
    };
    g_autoptr(GError) error = NULL;
    w->face = hib_practice_start(&w->network,
                                 &(HibPracticeOptions){.accounts = accounts,
                                                       .n_accounts = 2,
                                                       .journal = w->journal,
                                                       .clock = w->clock,
                                                       .has_control = true},
                                 &error);
    g_assert_no_error(error);
}

static World *
world_new(const HibPracticeOauth *oauth, const char *journal)
{
    World *w = g_new0(World, 1);
    *w = (World){.network = {.name = "oauth",
                             .title = "OAuth",
                             .oauth = oauth,
                             .routes = routes,
                             .n_routes = G_N_ELEMENTS(routes),
                             .refuse = refuse},
                 .arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(INT64_C(1795000000) * HIB_SECOND),
                 .journal = journal};
    start(w);
    return w;
}

static void
world_free(World *w)
{
    hib_practice_stop(w->face);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
    g_free(w);
}

static int
call(World *w, const char *method, const char *path, const char *bearer, const char *form,
     HibHttpReply *reply)
{
    const char *const headers[] = {
        bearer ? hib_arena_printf(w->arena, "Authorization: Bearer %s", bearer) : NULL, NULL};
    HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(w->arena, "%s%s", hib_practice_url(w->face), path),
        .headers = headers,
        .content_type = form ? "application/x-www-form-urlencoded" : NULL,
        .body = form,
        .n_body = form ? strlen(form) : 0};
    *reply = (HibHttpReply){0};
    g_assert_true(hib_http_do(w->http, w->arena, &request, reply, NULL));
    return reply->status;
}

/* The code out of where the page sends a person back to. */
static const char *
walk(World *w, const char *query)
{
    HibHttpReply reply;
    const char *path = hib_arena_printf(w->arena,
                                        "/authorize?response_type=code&redirect_uri=http%%3A%%2F%%"
                                        "2F127.0.0.1%%3A9%%2Fback&state=s%%26t&%s",
                                        query);
    g_assert_cmpint(call(w, "GET", path, NULL, NULL, &reply), ==, 302);
    const char *where = hib_http_header(&reply, "location");
    g_assert_true(g_str_has_prefix(where, BACK "?"));
    g_assert_true(g_str_has_suffix(where, "&state=s%26t"));
    const char *code = strstr(where, "?code=");
    return code ? hib_arena_strndup(w->arena, code + 6, strcspn(code + 6, "&")) : NULL;
}

static const char *
field(World *w, const HibHttpReply *reply, const char *name)
{
    HibJson in = {0};
    const char *out = NULL;
    g_assert_true(hib_json_parse(w->arena, reply->body, reply->n_body, &in, NULL));
    g_assert_true(hib_json_opt_text(in, name, &out, NULL));
    return out;
}

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define CLIENT "client_id=practice-client&client_secret=practice-secret"
#define WALK                                                                                       \
    "client_id=practice-client&scope=read%20offline&code_challenge=" CHALLENGE                     \
    "&code_challenge_method=S256&practice_account=a.test"

static int
use_code(World *w, const char *code, const char *verifier, HibHttpReply *reply)
{
    return call(w, "POST", "/token", NULL,
                hib_arena_printf(w->arena,
                                 CLIENT "&grant_type=authorization_code&code=%s&redirect_uri=" BACK
                                        "&code_verifier=%s",
                                 code, verifier),
                reply);
}

static int
refresh(World *w, const char *token, HibHttpReply *reply)
{
    return call(
        w, "POST", "/token", NULL,
        hib_arena_printf(w->arena, CLIENT "&grant_type=refresh_token&refresh_token=%s", token),
        reply);
}

static void
the_page_lists_the_accounts_and_refuses_strangers(void)
{
    World *w = world_new(&strict, NULL);
    HibHttpReply reply;
    g_assert_cmpint(
        call(w, "GET",
             "/authorize?client_id=practice-client&response_type=code&redirect_uri=" BACK
             "&code_challenge=x",
             NULL, NULL, &reply),
        ==, 200);
    g_assert_nonnull(strstr(reply.body, "喫茶 &lt;ひびき&gt;"));
    g_assert_nonnull(strstr(reply.body, "practice_account=b.test"));
    g_assert_cmpint(call(w, "GET",
                         "/authorize?client_id=stranger&response_type=code&redirect_uri=" BACK,
                         NULL, NULL, &reply),
                    ==, 400);
    g_assert_cmpint(call(w, "GET",
                         "/authorize?client_id=practice-client&response_type=code&redirect_uri="
                         "javascript:alert(1)",
                         NULL, NULL, &reply),
                    ==, 400);
    g_assert_null(walk(w, "client_id=practice-client&practice_account=a.test")); /* no challenge */
    g_assert_null(walk(w, "client_id=practice-client&code_challenge=x&practice_account=deny"));
    hib_practice_client_add(w->face, "own", "s", "http://127.0.0.1:9/other");
    g_assert_cmpint(call(w, "GET", "/authorize?client_id=own&response_type=code&redirect_uri=" BACK,
                         NULL, NULL, &reply),
                    ==, 400);
    world_free(w);
}

static void
a_code_opens_once_with_its_verifier_and_not_for_long(void)
{
    World *w = world_new(&strict, NULL);
    HibHttpReply reply;
    const char *code = walk(w, WALK);
    g_assert_cmpint(use_code(w, code, "wrong", &reply), ==, 400);
    g_assert_cmpstr(field(w, &reply, "error"), ==, "invalid_grant");
    g_assert_cmpint(use_code(w, code, VERIFIER, &reply), ==, 200);
    g_assert_cmpstr(field(w, &reply, "scope"), ==, "read offline");
    const char *access = field(w, &reply, "access_token");
    g_assert_cmpint(use_code(w, code, VERIFIER, &reply), ==, 400);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 200);
    g_assert_cmpstr(reply.body, ==, "a.test");
    g_assert_cmpint(call(w, "GET", "/me", NULL, NULL, &reply), ==, 401);
    g_assert_cmpint(call(w, "GET", "/me", "a0.1.9999999999.00", NULL, &reply), ==, 401);
    code = walk(w, WALK);
    hib_clock_manual_set(w->clock, hib_clock_now(w->clock) + 30 * HIB_SECOND);
    g_assert_cmpint(use_code(w, code, VERIFIER, &reply), ==, 400);
    g_assert_cmpint(call(w, "POST", "/token", NULL,
                         "client_id=practice-client&client_secret=no&grant_type=refresh_token",
                         &reply),
                    ==, 401);
    world_free(w);
}

static void
a_refresh_token_rotates_and_the_old_one_is_dead(void)
{
    World *w = world_new(&strict, NULL);
    HibHttpReply reply;
    g_assert_cmpint(use_code(w, walk(w, WALK), VERIFIER, &reply), ==, 200);
    const char *access = field(w, &reply, "access_token"),
               *first = field(w, &reply, "refresh_token");
    hib_clock_manual_set(w->clock, hib_clock_now(w->clock) + 2 * HIB_HOUR);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 419);
    hib_practice_fault(w->face, &(HibPracticeFault){HIB_FAULT_EMPTY_TOKEN, "token", 1, 0, 0});
    g_assert_cmpint(refresh(w, first, &reply), ==, 200);
    g_assert_cmpstr(field(w, &reply, "access_token"), ==, "");
    g_assert_cmpint(refresh(w, first, &reply), ==, 200); /* the broken answer cost nothing */
    const char *second = field(w, &reply, "refresh_token");
    access = field(w, &reply, "access_token");
    g_assert_cmpint(refresh(w, first, &reply), ==, 400);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 200);
    hib_practice_expire_tokens(w->face);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 419);
    g_assert_cmpint(refresh(w, second, &reply), ==, 200);
    g_assert_cmpint(call(w, "GET", "/me", field(w, &reply, "access_token"), NULL, &reply), ==, 200);
    g_assert_cmpint(refresh(w, second, &reply), ==, 400); /* rotated too */
    world_free(w);
}

static void
an_ended_grant_opens_nothing_and_scopes_hold(void)
{
    World *w = world_new(&strict, NULL);
    HibHttpReply reply;
    g_assert_cmpint(use_code(w, walk(w, WALK), VERIFIER, &reply), ==, 200);
    const char *access = field(w, &reply, "access_token"),
               *token = field(w, &reply, "refresh_token");
    hib_practice_end_grants(w->face);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 420);
    g_assert_cmpint(refresh(w, token, &reply), ==, 400);
    const char *code = walk(w, "client_id=practice-client&scope=write&code_challenge=" CHALLENGE
                               "&practice_account=2");
    g_assert_cmpint(use_code(w, code, VERIFIER, &reply), ==, 200);
    g_assert_null(field(w, &reply, "refresh_token")); /* without the offline scope */
    access = field(w, &reply, "access_token");
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 403);
    g_assert_true(hib_practice_revoke(w->face, access));
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 420);
    world_free(w);
}

static void
hex_challenges_field_tokens_apps_and_exchange(void)
{
    World *w = world_new(&hex, NULL);
    HibHttpReply reply;
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "verify-me", -1);
    const char *code = walk(
        w,
        hib_arena_printf(
            w->arena,
            "client_key=practice-client&scope=read,write&code_challenge=%s&practice_account=a.test",
            sum));
    g_assert_cmpint(
        call(w, "POST", "/token", NULL,
             hib_arena_printf(w->arena,
                              "client_key=practice-client&grant_type=authorization_code&code=%s&"
                              "redirect_uri=" BACK "&code_verifier=verify-me",
                              code),
             &reply),
        ==, 200);
    const char *access = field(w, &reply, "access_token");
    g_assert_cmpint(call(w, "GET", hib_arena_printf(w->arena, "/me?access_token=%s", access), NULL,
                         NULL, &reply),
                    ==, 200);
    g_assert_cmpint(
        call(w, "GET", hib_arena_printf(w->arena, "/exchange?old=%s", access), NULL, NULL, &reply),
        ==, 200);
    const char *lasting = reply.body;
    hib_clock_manual_set(w->clock, hib_clock_now(w->clock) + 59 * HIB_DAY);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 419);
    g_assert_cmpint(call(w, "GET", "/me", lasting, NULL, &reply), ==, 200);
    g_assert_cmpint(call(w, "POST", "/token", NULL,
                         "client_key=practice-client&client_secret=practice-secret&grant_type="
                         "client_credentials&scope=read",
                         &reply),
                    ==, 200);
    g_assert_cmpint(call(w, "GET", "/me", field(w, &reply, "access_token"), NULL, &reply), ==,
                    401); /* an app is nobody */
    world_free(w);
}

static void
grants_and_clients_outlive_a_restart(void)
{
    g_autofree char *folder = g_dir_make_tmp("hibiki-oauth-XXXXXX", NULL);
    g_autofree char *journal = g_build_filename(folder, "journal", NULL);
    World *w = world_new(&strict, journal);
    HibHttpReply reply;
    g_assert_cmpint(use_code(w, walk(w, WALK), VERIFIER, &reply), ==, 200);
    const char *first = field(w, &reply, "refresh_token");
    g_assert_cmpint(refresh(w, first, &reply), ==, 200);
    const char *second = field(w, &reply, "refresh_token"),
               *access = field(w, &reply, "access_token");
    g_assert_cmpint(use_code(w, walk(w, WALK), VERIFIER, &reply), ==, 200);
    const char *revoked = field(w, &reply, "access_token");
    g_assert_true(hib_practice_revoke(w->face, revoked));
    hib_practice_client_add(w->face, "own", "s", BACK);
    hib_practice_stop(w->face);
    start(w);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 200);
    g_assert_cmpint(call(w, "GET", "/me", revoked, NULL, &reply), ==, 420);
    g_assert_cmpint(refresh(w, first, &reply), ==, 400);
    g_assert_cmpint(refresh(w, second, &reply), ==, 200);
    hib_practice_expire_tokens(w->face);
    g_assert_cmpint(call(w, "GET", "/me", access, NULL, &reply), ==, 419);
    g_assert_nonnull(walk(w, "client_id=own&code_challenge=x&practice_account=a.test"));
    world_free(w);
    g_unlink(journal);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/face_oauth/" #name, name)
    TEST(the_page_lists_the_accounts_and_refuses_strangers);
    TEST(a_code_opens_once_with_its_verifier_and_not_for_long);
    TEST(a_refresh_token_rotates_and_the_old_one_is_dead);
    TEST(an_ended_grant_opens_nothing_and_scopes_hold);
    TEST(hex_challenges_field_tokens_apps_and_exchange);
    TEST(grants_and_clients_outlive_a_restart);
    return g_test_run();
}
