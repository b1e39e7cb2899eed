/* For tests of features: a small picture in the library. Apart from test_workspace.c, so that accounts/ can be tested without media/ above it. */
#include "test_workspace.h"

void
hib_test_media_workers(HibTestWorkspace *ws)
{
    ws->services.media_workers = hib_media_workers_new();
    ws->free_media_workers = hib_media_workers_free;
}

GBytes *
hib_test_png(int width, int height)
{
    unsigned char head[33] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    for (int i = 0; i < 4; i++) {
        head[16 + i] = (unsigned char)(width >> (24 - 8 * i));
        head[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    }
    head[24] = 8;
    head[25] = 2;
    return g_bytes_new(head, sizeof head);
}

const char *
hib_test_picture(HibTestWorkspace *ws, HibDb *db, int width)
{
    GError *error = NULL;
    HibMedia *media = NULL;
    g_autoptr(GBytes) png = hib_test_png(width, 1);
    hib_assert_ok(hib_media_add(db, &ws->services, png, "", &media, &error), error);
    return media->id;
}
