/* For tests of features: a store with one owner and one workspace in it, and the services a handler would get.
 *
 * Include it as "test_workspace.h" and link test_workspace_dep. */
#pragma once
#include "accounts/accounts.h"
#include "media/media.h"
#include "store/test_store.h"

#define HIB_TEST_PASSWORD "correct horse battery"

typedef struct {
    HibTestStore *test;
    HibServices services;
    const char *workspace, *person; /* ids; the person is called 山田 花子 */
    char *directory;                /* key file and blobs */
    void (*free_media_workers)(struct HibMediaWorkers *workers);
} HibTestWorkspace;

void hib_test_workspace_open(HibTestWorkspace *ws, HibTestStore *test);
void hib_test_workspace_close(HibTestWorkspace *ws);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibTestWorkspace, hib_test_workspace_close)

/* Scoped to the workspace, the owner acting. `arena` NULL: the test's own; a thread brings its own. */
HibDb *hib_test_workspace_db(HibTestWorkspace *ws, HibArena *arena);
/* An account nobody signed in to: its tokens open nothing. The id. */
const char *hib_test_account(HibTestWorkspace *ws, HibDb *db, const char *handle);
/* From here media are looked at and made to fit, by children as in the program; without it they stay as they came. */
void hib_test_media_workers(HibTestWorkspace *ws);
/* A picture of that width (1 high), stored. The id. */
const char *hib_test_picture(HibTestWorkspace *ws, HibDb *db, int width);
/* The bytes of such a picture: a PNG whose header is whole. */
GBytes *hib_test_png(int width, int height);
