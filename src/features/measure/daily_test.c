/* A daily series: each day's own number, what is missing, and what came in meanwhile shared out. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include <math.h>

static HibDaily
daily(HibTestMeasure *t, const char *metric, const char *account, int64_t from, int64_t until)
{
    GError *error = NULL;
    HibDaily ret;
    hib_assert_ok(hib_measure_daily(t->db, t->zone, metric, account, from, until, &ret, &error),
                  error);
    g_assert_cmpint(ret.first, ==, from);
    return ret;
}

static void
check(const double *seen, size_t n_seen, const double *wanted, size_t n)
{
    g_assert_cmpuint(n_seen, ==, n);
    for (size_t i = 0; i < n; i++)
        if (isnan(wanted[i]))
            g_assert_true(isnan(seen[i]));
        else
            g_assert_cmpfloat_with_epsilon(seen[i], wanted[i], 1e-9);
}
#define CHECK(daily, part, ...)                                                                    \
    check((daily).part, (daily).n, (const double[]){__VA_ARGS__},                                  \
          sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static HibInstant
noon(int day) /* of November, in Tokyo */
{
    return hib_test_at("2026-11-01T03:00:00Z") + (day - 1) * HIB_DAY;
}

static void
a_day_nobody_read_is_missing_and_shared_out(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    hib_clock_manual_set(test->clock, noon(20));
    const char *one = hib_test_measure_account(t, "one");
    const char *post = hib_test_measure_out(t, one, noon(3), NULL);
    const HibSnapshot read[] = {{post, NULL, "likes", noon(3) + HIB_HOUR, 10},
                                {post, NULL, "likes", noon(4), 16},
                                {post, NULL, "likes", noon(7), 46},
                                {post, NULL, "likes", noon(8), 46}};
    hib_test_measure_add(t, read, G_N_ELEMENTS(read));
    HibDaily likes = daily(t, "likes", one, 20261102, 20261110);
    CHECK(likes, values, NAN, 10, 6, NAN, NAN, NAN, 0, NAN);
    CHECK(likes, whole, NAN, 10, 6, 10, 10, 10, 0, NAN);
    CHECK(daily(t, "posts", one, 20261102, 20261106), values, NAN, 1, 0, 0);
    CHECK(daily(t, "engagements", NULL, 20261104, 20261108), whole, 6, 10, 10, 10);
    /* A gap that began before the first day asked for. */
    CHECK(daily(t, "likes", one, 20261106, 20261109), whole, 10, 10, 0);
    CHECK(daily(t, "likes", one, 20261106, 20261109), values, NAN, NAN, 0);
    /* … of which the list of posts counts all on the day it was read. */
    CHECK(daily(t, "likes", one, 20261106, 20261109), counts, 0, 30, 0);
}

static void
followers_stand_between_readings_and_add_up_over_accounts(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    hib_clock_manual_set(test->clock, noon(20));
    const char *one = hib_test_measure_account(t, "one"), *two = hib_test_measure_account(t, "two");
    const HibSnapshot read[] = {
        {NULL, one, "followers", noon(1), 100},  {NULL, one, "followers", noon(2), 110},
        {NULL, one, "followers", noon(4), 130},  {NULL, one, "followers", noon(5), 131},
        {NULL, two, "followers", noon(3), 1000}, {NULL, two, "followers", noon(4), 1001}};
    hib_test_measure_add(t, read, G_N_ELEMENTS(read));
    CHECK(daily(t, "followers", one, 20261101, 20261106), values, 100, 110, NAN, 130, 131);
    CHECK(daily(t, "followers", one, 20261101, 20261106), whole, 100, 110, 120, 130, 131);
    /* Who joins on the 3rd did not bring a thousand that day; who was not read on the 5th did not lose them. */
    CHECK(daily(t, "followers", NULL, 20261101, 20261106), values, 1100, 1110, NAN, 1131, 1132);
    CHECK(daily(t, "followers", NULL, 20261101, 20261106), whole, 1100, 1110, 1120, 1131, 1132);
}

static void
nothing_read_is_nothing_known(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const char *one = hib_test_measure_account(t, "one");
    static const char *const metrics[] = {"followers", "engagements", "posts", "clicks"};
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++) {
        g_assert_true(hib_measure_is_daily(metrics[i]));
        CHECK(daily(t, metrics[i], one, 20261101, 20261103), values, NAN, NAN);
        CHECK(daily(t, metrics[i], NULL, 20261101, 20261103), whole, NAN, NAN);
        g_assert_cmpuint(daily(t, metrics[i], NULL, 20261103, 20261103).n, ==, 0);
        g_assert_cmpuint(daily(t, metrics[i], NULL, 20261103, 20261001).n, ==, 0);
    }
    g_assert_false(hib_measure_is_daily("reach"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/daily/missing", a_day_nobody_read_is_missing_and_shared_out);
    hib_test_add_manual("/measure/daily/followers",
                        followers_stand_between_readings_and_add_up_over_accounts);
    hib_test_add_manual("/measure/daily/nothing", nothing_read_is_nothing_known);
    return g_test_run();
}
