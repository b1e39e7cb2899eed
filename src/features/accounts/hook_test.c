/* Webhooks: each event once, whoever repeats it, and nothing from anybody who cannot sign. */
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "base/error.h"
#include "base/json.h"
#include "store/events.h"
#include "test_network.h"
#include "test_workspace.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db, *global;
    const char *account, *key;
    GString *events; /* "account.talk account.follow " … */
    GMutex lock;
} Desk;

/* --- what is handed on ------------------------------------------------------------------------------ */
static Desk *listening; /* jobs get the services alone */
static char *last_hook_event;

static bool
hear(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error)
{
    HibJson in, data;
    const char *kind = NULL, *id = NULL;
    g_assert_null(strstr(job->json, "hello")); /* what was said stands in no event */
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &in, error) ||
        !hib_json_text(in, "event", &kind, error) || !hib_json_object(in, "data", &data, error) ||
        !hib_json_text(data, "hook_event", &id, error))
        return false;
    g_string_append_printf(listening->events, "%s ", kind);
    g_free(last_hook_event);
    last_hook_event = g_strdup(id);
    *ret_end = HIB_JOB_DONE;
    return true;
}

static const HibJobKind ears[] = {
    {.kind = "test.hear", .run = hear, .lease_s = 10, .tries = 1, .backoff_s = 1}, {0}};
static const HibSubscription subscriptions[] = {
    {"account.talk", "test.hear"},         {"account.follow", "test.hear"},
    {"account.publish", "test.hear"},      {"account.numbers", "test.hear"},
    {"account.deauthorized", "test.hear"}, {NULL, NULL}};

static void
open_desk(Desk *desk, HibTestStore *test)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    HibSqlHookState *hook = NULL;
    hib_test_workspace_open(&desk->ws, test);
    hib_test_net_reset();
    hib_events_subscribe(test->store, subscriptions);
    listening = desk;
    desk->events = g_string_new(NULL);
    desk->db = hib_test_workspace_db(&desk->ws, NULL);
    desk->global = hib_db_open(test->store, test->arena, NULL);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->ws.services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    desk->account = account->id;
    hib_assert_ok(hib_sql_hook_of_account(desk->db, account->id, &hook, &error), error);
    desk->key = hook->key;
}

static void
close_desk(Desk *desk)
{
    g_clear_pointer(&last_hook_event, g_free);
    g_string_free(desk->events, TRUE);
    hib_db_close(desk->global);
    hib_db_close(desk->db);
    hib_test_workspace_close(&desk->ws);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, close_desk)

static const char *
header_of(void *data, const char *name_lower)
{
    return strcmp(name_lower, "x-test-signature") == 0 ? data : NULL;
}

static bool
call_with(Desk *desk, HibDb *global, const char *key, const char *signature, const char *body,
          GError **error)
{
    HibNetHookCall call = {.method = "POST",
                           .query = "",
                           .header = header_of,
                           .data = (void *)(uintptr_t)signature,
                           .body = body,
                           .n_body = strlen(body)};
    HibNetHookAnswer answer = {0};
    return hib_hook_take(global, &desk->ws.services, "testline", key, &call, &answer, error);
}

static void
call(Desk *desk, const char *body)
{
    GError *error = NULL;
    hib_assert_ok(call_with(desk, desk->global, desk->key, HIB_TEST_CHANNEL_SECRET, body, &error),
                  error);
}

static const char *
heard(Desk *desk)
{
    GError *error = NULL;
    g_autoptr(HibJobs) jobs =
        hib_jobs_manual(desk->ws.test->store, ears, &desk->ws.services, &error);
    g_assert_no_error(error);
    g_string_set_size(desk->events, 0);
    hib_jobs_run_due(jobs);
    return desk->events->str;
}

/* --- taking ----------------------------------------------------------------------------------------- */
static void
an_event_is_kept_once_and_handed_on_with_its_words_in_the_row(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    call(&desk, "e1|talk||message-1|hello there|1000\ne2|follow||user-1||1001");
    call(&desk, "e1|talk||message-1|hello there|1000"); /* again */
    call(&desk, "e1|talk||message-1|hello there|1000\ne0|unfollow||user-1||900");
    g_assert_cmpstr(heard(&desk), ==, "account.follow account.talk account.follow ");
    HibAccountHookEvent *event = NULL;
    hib_assert_ok(hib_accounts_hook_event(desk.db, last_hook_event, &event, &error), error);
    g_assert_cmpstr(event->event.kind, ==, "unfollow");
    g_assert_cmpstr(event->event.remote_id, ==, "user-1");
    g_assert_cmpint(event->event.at, ==, 900);
    call(&desk, "e4|talk||message-4|hello \"again\"|2000");
    heard(&desk);
    hib_assert_ok(hib_accounts_hook_event(desk.db, last_hook_event, &event, &error), error);
    g_assert_cmpstr(event->account, ==, desk.account);
    g_assert_cmpstr(event->event.talk.text, ==, "hello \"again\"");
    g_assert_cmpint(event->event.talk.kind, ==, HIB_TALK_MESSAGE);
    g_assert_cmpstr(event->event.talk.conversation, ==, "conversation-1");
    g_assert_cmpstr(event->event.talk.reply_token, ==, "reply-token-1");
    hib_assert_ok(hib_accounts_hook_event(desk.db, hib_db_new_id(desk.db), &event, &error), error);
    g_assert_null(event);
}

