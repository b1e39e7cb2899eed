/* Numbers and times as networks write them. */
#include "measure/import.h"
#include <string.h>

static int64_t
number(const char *text, HibImportUnit unit)
{
    int64_t value;
    g_assert_cmpint(hib_import_number(text, strlen(text), unit, &value), ==, HIB_FIGURE_NUMBER);
    return value;
}

static HibFigureKind
kind(const char *text)
{
    int64_t value;
    return hib_import_number(text, strlen(text), HIB_UNIT_COUNT, &value);
}

static void
numbers_are_read_as_they_are_written(void)
{
    static const struct {
        const char *text;
        HibImportUnit unit;
        int64_t value;
    } rows[] = {{"0", HIB_UNIT_COUNT, 0},
                {"1234", HIB_UNIT_COUNT, 1234},
                {"1,234", HIB_UNIT_COUNT, 1234},
                {"12,345,678", HIB_UNIT_COUNT, 12345678},
                {" 42 ", HIB_UNIT_COUNT, 42},
                {"1万", HIB_UNIT_COUNT, 10000},
                {"1.2万", HIB_UNIT_COUNT, 12000},
                {"３億", HIB_UNIT_COUNT, 300000000},
                {"１，２３４", HIB_UNIT_COUNT, 1234},
                {"1.2K", HIB_UNIT_COUNT, 1200},
                {"3 M", HIB_UNIT_COUNT, 3000000},
                {"15.0", HIB_UNIT_COUNT, 15},
                {"-6", HIB_UNIT_COUNT, -6},
                {"230.5", HIB_UNIT_HOURS, 829800000},
                {"1.5", HIB_UNIT_MINUTES, 90000},
                {"11.5", HIB_UNIT_SECONDS, 11500},
                {"3:05", HIB_UNIT_DURATION, 185000},
                {"0:04:12", HIB_UNIT_DURATION, 252000},
                {"1:02:03", HIB_UNIT_DURATION, 3723000},
                {"12.5", HIB_UNIT_DURATION, 12500}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(number(rows[i].text, rows[i].unit), ==, rows[i].value);
}

static void
nothing_is_missing_and_never_zero(void)
{
    static const char *const missing[] = {"",    "-",   "--",   "—",         "–", "ー",
                                          "N/A", "nan", "null", "undefined", "  "};
    for (size_t i = 0; i < G_N_ELEMENTS(missing); i++)
        g_assert_cmpint(kind(missing[i]), ==, HIB_FIGURE_MISSING);
}

static void
what_is_no_count_is_said_so(void)
{
    static const char *const bad[] = {"abc",
                                      "12.3%",
                                      "1.234",
                                      "1,23",
                                      "1,2345",
                                      "3:05",
                                      "$5",
                                      "1 2",
                                      "٣",
                                      "12a",
                                      "1,234,5",
                                      "--3",
                                      "9999999999999999999",
                                      "4.1 %%",
                                      ",5"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        if (kind(bad[i]) != HIB_FIGURE_BAD)
            g_test_fail_printf("%s was read as a count", bad[i]);
}

static char *
date(const char *text, HibDateOrder order)
{
    HibImportDate d;
    if (!hib_import_date(text, strlen(text), order, &d))
        return g_strdup("none");
    GString *out = g_string_new("");
    g_string_append_printf(out, "%04d-%02d-%02d", d.wall.year, d.wall.month, d.wall.day);
    if (d.has_time)
        g_string_append_printf(out, " %02d:%02d:%02d", d.wall.hour, d.wall.minute, d.wall.second);
    if (d.has_offset)
        g_string_append_printf(out, " %+d", d.offset_s);
    return g_string_free(out, FALSE);
}

static void
dates_are_read_as_networks_write_them(void)
{
    static const struct {
        const char *text;
        HibDateOrder order;
        const char *read;
    } rows[] = {{"2026-12-01", HIB_ORDER_ASK, "2026-12-01"},
                {"2026-12-01 09:05", HIB_ORDER_ASK, "2026-12-01 09:05:00"},
                {"2026-12-01T09:05:07", HIB_ORDER_ASK, "2026-12-01 09:05:07"},
                {"2026-12-01T09:05:07.123Z", HIB_ORDER_ASK, "2026-12-01 09:05:07 +0"},
                {"2022-11-01 03:04 +0000", HIB_ORDER_ASK, "2022-11-01 03:04:00 +0"},
                {"2026-12-01T09:05:07+09:00", HIB_ORDER_ASK, "2026-12-01 09:05:07 +32400"},
                {"2026/12/1 9:05 JST", HIB_ORDER_ASK, "2026-12-01 09:05:00 +32400"},
                {"2026-12-01 09:05 GMT-8", HIB_ORDER_ASK, "2026-12-01 09:05:00 -28800"},
                {"20260928", HIB_ORDER_ASK, "2026-09-28"},
                {"2026年12月1日", HIB_ORDER_ASK, "2026-12-01"},
                {"2026年12月1日 9時05分", HIB_ORDER_ASK, "2026-12-01 09:05:00"},
                {"２０２６／１２／０１", HIB_ORDER_ASK, "2026-12-01"},
                {"09/22/2026 23:48", HIB_ORDER_MDY, "2026-09-22 23:48:00"},
                {"09/22/2026 23:48", HIB_ORDER_ASK, "2026-09-22 23:48:00"},
                {"22/09/2026", HIB_ORDER_ASK, "2026-09-22"},
                {"01/02/2026", HIB_ORDER_MDY, "2026-01-02"},
                {"01/02/2026", HIB_ORDER_DMY, "2026-02-01"},
                {"01/02/2026", HIB_ORDER_ASK, "none"},
                {"02/02/2026", HIB_ORDER_ASK, "2026-02-02"},
                {"22/09/2026", HIB_ORDER_MDY, "none"},
                {"11/10/2025 9:00 PM", HIB_ORDER_MDY, "2025-11-10 21:00:00"},
                {"11/10/2025 12:30 am", HIB_ORDER_MDY, "2025-11-10 00:30:00"},
                {"Sep 10, 2026", HIB_ORDER_ASK, "2026-09-10"},
                {"Sept. 10, 2026", HIB_ORDER_ASK, "2026-09-10"},
                {"Tue, Jul 14, 2026", HIB_ORDER_ASK, "2026-07-14"},
                {"10 Sep 2026 08:00", HIB_ORDER_ASK, "2026-09-10 08:00:00"},
                {"Jul 4 2026", HIB_ORDER_ASK, "2026-07-04"},
                {"September 17", HIB_ORDER_ASK, "0000-09-17"},
                {"9月17日", HIB_ORDER_ASK, "0000-09-17"},
                {"2026-13-01", HIB_ORDER_ASK, "none"},
                {"2026-12-32", HIB_ORDER_ASK, "none"},
                {"2026-12-01 25:00", HIB_ORDER_ASK, "none"},
                {"Lifetime", HIB_ORDER_ASK, "none"},
                {"yesterday", HIB_ORDER_ASK, "none"},
                {"2026-12-01 09:05 nowhere", HIB_ORDER_ASK, "none"},
                {"", HIB_ORDER_ASK, "none"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *read = date(rows[i].text, rows[i].order);
        if (!g_str_equal(read, rows[i].read))
            g_test_fail_printf("%s: %s, not %s", rows[i].text, read, rows[i].read);
    }
}

/* The first post of X's own account about ids of this kind: 1585841080431321088 went out on 2022-10-28 at 03:49:11 UTC. */
static void
an_id_of_x_holds_its_time(void)
{
    char text[HIB_INSTANT_TEXT];
    hib_instant_format(hib_import_snowflake("1585841080431321088"), text);
    g_assert_true(g_str_has_prefix(text, "2022-10-28T03:49:11"));
    g_assert_cmpint(hib_import_snowflake("20"), ==, 0);
    g_assert_cmpint(hib_import_snowflake("abc"), ==, 0);
    g_assert_cmpint(hib_import_snowflake("99999999999999999999"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import_cell/numbers", numbers_are_read_as_they_are_written);
    g_test_add_func("/import_cell/missing", nothing_is_missing_and_never_zero);
    g_test_add_func("/import_cell/bad", what_is_no_count_is_said_so);
    g_test_add_func("/import_cell/dates", dates_are_read_as_networks_write_them);
    g_test_add_func("/import_cell/snowflake", an_id_of_x_holds_its_time);
    return g_test_run();
}
