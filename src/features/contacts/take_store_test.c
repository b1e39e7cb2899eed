/* Contacts make themselves of what people say: once each, found by any of their names, however often it is read. */
#include "base/error.h"
#include "engage/engage.h"
#include "fixture_test.h"

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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/contacts/who_says_something_is_a_contact_once",
                 who_says_something_is_a_contact_once);
    hib_test_add("/contacts/two_characters_of_a_name_find_it", two_characters_of_a_name_find_it);
    hib_test_add("/contacts/pages_hold_everybody_once_newest_first",
                 pages_hold_everybody_once_newest_first);
    return g_test_run();
}
