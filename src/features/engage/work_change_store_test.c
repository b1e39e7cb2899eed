/* Many threads are changed together; what stands in the way of one is said of it; all of it is taken back, but what somebody changed since. */
#include "base/error.h"
#include "engage/desk.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *x, *bluesky;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    GError *error = NULL;
    const HibGrant grant = {.service = "https://api.x.com",
                            .remote_id = "1",
                            .handle = "cafe",
                            .display_name = "cafe",
                            .avatar_url = "",
                            .access = "no-access",
                            .refresh = "no-refresh"};
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->bluesky = hib_test_account(&f->ws, f->db, "cafe.example");
    hib_assert_ok(
        hib_accounts_add(f->db, &f->ws.services, "x", &grant, hib_db_now(f->db), &f->x, &error),
        error);
}

static void
close_fixture(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

/* Two comments of one person, the second under the first; their thread. */
static const char *
comments(Fixture *f, const char *account, const char *id)
{
    GError *error = NULL;
    HibThread *rows;
    const char *next;
    size_t n;
    const char *second = hib_arena_printf(hib_db_arena(f->db), "%s.2", id);
    HibNetTalk talk[2] = {{.kind = HIB_TALK_COMMENT,
                           .remote_id = id,
                           .text = "当選しました。LINE追加してください",
                           .post_id = "post",
                           .author_id = id,
                           .author_handle = id,
                           .author_name = id,
                           .url = "",
                           .at = hib_db_now(f->db)}};
    talk[1] = talk[0];
    talk[1].remote_id = second;
    talk[1].parent_id = id;
    hib_assert_ok(hib_engage_store(f->db, account, talk, 2, &n, &error), error);
    const HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    hib_assert_ok(hib_engage_threads(f->db, &query, &rows, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].with_id, id))
            return rows[i].id;
    g_assert_not_reached();
}

static size_t
n_hidden(Fixture *f, const char *thread)
{
    GError *error = NULL;
    HibWork work;
    size_t n = 0;
    hib_assert_ok(hib_work_of(f->db, thread, NULL, &work, &error), error);
    for (size_t i = 0; i < work.n_hidden; i++)
        n += work.hidden[i].is_hidden;
    return n;
}

static void
what_can_be_hidden_is_hidden_and_shown_again_together(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibWorkDone done, again, back;
    open_fixture(&f, test);
    const char *threads[] = {comments(&f, f.x, "spammer"), comments(&f, f.bluesky, "other"),
                             comments(&f, f.x, "third")};
    const HibWorkChange hide = {.has_hide = true, .is_hidden = true};
    hib_assert_ok(hib_work_change(f.db, threads, 3, &hide, &done, &error), error);
    g_assert_cmpuint(done.n_changed, ==, 2);
    g_assert_cmpuint(done.n_not_done, ==, 1);
    g_assert_cmpstr(done.not_done[0].thread, ==, threads[1]);
    g_assert_cmpint(done.not_done[0].why, ==, HIB_WORK_CANNOT_HIDE);
    g_assert_cmpuint(n_hidden(&f, threads[0]) + n_hidden(&f, threads[2]), ==, 4);
    hib_assert_ok(hib_work_change(f.db, threads, 1, &hide, &again, &error), error);
    g_assert_cmpuint(again.n_changed, ==, 0);
    hib_assert_ok(hib_work_take_back(f.db, done.undo, done.n_changed, &back, &error), error);
    g_assert_cmpuint(back.n_changed, ==, 2);
    g_assert_cmpuint(n_hidden(&f, threads[0]) + n_hidden(&f, threads[2]), ==, 0);
    close_fixture(&f);
}

static void
what_is_done_leaves_the_head_of_the_list_and_comes_back(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibWorkDone done, other, back;
    HibThreadCounts counts;
    open_fixture(&f, test);
    const char *threads[] = {comments(&f, f.x, "one"), comments(&f, f.x, "two")};
    const HibWorkChange finish = {.has_status = true, .status = HIB_WORK_DONE};
    const HibWorkChange hold = {.has_hold = true, .is_held = true};
    hib_assert_ok(hib_work_change(f.db, threads, 2, &finish, &done, &error), error);
    hib_assert_ok(hib_engage_counts(f.db, NULL, &counts, &error), error);
    g_assert_cmpint(counts.n_open, ==, 0);
    hib_assert_ok(hib_work_change(f.db, threads, 1, &hold, &other, &error), error);
    hib_assert_ok(hib_work_take_back(f.db, done.undo, 2, &back, &error), error);
    g_assert_cmpuint(back.n_changed, ==, 1);
    g_assert_cmpuint(back.n_not_done, ==, 1);
    g_assert_cmpint(back.not_done[0].why, ==, HIB_WORK_CHANGED_SINCE);
    hib_assert_ok(hib_engage_counts(f.db, NULL, &counts, &error), error);
    g_assert_cmpint(counts.n_open, ==, 1);
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/work_change/what_can_be_hidden_is_hidden_and_shown_again_together",
                 what_can_be_hidden_is_hidden_and_shown_again_together);
    hib_test_add("/work_change/what_is_done_leaves_the_head_of_the_list_and_comes_back",
                 what_is_done_leaves_the_head_of_the_list_and_comes_back);
    return g_test_run();
}
