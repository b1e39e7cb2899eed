/* Accounts: the pure rules, and connecting, reconnecting, disconnecting against a practice Bluesky. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_face.h"
#include "test_workspace.h"
#include <string.h>

static HibAccount *
connect_a(HibTestWorkspace *ws, HibDb *db, HibFace *face)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    hib_assert_ok(hib_accounts_connect(db, &ws->services, "bluesky", hib_face_url(face),
                                       " @a.practice ", HIB_TEST_APP_PASSWORD, &account, &error),
                  error);
    return account;
}

static void
connecting_shows_the_account_and_a_second_time_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccount *account = connect_a(&ws, db, face), *again = NULL, *rows = NULL;
    size_t n = 0;
    g_assert_cmpstr(account->handle, ==, "a.practice");
    g_assert_cmpstr(account->display_name, ==, "喫茶ひびき");
    g_assert_cmpstr(account->url, ==, "https://bsky.app/profile/a.practice");
    g_assert_cmpstr(account->remote_id, ==, hib_face_did(face, "a.practice"));
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_OK);
    g_assert_false(account->is_practice);
    g_assert_true(account->has_refresh_expires_at);
    g_assert_cmpint(account->refresh_expires_at, >, hib_db_now(db) + 80 * HIB_DAY);
    hib_assert_refused(hib_accounts_connect(db, &ws.services, "bluesky", hib_face_url(face),
                                            "a.practice", HIB_TEST_APP_PASSWORD, &again, &error),
                       error, "accounts.already_connected");
    hib_assert_ok(hib_accounts_list(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

static void
a_refused_or_unreachable_sign_in_stores_nothing(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibFace *face = hib_test_face(test, 0, NULL);
    const char *url = hib_arena_strdup(test->arena, hib_face_url(face));
    HibAccount *account = NULL, *rows = NULL;
    size_t n = 9;
    hib_accounts_connect(db, &ws.services, "bluesky", url, "a.practice", "wrong", &account, &error);
    g_assert_cmpstr(hib_error_pointer(error), ==, "/password");
    g_assert_nonnull(hib_error_detail(error, "message"));
    hib_assert_refused(false, error, "accounts.refused");

    hib_face_fault(face, &(HibFaceFault){.fault = HIB_FAULT_RATE_LIMITED, .times = 1, .ms = 60000});
    HibInstant retry_at = 0;
    hib_accounts_connect(db, &ws.services, "bluesky", url, "a.practice", HIB_TEST_APP_PASSWORD,
                         &account, &error);
    g_assert_true(hib_error_retry_at(error, &retry_at));
    hib_assert_refused(false, error, "network.rate_limited");

    hib_face_stop(face);
    hib_assert_refused(hib_accounts_connect(db, &ws.services, "bluesky", url, "a.practice",
                                            HIB_TEST_APP_PASSWORD, &account, &error),
                       error, "accounts.unreachable");
    hib_assert_refused(
        hib_accounts_connect(db, &ws.services, "myspace", NULL, "a", "b", &account, &error), error,
        "accounts.network_unknown");
    HibServices strict = ws.services;
    strict.may_connect_private = false;
    hib_assert_refused(
        hib_accounts_connect(db, &strict, "bluesky", url, "a.practice", "x", &account, &error),
        error, "accounts.bad_service");
    hib_assert_ok(hib_accounts_list(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static HibNetResult
keep_tokens(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    HibGrant *out = data;
    out->access = hib_arena_strdup(net->arena, grant->access);
    out->refresh = hib_arena_strdup(net->arena, grant->refresh);
    return (HibNetResult){.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
}

static void
assert_absent(const char *folder, const char *secret)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *data = NULL;
        gsize n = 0;
        if (g_file_get_contents(path, &data, &n, NULL))
            g_assert_null(memmem(data, n, secret, strlen(secret)));
    }
    g_dir_close(dir);
}

static void
neither_password_nor_tokens_lie_open_in_the_database(HibTestStore *test)
{
    GError *error = NULL;
    if (test->is_postgres)
        return;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccount *account = connect_a(&ws, db, face);
    HibGrant tokens = {0};
    HibNetResult said;
    hib_assert_ok(
        hib_accounts_call(db, &ws.services, account->id, keep_tokens, &tokens, &said, &error),
        error);
    g_assert_cmpuint(strlen(tokens.access), >, 20);
    assert_absent(test->directory, tokens.access);
    assert_absent(test->directory, tokens.refresh);
    assert_absent(test->directory, HIB_TEST_APP_PASSWORD);
}

static void
a_disconnected_account_is_unknown_but_keeps_its_id_and_history(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccount *account = connect_a(&ws, db, face), *found = NULL;
    HibGrant tokens = {0};
    HibNetResult said;
    hib_assert_ok(hib_accounts_set_followers(db, account->id, 120, hib_db_now(db), &error), error);
    hib_assert_ok(hib_accounts_set_followers(db, account->id, 90, hib_db_now(db) - HIB_DAY, &error),
                  error);
    hib_assert_ok(hib_accounts_disconnect(db, account->id, &error), error);
    hib_assert_refused(hib_accounts_disconnect(db, account->id, &error), error, "accounts.unknown");
    hib_assert_refused(hib_accounts_get(db, account->id, &found, &error), error,
                       "accounts.unknown");
    hib_assert_refused(
        hib_accounts_call(db, &ws.services, account->id, keep_tokens, &tokens, &said, &error),
        error, "accounts.unknown");
    hib_assert_ok(hib_accounts_find(db, account->id, &found, &error), error);
    g_assert_cmpint(found->followers, ==, 120); /* the older count came later and does not count */
    hib_assert_ok(hib_accounts_find(db, hib_db_new_id(db), &found, &error), error);
    g_assert_null(found);
    g_assert_cmpstr(connect_a(&ws, db, face)->id, ==, account->id);
}

