/* Files for media/'s tests: see test_made.h. */
#include "test_made.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef HIB_MAKE_MEDIA
#error "meson gives the path of make_media"
#endif

static char *
run(const char *path, const char *words)
{
    GError *error = NULL;
    char *out = NULL;
    int status = 0;
    g_autofree char *line = g_strdup_printf("%s %s %s", HIB_MAKE_MEDIA, path, words);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    g_spawn_sync(NULL, argv, env, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return out;
}

char *
hib_test_made_file(HibTestWorkspace *ws, const char *name, const char *words)
{
    char *path = g_build_filename(ws->directory, name, NULL);
    g_free(run(path, words));
    return path;
}

GBytes *
hib_test_made(HibTestWorkspace *ws, const char *name, const char *words)
{
    GError *error = NULL;
    g_autofree char *path = hib_test_made_file(ws, name, words);
    char *data = NULL;
    size_t n = 0;
    g_file_get_contents(path, &data, &n, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(data, n);
}

HibWorkReply
hib_test_look_at(HibTestWorkspace *ws, const char *sha256, const char *type)
{
    GError *error = NULL;
    HibWork work = {.kind = HIB_WORK_LOOK, .max_bytes = 1 << 20, .cpu_s = 20, .memory_mb = 1536};
    HibWorkReply reply;
    g_autoptr(HibBlobReader) reader = hib_blob_reader_open(ws->services.blobs, sha256, &error);
    g_assert_no_error(error);
    g_autoptr(HibBlobDraft) out = hib_blob_draft_open(ws->services.blobs, NULL, &error);
    g_strlcpy(work.type, type, sizeof work.type);
    const HibChildTask task = {.work = &work,
                               .in = hib_blob_reader_fd(reader),
                               .out = hib_blob_draft_fd(out),
                               .deadline_ms = 20000};
    hib_assert_ok(hib_child_run(ws->services.media_workers, &task, &reply, &error), error);
    hib_blob_draft_drop(out);
    return reply;
}

bool
hib_test_is_red(HibTestWorkspace *ws, const char *sha256, double x, double y)
{
    g_autofree char *path = g_strdup_printf("%s/blobs/%.2s/%s", ws->directory, sha256, sha256 + 2);
    g_autofree char *words = g_strdup_printf("at=%.4f,%.4f", x, y);
    g_autofree char *said = run(path, words);
    int red = 0, green = 0, blue = 0;
    g_assert_cmpint(sscanf(said, "%d %d %d", &red, &green, &blue), ==, 3);
    return red > 180 && green < 90 && blue < 90;
}

const char *
hib_test_made_media(HibDb *db, const HibServices *services, const char *directory, const char *name,
                    const char *words)
{
    GError *error = NULL;
    char *data = NULL;
    gsize n = 0;
    HibUpload *upload;
    HibMedia *media;
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_free(run(path, words));
    hib_assert_ok(g_file_get_contents(path, &data, &n, &error), error);
    g_autoptr(GBytes) content = g_bytes_new_take(data, n);
    hib_assert_ok(hib_upload_begin(db, services, name, (int64_t)n, NULL, &upload, &error) &&
                      hib_upload_put(db, services, upload->id, 0, content, &upload, &error) &&
                      hib_upload_finish(db, services, upload->id, &media, &error),
                  error);
    g_assert_cmpint(media->state, ==, HIB_MEDIA_READY);
    return media->id;
}
