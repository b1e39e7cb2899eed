/* Spreadsheets in the child: what a sheet shows comes out as CSV; packages that bomb, lie or are none end in a clear word. */
#include "base/error.h"
#include "media/media_private.h"
#include "table/table.h"
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define WORKBOOK                                                                                   \
    "<workbook " NS                                                                                \
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"    \
    "<sheet name=\"hidden\" sheetId=\"1\" state=\"hidden\" r:id=\"rId9\"/><sheet name=\"s\" "      \
    "sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"
#define RELATIONS                                                                                  \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"       \
    "<Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
#define STYLES                                                                                     \
    "<styleSheet " NS "><numFmts><numFmt numFmtId=\"164\" "                                        \
    "formatCode=\"[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"                  \
    "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;day&quot;\"/></numFmts>"                      \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "          \
    "numFmtId=\"14\"/><xf numFmtId=\"22\"/>"                                                       \
    "<xf numFmtId=\"20\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>"
#define SHARED                                                                                     \
    "<sst " NS "><si><t>本文</t><rPh sb=\"0\" "                                                  \
    "eb=\"2\"><t>ホンブン</t></rPh></si><si><r><t>二</t></r><r><t>つ_x000D_\nの</t></"      \
    "r></si></sst>"

static GBytes *
package(const char *sheet, const char *shared)
{
    const struct {
        const char *name, *content;
    } parts[] = {{"xl/workbook.xml", WORKBOOK},
                 {"xl/_rels/workbook.xml.rels", RELATIONS},
                 {"xl/styles.xml", STYLES},
                 {"xl/sharedStrings.xml", shared},
                 {"xl/worksheets/sheet1.xml", sheet}};
    g_autofree char *folder = g_dir_make_tmp("hibiki-package-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "p.xlsx", NULL);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        zip_file_add(zip, parts[i].name,
                     zip_source_buffer(zip, parts[i].content, strlen(parts[i].content), 0), 0);
    g_assert_cmpint(zip_close(zip), ==, 0);
    char *data;
    gsize n;
    g_assert_true(g_file_get_contents(path, &data, &n, NULL));
    unlink(path);
    rmdir(folder);
    return g_bytes_new_take(data, n);
}

static char *
csv_of(GBytes *sheet, GError **error)
{
    HibServices services = {.media_workers = hib_media_workers_new()};
    g_autoptr(GBytes) csv = NULL;
    bool is_read = hib_media_sheet_to_csv(&services, sheet, &csv, error);
    hib_media_workers_free(services.media_workers);
    gsize n = 0;
    const char *text = is_read ? g_bytes_get_data(csv, &n) : NULL;
    return is_read ? g_strndup(text ? text : "", n) : NULL;
}

static void
a_sheet_comes_out_as_it_is_shown(void)
{
    GError *error = NULL;
    g_autoptr(GBytes) sheet =
        package("<worksheet " NS "><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c "
                "r=\"C1\" t=\"s\"><v>1</v></c></row>"
                "<row r=\"3\"><c r=\"A3\" s=\"1\"><v>46357</v></c><c r=\"B3\" "
                "s=\"2\"><v>46357.375</v></c><c r=\"C3\" s=\"3\"><v>0.99930555555555556</v></c>"
                "<c r=\"D3\" s=\"4\"><v>46357</v></c><c r=\"E3\" s=\"5\"><v>46357.5</v></c><c "
                "r=\"F3\" t=\"b\"><v>1</v></c>"
                "<c r=\"G3\" t=\"str\"><f>A1</f><v>say \"x\"</v></c><c r=\"H3\" "
                "t=\"inlineStr\"><is><t>内</t></is></c></row>"
                "<row r=\"1048576\"><c r=\"A1048576\" s=\"1\"/></row></sheetData></worksheet>",
                SHARED);
    g_autofree char *csv = csv_of(sheet, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(
        csv, ==,
        "\"本文\",,\"二つ\nの\"\r\n\r\n\"2026-12-01\",\"2026-12-01 "
        "09:00\",\"23:59\",\"2026-12-01\",\"46357.5\",\"TRUE\",\"say \"\"x\"\"\",\"内\"\r\n");
}

static void
what_we_write_is_read_back(void)
{
    GError *error = NULL;
    g_autoptr(HibSheet) sheet = hib_sheet_new("投稿");
    g_autoptr(GBytes) out = NULL;
    const char *head[] = {"本文", "日時"},
               *row[] = {"=SUM(A1)\n二行目 \"引用\" _x000D_ 🎄", "2026-12-01 09:00"};
    g_assert_true(hib_sheet_add_row(sheet, head, 2, &error) &&
                  hib_sheet_add_row(sheet, row, 2, &error) &&
                  hib_sheet_finish(sheet, &out, &error));
    g_autofree char *csv = csv_of(out, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(csv, ==,
                    "\"本文\",\"日時\"\r\n\"=SUM(A1)\n二行目 \"\"引用\"\" _x000D_ 🎄\",\"2026-12-01 "
                    "09:00\"\r\n");
}

static void
refused(GBytes *sheet, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(csv_of(sheet, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
}

static void
bad_packages_are_refused(void)
{
    g_autoptr(GBytes) none = g_bytes_new_static("PK\3\4nothing", 11);
    refused(none, "table.bad_sheet");
    g_autoptr(GBytes) entity =
        package("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet " NS
                "><sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></worksheet>",
                SHARED);
    refused(entity, "table.bad_sheet");
    g_autoptr(GBytes) broken = package("<worksheet " NS "><sheetData><row>", SHARED);
    refused(broken, "table.bad_sheet");
    g_autoptr(GBytes) deep = package(
        "<worksheet " NS
        "><sheetData><row r=\"999999\"><c t=\"n\"><v>1</v></c></row></sheetData></worksheet>",
        SHARED);
    refused(deep, "table.sheet_too_large");
}

/* A package of some kilobytes that would fill a gigabyte. */
static void
a_bomb_goes_off_in_the_child_only(void)
{
    g_autoptr(GString) shared = g_string_new("<sst " NS "><si><t>");
    g_autofree char *blanks = g_strnfill(1 << 20, 'a');
    for (int i = 0; i < 600; i++)
        g_string_append(shared, blanks);
    g_string_append(shared, "</t></si></sst>");
    g_autoptr(GBytes) bomb = package("<worksheet " NS "/>", shared->str);
    g_assert_cmpuint(g_bytes_get_size(bomb), <, 2 << 20);
    g_autoptr(GError) error = NULL;
    g_assert_null(csv_of(bomb, &error));
    g_assert_true(g_str_has_prefix(hib_error_reason(error), "table."));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media/sheet/shown", a_sheet_comes_out_as_it_is_shown);
    g_test_add_func("/media/sheet/back", what_we_write_is_read_back);
    g_test_add_func("/media/sheet/bad", bad_packages_are_refused);
    g_test_add_func("/media/sheet/bomb", a_bomb_goes_off_in_the_child_only);
    return g_test_run();
}