static void
reconnecting_wants_the_same_account(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    HibFace *face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccount *account = connect_a(&ws, db, face), *found = NULL;
    g_autoptr(GUri) url = g_uri_parse(hib_face_url(face), G_URI_FLAGS_NONE, NULL);
    hib_assert_refused(
        hib_accounts_reconnect(db, &ws.services, account->id, "wrong", &found, &error), error,
        "accounts.refused");
    hib_assert_ok(hib_accounts_reconnect(db, &ws.services, account->id, HIB_TEST_APP_PASSWORD,
                                         &found, &error),
                  error);
    g_assert_cmpstr(found->id, ==, account->id);
    hib_face_stop(face);

    g_autoptr(HibFace) other =
        hib_test_face(test, g_uri_get_port(url), "did:plc:someoneelse000000000000");
    hib_assert_refused(hib_accounts_reconnect(db, &ws.services, account->id, HIB_TEST_APP_PASSWORD,
                                              &found, &error),
                       error, "accounts.other_account");
    hib_assert_refused(hib_accounts_reconnect(db, &ws.services, hib_db_new_id(db),
                                              HIB_TEST_APP_PASSWORD, &found, &error),
                       error, "accounts.unknown");
}

/* --- pure ------------------------------------------------------------------------------------------------- */
static void
a_grant_is_refreshed_before_either_token_ends(void)
{
    const HibInstant t = 1000 * HIB_DAY;
    static const struct {
        const char *network;
        HibDuration access, refresh, due; /* from the moment of the grant; 0: never ends */
    } lives[] = {
        {"Bluesky", 2 * HIB_HOUR, 90 * HIB_DAY, 110 * HIB_MINUTE},
        {"X", 2 * HIB_HOUR, 0, 110 * HIB_MINUTE},
        {"Google", HIB_HOUR, 0, 50 * HIB_MINUTE},
        {"TikTok", 24 * HIB_HOUR, 365 * HIB_DAY, 24 * HIB_HOUR - 10 * HIB_MINUTE},
        {"LINE", 15 * HIB_MINUTE, 0, 10 * HIB_MINUTE},
        {"Meta", 60 * HIB_DAY, 0, 30 * HIB_DAY},
        {"a refresh token that ends first", 2 * HIB_HOUR, 7 * HIB_DAY + HIB_HOUR, HIB_HOUR},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++)
        g_assert_cmpint(hib_account_refresh_due(t, t + lives[i].access,
                                                lives[i].refresh ? t + lives[i].refresh : 0),
                        ==, t + lives[i].due);
    g_assert_cmpint(hib_account_refresh_due(t, 0, t + HIB_DAY), ==, t - 6 * HIB_DAY);
    g_assert_cmpint(hib_account_refresh_due(t, 0, 0), ==, HIB_NEVER); /* Mastodon */
}

