/* Kept documents: made once however many ask, for a minute, and each link is asked only so often. */
#include "base/error.h"
#include "report/keep.h"
#include <string.h>

typedef struct {
    gint n_made; /* atomic */
    bool is_failing;
    const char *title;
} Maker;

static bool
make(HibArena *arena, void *data, HibReportDocument *ret, GError **error)
{
    Maker *maker = data;
    g_atomic_int_inc(&maker->n_made);
    g_usleep(20000); /* the others come meanwhile */
    if (maker->is_failing) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.unknown", "gone");
        return false;
    }
    *ret = (HibReportDocument){.title = hib_arena_strdup(arena, maker->title)};
    return true;
}

static gint n_printed; /* atomic */

static bool
print(const HibReportDocument *document, GBytes **ret, GError **error G_GNUC_UNUSED)
{
    g_atomic_int_inc(&n_printed);
    *ret = g_bytes_new(document->title, strlen(document->title));
    return true;
}

typedef struct {
    HibReportKeep *keep;
    Maker *maker;
} Visitor;

static gpointer
visit(gpointer data)
{
    const Visitor *visitor = data;
    for (int i = 0; i < 100; i++) {
        g_autoptr(HibReportCopy) copy = hib_report_keep_get(
            visitor->keep, "link", i * HIB_SECOND / 2, make, visitor->maker, NULL);
        g_autoptr(GBytes) bytes = hib_report_copy_file(copy, "report.pdf", print, NULL);
        g_assert_cmpstr(hib_report_copy_document(copy)->title, ==, "十月");
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, strlen("十月"));
    }
    return NULL;
}

static void
a_thousand_who_ask_have_it_made_once(void)
{
    g_autoptr(HibReportKeep) keep = hib_report_keep_new();
    Maker maker = {.title = "十月"};
    Visitor visitor = {keep, &maker};
    GThread *threads[10];
    g_atomic_int_set(&n_printed, 0);
    for (int i = 0; i < 10; i++)
        threads[i] = g_thread_new("visitor", visit, &visitor);
    for (int i = 0; i < 10; i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(maker.n_made, ==, 1);
    g_assert_cmpint(g_atomic_int_get(&n_printed), ==, 1);
}

static const char *
title_at(HibReportKeep *keep, HibArena *arena, const char *key, HibInstant now, Maker *maker)
{
    g_autoptr(HibReportCopy) copy = hib_report_keep_get(keep, key, now, make, maker, NULL);
    return hib_arena_strdup(arena, hib_report_copy_document(copy)->title);
}

static void
it_is_made_anew_after_a_minute_and_for_another_key(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibReportKeep) keep = hib_report_keep_new();
    Maker maker = {.title = "一"};
    const HibInstant begin = 1000 * HIB_DAY;
    g_assert_cmpstr(title_at(keep, arena, "a", begin, &maker), ==, "一");
    maker.title = "二";
    g_assert_cmpstr(title_at(keep, arena, "a", begin + HIB_REPORT_KEPT - 1, &maker), ==, "一");
    g_assert_cmpstr(title_at(keep, arena, "b", begin, &maker), ==, "二");
    g_assert_cmpstr(title_at(keep, arena, "a", begin + HIB_REPORT_KEPT, &maker), ==, "二");
    maker.title = "三"; /* a clock that was set back keeps nothing for longer */
    g_assert_cmpstr(title_at(keep, arena, "a", begin - HIB_HOUR, &maker), ==, "三");
    g_assert_cmpstr(title_at(NULL, arena, "a", begin, &maker), ==, "三");
    maker.title = "四";
    g_assert_cmpstr(title_at(NULL, arena, "a", begin, &maker), ==, "四");
}

static void
the_oldest_goes_and_who_reads_it_still_reads_on(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibReportKeep) keep = hib_report_keep_new();
    Maker maker = {.title = "古い"};
    g_autoptr(HibReportCopy) first = hib_report_keep_get(keep, "0", 0, make, &maker, NULL);
    for (int i = 1; i <= HIB_REPORT_KEPT_MOST; i++)
        (void)title_at(keep, arena, hib_arena_printf(arena, "%d", i), i, &maker);
    const int before = maker.n_made;
    (void)title_at(keep, arena, "1", 50, &maker);
    g_assert_cmpint(maker.n_made, ==, before);
    (void)title_at(keep, arena, "0", 50, &maker);
    g_assert_cmpint(maker.n_made, ==, before + 1);
    g_assert_cmpstr(hib_report_copy_document(first)->title, ==, "古い");
}

static void
what_fails_is_not_kept(void)
{
    GError *error = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibReportKeep) keep = hib_report_keep_new();
    Maker maker = {.is_failing = true, .title = "戻った"};
    g_assert_null(hib_report_keep_get(keep, "a", 0, make, &maker, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "report.unknown");
    g_clear_error(&error);
    maker.is_failing = false;
    g_assert_cmpstr(title_at(keep, arena, "a", 1, &maker), ==, "戻った");
    g_assert_cmpint(maker.n_made, ==, 2);
}

static void
a_link_is_asked_so_often_a_minute_and_each_for_itself(void)
{
    GError *error = NULL;
    g_autoptr(HibReportKeep) keep = hib_report_keep_new();
    const HibInstant begin = 1000 * HIB_DAY;
    for (int i = 0; i < HIB_REPORT_ASKED_A_MINUTE; i++)
        g_assert_true(hib_report_keep_admit(keep, "a", begin, NULL));
    g_assert_false(hib_report_keep_admit(keep, "a", begin, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "report.link_busy");
    g_assert_cmpint(hib_error_kind(error), ==, HIB_ERROR_TOO_MANY);
    g_clear_error(&error);
    g_assert_true(hib_report_keep_admit(keep, "b", begin, NULL));
    g_assert_true(hib_report_keep_admit(NULL, "a", begin, NULL));
    int n = 0; /* half a minute later half of them */
    while (hib_report_keep_admit(keep, "a", begin + HIB_MINUTE / 2, NULL))
        n++;
    g_assert_cmpint(n, ==, HIB_REPORT_ASKED_A_MINUTE / 2);
    for (n = 0; hib_report_keep_admit(keep, "a", begin + HIB_DAY, NULL);)
        n++; /* rest is not saved up */
    g_assert_cmpint(n, ==, HIB_REPORT_ASKED_A_MINUTE);
    for (int i = 0; i < 10000;
         i++) { /* those that rest are forgotten, not those that are being asked */
        g_autofree char *link = g_strdup_printf("link %d", i);
        g_assert_true(
            hib_report_keep_admit(keep, link, begin + HIB_DAY + i * HIB_SECOND / 1000, NULL));
    }
    g_assert_false(hib_report_keep_admit(keep, "a", begin + HIB_DAY, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/keep/once", a_thousand_who_ask_have_it_made_once);
    g_test_add_func("/report/keep/minute", it_is_made_anew_after_a_minute_and_for_another_key);
    g_test_add_func("/report/keep/oldest", the_oldest_goes_and_who_reads_it_still_reads_on);
    g_test_add_func("/report/keep/failed", what_fails_is_not_kept);
    g_test_add_func("/report/keep/asked", a_link_is_asked_so_often_a_minute_and_each_for_itself);
    return g_test_run();
}
