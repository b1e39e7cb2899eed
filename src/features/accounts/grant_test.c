/* Grants: refreshed once however many ask, never lost to a failure, never silently dead. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_face.h"
#include "test_network.h"
#include "test_workspace.h"
#include <string.h>

static const char *
connect_a(HibTestWorkspace *ws, HibDb *db, HibFace *face)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    hib_assert_ok(hib_accounts_connect(db, &ws->services, "bluesky", hib_face_url(face),
                                       "a.practice", HIB_TEST_APP_PASSWORD, &account, &error),
                  error);
    return account->id;
}

static HibNetResult
read_it(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    int *n = data;
    HibNetReading reading;
    (*n)++;
    return network->read_account(net, grant, &reading);
}

static HibNetClass
call(HibTestWorkspace *ws, HibDb *db, const char *account, int *n_runs)
{
    GError *error = NULL;
    HibNetResult said;
    *n_runs = 0;
    hib_assert_ok(hib_accounts_call(db, &ws->services, account, read_it, n_runs, &said, &error),
                  error);
    return said.class;
}

static HibFaceCounts
counts(HibFace *face)
{
    HibFaceCounts out;
    hib_face_counts(face, &out);
    return out;
}

static HibAccountState
state_of(HibDb *db, const char *id)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    hib_assert_ok(hib_accounts_get(db, id, &account, &error), error);
    return account->state;
}

static void
a_stale_token_is_refreshed_once_and_the_call_repeated(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = connect_a(&ws, db, face);
    int n_runs;
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_OK);
    g_assert_cmpint(n_runs, ==, 1);
    hib_face_expire_tokens(face);
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_OK);
    g_assert_cmpint(n_runs, ==, 2);
    g_assert_cmpint(counts(face).n_refreshes, ==, 1);
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_OK);
    g_assert_cmpint(n_runs, ==, 1); /* the new grant was stored */
}

typedef struct {
    HibTestWorkspace *ws;
    const char *account;
    HibNetClass class;
} Caller;

static gpointer
call_once(gpointer data)
{
    Caller *caller = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_test_workspace_db(caller->ws, arena);
    int n_runs;
    caller->class = call(caller->ws, db, caller->account, &n_runs);
    return NULL;
}

static void
eight_callers_with_a_stale_token_cause_one_refresh(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = connect_a(&ws, db, face);
    hib_face_expire_tokens(face);
    Caller callers[8];
    GThread *threads[8];
    for (int i = 0; i < 8; i++) {
        callers[i] = (Caller){.ws = &ws, .account = account};
        threads[i] = g_thread_new("caller", call_once, &callers[i]);
    }
    for (int i = 0; i < 8; i++) {
        g_thread_join(threads[i]);
        g_assert_cmpint(callers[i].class, ==, HIB_NET_OK);
    }
    g_assert_cmpint(counts(face).n_refreshes, ==, 1);
}

static void
a_refresh_that_fails_keeps_the_grant_for_the_next_time(HibTestStore *test)
{
    static const HibFault faults[] = {HIB_FAULT_ERROR, HIB_FAULT_ERROR_AFTER, HIB_FAULT_CUT_BEFORE,
                                      HIB_FAULT_CUT_AFTER, HIB_FAULT_RATE_LIMITED};
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = connect_a(&ws, db, face);
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        int n_runs;
        hib_face_expire_tokens(face);
        hib_face_fault(face, &(HibFaceFault){.fault = faults[i],
                                             .method = "com.atproto.server.refreshSession",
                                             .times = 1,
                                             .ms = 1000});
        HibNetClass class = call(&ws, db, account, &n_runs);
        g_assert_cmpint(class, ==,
                        faults[i] == HIB_FAULT_RATE_LIMITED ? HIB_NET_RETRY_AFTER
                                                            : HIB_NET_RETRY_SAME);
        g_assert_cmpint(n_runs, ==, 1);
        g_assert_cmpint(state_of(db, account), ==, HIB_ACCOUNT_OK);
        hib_face_fault(face, &(HibFaceFault){.fault = HIB_FAULT_NONE});
        g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_OK);
    }
}

