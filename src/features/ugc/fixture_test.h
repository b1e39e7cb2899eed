/* What the tests of ugc/ share: a workspace with an account, and talk that was heard. */
#pragma once
#include "engage/engage.h"
#include "test_workspace.h"
#include "ugc/ugc_private.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account;
} Fixture;

static inline void
open_fixture(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->account = hib_test_account(&f->ws, f->db, "cafe.example");
}

static inline void
close_fixture(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

/* Somebody says something at `at` (0: now). */
static inline void
say(Fixture *f, HibNetTalkKind kind, const char *id, const char *author, const char *text,
    const char *parent, HibInstant at)
{
    GError *error = NULL;
    size_t n_new;
    const HibNetTalk talk = {.kind = kind,
                             .remote_id = id,
                             .text = text,
                             .parent_id = parent,
                             .author_id = author,
                             .author_handle = author,
                             .author_name = author,
                             .url =
                                 hib_arena_printf(hib_db_arena(f->db), "https://x.example/%s", id),
                             .at = at ? at : hib_db_now(f->db)};
    hib_assert_ok(hib_engage_store(f->db, f->account, &talk, 1, &n_new, &error), error);
}

static inline void
gather(Fixture *f)
{
    GError *error = NULL;
    HibJobEnd end;
    HibInstant at;
    hib_assert_ok(hib_ugc_gather_run(f->db, &(HibJob){0}, &f->ws.services, &end, &at, &error),
                  error);
}