static void
the_forecast_says_when_a_person_must_act(void)
{
    const HibInstant t = 1000 * HIB_DAY;
    const HibGrant rotating = {.refresh = "r", .access_expires_at = t, .refresh_expires_at = 2 * t},
                   google = {.refresh = "r", .access_expires_at = t},
                   meta = {.refresh = "", .access_expires_at = t}, mastodon = {.refresh = ""};
    g_assert_cmpint(hib_account_acts_at(HIB_NET_AUTH_OAUTH, &rotating), ==, 2 * t);
    g_assert_cmpint(hib_account_acts_at(HIB_NET_AUTH_OAUTH, &google), ==, 0);
    g_assert_cmpint(hib_account_acts_at(HIB_NET_AUTH_OAUTH, &meta), ==, t);
    g_assert_cmpint(hib_account_acts_at(HIB_NET_AUTH_OAUTH, &mastodon), ==, 0);
    g_assert_cmpint(hib_account_acts_at(HIB_NET_AUTH_CHANNEL, &meta), ==, 0);

    static const struct {
        HibAccountState state;
        HibDuration life, left; /* of the grant; life 0: it does not end */
        HibAccountExpiry expiry;
    } cases[] = {
        {HIB_ACCOUNT_OK, 0, 0, HIB_EXPIRY_OK},
        {HIB_ACCOUNT_OK, 60 * HIB_DAY, 11 * HIB_DAY, HIB_EXPIRY_OK},
        {HIB_ACCOUNT_OK, 60 * HIB_DAY, 10 * HIB_DAY, HIB_EXPIRY_SOON},
        {HIB_ACCOUNT_OK, 60 * HIB_DAY, 0, HIB_EXPIRY_NOW},
        {HIB_ACCOUNT_OK, 8 * HIB_DAY, 8 * HIB_DAY, HIB_EXPIRY_OK}, /* fresh, though short */
        {HIB_ACCOUNT_OK, 8 * HIB_DAY, 2 * HIB_DAY, HIB_EXPIRY_SOON},
        {HIB_ACCOUNT_NEEDS_RECONNECT, 0, 0, HIB_EXPIRY_NOW},
        {HIB_ACCOUNT_PAUSED, 0, 0, HIB_EXPIRY_OK},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibInstant acts_at = cases[i].life ? t + cases[i].left : 0;
        HibInstant granted_at = t + cases[i].left - cases[i].life;
        g_assert_cmpint(hib_account_expiry(cases[i].state, granted_at, acts_at, t), ==,
                        cases[i].expiry);
    }
}

