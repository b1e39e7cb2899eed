/* Limits of premiums (景品) and the eight-week test of compared prices (二重価格): arithmetic over rules/law/figures.json, in whole yen and days. */
#include "check/check.h"

#include "check_figures.h"

HibPremiumCap
hib_check_premium(HibPremiumKind kind, int64_t price_yen, int64_t sales_yen)
{
    HibPremiumCap cap = {.source = HIB_LAW_PREMIUM_SOURCE, .as_of = HIB_LAW_AS_OF};
    int64_t price = CLAMP(price_yen, 0, HIB_YEN_MOST), sales = CLAMP(sales_yen, 0, HIB_YEN_MOST);
    switch (kind) {
    case HIB_PREMIUM_GENERAL:
        cap.has_each = cap.has_total = true;
        cap.below_yen = HIB_LAW_PREMIUM_GENERAL_BELOW_YEN;
        cap.times = HIB_LAW_PREMIUM_GENERAL_TIMES;
        cap.most_yen = HIB_LAW_PREMIUM_GENERAL_MOST_YEN;
        cap.total_percent = HIB_LAW_PREMIUM_GENERAL_TOTAL_PERCENT;
        cap.each_yen = price < HIB_LAW_PREMIUM_GENERAL_BELOW_YEN
                           ? price * HIB_LAW_PREMIUM_GENERAL_TIMES
                           : HIB_LAW_PREMIUM_GENERAL_MOST_YEN;
        cap.total_yen = sales * HIB_LAW_PREMIUM_GENERAL_TOTAL_PERCENT / 100;
        break;
    case HIB_PREMIUM_JOINT:
        cap.has_each = cap.has_total = true;
        cap.each_yen = cap.most_yen = HIB_LAW_PREMIUM_JOINT_MOST_YEN;
        cap.total_percent = HIB_LAW_PREMIUM_JOINT_TOTAL_PERCENT;
        cap.total_yen = sales * HIB_LAW_PREMIUM_JOINT_TOTAL_PERCENT / 100;
        break;
    case HIB_PREMIUM_ALL:
        cap.has_each = true;
        cap.below_yen = HIB_LAW_PREMIUM_ALL_BELOW_YEN;
        cap.least_yen = HIB_LAW_PREMIUM_ALL_LEAST_YEN;
        cap.percent = HIB_LAW_PREMIUM_ALL_PERCENT;
        cap.each_yen = price < HIB_LAW_PREMIUM_ALL_BELOW_YEN
                           ? HIB_LAW_PREMIUM_ALL_LEAST_YEN
                           : price * HIB_LAW_PREMIUM_ALL_PERCENT / 100;
        break;
    case HIB_PREMIUM_OPEN:
    case HIB_PREMIUM_N:
        break;
    }
    return cap;
}

HibPriceTest
hib_check_price(int64_t price_yen, int64_t sale_day, const HibPricePeriod *periods, size_t n)
{
    HibPriceTest test = {.n_since = -1,
                         .least_days = HIB_LAW_PRICE_LEAST_DAYS,
                         .since_days = HIB_LAW_PRICE_SINCE_DAYS,
                         .source = HIB_LAW_PRICE_SOURCE,
                         .as_of = HIB_LAW_AS_OF};
    int64_t first = sale_day, last_at = G_MININT64;
    for (size_t i = 0; i < n; i++) {
        first = MIN(first, periods[i].from_day);
        if (periods[i].price_yen == price_yen && periods[i].from_day < sale_day &&
            periods[i].to_day >= periods[i].from_day)
            last_at = MAX(last_at, MIN(periods[i].to_day, sale_day - 1));
    }
    test.from_day = MAX(first, sale_day - HIB_LAW_PRICE_WINDOW_DAYS);
    test.n_window = sale_day - test.from_day;
    for (int64_t day = test.from_day; day < sale_day; day++) {
        bool is_sold = false, is_at_price = false;
        for (size_t i = 0; i < n; i++) {
            bool is_in = day >= periods[i].from_day && day <= periods[i].to_day;
            is_sold |= is_in;
            is_at_price |= is_in && periods[i].price_yen == price_yen;
        }
        test.n_sold += is_sold;
        test.n_at_price += is_at_price;
    }
    if (last_at != G_MININT64)
        test.n_since = sale_day - last_at;
    test.is_majority = test.n_at_price * 2 > test.n_sold;
    test.is_two_weeks = test.n_at_price >= HIB_LAW_PRICE_LEAST_DAYS;
    test.is_recent = test.n_since >= 0 && test.n_since < HIB_LAW_PRICE_SINCE_DAYS;
    test.is_fair = test.is_majority && test.is_two_weeks && test.is_recent;
    return test;
}
