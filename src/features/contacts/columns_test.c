/* Segments: packed or not, the answer is the same; consent that was taken back is not used. */
#include "base/error.h"
#include "fixture_test.h"

static void
pack(Fixture *f)
{
    GError *error = NULL;
    size_t n;
    hib_assert_ok(hib_contacts_pack(f->db, 100000, &n, &error), error);
}

static void
say_consent(Fixture *f, const char *person, bool is_given, HibInstant at)
{
    GError *error = NULL;
    const HibContactConsent consent = {
        .channel = "email", .purpose = "news", .is_given = is_given, .at = at, .source = "店頭"};
    hib_assert_ok(hib_contact_consent(f->db, person, &consent, &error), error);
}

static void
change(Fixture *f, const char *person, const char *const *tags, size_t n, const char *city)
{
    GError *error = NULL;
    HibSqlContactRow *row = fixture_row(f, person);
    hib_assert_ok(
        hib_contact_change(f->db, person, row->version, row->name, "ja", city, tags, n, &error),
        error);
}

/* Each question is asked before packing, after it, and after a change upon what was packed. */
static void
packed_or_not_the_answer_is_the_same(HibTestStore *test)
{
    Fixture f;
    fixture_open(&f, test);
    const char *vip[] = {"VIP", "常連"};
    for (int i = 0; i < 70; i++) {
        char *id = hib_arena_printf(hib_db_arena(f.db), "did:plc:%d", i);
        fixture_say(&f, f.account, id, id, id, "やあ");
    }
    for (int i = 0; i < 3; i++) {
        const char *ids[] = {"did:plc:0", "did:plc:64", "did:plc:69"};
        change(&f, fixture_person(&f, f.account, ids[i]), vip, 2, i ? "大阪" : "東京");
    }
    for (int round = 0; round < 2; round++, pack(&f)) {
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "VIP", 0), ==, 3);
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS_NOT, "VIP", 0), ==, 67);
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_CITY, HIB_OP_IS, "大阪", 0), ==, 2);
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "ない", 0), ==, 0);
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_LAST_SEEN, HIB_OP_AT_MOST, "", 1), ==, 70);
        g_assert_cmpint(fixture_count(&f, HIB_FIELD_LAST_SEEN, HIB_OP_AT_LEAST, "", 1), ==, 0);
    }
    change(&f, fixture_person(&f, f.account, "did:plc:64"), NULL, 0, "");
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "VIP", 0), ==, 2);
    pack(&f);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "VIP", 0), ==, 2);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CITY, HIB_OP_IS, "大阪", 0), ==, 1);
    fixture_close(&f);
}

static void
what_is_not_consented_is_not_counted(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    fixture_open(&f, test);
    fixture_say(&f, f.account, "did:plc:a", "a.example", "a", "x");
    fixture_say(&f, f.account, "did:plc:b", "b.example", "b", "x");
    const char *a = fixture_person(&f, f.account, "did:plc:a"),
               *b = fixture_person(&f, f.account, "did:plc:b");
    const HibInstant now = hib_db_now(f.db);
    say_consent(&f, a, true, now - HIB_DAY);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CONSENT, HIB_OP_IS, "email:news", 0), ==, 1);
    say_consent(&f, a, true, now - 3 * HIB_DAY); /* written down late: nothing changes */
    say_consent(&f, a, false, now - HIB_HOUR);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CONSENT, HIB_OP_IS, "email:news", 0), ==, 0);
    say_consent(&f, a, true, now - 2 * HIB_HOUR); /* older than the withdrawal */
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CONSENT, HIB_OP_IS, "email:news", 0), ==, 0);
    say_consent(&f, b, true, now);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CONSENT, HIB_OP_IS, "email:news", 0), ==, 1);
    hib_assert_ok(hib_contact_merge(f.db, b, a, &error), error); /* one of the two took it back */
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_CONSENT, HIB_OP_IS, "email:news", 0), ==, 0);
    const HibContactConsent ahead = {
        .channel = "email", .purpose = "news", .at = now + HIB_DAY, .source = "x"};
    hib_assert_refused(hib_contact_consent(f.db, a, &ahead, &error), error, "contact.bad_time");
    fixture_close(&f);
}

/* (VIP or says 100 %) and not seen for long: groups, and a note with signs that mean something to SQL. */
static void
groups_and_notes(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibBits bits;
    const char *vip[] = {"VIP"};
    fixture_open(&f, test);
    for (int i = 0; i < 4; i++) {
        char *id = hib_arena_printf(hib_db_arena(f.db), "did:plc:%d", i);
        fixture_say(&f, f.account, id, id, id, "やあ");
    }
    change(&f, fixture_person(&f, f.account, "did:plc:0"), vip, 1, "");
    hib_assert_ok(hib_contact_add_note(f.db, fixture_person(&f, f.account, "did:plc:1"),
                                       "満足度100%_です", &error),
                  error);
    hib_assert_ok(hib_contact_add_note(f.db, fixture_person(&f, f.account, "did:plc:2"),
                                       "満足度100点です", &error),
                  error);
    HibCondition any[] = {{.field = HIB_FIELD_TAG, .text = "VIP"},
                          {.field = HIB_FIELD_NOTE, .text = "100%_"}},
                 all[] = {{.field = HIB_FIELD_MESSAGES, .op = HIB_OP_AT_LEAST, .number = 1}};
    HibSegmentRule group = {.is_any = true, .conditions = any, .n_conditions = 2},
                   rule = {.conditions = all, .n_conditions = 1, .groups = &group, .n_groups = 1};
    hib_assert_ok(hib_segment_rule_people(f.db, &rule, &bits, &error), error);
    g_assert_cmpint(hib_bits_count(&bits), ==, 2);
    fixture_close(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/contacts/columns/" #name, name)
    ADD(packed_or_not_the_answer_is_the_same);
    ADD(what_is_not_consented_is_not_counted);
    ADD(groups_and_notes);
    return g_test_run();
}