static void
webhooks_are_signed_with_what_the_connector_names(void)
{
    static const char *const cases[][3] = {
        {"{\"hook_secret\":\"0011\"}", "0011 token", "0011"},
        {"{\"hook_secret\":\"\"}", "token", NULL}, /* a token alone */
        {"{\"page\":\"1\"}", "typed", "typed"},
        {"", "typed", "typed"},
        {NULL, "typed", "typed"},
        {"{", "typed", "typed"},
        {NULL, "", NULL},
        {NULL, NULL, NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(
            hib_account_hook_secret(arena, &(HibGrant){.extra = cases[i][0]}, cases[i][1]), ==,
            cases[i][2]);
}

static void
a_typed_service_is_tidied(void)
{
    static const char *const cases[][2] = {
        {" Mastodon.Example/ ", "https://mastodon.example"},
        {"HTTPS://A.example", "https://a.example"},
        {"http://127.0.0.1:3000//", "http://127.0.0.1:3000"},
        {"https://a.example/Path/", "https://a.example/Path"},
        {"", ""},
        {"///", ""},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(hib_account_tidy_service(arena, cases[i][0]), ==, cases[i][1]);
}

static void
a_failed_refresh_is_never_an_unknown_outcome(void)
{
    for (int class = HIB_NET_OK; class <= HIB_NET_FATAL; class ++) {
        HibNetClass safe = hib_account_refresh_class((HibNetClass) class);
        g_assert_true(safe != HIB_NET_RECONCILE && safe != HIB_NET_REFRESH_AUTH &&
                      safe != HIB_NET_FIX_CONTENT && safe != HIB_NET_FATAL);
    }
    g_assert_cmpint(hib_account_refresh_class(HIB_NET_REFRESH_AUTH), ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(hib_account_refresh_class(HIB_NET_RECONCILE), ==, HIB_NET_RETRY_SAME);
}

static void
an_empty_answer_never_replaces_a_grant(void)
{
    const HibGrant old = {.service = "https://s",
                          .remote_id = "did:a",
                          .handle = "h",
                          .display_name = "n",
                          .avatar_url = "",
                          .access = "a1",
                          .refresh = "r1",
                          .refresh_expires_at = 9};
    g_assert_false(hib_account_merge_grant(&old, &(HibGrant){0}));
    g_assert_false(hib_account_merge_grant(&old, &(HibGrant){.access = "", .refresh = "r2"}));
    g_assert_false(
        hib_account_merge_grant(&old, &(HibGrant){.access = "a2", .remote_id = "did:b"}));
    HibGrant fresh = {.access = "a2"};
    g_assert_true(hib_account_merge_grant(&old, &fresh));
    g_assert_cmpstr(fresh.access, ==, "a2");
    g_assert_cmpstr(fresh.refresh, ==, "r1");
    g_assert_cmpint(fresh.refresh_expires_at, ==, 9);
    g_assert_cmpstr(fresh.handle, ==, "h");
}

static void
a_typed_service_must_keep_the_password_safe(void)
{
    g_assert_true(hib_account_service_ok("https://bsky.social", false));
    g_assert_true(hib_account_service_ok("HTTPS://pds.example", false));
    g_assert_false(hib_account_service_ok("http://pds.example", false));
    g_assert_false(hib_account_service_ok("https://", false));
    g_assert_false(hib_account_service_ok("file:///etc/passwd", true));
    g_assert_false(hib_account_service_ok("pds.example", true));
    g_assert_true(hib_account_service_ok("http://127.0.0.1:2583", true));
}

static void
only_the_configured_server_itself_counts_as_ours(void)
{
    g_assert_true(hib_account_same_service("https://bsky.social", "https://bsky.social"));
    g_assert_true(hib_account_same_service("http://127.0.0.1:2583/", "http://127.0.0.1:2583"));
    g_assert_false(hib_account_same_service("https://bsky.social", "https://morel.example"));
    g_assert_false(
        hib_account_same_service("https://bsky.social", "https://bsky.social.evil.example"));
    g_assert_false(hib_account_same_service("http://127.0.0.1:2583", "http://127.0.0.1:25834"));
    g_assert_false(hib_account_same_service(NULL, "http://127.0.0.1:2583"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/account/" #name, name)
#define ADD_PURE(name) g_test_add_func("/account/" #name, name)
    ADD_PURE(a_grant_is_refreshed_before_either_token_ends);
    ADD_PURE(the_forecast_says_when_a_person_must_act);
    ADD_PURE(webhooks_are_signed_with_what_the_connector_names);
    ADD_PURE(a_typed_service_is_tidied);
    ADD_PURE(a_failed_refresh_is_never_an_unknown_outcome);
    ADD_PURE(an_empty_answer_never_replaces_a_grant);
    ADD_PURE(a_typed_service_must_keep_the_password_safe);
    ADD_PURE(only_the_configured_server_itself_counts_as_ours);
    ADD(connecting_shows_the_account_and_a_second_time_is_refused);
    ADD(a_refused_or_unreachable_sign_in_stores_nothing);
    ADD(neither_password_nor_tokens_lie_open_in_the_database);
    ADD(a_disconnected_account_is_unknown_but_keeps_its_id_and_history);
    ADD(reconnecting_wants_the_same_account);
    return g_test_run();
}