static HibNetResult
keep_grant(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    HibGrant *out = data;
    *out = *grant;
    return (HibNetResult){.code = "", .message = "", .remaining = -1};
}

/* Whatever the network answers to a refresh, a grant that opened something is never replaced by one that opens nothing or another account. */
static void
no_answer_to_a_refresh_destroys_the_old_grant(HibTestStore *test)
{
    static const struct {
        HibNetClass class;
        HibGrant fresh;
        HibNetClass said;
        const char *access, *refresh, *extra; /* what is stored afterwards */
    } cases[] = {
        {HIB_NET_OK,
         {.access = "a2", .refresh = "r2", .extra = "x2"},
         HIB_NET_OK,
         "a2",
         "r2",
         "x2"},
        {HIB_NET_OK, {.access = "a2"}, HIB_NET_OK, "a2", "refresh-1", "{\"page\":\"1\"}"},
        {HIB_NET_OK,
         {.access = "a2", .refresh = "", .extra = ""},
         HIB_NET_OK,
         "a2",
         "refresh-1",
         "{\"page\":\"1\"}"},
        {HIB_NET_OK,
         {.access = "", .refresh = "r2"},
         HIB_NET_RETRY_SAME,
         "access-1",
         "refresh-1",
         NULL},
        {HIB_NET_OK, {0}, HIB_NET_RETRY_SAME, "access-1", "refresh-1", NULL},
        {HIB_NET_OK,
         {.access = "a2", .remote_id = "remote-9"},
         HIB_NET_RETRY_SAME,
         "access-1",
         "refresh-1",
         NULL},
        {HIB_NET_RETRY_SAME, {0}, HIB_NET_RETRY_SAME, "access-1", "refresh-1", NULL},
        {HIB_NET_RETRY_AFTER, {0}, HIB_NET_RETRY_AFTER, "access-1", "refresh-1", NULL},
        {HIB_NET_QUOTA, {0}, HIB_NET_QUOTA, "access-1", "refresh-1", NULL},
        {HIB_NET_RECONCILE, {0}, HIB_NET_RETRY_SAME, "access-1", "refresh-1", NULL},
        {HIB_NET_FATAL, {0}, HIB_NET_RETRY_SAME, "access-1", "refresh-1", NULL},
        {HIB_NET_REFRESH_AUTH, {0}, HIB_NET_REAUTH_HUMAN, "access-1", "refresh-1", NULL},
        {HIB_NET_REAUTH_HUMAN, {0}, HIB_NET_REAUTH_HUMAN, "access-1", "refresh-1", NULL},
        {HIB_NET_BLOCKED, {0}, HIB_NET_BLOCKED, "access-1", "refresh-1", NULL},
    };
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        HibAccount *account = NULL;
        HibOpenAccount open;
        HibGrant used = {0};
        HibNetResult said;
        hib_test_net_reset();
        hib_test_net.grants[0].remote_id = hib_arena_printf(test->arena, "remote-%zu", 100 + i);
        hib_test_net.grants[0].access_expires_at = hib_db_now(db) + HIB_SECOND; /* stale at once */
        hib_assert_ok(hib_accounts_connect(db, &ws.services, "testline", NULL, "1234567890",
                                           HIB_TEST_CHANNEL_SECRET, &account, &error),
                      error);
        hib_test_net.refresh.class = cases[i].class;
        hib_test_net.refreshed = cases[i].fresh;
        hib_assert_ok(
            hib_accounts_call(db, &ws.services, account->id, keep_grant, &used, &said, &error),
            error);
        g_assert_cmpint(said.class, ==, cases[i].said);
        hib_assert_ok(hib_grant_open(db, &ws.services, account->id, &open, &error), error);
        g_assert_cmpstr(open.grant.access, ==, cases[i].access);
        g_assert_cmpstr(open.grant.refresh, ==, cases[i].refresh);
        if (cases[i].extra)
            g_assert_cmpstr(open.grant.extra, ==, cases[i].extra);
        g_assert_cmpstr(used.access, ==, cases[i].said == HIB_NET_OK ? cases[i].access : NULL);
        g_assert_cmpint(hib_test_net.n_refreshes, ==, 1);
    }
}