/* A story's last numbers come once and can be asked for no more. */
static void
numbers_are_kept_and_handed_on_with_their_time(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    HibAccountHookEvent *event = NULL;
    open_desk(&desk, test);
    call(&desk, "e1|numbers||story-1|40|1000");
    call(&desk, "e1|numbers||story-1|41|1000"); /* again */
    g_assert_cmpstr(heard(&desk), ==, "account.numbers ");
    hib_assert_ok(hib_accounts_hook_event(desk.db, last_hook_event, &event, &error), error);
    g_assert_cmpstr(event->account, ==, desk.account);
    g_assert_cmpstr(event->event.remote_id, ==, "story-1");
    g_assert_cmpint(event->event.at, ==, 1000);
    g_assert_cmpuint(event->event.reading.n_metrics, ==, 2);
    g_assert_cmpstr(event->event.reading.metrics[0].metric, ==, "reach");
    g_assert_cmpint(event->event.reading.metrics[0].value, ==, 40);
    g_assert_cmpint(event->event.reading.metrics[1].value, ==, 2);
}

static void
what_is_of_no_account_or_of_no_known_kind_is_passed_over(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    call(&desk, "e1|talk|remote-9|m|x|1\ne2|dance||m|x|1\n|talk||m|x|1\ne3||||x|1");
    g_assert_cmpstr(heard(&desk), ==, "");
    g_autofree char *long_id = g_strnfill(5000, 'i');
    g_autofree char *body = g_strconcat(long_id, "|publish|remote-1|post-1||1", NULL);
    call(&desk, body);
    call(&desk, body);
    g_assert_cmpstr(heard(&desk), ==, "account.publish ");
}

static void
who_cannot_sign_is_refused_counted_and_stores_nothing(HibTestStore *test)
{
    static const char body[] = "e1|talk||m|hello|1";
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibAccountHealth *health = NULL;
    hib_assert_refused(call_with(&desk, desk.global, desk.key, "wrong", body, &error), error,
                       "accounts.hook_refused");
    hib_assert_refused(call_with(&desk, desk.global, desk.key, NULL, body, &error), error,
                       "accounts.hook_refused");
    hib_assert_refused(
        call_with(&desk, desk.global, "no-such-key", HIB_TEST_CHANNEL_SECRET, body, &error), error,
        "accounts.hook_unknown");
    hib_assert_refused(
        call_with(&desk, desk.global, desk.key, HIB_TEST_CHANNEL_SECRET, "nonsense", &error), error,
        "accounts.hook_unreadable");
    g_assert_cmpstr(heard(&desk), ==, "");
    call(&desk, body);
    hib_assert_ok(hib_account_health(desk.db, &desk.ws.services, desk.account, &health, &error),
                  error);
    g_assert_cmpint(health->hook_n_refused, ==, 3);
    g_assert_cmpint(health->hook_n_taken, ==, 1);
}

/* An app without a secret: whoever knows the address could sign with nothing. */
static void
an_address_without_a_secret_takes_nothing(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibAccountApp *app = NULL;
    HibNetHookAnswer answer = {0};
    HibNetHookCall in = {.method = "POST",
                         .query = "",
                         .header = header_of,
                         .data = (void *)(uintptr_t) "",
                         .body = "",
                         .n_body = 0};
    hib_assert_ok(
        hib_apps_set(desk.db, &desk.ws.services, "testnet", NULL, "public", NULL, &app, &error),
        error);
    hib_assert_refused(hib_hook_take(desk.global, &desk.ws.services, "testnet", app->hook_key, &in,
                                     &answer, &error),
                       error, "accounts.hook_refused");
    hib_assert_refused(hib_hook_take(desk.global, &desk.ws.services, "testline", app->hook_key, &in,
                                     &answer, &error),
                       error, "accounts.hook_unknown"); /* another network's address */
}

