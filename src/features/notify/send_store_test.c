/* Sending: refused where it may not go, kept sealed, tried again only when that can help. The real ends are met in tests/api/test_notices.py. */
#include "base/error.h"
#include "notify/notify_private.h"
#include "test_workspace.h"
#include <string.h>

static bool
set_hook(HibDb *db, HibTestWorkspace *ws, const HibHookDraft *draft, GError **error)
{
    const char *secret;
    return hib_hook_set(db, &ws->services, ws->person, draft, &secret, error);
}

static void
a_webhook_is_kept_sealed(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibHookDraft draft = {.format = HIB_HOOK_SLACK,
                                .url = "https://hooks.slack.example/services/T0/B0/secret"};
    HibSqlHookRow *row;
    const char *secret;
    hib_assert_ok(hib_hook_set(db, &ws.services, ws.person, &draft, &secret, &error), error);
    g_assert_cmpuint(strlen(secret), >=, 43);
    hib_assert_ok(hib_sql_hook_get(db, ws.person, &row, &error), error);
    g_assert_cmpstr(row->host, ==, "hooks.slack.example");
    g_assert_null(strstr(row->url_sealed, "secret"));
    g_assert_null(strstr(row->secret_sealed, secret));
    hib_assert_ok(hib_hook_drop(db, ws.person, &error), error);
    hib_assert_ok(hib_hook_drop(db, ws.person, &error), error);
    hib_assert_ok(hib_sql_hook_get(db, ws.person, &row, &error), error);
    g_assert_null(row);
}

static void
what_is_no_webhook_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    ws.services.may_connect_private = false;
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const char *const bad[] = {
        "http://hooks.example/x",           "ftp://hooks.example", "hooks",
        "https://user:pass@hooks.example/", "https:///x",          ""};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        hib_assert_refused(set_hook(db, &ws, &(HibHookDraft){.url = bad[i]}, &error), error,
                           "notify.bad_url");
    HibHookDraft line = {.format = HIB_HOOK_LINE, .url = "https://api.line.example/push"};
    hib_assert_refused(set_hook(db, &ws, &line, &error), error, "notify.no_recipient");
    line.recipient = "U1";
    hib_assert_refused(set_hook(db, &ws, &line, &error), error, "notify.no_secret");
}

static void
nothing_is_sent_to_where_it_may_not_go(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    ws.services.may_connect_private = false;
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibSqlNoticeRow notice = {
        .id = "n", .person_id = ws.person, .word = "test", .who = "", .what = "", .place = "/"};
    hib_assert_refused(hib_notice_send(db, &ws.services, &notice, HIB_WAY_HOOK, &error), error,
                       "notify.no_hook");
    hib_assert_refused(hib_notice_send(db, &ws.services, &notice, HIB_WAY_MAIL, &error), error,
                       "notify.no_mail");
    hib_assert_ok(set_hook(db, &ws, &(HibHookDraft){.url = "https://127.0.0.1:1/x"}, &error),
                  error);
    hib_assert_refused(hib_notice_send(db, &ws.services, &notice, HIB_WAY_HOOK, &error), error,
                       "http.private");
    ws.services.may_connect_private = true;
    hib_assert_refused(hib_notice_send(db, &ws.services, &notice, HIB_WAY_HOOK, &error), error,
                       "notify.unreachable");
    HibSqlNoticeRow gone = notice;
    gone.person_id = "left";
    hib_assert_ok(hib_notice_send(db, &ws.services, &gone, HIB_WAY_HOOK, &error), error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/notify/send/a_webhook_is_kept_sealed", a_webhook_is_kept_sealed);
    hib_test_add("/notify/send/what_is_no_webhook_is_refused", what_is_no_webhook_is_refused);
    hib_test_add("/notify/send/nothing_is_sent_to_where_it_may_not_go",
                 nothing_is_sent_to_where_it_may_not_go);
    return g_test_run();
}
