/* Contacts make themselves of what people say: once each, found by any of their names, however often it is read, and while a storm goes on too. */
#include "accounts/accounts.h"
#include "accounts/app.sql.h"
#include "accounts/hook.h"
#include "base/error.h"
#include "engage/engage.h"
#include "fixture_test.h"
#include "test_network.h"
#include <glib/gstdio.h>

static void
who_says_something_is_a_contact_once(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    size_t n;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:fan", "fan.example", "山田花子", "おいしい");
    fixture_say(&f, f.account, "did:plc:fan", "fan.example", "山田花子", "また来ます");
    fixture_say(&f, f.other_account, "did:plc:fan", "fan.example", "山田花子", "こちらにも");
    fixture_say(&f, f.account, "did:plc:bob", "bob.example", "Bob Smith", "nice");
    const char *fan = fixture_person(&f, f.account, "did:plc:fan");
    g_assert_cmpstr(fan, ==, fixture_person(&f, f.other_account, "did:plc:fan"));
    g_assert_cmpint(fixture_row(&f, fan)->n_messages, ==, 3);
    hib_assert_ok(hib_contacts_take(f.db, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_NETWORK, HIB_OP_IS, "bluesky", 0), ==, 2);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 3), ==, 1);
    fixture_close(&f);
}

static void
two_characters_of_a_name_find_it(HibTestStore *test)
{
    Fixture f;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:fan", "hanako-y.example", "山田花子", "やあ");
    fixture_say(&f, f.account, "did:plc:bob", "bob.example", "Bob Smith", "nice");
    g_assert_cmpstr(fixture_found(&f, "花子"), ==, "山田花子 ");
    g_assert_cmpstr(fixture_found(&f, "smi"), ==, "Bob Smith ");
    g_assert_cmpstr(fixture_found(&f, "HANAKO"), ==, "山田花子 ");
    g_assert_cmpstr(fixture_found(&f, "太郎"), ==, "");
    g_assert_cmpstr(fixture_found(&f, "%"), ==, "");
    fixture_say(&f, f.account, "did:plc:fan", "hanako-y.example", "鈴木花子", "改名しました");
    g_assert_cmpstr(fixture_found(&f, "鈴木"), ==, "山田花子 ");
    g_assert_cmpstr(fixture_found(&f, "山田"), ==, "");
    fixture_close(&f);
}

static void
pages_hold_everybody_once_newest_first(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *next = NULL;
    size_t seen = 0;
    HibInstant last = INT64_MAX;
    fixture_open(&f, test);
    for (int i = 0; i < 23; i++) {
        char *id = hib_arena_printf(hib_db_arena(f.db), "did:plc:%d", i);
        fixture_say(&f, f.account, id, id, id, "やあ");
    }
    do {
        HibSqlFoundPerson *rows;
        size_t n;
        int64_t total;
        const HibContactQuery query = {.limit = 10, .cursor = next};
        hib_assert_ok(hib_contact_list(f.db, &query, &rows, &n, &next, &total, &error), error);
        for (size_t i = 0; i < n; i++, seen++) {
            g_assert_cmpint(rows[i].shown_at, <=, last);
            last = rows[i].shown_at;
        }
    } while (next);
    g_assert_cmpuint(seen, ==, 23);
    fixture_close(&f);
}

/* --- in a storm ------------------------------------------------------------------------------------------------------- */
static bool
hear_nothing(HibDb *db G_GNUC_UNUSED, const char *account G_GNUC_UNUSED,
             const HibNetTalk *talk G_GNUC_UNUSED, size_t n G_GNUC_UNUSED, GError **error)
{
    hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "a storm");
    return false;
}

