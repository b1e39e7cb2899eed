/* Unusual days as rows: found by a night's look, made longer, judged once, explained by posts; a quiet or a young account is left alone. */
#include "base/error.h"
#include "base/secrets.h"
#include "days/days.h"
#include "measure/anomaly.h"
#include "measure/fixture_test.h"

enum { DAYS = 80 };

typedef struct {
    HibTestMeasure *t;
    const char *account;
    HibSeeded chance;
    int64_t followers;
} Case;

static HibInstant
noon(int day)
{
    return hib_test_at("2026-09-01T03:00:00Z") + day * HIB_DAY;
}

static void
open_case(Case *c, HibTestStore *test)
{
    c->t = hib_test_measure_new(test, "Asia/Tokyo", true);
    hib_clock_manual_set(test->clock, noon(0));
    c->account = hib_test_measure_account(c->t, "one");
    c->followers = 1000;
    hib_seeded_init(&c->chance, 5);
}

/* Followers grow by about ten a day. */
static void
live(Case *c, int from, int until, int64_t more)
{
    for (int day = from; day < until; day++) {
        c->followers += 8 + hib_seeded_below(&c->chance, 5) + more;
        hib_test_measure_add(
            c->t, &(HibSnapshot){NULL, c->account, "followers", noon(day), c->followers}, 1);
    }
}

static size_t
look(Case *c, int day, HibAnomalyRow **ret)
{
    GError *error = NULL;
    size_t n;
    hib_clock_manual_set(c->t->test->clock, noon(day));
    hib_assert_ok(hib_anomalies_look(c->t->db, c->t->zone, &error), error);
    hib_assert_ok(hib_anomalies(c->t->db, false, ret, &n, &error), error);
    return n;
}

static void
a_quiet_account_and_a_young_one_are_left_alone(HibTestStore *test)
{
    Case c;
    HibAnomalyRow *rows;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    live(&c, 0, 20, 0);
    live(&c, 20, 21, 400); /* a great day, but who knows */
    g_assert_cmpuint(look(&c, 21, &rows), ==, 0);
    live(&c, 21, DAYS, 0);
    for (int day = 60; day <= DAYS; day++)
        g_assert_cmpuint(look(&c, day, &rows), ==, 0);
}

static void
one_is_found_grows_and_is_judged(HibTestStore *test)
{
    Case c;
    GError *error = NULL;
    HibAnomalyRow *rows, *after;
    HibAnomalyPost *posts;
    HibDaily series;
    size_t n;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    live(&c, 0, 70, 0);
    for (int day = 40; day < 70; day += 3) {
        const char *usual = hib_test_measure_out(t, c.account, noon(day), NULL);
        hib_test_measure_add(t, &(HibSnapshot){usual, NULL, "likes", noon(day) + HIB_HOUR, 5}, 1);
    }
    const char *great = hib_test_measure_out(t, c.account, noon(70), NULL);
    live(&c, 70, 71, 300);
    hib_test_measure_add(t, &(HibSnapshot){great, NULL, "likes", noon(70) + HIB_HOUR, 400}, 1);
    g_assert_cmpuint(look(&c, 70, &rows), ==, 0); /* that day is not over */
    n = look(&c, 71, &rows);
    g_assert_cmpuint(n, >=, 1);
    const HibAnomalyRow *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].metric, "followers"))
            found = &rows[i];
    g_assert_nonnull(found);
    g_assert_cmpint(found->first_day, ==, hib_day_at(t->zone, noon(70)));
    g_assert_true(found->is_above);
    g_assert_cmpfloat(found->actual, >, 300);
    g_assert_cmpfloat(found->high, <, 60);
    g_assert_cmpuint(look(&c, 71, &rows), ==, n); /* looked at once */
    hib_assert_ok(hib_anomaly_posts(t->db, t->zone, found, &posts, &n, &error), error);
    g_assert_cmpstr(posts[0].delivery, ==, great);
    g_assert_cmpfloat(posts[0].more, ==, 395);
    hib_assert_ok(hib_anomaly_series(t->db, t->zone, found, &series, &error), error);
    g_assert_cmpfloat(series.values[56], ==, found->actual);
    live(&c, 71, 72, 250);
    look(&c, 72, &rows);
    hib_assert_ok(hib_anomaly_get(t->db, found->id, &after, &error), error);
    g_assert_cmpint(after->first_day, ==, found->first_day);
    g_assert_cmpint(after->last_day, ==, hib_day_at(t->zone, noon(71)));
    g_assert_cmpfloat(after->actual, >, 550);
    hib_assert_ok(hib_anomaly_judge(t->db, found->id, after->version, HIB_ANOMALY_EXPLAINED,
                                    "テレビで紹介された", &after, &error),
                  error);
    g_assert_cmpstr(after->note, ==, "テレビで紹介された");
    g_assert_false(hib_anomaly_judge(t->db, found->id, 1, HIB_ANOMALY_OPEN, "", &after, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "anomaly.edited");
    g_clear_error(&error);
    hib_assert_ok(hib_anomalies(t->db, true, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_false(hib_anomaly_get(t->db, c.account, &after, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "anomaly.unknown");
    g_clear_error(&error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/anomaly/left_alone",
                        a_quiet_account_and_a_young_one_are_left_alone);
    hib_test_add_manual("/measure/anomaly/found", one_is_found_grows_and_is_judged);
    return g_test_run();
}
