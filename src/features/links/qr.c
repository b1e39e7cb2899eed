/* QR codes: libqrencode says which modules are dark; SVG and PNG are written here (a PNG of one bit a pixel is four chunks and one deflate). */
#include "links/qr.h"
#include <arpa/inet.h>
#include <qrencode.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#define QUIET 4

static bool
is_dark(const QRcode *code, int x, int y)
{
    return code->data[y * code->width + x] & 1;
}

/* One path for all: a row's runs of dark modules. */
char *
hib_qr_svg(const char *text, int size)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return NULL;
    int n = code->width + 2 * QUIET;
    GString *out = g_string_new(NULL);
    g_string_append_printf(out,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                           "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
                           size, size, n, n, n, n);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++) {
            int run = 0;
            while (x + run < code->width && is_dark(code, x + run, y))
                run++;
            if (run)
                g_string_append_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
            x += run;
        }
    g_string_append(out, "\"/></svg>\n");
    QRcode_free(code);
    return g_string_free(out, FALSE);
}

static void
add_chunk(GByteArray *out, const char *type, const void *data, size_t n)
{
    uint32_t length = htonl((uint32_t)n), sum;
    guint from = out->len + 4;
    g_byte_array_append(out, (const guint8 *)&length, 4);
    g_byte_array_append(out, (const guint8 *)type, 4);
    g_byte_array_append(out, data, (guint)n);
    sum = htonl((uint32_t)crc32(crc32(0, NULL, 0), out->data + from, (uInt)(n + 4)));
    g_byte_array_append(out, (const guint8 *)&sum, 4);
}

/* Rows of pixels, each led by its filter (none); dark is 0. */
static GByteArray *
rows_of(const QRcode *code, int scale)
{
    int pixels = (code->width + 2 * QUIET) * scale, stride = (pixels + 7) / 8 + 1;
    GByteArray *rows = g_byte_array_new();
    g_byte_array_set_size(rows, (guint)(stride * pixels));
    memset(rows->data, 0xff, rows->len);
    for (int y = 0; y < pixels; y++) {
        guint8 *row = rows->data + y * stride;
        int my = y / scale - QUIET;
        row[0] = 0;
        for (int x = 0; x < pixels && my >= 0 && my < code->width; x++) {
            int mx = x / scale - QUIET;
            if (mx >= 0 && mx < code->width && is_dark(code, mx, my))
                row[1 + x / 8] &= (guint8) ~(0x80 >> x % 8);
        }
    }
    return rows;
}

GBytes *
hib_qr_png(const char *text, int size)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return NULL;
    int n = code->width + 2 * QUIET, scale = MAX(1, size / n);
    uint32_t side = htonl((uint32_t)(n * scale));
    guint8 head[13] = {[8] = 1}; /* one bit, grey */
    GByteArray *rows = rows_of(code, scale), *out = g_byte_array_new();
    uLongf n_packed = compressBound(rows->len);
    g_autofree guint8 *packed = g_malloc(n_packed);
    memcpy(head, &side, 4);
    memcpy(head + 4, &side, 4);
    bool ok = compress2(packed, &n_packed, rows->data, rows->len, 9) == Z_OK;
    g_byte_array_append(out, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    add_chunk(out, "IHDR", head, sizeof head);
    add_chunk(out, "IDAT", packed, ok ? n_packed : 0);
    add_chunk(out, "IEND", "", 0);
    g_byte_array_unref(rows);
    QRcode_free(code);
    return g_byte_array_free_to_bytes(out);
}
