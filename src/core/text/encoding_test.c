/* Encodings: each is found and comes out as the same text; what is none of them is refused at its byte. */
#include "text/encoding.h"
#include <string.h>

#define TEXT "日時,本文\r\n2026-12-01,\"①〜～ｱ髙 🎄\"\r\n"

static void
comes_out(const char *bytes, gsize n, HibEncoding encoding, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    char *out;
    size_t n_out;
    g_assert_cmpint(hib_text_decode(arena, bytes, n, &out, &n_out), ==, encoding);
    g_assert_cmpstr(out, ==, text);
    g_assert_cmpuint(n_out, ==, strlen(text));
}

static void
each_encoding_is_found(void)
{
    static const struct {
        const char *charset, *mark;
        HibEncoding encoding;
    } cases[] = {
        {"UTF-8", "", HIB_ENCODING_UTF8},
        {"UTF-8", "\xef\xbb\xbf", HIB_ENCODING_UTF8_BOM},
        {"UTF-16LE", "\xff\xfe", HIB_ENCODING_UTF16LE},
        {"UTF-16BE", "\xfe\xff", HIB_ENCODING_UTF16BE},
        {"UTF-16LE", "", HIB_ENCODING_UTF16LE},
        {"UTF-16BE", "", HIB_ENCODING_UTF16BE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize n = 0;
        g_autofree char *bytes = g_convert(TEXT, -1, cases[i].charset, "UTF-8", NULL, &n, NULL);
        g_autoptr(GString) all = g_string_new(cases[i].mark);
        g_string_append_len(all, bytes, (gssize)n);
        comes_out(all->str, all->len, cases[i].encoding, TEXT);
    }
    comes_out("", 0, HIB_ENCODING_UTF8, "");
}

/* Against the C library's own table of the code page, every character it knows. */
static void
shift_jis_is_windows_own(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    int n_seen = 0;
    for (int lead = 0x81; lead <= 0xfc; lead++) {
        if (lead >= 0xa0 && lead < 0xe0)
            continue;
        for (int trail = 0x40; trail <= 0xfc; trail++) {
            const char pair[] = {(char)lead, (char)trail};
            g_autofree char *theirs = g_convert(pair, 2, "UTF-8", "CP932", NULL, NULL, NULL);
            char *ours;
            size_t n;
            if (!theirs || lead >= 0xf0) /* user-defined ones, and those IBM had twice */
                continue;
            g_assert_cmpint(hib_text_decode(arena, pair, 2, &ours, &n), ==, HIB_ENCODING_SHIFT_JIS);
            g_assert_cmpstr(ours, ==, theirs);
            n_seen++;
        }
    }
    g_assert_cmpint(n_seen, >, 7000);
    comes_out("\x96\x7b\x95\xb6,\xb1\xdd", 7, HIB_ENCODING_SHIFT_JIS, "本文,ｱﾝ");
    comes_out("\x83\x5c,\x95\x5c", 5, HIB_ENCODING_SHIFT_JIS, "ソ,表"); /* second byte: \ */
}

static void
refused(const char *bytes, size_t n, size_t bad)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    char *out;
    size_t at;
    g_assert_cmpint(hib_text_decode(arena, bytes, n, &out, &at), ==, HIB_ENCODING_UNKNOWN);
    g_assert_null(out);
    g_assert_cmpuint(at, ==, bad);
}

static void
what_is_none_is_refused(void)
{
    refused("ok\n\xff\xff", 5, 3);
    refused("\xef\xbb\xbfok\xff", 6, 2); /* counted behind the mark */
    refused("a\0b\0c", 5, 1);            /* a binary file */
    refused("ab\0", 3, 2);
    refused("\xff\xfe\x3d", 3, 0);             /* half a unit */
    refused("\xff\xfe\x00\xd8\x41\x00", 6, 0); /* a lone surrogate */
    refused("\xff\xfe\x41\x00\x00\x00", 6, 0); /* a NUL */
    refused("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", 16, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encoding/each", each_encoding_is_found);
    g_test_add_func("/encoding/shift-jis", shift_jis_is_windows_own);
    g_test_add_func("/encoding/none", what_is_none_is_refused);
    return g_test_run();
}