/* More waits in the spool than is stored at once, and none of it will be. */
static void
fall_behind(Fixture *f, const char *folder)
{
    GError *error = NULL;
    HibAccount *account;
    HibSqlHookState *hook;
    g_autofree char *long_text = g_strnfill(1 << 20, 'a');
    hib_test_net_reset();
    hib_assert_ok(hib_accounts_connect(f->db, &f->ws.services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    hib_assert_ok(hib_sql_hook_of_account(f->db, account->id, &hook, &error), error);
    const HibNetHookEvent event = {
        .id = "e",
        .kind = "talk",
        .talk = {.kind = HIB_TALK_MESSAGE, .remote_id = "m", .text = long_text}};
    const HibHookCall call = {.key = hook->key, .at = hib_db_now(f->db), .events = &event, .n = 1};
    f->ws.services.hooks = hib_hooks_open(f->ws.test->store, folder, hear_nothing, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) record = hib_hook_record(hib_db_arena(f->db), f->ws.workspace, &call);
    hib_assert_ok(hib_hooks_keep(f->ws.services.hooks, record, &error), error);
    g_assert_true(hib_hooks_are_behind(f->ws.services.hooks));
}

static void
say_many(Fixture *f, int n)
{
    GError *error = NULL;
    size_t n_new;
    HibNetTalk *talk = hib_arena_array(hib_db_arena(f->db), HibNetTalk, (size_t)n);
    for (int i = 0; i < n; i++) {
        const char *id = hib_arena_printf(hib_db_arena(f->db), "many-%d", f->n++);
        talk[i] = (HibNetTalk){.kind = HIB_TALK_MESSAGE,
                               .remote_id = id,
                               .text = "やあ",
                               .author_id = id,
                               .at = hib_db_now(f->db)};
    }
    hib_assert_ok(hib_engage_store(f->db, f->account, talk, (size_t)n, &n_new, &error), error);
}

/* How many are contacts after a run of the job; *ret_again: it wants to go on at once. */
static int64_t
run_job(Fixture *f, bool *ret_again)
{
    GError *error = NULL;
    HibJobEnd end;
    HibInstant at = 0;
    HibSqlContactsStateGet *state;
    const HibJob job = {.kind = HIB_CONTACTS_TAKE, .subject = "take", .json = "{}"};
    hib_assert_ok(hib_contacts_take_run(f->db, &job, &f->ws.services, &end, &at, &error), error);
    *ret_again = end == HIB_JOB_AGAIN && at <= hib_db_now(f->db);
    hib_assert_ok(hib_sql_contacts_state_get(f->db, &state, &error), error);
    return state->next_num;
}

static void
in_a_storm_a_share_is_taken_and_nobody_waits_for_ever(HibTestStore *test)
{
    Fixture f;
    bool is_again;
    g_autofree char *folder = g_dir_make_tmp("hib-hooks-XXXXXX", NULL);
    fixture_open(&f, test);
    fall_behind(&f, folder);
    say_many(&f, 5000);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2000);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2000); /* storing goes first */
    g_assert_false(is_again);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 10 * HIB_SECOND);
    g_assert_cmpint(run_job(&f, &is_again), ==, 4000);
    g_assert_cmpint(run_job(&f, &is_again), ==, 4000);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 10 * HIB_MINUTE);
    say_many(&f, 3000);
    g_assert_cmpint(run_job(&f, &is_again), ==,
                    6000); /* the oldest of them waited for ten minutes */
    g_assert_true(is_again);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 10 * HIB_MINUTE);
    say_many(&f, 1500);
    g_assert_cmpint(run_job(&f, &is_again), ==, 8000);
    g_assert_cmpint(run_job(&f, &is_again), ==, 9500);
    say_many(&f, 100);
    g_assert_cmpint(run_job(&f, &is_again), ==, 9500);
    hib_hooks_close(g_steal_pointer(&f.ws.services.hooks));
    fixture_close(&f);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autofree char *left = g_build_filename(folder, g_dir_read_name(dir), NULL);
    g_unlink(left);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/contacts/who_says_something_is_a_contact_once",
                 who_says_something_is_a_contact_once);
    hib_test_add("/contacts/two_characters_of_a_name_find_it", two_characters_of_a_name_find_it);
    hib_test_add("/contacts/pages_hold_everybody_once_newest_first",
                 pages_hold_everybody_once_newest_first);
    hib_test_add_manual("/contacts/in_a_storm_a_share_is_taken_and_nobody_waits_for_ever",
                        in_a_storm_a_share_is_taken_and_nobody_waits_for_ever);
    return g_test_run();
}