static void
an_ended_session_asks_for_a_person_and_a_reconnect_heals_it(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = connect_a(&ws, db, face);
    HibAccount *again = NULL;
    int n_runs;
    hib_face_end_sessions(face);
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(state_of(db, account), ==, HIB_ACCOUNT_NEEDS_RECONNECT);
    int64_t n_calls = counts(face).n_calls;
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(n_runs, ==, 0);
    g_assert_cmpint(counts(face).n_calls, ==, n_calls); /* known: nobody is asked again */
    hib_assert_ok(
        hib_accounts_reconnect(db, &ws.services, account, HIB_TEST_APP_PASSWORD, &again, &error),
        error);
    g_assert_cmpint(again->state, ==, HIB_ACCOUNT_OK);
    g_assert_null(again->state_reason);
    g_assert_cmpint(call(&ws, db, account, &n_runs), ==, HIB_NET_OK);
}

static void
a_reconnect_during_a_slow_refresh_wins(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = connect_a(&ws, db, face);
    HibOpenAccount before, after;
    hib_face_expire_tokens(face);
    hib_face_fault(face, &(HibFaceFault){.fault = HIB_FAULT_DELAY,
                                         .method = "com.atproto.server.refreshSession",
                                         .times = 1,
                                         .ms = 600});
    Caller caller = {.ws = &ws, .account = account};
    GThread *thread = g_thread_new("caller", call_once, &caller);
    while (counts(face).n_refreshes == 0)
        g_usleep(5000);
    HibAccount *again = NULL;
    hib_assert_ok(
        hib_accounts_reconnect(db, &ws.services, account, HIB_TEST_APP_PASSWORD, &again, &error),
        error);
    hib_assert_ok(hib_grant_open(db, &ws.services, account, &before, &error), error);
    g_thread_join(thread);
    g_assert_cmpint(caller.class, ==, HIB_NET_OK);
    hib_assert_ok(hib_grant_open(db, &ws.services, account, &after, &error), error);
    g_assert_cmpstr(before.grant.refresh, ==, after.grant.refresh);
}

static void
a_sealed_grant_opens_for_its_own_account_only(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibGrant grant = {.access = "open sesame", .refresh = "r"};
    const char *sealed = hib_grant_seal(db, &ws.services, "one", &grant);
    const char *one = hib_arena_printf(test->arena, "accounts.grant/%s/one", ws.workspace);
    const char *two = hib_arena_printf(test->arena, "accounts.grant/%s/two", ws.workspace);
    g_assert_null(strstr(sealed, "sesame"));
    g_assert_nonnull(
        strstr(hib_unseal(ws.services.keys, test->arena, one, sealed, &error), "open sesame"));
    hib_assert_refused(hib_unseal(ws.services.keys, test->arena, two, sealed, &error) != NULL,
                       error, "secrets.unreadable");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/grant/" #name, name)
    ADD(a_stale_token_is_refreshed_once_and_the_call_repeated);
    ADD(eight_callers_with_a_stale_token_cause_one_refresh);
    ADD(a_refresh_that_fails_keeps_the_grant_for_the_next_time);
    ADD(no_answer_to_a_refresh_destroys_the_old_grant);
    ADD(an_ended_session_asks_for_a_person_and_a_reconnect_heals_it);
    ADD(a_reconnect_during_a_slow_refresh_wins);
    ADD(a_sealed_grant_opens_for_its_own_account_only);
    return g_test_run();
}
