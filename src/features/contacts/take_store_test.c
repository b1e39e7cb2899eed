/* Contacts make themselves of what people say: once each, found by any of their names, however often it is read, and while a storm goes on too. */
#include "base/error.h"
#include "engage/engage.h"
#include "fixture_test.h"
#include "test_hooks.h"

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
    fixture_open(&f, test);
    char *folder = hib_test_hooks_fall_behind(&f.ws, f.db);
    say_many(&f, 2500);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2000);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2000); /* storing goes first */
    g_assert_false(is_again);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 10 * HIB_SECOND);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2500);
    say_many(&f, 100);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2500);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + HIB_SECOND);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2500);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 9 * HIB_SECOND);
    g_assert_cmpint(run_job(&f, &is_again), ==, 2600);
    say_many(&f, 2100);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + 10 * HIB_MINUTE);
    g_assert_cmpint(run_job(&f, &is_again), ==, 4600);
    g_assert_true(is_again);
    g_assert_cmpint(run_job(&f, &is_again), ==, 4700); /* they waited long enough */
    hib_test_hooks_end(&f.ws, folder);
    fixture_close(&f);
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
