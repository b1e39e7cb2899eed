/* A merge makes two one and taking it back makes them what they were; two people who merge at once do not tear anything. */
#include "base/error.h"
#include "fixture_test.h"

static const char *
only_merge(Fixture *f, const char *person)
{
    GError *error = NULL;
    HibSqlMergesOf *rows;
    size_t n;
    hib_assert_ok(hib_sql_merges_of(f->db, person, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    return rows[0].id;
}

static void
a_merge_joins_and_its_undoing_restores(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *tag[] = {"常連"}, *person;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:a", "a.example", "あさ", "やあ");
    fixture_say(&f, f.account, "did:plc:b", "b.example", "ばん", "やあ");
    fixture_say(&f, f.account, "did:plc:b", "b.example", "ばん", "また");
    const char *a = fixture_person(&f, f.account, "did:plc:a"),
               *b = fixture_person(&f, f.account, "did:plc:b");
    hib_assert_ok(hib_contact_change(f.db, b, 1, "ばん", "ja", "東京", tag, 1, &error), error);
    hib_assert_ok(hib_contact_merge(f.db, a, b, &error), error);
    g_assert_cmpstr(fixture_person(&f, f.account, "did:plc:b"), ==, a);
    g_assert_cmpint(fixture_row(&f, b)->n_messages, ==, 3);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 3), ==, 1);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "常連", 0), ==, 1);
    hib_assert_refused(hib_contact_merge(f.db, b, a, &error), error, "contact.same");
    fixture_say(&f, f.account, "did:plc:b", "b.example", "ばん", "合わせたあと");
    hib_assert_ok(hib_contact_unmerge(f.db, only_merge(&f, a), &person, &error), error);
    g_assert_cmpint(fixture_row(&f, a)->n_messages, ==, 1);
    g_assert_cmpint(fixture_row(&f, b)->n_messages, ==, 3);
    g_assert_cmpstr(fixture_row(&f, b)->city, ==, "東京");
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 3), ==, 1);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_MOST, "", 1), ==, 1);
    fixture_close(&f);
}

static void
what_was_merged_on_is_undone_in_order(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *person;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:a", "a.example", "a", "x");
    fixture_say(&f, f.account, "did:plc:b", "b.example", "b", "x");
    fixture_say(&f, f.account, "did:plc:c", "c.example", "c", "x");
    const char *a = fixture_person(&f, f.account, "did:plc:a"),
               *b = fixture_person(&f, f.account, "did:plc:b"),
               *c = fixture_person(&f, f.account, "did:plc:c");
    hib_assert_ok(hib_contact_merge(f.db, b, c, &error), error);
    const char *first = only_merge(&f, b);
    hib_assert_ok(hib_contact_merge(f.db, a, b, &error), error);
    hib_assert_refused(hib_contact_unmerge(f.db, first, &person, &error), error,
                       "contact.merged_on");
    hib_assert_ok(hib_contact_unmerge(f.db, only_merge(&f, a), &person, &error), error);
    g_assert_cmpstr(fixture_person(&f, f.account, "did:plc:c"), ==, b);
    hib_assert_ok(hib_contact_unmerge(f.db, first, &person, &error), error);
    hib_assert_refused(hib_contact_unmerge(f.db, first, &person, &error), error,
                       "contact.merge_undone");
    hib_assert_refused(hib_contact_unmerge(f.db, "none", &person, &error), error,
                       "contact.merge_unknown");
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 1), ==, 3);
    fixture_close(&f);
}

typedef struct {
    Fixture *f;
    const char *into, *other;
    bool is_done;
} Merger;

static gpointer
merge_in_a_thread(gpointer data)
{
    Merger *merger = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_test_workspace_db(&merger->f->ws, arena);
    g_autoptr(GError) error = NULL;
    merger->is_done = hib_contact_merge(db, merger->into, merger->other, &error);
    if (!merger->is_done)
        g_assert_cmpstr(hib_error_reason(error), ==, "contact.same");
    return NULL;
}

/* One says a is b, the other that b is a: one of them comes first, the other hears that they are one. */
static void
two_people_merging_at_once_leave_one_person(HibTestStore *test)
{
    Fixture f;
    fixture_open(&f, test);
    for (int round = 0; round < 10; round++) {
        char *x = hib_arena_printf(hib_db_arena(f.db), "did:plc:x%d", round),
             *y = hib_arena_printf(hib_db_arena(f.db), "did:plc:y%d", round);
        fixture_say(&f, f.account, x, x, x, "x");
        fixture_say(&f, f.account, y, y, y, "y");
        const char *a = fixture_person(&f, f.account, x), *b = fixture_person(&f, f.account, y);
        Merger mergers[] = {{&f, a, b, false}, {&f, b, a, false}};
        GThread *threads[2];
        for (int i = 0; i < 2; i++)
            threads[i] = g_thread_new("merger", merge_in_a_thread, &mergers[i]);
        for (int i = 0; i < 2; i++)
            g_thread_join(threads[i]);
        g_assert_true(mergers[0].is_done != mergers[1].is_done);
        g_assert_cmpstr(fixture_person(&f, f.account, x), ==, fixture_person(&f, f.account, y));
    }
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 2), ==, 10);
    fixture_close(&f);
}

static void
like_handles_are_suggested_and_never_merged_by_themselves(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibSqlPairList *rows;
    size_t n;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:a", "hanako-yamada.example", "花子", "x");
    fixture_say(&f, f.account, "did:plc:b", "hanakoyamada.test", "花子", "x");
    fixture_say(&f, f.account, "did:plc:c", "someone.test", "花子", "x");
    hib_assert_ok(hib_sql_pair_list(f.db, 10, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].reasons, ==, "like_handle,same_name,other_account");
    g_assert_cmpint(rows[0].score, >=, 60);
    hib_assert_ok(hib_contact_apart(f.db, rows[0].b_id, rows[0].a_id, &error), error);
    hib_assert_ok(hib_sql_pair_list(f.db, 10, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_refused(hib_contact_apart(f.db, "a", "b", &error), error, "contact.pair_unknown");
    fixture_close(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/contacts/merge/" #name, name)
    ADD(a_merge_joins_and_its_undoing_restores);
    ADD(what_was_merged_on_is_undone_in_order);
    ADD(two_people_merging_at_once_leave_one_person);
    ADD(like_handles_are_suggested_and_never_merged_by_themselves);
    return g_test_run();
}
