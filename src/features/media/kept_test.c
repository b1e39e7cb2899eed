/* What others sent is what its content says, and what a browser would run is not taken. */
#include "base/error.h"
#include "media/kept.h"
#include "media/media_private.h"
#include "test_made.h"
#include <string.h>

static bool
look(HibTestWorkspace *ws, HibDb *db, const void *data, size_t n, const char *name,
     bool wants_picture, HibKept *ret, GError **error)
{
    GError *failure = NULL;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(ws->services.blobs, NULL, &failure);
    g_assert_no_error(failure);
    hib_assert_ok(hib_blob_draft_write(draft, 0, data, n, &failure), failure);
    bool is_taken = hib_kept_look(db, &ws->services, draft, name, wants_picture, ret, error);
    hib_blob_draft_drop(draft);
    return is_taken;
}

static bool
is_there(HibTestWorkspace *ws, const char *sha256)
{
    g_autoptr(GBytes) bytes = hib_blobs_get(ws->services.blobs, sha256, NULL);
    return bytes != NULL;
}

static void
a_picture_is_looked_at_and_kept_until_its_row_goes(HibTestStore *test)
{
    GError *error = NULL;
    HibKept kept, *found = NULL;
    bool is_used;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    HibDb *db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) film = hib_test_made(&ws, "a.mp4", "seconds=2 sound=1");
    size_t n = 0;
    const void *data = g_bytes_get_data(film, &n);
    hib_assert_ok(look(&ws, db, data, n, "../x\xe2\x80\xae/夏.mp4", true, &kept, &error), error);
    g_assert_cmpint(kept.kind, ==, HIB_KEPT_VIDEO);
    g_assert_cmpstr(kept.mime, ==, "video/mp4");
    g_assert_cmpstr(kept.name, ==, "夏.mp4");
    g_assert_cmpint(kept.bytes, ==, (int64_t)n);
    g_assert_cmpint(kept.duration_ms, >, 1000);
    hib_assert_ok(hib_kept_add(db, &kept, &error), error);
    hib_assert_ok(hib_kept_get(db, kept.id, &found, &error), error);
    g_assert_cmpstr(found->sha256, ==, kept.sha256);
    g_assert_true(is_there(&ws, found->sha256) && is_there(&ws, found->thumb_sha256));
    hib_assert_ok(hib_media_is_used(kept.sha256, db, &is_used, &error), error);
    g_assert_true(is_used);
    hib_assert_ok(hib_media_is_used(kept.thumb_sha256, db, &is_used, &error), error);
    g_assert_true(is_used);
    hib_assert_ok(hib_kept_drop(db, kept.id, &error), error);
    hib_assert_ok(hib_media_is_used(kept.sha256, db, &is_used, &error), error);
    g_assert_false(is_used); /* the sweep takes it */
    hib_assert_refused(hib_kept_get(db, kept.id, &found, &error), error, "media.unknown");
    hib_db_close(db);
}

static void
files_are_what_their_content_says(HibTestStore *test)
{
    static const struct {
        const char *name, *bytes;
        size_t n;
        const char *mime; /* NULL: refused */
        HibKeptKind kind;
    } rows[] = {
#define ROW(name, bytes, mime, kind) {name, bytes, sizeof(bytes) - 1, mime, kind}
        ROW("見積.pdf", "%PDF-1.7\n", "application/pdf", HIB_KEPT_FILE),
        ROW("見積.pdf", "MZ\x90\0", NULL, HIB_KEPT_FILE),
        ROW("a.docx", "PK\x03\x04....", "application/zip", HIB_KEPT_FILE),
        ROW("a.exe", "PK\x03\x04....", NULL, HIB_KEPT_FILE),
        ROW("a.EXE ", "x", NULL, HIB_KEPT_FILE),
        ROW("a.txt", "こんにちは", "application/octet-stream", HIB_KEPT_FILE),
        ROW("a.txt", "<3 すき", "application/octet-stream", HIB_KEPT_FILE),
        ROW("a.txt", "\xef\xbb\xbf \n<!doctype html>", NULL, HIB_KEPT_FILE),
        ROW("a.png", "<svg xmlns='x'/>", NULL, HIB_KEPT_FILE),
        ROW("a", "#!/bin/sh\n", NULL, HIB_KEPT_FILE),
        ROW("a",
            "\x7f"
            "ELF\x02\x01",
            NULL, HIB_KEPT_FILE),
        ROW("声.m4a",
            "\0\0\0\x1c"
            "ftypM4A \0\0\0\0",
            "audio/mp4", HIB_KEPT_SOUND),
        ROW("声.wav", "RIFF\0\0\0\0WAVEfmt ", "audio/wav", HIB_KEPT_SOUND),
        ROW("声.mp3", "ID3\x04\0\0", "audio/mpeg", HIB_KEPT_SOUND),
        ROW("空", "", NULL, HIB_KEPT_FILE),
#undef ROW
    };
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    HibDb *db = hib_test_workspace_db(&ws, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibKept kept;
        g_autoptr(GError) error = NULL;
        bool is_taken = look(&ws, db, rows[i].bytes, rows[i].n, rows[i].name, false, &kept, &error);
        g_test_message("%zu %s", i, rows[i].name);
        g_assert_true(is_taken == (rows[i].mime != NULL));
        if (is_taken) {
            g_assert_cmpstr(kept.mime, ==, rows[i].mime);
            g_assert_cmpint(kept.kind, ==, rows[i].kind);
            g_assert_null(kept.thumb_sha256);
        } else
            g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
    }
    hib_db_close(db);
}

/* Said to be a picture by the network, it must be one that the child can read; no child free is no refusal. */
static void
a_picture_that_is_none_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    HibKept kept;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    HibDb *db = hib_test_workspace_db(&ws, NULL);
    hib_assert_refused(look(&ws, db, "%PDF-1.7", 8, "", true, &kept, &error), error,
                       "media.not_an_image");
    hib_assert_refused(look(&ws, db, "\x89PNG\r\n\x1a\n", 8, "", true, &kept, &error), error,
                       "store.busy"); /* no child here */
    hib_test_media_workers(&ws);
    g_assert_false(look(&ws, db, "\x89PNG\r\n\x1a\n broken", 15, "", true, &kept, &error));
    g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
    g_clear_error(&error);
    hib_db_close(db);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/kept/" #name, name)
    ADD(a_picture_is_looked_at_and_kept_until_its_row_goes);
    ADD(files_are_what_their_content_says);
    ADD(a_picture_that_is_none_is_refused);
    return g_test_run();
}
