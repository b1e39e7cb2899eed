/* A file read piece by piece is the text it is, in each encoding, with characters across every seam; what changes its mind midway is refused. */
#include "base/error.h"
#include "measure/import.h"
#include <string.h>
#include <unistd.h>

static int
file_of(const char *bytes, gsize n)
{
    g_autofree char *name = NULL;
    const int fd = g_file_open_tmp("hibiki-text-XXXXXX", &name, NULL);
    g_assert_cmpint(fd, >=, 0);
    unlink(name);
    for (gsize at = 0; at < n;) {
        const ssize_t put = write(fd, bytes + at, n - at);
        g_assert_cmpint(put, >, 0);
        at += (gsize)put;
    }
    return fd;
}

static GString *
read_all(int fd, HibEncoding *ret, GError **error)
{
    const char *piece = NULL;
    size_t n = 0;
    GString *out = g_string_new("");
    g_autoptr(HibImportText) text = hib_import_text_new(fd);
    while (hib_import_text_next(text, &piece, &n, error) && n)
        g_string_append_len(out, piece, (gssize)n);
    *ret = hib_import_text_encoding(text);
    return out;
}

static GString *
lines(void)
{
    GString *text = g_string_new("id,date\n"); /* the first lines say nothing of the encoding */
    for (int i = 0; i < 90000; i++)
        g_string_append_printf(text, "%d,投稿の本文 %d、珈琲\n", i, i);
    return text;
}

static void
every_encoding_comes_out_as_the_same_text(void)
{
    static const struct {
        const char *name, *mark;
        gsize n_mark;
        HibEncoding encoding;
    } all[] = {{"UTF-8", "", 0, HIB_ENCODING_UTF8},
               {"UTF-8", "\xef\xbb\xbf", 3, HIB_ENCODING_UTF8_BOM},
               {"UTF-16LE", "\xff\xfe", 2, HIB_ENCODING_UTF16LE},
               {"UTF-16BE", "\xfe\xff", 2, HIB_ENCODING_UTF16BE},
               {"CP932", "", 0, HIB_ENCODING_SHIFT_JIS}};
    GString *text = lines();
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        gsize n = 0;
        HibEncoding found;
        GError *error = NULL;
        g_autofree char *raw =
            g_convert(text->str, (gssize)text->len, all[i].name, "UTF-8", NULL, &n, NULL);
        g_assert_nonnull(raw);
        GString *bytes = g_string_new_len(all[i].mark, (gssize)all[i].n_mark);
        g_string_append_len(bytes, raw, (gssize)n);
        const int fd = file_of(bytes->str, bytes->len);
        GString *out = read_all(fd, &found, &error);
        g_assert_no_error(error);
        g_assert_cmpint(found, ==, all[i].encoding);
        g_assert_true(g_string_equal(out, text));
        g_string_free(out, TRUE);
        g_string_free(bytes, TRUE);
        close(fd);
    }
    g_string_free(text, TRUE);
}

static void
a_file_that_is_two_encodings_is_refused(void)
{
    gsize n = 0;
    HibEncoding found;
    GError *error = NULL;
    GString *text = lines();
    g_autofree char *raw =
        g_convert(text->str, (gssize)text->len, "CP932", "UTF-8", NULL, &n, NULL);
    g_string_append_len(text, raw, (gssize)n);
    const int fd = file_of(text->str, text->len);
    GString *out = read_all(fd, &found, &error);
    g_assert_cmpstr(hib_error_reason(error), ==, "measure.import_encoding");
    g_error_free(error);
    g_string_free(out, TRUE);
    g_string_free(text, TRUE);
    close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import-text/encodings", every_encoding_comes_out_as_the_same_text);
    g_test_add_func("/import-text/two", a_file_that_is_two_encodings_is_refused);
    return g_test_run();
}
