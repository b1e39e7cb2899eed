/* Who is deleted is gone everywhere, and only the certificate says that somebody was. */
#include "base/error.h"
#include "engage/engage.h"
#include "fixture_test.h"
#include "links/links.h"
#include "test_hooks.h"
#include <glib/gstdio.h>
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

/* --- what is on its way ------------------------------------------------------------------------------------------------ */
#define FAN "U-fan"

static GMutex hearing;
static GCond has_heard;
static int n_heard;

/* A process that takes its time between storing and the commit. */
static bool
hear_slowly(HibDb *db, const char *account, const HibNetTalk *talk, size_t n, GError **error)
{
    const bool ok = hib_engage_hear(db, account, talk, n, error);
    g_mutex_lock(&hearing);
    n_heard++;
    g_cond_broadcast(&has_heard);
    g_mutex_unlock(&hearing);
    g_usleep(300000);
    return ok;
}

static HibNetTalk
said(Fixture *f, const char *id, const char *who, const char *text)
{
    return (HibNetTalk){.kind = HIB_TALK_MESSAGE,
                        .remote_id = id,
                        .text = text,
                        .author_id = who,
                        .author_handle = "",
                        .author_name = who,
                        .conversation = who,
                        .at = hib_db_now(f->db)};
}

/* Somebody said something by a webhook, is a contact, and is to be deleted; the deletion is asked for. */
static const char *
begin_deletion(Fixture *f, const char **ret_account)
{
    static HibForgetKind forgets[3];
    GError *error = NULL;
    const char *deletion;
    size_t n;
    forgets[0] = hib_accounts.forgets[0];
    forgets[1] = hib_engage.forgets[0];
    f->ws.services.forgets = forgets;
    *ret_account = hib_test_hooks_account(&f->ws, f->db);
    const HibNetTalk talk = said(f, "m1", FAN, "内緒の話");
    hib_assert_ok(hib_engage_store(f->db, *ret_account, &talk, 1, &n, &error), error);
    hib_assert_ok(hib_contacts_take(f->db, &n, &error), error);
    const char *fan = fixture_person(f, *ret_account, FAN);
    hib_assert_ok(hib_contact_delete(f->db, fan, 0, &deletion, &error), error);
    return deletion;
}

/* "text " …, of what stands in the inbox. */
static char *
texts(Fixture *f)
{
    GError *error = NULL;
    HibTalk *talk;
    const char *next;
    size_t n;
    g_autoptr(GString) out = g_string_new(NULL);
    hib_assert_ok(hib_engage_list(f->db, &(HibTalkQuery){0}, &talk, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpstr(talk[i].author_name, !=, FAN);
        if (*talk[i].text)
            g_string_append_printf(out, "%s ", talk[i].text);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Two spools as two processes have them: one cannot store yet when somebody is deleted whose words it holds, and is taken over later by who can. */
static void
words_in_another_spool_are_not_stored_after_the_deletion(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *account;
    fixture_open(&f, test);
    const char *deletion = begin_deletion(&f, &account);
    char *folder = g_dir_make_tmp("hib-hooks-XXXXXX", NULL),
         *own = g_dir_make_tmp("hib-hooks-XXXXXX", NULL);
    HibHooks *other = hib_hooks_open(test->store, folder, hib_test_hooks_hear_nothing, &error);
    g_assert_no_error(error);
    const HibNetTalk late = said(&f, "m2", FAN, "届くのが遅い話"),
                     theirs = said(&f, "m3", "U-bob", "残る話");
    hib_test_hooks_keep(&f.ws, f.db, other, account, &late);
    hib_test_hooks_keep(&f.ws, f.db, other, account, &theirs);
    f.ws.services.hooks = hib_hooks_open(test->store, own, hib_engage_hear, &error);
    run(&f, deletion); /* nobody waits for a process that may never come back */
    hib_test_hooks_end(&f.ws, own);
    hib_hooks_close(other);
    f.ws.services.hooks = hib_hooks_open(test->store, folder, hib_engage_hear, &error);
    g_assert_no_error(error);
    hib_hooks_close(g_steal_pointer(&f.ws.services.hooks)); /* what was left is taken first */
    g_autofree char *before = texts(&f);
    g_assert_cmpstr(before, ==, "残る話 ");
    /* Who writes again begins anew. */
    HibNetTalk again = said(&f, "m4", FAN, "また来ました");
    size_t n;
    again.at += HIB_SECOND;
    again.author_name = "";
    hib_assert_ok(hib_engage_store(f.db, account, &again, 1, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    f.ws.services.hooks = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
    g_rmdir(folder);
    g_free(folder);
    fixture_close(&f);
}

/* The other process has stored it and not committed: the deletion waits for that and finds it. */
static void
words_that_are_stored_at_this_moment_are_deleted_too(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *account;
    fixture_open(&f, test);
    const char *deletion = begin_deletion(&f, &account);
    char *folder = g_dir_make_tmp("hib-hooks-XXXXXX", NULL);
    HibHooks *other = hib_hooks_open(test->store, folder, hear_slowly, &error);
    g_assert_no_error(error);
    const HibNetTalk late = said(&f, "m2", FAN, "同時の話");
    n_heard = 0;
    hib_test_hooks_keep(&f.ws, f.db, other, account, &late);
    g_mutex_lock(&hearing);
    while (!n_heard)
        g_cond_wait(&has_heard, &hearing);
    g_mutex_unlock(&hearing);
    run(&f, deletion);
    f.ws.services.hooks = other;
    hib_test_hooks_end(&f.ws, folder);
    g_autofree char *left = texts(&f);
    g_assert_cmpstr(left, ==, "");
    fixture_close(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/contacts/everything_goes_and_the_certificate_stays",
                 everything_goes_and_the_certificate_stays);
    hib_test_add("/contacts/words_in_another_spool_are_not_stored_after_the_deletion",
                 words_in_another_spool_are_not_stored_after_the_deletion);
    hib_test_add("/contacts/words_that_are_stored_at_this_moment_are_deleted_too",
                 words_that_are_stored_at_this_moment_are_deleted_too);
    return g_test_run();
}
