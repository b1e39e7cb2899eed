/* Tables of kinds of posts: the interval and the verdict stand beside the mean; a kind alone makes no table. */
#include "report/report_private.h"
#include <math.h>

static HibToldGroup
group(HibToldBy by, const char *key, int64_t n, double mean, bool is_apart)
{
    return (HibToldGroup){.by = by,
                          .key = key,
                          .mean = {n, mean, mean - 2.34, mean + 2.34},
                          .total = mean * (double)n,
                          .is_apart = is_apart};
}

static void
a_kind_stands_with_its_interval_and_whether_it_differs(void)
{
    HibReportBlock tables[HIB_TOLD_BY_TAG + 1];
    g_autoptr(HibArena) arena = hib_arena_new();
    HibReport report = {.content = {.locale = "ja"}};
    HibToldGroup groups[16] = {group(HIB_TOLD_BY_NETWORK, "bluesky", 9, 4, false),
                               group(HIB_TOLD_BY_FORMAT, "reel", 3, 12.06, true),
                               group(HIB_TOLD_BY_FORMAT, "post", 0, 0, false),
                               group(HIB_TOLD_BY_CAMPAIGN, "", 4, 5, false),
                               group(HIB_TOLD_BY_CAMPAIGN, "c", 1, 1, false)};
    size_t n_groups = 5;
    for (; n_groups < 16; n_groups++)
        groups[n_groups] = group(HIB_TOLD_BY_TAG, "珈琲", 2, 20, false);
    HibMeasureDay day = {.day = 20261101};
    const HibReportFigures of = {.report = &report,
                                 .of = {.days = &day, .n_days = 1},
                                 .groups = groups,
                                 .n_groups = n_groups};
    g_assert_cmpuint(hib_report_groups(arena, &of, tables), ==, 3); /* one network is all posts */
    const HibGrid *formats = &tables[0].grid;
    g_assert_cmpstr(tables[0].title, ==, "形式ごと");
    g_assert_cmpuint(formats->n_rows, ==, 2);
    g_assert_cmpstr(formats->cells[0], ==, "リール");
    g_assert_cmpstr(formats->cells[1], ==, "3");
    g_assert_cmpstr(formats->cells[2], ==, "12.1");
    g_assert_cmpstr(formats->cells[3], ==, "9.7–14.4");
    g_assert_cmpstr(formats->cells[5], ==, "差があると言えます");
    g_assert_cmpstr(formats->cells[6 + 2], ==, "未取得"); /* nobody told: not 0 */
    g_assert_true(isnan(tables[0].numbers[6 + 2]) && tables[0].numbers[1] == 3);
    const HibGrid *campaigns = &tables[1].grid;
    g_assert_cmpstr(campaigns->cells[0], ==, "なし");
    g_assert_cmpstr(campaigns->cells[6], ==, "削除したキャンペーン");
    g_assert_cmpstr(campaigns->cells[6 + 3], ==, "–"); /* of one post there is no interval */
    g_assert_cmpstr(tables[2].grid.cells[0], ==, "#珈琲");
    g_assert_cmpuint(tables[2].grid.n_rows, ==, 8);
    const HibReportFigures none = {.report = &report};
    g_assert_cmpuint(hib_report_groups(arena, &none, tables), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/groups/a_kind_stands_with_its_interval_and_whether_it_differs",
                    a_kind_stands_with_its_interval_and_whether_it_differs);
    return g_test_run();
}
