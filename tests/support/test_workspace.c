/* For tests of features: a store with one owner and one workspace in it. */
#include "test_workspace.h"
#include "team/team.h"
#include <glib/gstdio.h>
#include <string.h>

void
hib_test_workspace_open(HibTestWorkspace *ws, HibTestStore *test)
{
    GError *error = NULL;
    *ws =
        (HibTestWorkspace){.test = test, .directory = g_dir_make_tmp("hibiki-test-XXXXXX", &error)};
    g_assert_no_error(error);
    g_autofree char *key = g_build_filename(ws->directory, "secret.key", NULL);
    g_autofree char *blobs = g_build_filename(ws->directory, "blobs", NULL);
    ws->services = (HibServices){
        .store = test->store,
        .keys = hib_keys_open(key, &error),
        .blobs = hib_blobs_open(blobs, &error),
        .http = hib_http_new(),
        .version = "test",
        .base_url = "http://127.0.0.1",
        .may_connect_private = true,
    };
    g_assert_no_error(error);
    const HibTeamFounding founding = {
        .name = "山田 花子",
        .email = "hanako@example.com",
        .password = HIB_TEST_PASSWORD,
        .workspace_name = "喫茶ひびき",
        .zone = "Asia/Tokyo",
        .locale = "ja",
    };
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    hib_assert_ok(hib_team_found(db, &founding, &ws->workspace, &ws->person, &error), error);
}

static void
remove_tree(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR))
            remove_tree(inner);
        else
            g_unlink(inner);
    }
    if (folder)
        g_dir_close(folder);
    g_rmdir(path);
}

void
hib_test_workspace_close(HibTestWorkspace *ws)
{
    if (!ws->directory)
        return;
    if (ws->free_media_workers)
        ws->free_media_workers(ws->services.media_workers);
    hib_http_free(ws->services.http);
    hib_blobs_close(ws->services.blobs);
    hib_keys_free(ws->services.keys);
    remove_tree(ws->directory);
    g_clear_pointer(&ws->directory, g_free);
}

HibDb *
hib_test_workspace_db(HibTestWorkspace *ws, HibArena *arena)
{
    HibDb *db = hib_db_open(ws->test->store, arena ? arena : ws->test->arena, ws->workspace);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, ws->person);
    return db;
}

const char *
hib_test_account(HibTestWorkspace *ws, HibDb *db, const char *handle)
{
    GError *error = NULL;
    const char *id = NULL;
    const HibGrant grant = {
        .service = "https://bsky.social",
        .remote_id = hib_arena_printf(hib_db_arena(db), "did:plc:%s", handle),
        .handle = handle,
        .display_name = handle,
        .avatar_url = "",
        .access = "no-access",
        .refresh = "no-refresh",
    };
    hib_assert_ok(
        hib_accounts_add(db, &ws->services, "bluesky", &grant, hib_db_now(db), &id, &error), error);
    return id;
}
