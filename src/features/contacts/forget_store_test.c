/* Who is deleted is gone everywhere, and only the certificate says that somebody was. */
#include "base/error.h"
#include "engage/engage.h"
#include "fixture_test.h"
#include "links/links.h"
#include <string.h>

static void
run(Fixture *f, const char *deletion)
{
    GError *error = NULL;
    HibJobEnd end;
    HibInstant at = 0;
    const HibJob job = {.kind = HIB_CONTACTS_FORGET, .subject = deletion, .json = "{}"};
    hib_assert_ok(hib_contacts_forget_run(f->db, &job, &f->ws.services, &end, &at, &error), error);
}

static void
everything_goes_and_the_certificate_stays(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *deletion, *other;
    HibSqlDeletionRow *row;
    HibSqlContactRow *gone;
    HibTalk *talk;
    size_t n;
    const char *next, *tag[] = {"常連"};
    fixture_open(&f, test);
    GArray *forgets = g_array_new(TRUE, TRUE, sizeof(HibForgetKind));
    const HibFeature *const features[] = {&hib_accounts, &hib_links, &hib_publish, &hib_engage};
    for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
        for (const HibForgetKind *kind = features[i]->forgets; kind->forget; kind++)
            g_array_append_vals(forgets, kind, 1);
    f.ws.services.forgets = (const HibForgetKind *)(const void *)forgets->data;
    fixture_say(&f, f.account, "did:plc:a", "akiko.example", "秋子", "内緒の話");
    fixture_say(&f, f.account, "did:plc:b", "akiko2.example", "秋子のもう一つ", "別の話");
    fixture_say(&f, f.account, "did:plc:c", "chiaki.example", "千秋", "残る話");
    const char *a = fixture_person(&f, f.account, "did:plc:a"),
               *b = fixture_person(&f, f.account, "did:plc:b");
    hib_assert_ok(hib_contact_merge(f.db, a, b, &error), error);
    hib_assert_ok(hib_contact_change(f.db, a, 1, "別名", "ja", "", tag, 1, &error), error);
    hib_assert_ok(hib_contact_add_note(f.db, a, "秋子さんの電話", &error), error);
    hib_assert_ok(hib_contact_delete(f.db, b, 0, &deletion, &error), error);
    hib_assert_refused(hib_contact_delete(f.db, a, 0, &other, &error), error, "contact.deleting");
    run(&f, deletion);
    run(&f, deletion); /* twice: the second finds it done */
    hib_assert_ok(hib_sql_deletion_get(f.db, deletion, &row, &error), error);
    g_assert_true(row->has_done_at && !row->subject_id && strlen(row->seal) == 64);
    g_assert_nonnull(strstr(row->counts, "\"contacts\":2"));
    g_assert_nonnull(strstr(row->counts, "\"talk\":2"));
    g_assert_nonnull(strstr(row->counts, "\"notes\":1"));
    hib_assert_refused(hib_contact_get(f.db, a, &gone, &error), error, "contact.unknown");
    g_assert_cmpstr(fixture_found(&f, "秋子"), ==, "");
    g_assert_cmpstr(fixture_found(&f, "別名"), ==, "");
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_TAG, HIB_OP_IS, "常連", 0), ==, 0);
    g_assert_cmpint(fixture_count(&f, HIB_FIELD_MESSAGES, HIB_OP_AT_LEAST, "", 1), ==, 1);
    hib_assert_ok(hib_engage_list(f.db, &(HibTalkQuery){0}, &talk, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        g_assert_true(g_str_equal(talk[i].text, "残る話") ||
                      (!*talk[i].text && !*talk[i].author_name && talk[i].is_deleted));
    g_array_unref(forgets);
    fixture_close(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/contacts/everything_goes_and_the_certificate_stays",
                 everything_goes_and_the_certificate_stays);
    return g_test_run();
}
