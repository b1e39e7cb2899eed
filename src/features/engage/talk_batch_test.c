/* Comments under comments, mentions, messages, with files or without, told twice, edited, taken away, in any order: stored at once they stand as stored one by one. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "test_workspace.h"

enum { TOLD = 150, THINGS = 90, PEOPLE = 9, ROUNDS = 8, POSTS = 3 };

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    HibInstant now;
    GRand *dice;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){.dice = g_rand_new_with_seed(7)};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->now = hib_db_now(f->db);
}

static void
close_fixture(Fixture *f)
{
    g_rand_free(f->dice);
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

static int
roll(Fixture *f, int n)
{
    return g_rand_int_range(f->dice, 0, n);
}

/* --- what is told ----------------------------------------------------------------------------------------------- */
/* A thing is always by the same person and at the same place; what it answers may come after it, or never. */
static HibNetTalk
thing(Fixture *f, HibArena *arena, int i)
{
    static const HibNetAttachment files[] = {
        {.kind = HIB_ATTACH_IMAGE, .url = "https://e.example/a.png"},
        {.kind = HIB_ATTACH_FILE, .url = "https://e.example/b.pdf", .title = "b"}};
    const HibNetTalkKind kind = (HibNetTalkKind)roll(f, 3);
    const int files_rolled = roll(f, 8), other = i - 20 + roll(f, 30);
    const char *who = hib_arena_printf(arena, "U%d", roll(f, PEOPLE));
    HibNetTalk talk = {.kind = kind,
                       .remote_id = hib_arena_printf(arena, "t%d", i),
                       .author_id = who,
                       .author_handle = hib_arena_printf(arena, "%s.example", who),
                       .author_name = who,
                       .url = "",
                       .is_own = roll(f, 25) == 0,
                       .attachments = files,
                       .n_attachments = (size_t)(files_rolled > 5 ? files_rolled - 5 : 0)};
    if (kind == HIB_TALK_MESSAGE)
        talk.conversation = who;
    else
        talk.post_id = hib_arena_printf(arena, "p%d", roll(f, POSTS));
    if (kind != HIB_TALK_MESSAGE && roll(f, 3))
        talk.parent_id = hib_arena_printf(arena, "t%d", MAX(other, 0));
    if (talk.parent_id && g_str_equal(talk.parent_id, talk.remote_id))
        talk.parent_id = NULL;
    return talk;
}

static HibNetTalk *
told(Fixture *f, HibArena *arena)
{
    static const char *const words[] = {"いつもありがとう", "届きません。返金してください",
                                        "何時からですか?", "炎上しています"};
    HibNetTalk *things = hib_arena_array(arena, HibNetTalk, THINGS),
               *out = hib_arena_array(arena, HibNetTalk, TOLD);
    for (int i = 0; i < THINGS; i++)
        things[i] = thing(f, arena, i);
    for (int i = 0; i < TOLD; i++) {
        const int which = i < THINGS / 2 ? i : roll(f, THINGS);
        out[i] = things[which];
        out[i].text =
            hib_arena_printf(arena, "%s %s", out[i].remote_id, words[roll(f, 4) ? 0 : roll(f, 4)]);
        out[i].at = f->now + (roll(f, 4) ? i : roll(f, TOLD)) * HIB_SECOND + i;
        out[i].is_deleted = roll(f, 20) == 0;
    }
    return out;
}

/* --- how it stands ---------------------------------------------------------------------------------------------- */
static int
by_text(const void *a, const void *b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static char *
sorted(GPtrArray *lines)
{
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static int
seconds(const Fixture *f, HibInstant at)
{
    return at ? (int)((at - f->now) / HIB_SECOND) : -1;
}

static char *
thread_line(Fixture *f, const HibThread *t)
{
    GError *error = NULL;
    HibTalk *rows;
    const char *next;
    size_t n;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    hib_assert_ok(hib_engage_thread_talk(f->db, t->id, NULL, 100, &rows, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++) {
        size_t n_files = 0;
        for (size_t k = 0; k < rows[i].n_attachments; k++)
            n_files += rows[i].files[k].id && *rows[i].files[k].id;
        g_ptr_array_add(lines, g_strdup_printf("  %s %d %d %d %d %zu", rows[i].text, rows[i].is_own,
                                               rows[i].is_deleted, rows[i].reading.intent,
                                               rows[i].edited_at != 0, n_files));
    }
    g_autofree char *said = sorted(lines);
    /* Not when it began: that may have been taken away before it was counted. */
    return g_strdup_printf(
        "%d %s %s %d %d %d %d %d %d %d %d\n%s", t->kind, t->with_id, t->last_text, (int)t->n_talk,
        (int)t->n_waiting, seconds(f, t->waiting_since), seconds(f, t->answered_at),
        seconds(f, t->last_at), t->status, t->reading.urgency, t->reading.intent, said);
}

static char *
as_it_stands(Fixture *f, const char *account)
{
    GError *error = NULL;
    HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    HibThread *rows;
    const char *next;
    size_t n;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    query.account = account;
    query.limit = 100;
    hib_assert_ok(hib_engage_threads(f->db, &query, &rows, &n, &next, &error), error);
    g_assert_null(next);
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(lines, thread_line(f, &rows[i]));
    return sorted(lines);
}

static void
store(Fixture *f, const char *account, const HibNetTalk *talk, size_t n)
{
    GError *error = NULL;
    size_t n_new;
    hib_assert_ok(hib_engage_store(f->db, account, talk, n, &n_new, &error), error);
}

static void
at_once_or_one_by_one_it_is_the_same(HibTestStore *test)
{
    Fixture f;
    open_fixture(&f, test);
    for (int round = 0; round < ROUNDS; round++) {
        const HibNetTalk *all = told(&f, test->arena);
        const char *accounts[3];
        char *stands[3];
        for (int way = 0; way < 3; way++) {
            const int step = way == 0 ? 1 : way == 1 ? TOLD : 40;
            accounts[way] = hib_test_account(
                &f.ws, f.db, hib_arena_printf(test->arena, "shop%d-%d.example", round, way));
            for (int i = 0; i < TOLD; i += step)
                store(&f, accounts[way], &all[i], (size_t)MIN(step, TOLD - i));
            stands[way] = as_it_stands(&f, accounts[way]);
        }
        g_assert_cmpstr(stands[1], ==, stands[0]);
        g_assert_cmpstr(stands[2], ==, stands[0]);
        for (int way = 0; way < 3; way++)
            g_free(stands[way]);
    }
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/talk-batch/at_once_or_one_by_one_it_is_the_same",
                 at_once_or_one_by_one_it_is_the_same);
    return g_test_run();
}
