/* QR codes: the PNG's pixels and the SVG's runs are the same modules, and the frame is where a reader looks for it. */
#include "links/qr.h"
#include <string.h>
#include <zlib.h>

#define URL "https://hibiki.example.jp/l/abc2345"

/* The picture of a PNG as one byte a pixel (1: dark); owned. */
static guint8 *
pixels_of(GBytes *png, int *ret_side)
{
    gsize n;
    const guint8 *bytes = g_bytes_get_data(png, &n);
    g_assert_cmpmem(bytes, 8, "\x89PNG\r\n\x1a\n", 8);
    int side = bytes[18] << 8 | bytes[19];
    gsize n_data =
        (gsize)bytes[33] << 24 | (gsize)bytes[34] << 16 | (gsize)bytes[35] << 8 | bytes[36];
    uLongf n_rows = (uLongf)((side + 7) / 8 + 1) * (uLongf)side;
    g_autofree guint8 *rows = g_malloc(n_rows);
    g_assert_cmpint(uncompress(rows, &n_rows, bytes + 41, n_data), ==, Z_OK);
    guint8 *out = g_malloc((gsize)side * (gsize)side);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            out[y * side + x] = !(rows[y * ((side + 7) / 8 + 1) + 1 + x / 8] >> (7 - x % 8) & 1);
    *ret_side = side;
    return out;
}

static void
png_and_svg_show_the_same(void)
{
    int side, n = 0;
    g_autoptr(GBytes) png = hib_qr_png(URL, 300);
    g_autofree guint8 *pixels = pixels_of(png, &side);
    g_autofree char *svg = hib_qr_svg(URL, 300);
    g_assert_cmpint(side, <=, 300);
    g_assert_cmpint(side, >, 200);
    const char *box = strstr(svg, "viewBox=\"0 0 ");
    n = (int)g_ascii_strtoll(box + strlen("viewBox=\"0 0 "), NULL, 10);
    g_assert_cmpint(side % n, ==, 0);
    int scale = side / n;
    g_autofree guint8 *drawn = g_malloc0((gsize)(n * n));
    for (const char *at = strchr(strstr(svg, "/><path"), 'M'); at; at = strchr(at + 1, 'M')) {
        char *end;
        int x = (int)g_ascii_strtoll(at + 1, &end, 10), y = (int)g_ascii_strtoll(end, &end, 10);
        int run = (int)g_ascii_strtoll(end + 1, NULL, 10);
        memset(drawn + y * n + x, 1, (size_t)run);
    }
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++)
            g_assert_cmpint(drawn[y * n + x], ==, pixels[y * scale * side + x * scale]);
    for (int i = 0; i < 7; i++) /* the finder's upper edge, after four quiet modules */
        g_assert_true(drawn[4 * n + 4 + i]);
    g_assert_false(drawn[4 * n + 3] || drawn[3 * n + 4] || drawn[4 * n + 11]);
}

static void
what_is_too_long_is_none(void)
{
    g_autofree char *endless = g_strnfill(5000, 'a');
    g_assert_null(hib_qr_svg(endless, 300));
    g_assert_null(hib_qr_png(endless, 300));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/qr/same", png_and_svg_show_the_same);
    g_test_add_func("/links/qr/long", what_is_too_long_is_none);
    return g_test_run();
}