static void
an_approval_taken_back_ends_the_grant_unless_it_was_given_again_since(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibAccount *account = NULL;
    char *late = hib_arena_printf(test->arena, "e1|deauthorized||||%" G_GINT64_FORMAT,
                                  hib_db_now(desk.db) - HIB_HOUR);
    char *fresh = hib_arena_printf(test->arena, "e2|deauthorized||||%" G_GINT64_FORMAT,
                                   hib_db_now(desk.db) + HIB_SECOND);
    call(&desk, late);
    hib_assert_ok(hib_accounts_get(desk.db, desk.account, &account, &error), error);
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_OK);
    call(&desk, fresh);
    hib_assert_ok(hib_accounts_get(desk.db, desk.account, &account, &error), error);
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_NEEDS_RECONNECT);
    g_assert_cmpstr(heard(&desk), ==, "account.deauthorized account.deauthorized ");
    hib_assert_ok(hib_accounts_reconnect(desk.db, &desk.ws.services, desk.account,
                                         HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    call(&desk, fresh); /* repeated after the reconnect */
    hib_assert_ok(hib_accounts_get(desk.db, desk.account, &account, &error), error);
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_OK);
}

static gpointer
call_again(gpointer data)
{
    Desk *desk = data;
    GError *error = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) global = hib_db_open(desk->ws.test->store, arena, NULL);
    for (int i = 0; i < 5; i++)
        hib_assert_ok(call_with(desk, global, desk->key, HIB_TEST_CHANNEL_SECRET,
                                "e1|talk||m|hello|1\ne2|talk||m|hello|2", &error),
                      error);
    return NULL;
}

static void
the_same_event_from_many_sides_at_once_is_one(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    GThread *threads[4];
    for (size_t i = 0; i < 4; i++)
        threads[i] = g_thread_new("caller", call_again, &desk);
    for (size_t i = 0; i < 4; i++)
        g_thread_join(threads[i]);
    g_assert_cmpstr(heard(&desk), ==, "account.talk "); /* once a call */
    HibAccountHeard *said;
    size_t n;
    g_autoptr(GError) error = NULL;
    hib_assert_ok(hib_accounts_heard(desk.db, desk.account, 10, &said, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(said[0].talk.text, ==, "hello");
    hib_assert_ok(hib_accounts_heard_done(desk.db, said, n, &error), error);
    hib_assert_ok(hib_accounts_heard(desk.db, desk.account, 10, &said, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
a_flood_is_stopped_for_the_rest_of_the_minute(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    for (int i = 0; i < 2000; i++) /* who signs is never too many */
        call(&desk, "e1|talk||m|hello|1");
    for (int i = 0; i < 1200; i++) {
        hib_assert_refused(
            call_with(&desk, desk.global, desk.key, "a guess", "e2|talk||m||1", &error), error,
            "accounts.hook_refused");
        g_clear_error(&error);
    }
    HibInstant at = 0;
    g_assert_false(
        call_with(&desk, desk.global, desk.key, HIB_TEST_CHANNEL_SECRET, "e1|talk||m||1", &error));
    g_assert_true(hib_error_retry_at(error, &at));
    g_assert_cmpint(at, >, hib_db_now(desk.db));
    hib_assert_refused(false, error, "accounts.hook_flood");
    hib_clock_manual_set(test->clock, at + 1);
    call(&desk, "e9|talk||m|hello|1");
    g_assert_cmpstr(heard(&desk), ==, "account.talk account.talk ");
}

static void
what_was_told_is_kept_for_thirty_days(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibAccountHookEvent *event = NULL;
    g_autoptr(HibJobs) jobs =
        hib_jobs_manual(test->store, hib_accounts.jobs, &desk.ws.services, &error);
    g_assert_no_error(error);
    hib_assert_ok(hib_accounts_plan_sweep(desk.global, &error), error);
    call(&desk, "e1|talk||m|hello|1");
    heard(&desk);
    for (int day = 1; day <= 32; day++) {
        hib_clock_manual_set(test->clock, hib_db_now(desk.db) + HIB_DAY);
        hib_jobs_run_due(jobs);
        hib_assert_ok(hib_accounts_hook_event(desk.db, last_hook_event, &event, &error), error);
        g_assert_cmpint(event != NULL, ==, day < 31);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/hook/" #name, name)
#define ADD_MANUAL(name) hib_test_add_manual("/hook/" #name, name)
    ADD(an_event_is_kept_once_and_handed_on_with_its_words_in_the_row);
    ADD(numbers_are_kept_and_handed_on_with_their_time);
    ADD(what_is_of_no_account_or_of_no_known_kind_is_passed_over);
    ADD(who_cannot_sign_is_refused_counted_and_stores_nothing);
    ADD(an_address_without_a_secret_takes_nothing);
    ADD(an_approval_taken_back_ends_the_grant_unless_it_was_given_again_since);
    ADD(the_same_event_from_many_sides_at_once_is_one);
    ADD_MANUAL(a_flood_is_stopped_for_the_rest_of_the_minute);
    ADD_MANUAL(what_was_told_is_kept_for_thirty_days);
    return g_test_run();
}
