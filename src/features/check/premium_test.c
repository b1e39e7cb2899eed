/* Premiums and compared prices: the values of the tables, and each side of every limit. */
#include "check/check.h"

static void
premiums_end_where_the_law_says(void)
{
    static const struct {
        HibPremiumKind kind;
        int64_t price, sales, each, total;
    } rows[] = {
        {HIB_PREMIUM_GENERAL, 0, 0, 0, 0},
        {HIB_PREMIUM_GENERAL, 100, 1000000, 2000, 20000},
        {HIB_PREMIUM_GENERAL, 4999, 49, 99980, 0}, /* 0.98 yen is none */
        {HIB_PREMIUM_GENERAL, 5000, 50, 100000, 1},
        {HIB_PREMIUM_GENERAL, 1000000, 99, 100000, 1},
        {HIB_PREMIUM_JOINT, 100, 1000000, 300000, 30000},
        {HIB_PREMIUM_JOINT, 100, 33, 300000, 0},
        {HIB_PREMIUM_JOINT, 100, 34, 300000, 1},
        {HIB_PREMIUM_ALL, 999, 1, 200, -1},
        {HIB_PREMIUM_ALL, 1000, 1, 200, -1},
        {HIB_PREMIUM_ALL, 1004, 1, 200, -1},
        {HIB_PREMIUM_ALL, 1005, 1, 201, -1},
        {HIB_PREMIUM_ALL, 100000, 1, 20000, -1},
        {HIB_PREMIUM_OPEN, 100, 1, -1, -1},
        {HIB_PREMIUM_GENERAL, HIB_YEN_MOST, HIB_YEN_MOST, 100000, HIB_YEN_MOST / 50},
        {HIB_PREMIUM_ALL, G_MAXINT64, 0, HIB_YEN_MOST / 5, -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const HibPremiumCap cap = hib_check_premium(rows[i].kind, rows[i].price, rows[i].sales);
        g_assert_cmpint(cap.has_each ? cap.each_yen : -1, ==, rows[i].each);
        g_assert_cmpint(cap.has_total ? cap.total_yen : -1, ==, rows[i].total);
        g_assert_cmpuint(strlen(cap.as_of), ==, 10);
    }
}

static void
a_compared_price_must_have_been_charged_long_enough_and_lately(void)
{
    const int64_t sale = 20000;
    static const struct {
        const char *what;
        int64_t at_from, at_to, other_from,
            other_to; /* days before the sale; at 9,800 and at 7,000 */
        bool is_majority, is_two_weeks, is_recent;
    } rows[] = {
        {"all eight weeks", 56, 1, 0, 0, true, true, true},
        {"just over half", 29, 1, 56, 30, true, true, true},
        {"just half", 28, 1, 56, 29, false, true, true},
        {"a new thing, sold for two weeks", 14, 1, 0, 0, true, true, true},
        {"a new thing, a day short", 13, 1, 0, 0, true, false, true},
        {"ended thirteen days ago", 56, 13, 12, 1, true, true, true},
        {"ended fourteen days ago", 56, 14, 13, 1, true, true, false},
        {"never", 0, 0, 56, 1, false, false, false},
        {"long ago only", 200, 57, 0, 0, false, false, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibPricePeriod periods[2];
        size_t n = 0;
        if (rows[i].at_from)
            periods[n++] = (HibPricePeriod){9800, sale - rows[i].at_from, sale - rows[i].at_to};
        if (rows[i].other_from)
            periods[n++] =
                (HibPricePeriod){7000, sale - rows[i].other_from, sale - rows[i].other_to};
        const HibPriceTest test = hib_check_price(9800, sale, periods, n);
        g_test_message("%s: %d of %d days", rows[i].what, (int)test.n_at_price, (int)test.n_sold);
        g_assert_cmpint(test.is_majority, ==, rows[i].is_majority);
        g_assert_cmpint(test.is_two_weeks, ==, rows[i].is_two_weeks);
        g_assert_cmpint(test.is_recent, ==, rows[i].is_recent);
        g_assert_cmpint(test.is_fair, ==,
                        rows[i].is_majority && rows[i].is_two_weeks && rows[i].is_recent);
        g_assert_cmpint(test.n_window, <=, 56);
    }
    g_assert_false(hib_check_price(9800, sale, NULL, 0).is_fair);
    const HibPricePeriod after = {9800, sale, sale + 30};
    g_assert_cmpint(hib_check_price(9800, sale, &after, 1).n_since, ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/premium", premiums_end_where_the_law_says);
    g_test_add_func("/check/price", a_compared_price_must_have_been_charged_long_enough_and_lately);
    return g_test_run();
}
