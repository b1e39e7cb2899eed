/* What came with something said goes with it: edited, taken away, forgotten. Fetching itself is tests/api/test_attached.py. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->account = hib_test_account(&f->ws, f->db, "cafe.example");
}

static void
close_fixture(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

static void
store(Fixture *f, const HibNetAttachment *rows, size_t n, const char *text, bool is_deleted)
{
    GError *error = NULL;
    size_t n_new;
    const HibNetTalk talk = {.kind = HIB_TALK_COMMENT,
                             .remote_id = "a",
                             .text = text,
                             .author_id = "fan",
                             .at = hib_db_now(f->db),
                             .is_deleted = is_deleted,
                             .attachments = rows,
                             .n_attachments = n};
    hib_assert_ok(hib_engage_store(f->db, f->account, &talk, 1, &n_new, &error), error);
}

static HibTalk
only(Fixture *f)
{
    GError *error = NULL;
    HibTalk *rows;
    const char *next;
    size_t n;
    hib_assert_ok(hib_engage_list(f->db, &(HibTalkQuery){0}, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 1);
    return rows[0];
}

static void
only_what_can_be_fetched_is(HibTestStore *test)
{
    static const HibNetAttachment rows[] = {
        {.kind = HIB_ATTACH_IMAGE, .url = "https://cdn.example/a.png?sig=1"},
        {.kind = HIB_ATTACH_LOCATION, .title = "駅"},
        {.kind = HIB_ATTACH_LINK, .url = "https://example.com/"},
        {.kind = HIB_ATTACH_STICKER, .title = "ありがとう"},
        {.kind = HIB_ATTACH_VIDEO,
         .url = "https://v.example/x.m3u8",
         .preview_url = "https://v.example/x.jpg"},
        {.kind = HIB_ATTACH_VIDEO, .url = "https://v.example/x.m3u8"},
        {.kind = HIB_ATTACH_IMAGE, .url = "javascript:alert(1)"},
        {.kind = HIB_ATTACH_FILE, .content_id = "77", .title = "見積.pdf"}};
    static const bool is_fetched[] = {true, false, false, false, true, false, false, true};
    Fixture f;
    open_fixture(&f, test);
    store(&f, rows, G_N_ELEMENTS(rows), "見て", false);
    HibTalk talk = only(&f);
    g_assert_cmpuint(talk.n_attachments, ==, G_N_ELEMENTS(rows));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true((talk.files[i].id != NULL) == is_fetched[i]);
        g_assert_true(!talk.files[i].id || talk.files[i].state == HIB_FILE_FETCHING);
    }
    g_assert_cmpstr(talk.files[7].name, ==, "見積.pdf");
    close_fixture(&f);
}

static void
told_again_it_stays_and_edited_it_is_fetched_anew(HibTestStore *test)
{
    HibNetAttachment row = {.kind = HIB_ATTACH_IMAGE, .url = "https://cdn.example/a.png?sig=1"};
    Fixture f;
    open_fixture(&f, test);
    store(&f, &row, 1, "見て", false);
    const char *first = only(&f).files[0].id;
    row.url = "https://cdn.example/a.png?sig=2"; /* signed anew */
    store(&f, &row, 1, "見て", false);
    g_assert_cmpstr(only(&f).files[0].id, ==, first);
    store(&f, NULL, 0, "見て", false); /* a telling that leaves them out */
    store(&f, &row, 1, "見てね", false);
    g_assert_cmpstr(only(&f).files[0].id, ==, first);
    row.url = "https://cdn.example/b.png?sig=2";
    store(&f, &row, 1, "見てね", false);
    g_assert_cmpstr(only(&f).files[0].id, !=, first);
    close_fixture(&f);
}

static void
taken_away_nothing_of_it_stays(HibTestStore *test)
{
    const HibNetAttachment row = {.kind = HIB_ATTACH_IMAGE, .content_id = "1"};
    GError *error = NULL;
    const char *kept;
    Fixture f;
    open_fixture(&f, test);
    store(&f, &row, 1, "", false);
    const char *file = only(&f).files[0].id;
    hib_assert_refused(hib_attached_kept(f.db, file, &kept, &error), error, "engage.file_not_here");
    store(&f, NULL, 0, "", true);
    hib_assert_refused(hib_attached_kept(f.db, file, &kept, &error), error, "engage.file_unknown");
    close_fixture(&f);
}

static void
forgotten_nothing_of_it_stays(HibTestStore *test)
{
    const HibNetAttachment row = {.kind = HIB_ATTACH_IMAGE, .content_id = "1"};
    GError *error = NULL;
    const char *kept;
    int64_t n = 0, left = 0;
    Fixture f;
    open_fixture(&f, test);
    store(&f, &row, 1, "", false);
    const char *file = only(&f).files[0].id;
    const HibForgottenName name = {.network = "bluesky", .account = f.account, .author = "fan"};
    const HibForgotten who = {.names = &name, .n_names = 1};
    hib_assert_ok(hib_engage_forget(f.db, &who, &n, &left, &error), error);
    hib_assert_refused(hib_attached_kept(f.db, file, &kept, &error), error, "engage.file_unknown");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/attached/" #name, name)
    ADD(only_what_can_be_fetched_is);
    ADD(told_again_it_stays_and_edited_it_is_fetched_anew);
    ADD(taken_away_nothing_of_it_stays);
    ADD(forgotten_nothing_of_it_stays);
    return g_test_run();
}
