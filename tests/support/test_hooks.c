/* A spool that is behind: see test_hooks.h. */
#include "test_hooks.h"
#include "accounts/app.sql.h"
#include "accounts/hook.h"
#include "base/error.h"
#include "test_network.h"
#include <glib/gstdio.h>

bool
hib_test_hooks_hear_nothing(HibDb *db G_GNUC_UNUSED, const char *account G_GNUC_UNUSED,
                            const HibNetTalk *talk G_GNUC_UNUSED, size_t n G_GNUC_UNUSED,
                            GError **error)
{
    hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "a storm");
    return false;
}

const char *
hib_test_hooks_account(HibTestWorkspace *ws, HibDb *db)
{
    GError *error = NULL;
    HibAccount *account;
    hib_test_net_reset();
    hib_assert_ok(hib_accounts_connect(db, &ws->services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    return account->id;
}

void
hib_test_hooks_keep(HibTestWorkspace *ws, HibDb *db, HibHooks *hooks, const char *account,
                    const HibNetTalk *talk)
{
    GError *error = NULL;
    HibSqlHookState *hook;
    hib_assert_ok(hib_sql_hook_of_account(db, account, &hook, &error), error);
    const HibNetHookEvent event = {.id = talk->remote_id, .kind = "talk", .talk = *talk};
    const HibHookCall call = {.key = hook->key, .at = hib_db_now(db), .events = &event, .n = 1};
    g_autoptr(GByteArray) record = hib_hook_record(hib_db_arena(db), ws->workspace, &call);
    hib_assert_ok(hib_hooks_keep(hooks, record, &error), error);
}

char *
hib_test_hooks_fall_behind(HibTestWorkspace *ws, HibDb *db)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("hib-hooks-XXXXXX", NULL);
    g_autofree char *long_text = g_strnfill(1 << 20, 'a');
    const HibNetTalk talk = {.kind = HIB_TALK_MESSAGE, .remote_id = "m", .text = long_text};
    const char *account = hib_test_hooks_account(ws, db);
    ws->services.hooks =
        hib_hooks_open(ws->test->store, folder, hib_test_hooks_hear_nothing, &error);
    g_assert_no_error(error);
    hib_test_hooks_keep(ws, db, ws->services.hooks, account, &talk);
    g_assert_true(hib_hooks_are_behind(ws->services.hooks));
    return folder;
}

void
hib_test_hooks_end(HibTestWorkspace *ws, char *folder)
{
    hib_hooks_close(g_steal_pointer(&ws->services.hooks));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}
