/* A workspace in which people say things. */
#include "fixture_test.h"
#include "engage/engage.h"

void
fixture_open(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->account = hib_test_account(&f->ws, f->db, "cafe.example");
    f->other_account = hib_test_account(&f->ws, f->db, "shop.example");
}

void
fixture_close(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

void
fixture_say(Fixture *f, const char *account, const char *author, const char *handle,
            const char *name, const char *text)
{
    GError *error = NULL;
    size_t n = 0;
    const HibNetTalk talk = {.kind = HIB_TALK_COMMENT,
                             .remote_id = hib_arena_printf(hib_db_arena(f->db), "said-%d", f->n++),
                             .text = text,
                             .author_id = author,
                             .author_handle = handle,
                             .author_name = name,
                             .at = hib_db_now(f->db) + f->n * HIB_MILLISECOND};
    hib_assert_ok(hib_engage_store(f->db, account, &talk, 1, &n, &error), error);
    hib_assert_ok(hib_contacts_take(f->db, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

const char *
fixture_person(Fixture *f, const char *account, const char *author)
{
    GError *error = NULL;
    const char *person;
    hib_assert_ok(hib_contacts_find(f->db, account, author, &person, &error), error);
    g_assert_nonnull(person);
    return person;
}

HibSqlContactRow *
fixture_row(Fixture *f, const char *contact)
{
    GError *error = NULL;
    HibSqlContactRow *row;
    hib_assert_ok(hib_contact_get(f->db, contact, &row, &error), error);
    return row;
}

int64_t
fixture_count(Fixture *f, HibSegmentField field, HibSegmentOp op, const char *text, int64_t number)
{
    GError *error = NULL;
    HibCondition condition = {.field = field, .op = op, .text = text, .number = number};
    const HibSegmentRule rule = {.conditions = &condition, .n_conditions = 1};
    HibBits bits;
    hib_assert_ok(hib_segment_rule_people(f->db, &rule, &bits, &error), error);
    return hib_bits_count(&bits);
}

const char *
fixture_found(Fixture *f, const char *words)
{
    GError *error = NULL;
    HibSqlFoundPerson *rows;
    size_t n;
    int64_t total;
    const char *next;
    const HibContactQuery query = {.words = words};
    hib_assert_ok(hib_contact_list(f->db, &query, &rows, &n, &next, &total, &error), error);
    g_autoptr(GString) out = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s ", fixture_row(f, rows[i].id)->name);
    return hib_arena_strdup(hib_db_arena(f->db), out->str);
}
