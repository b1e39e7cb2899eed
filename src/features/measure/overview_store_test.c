/* The overview against a plain recomputation from the snapshots it was fed with. */
#include "base/error.h"
#include "base/secrets.h"
#include "measure/fixture_test.h"

enum { N_POSTS = 80, N_READINGS = 6, N_DAYS = 14 };

typedef struct {
    const char *account, *id;
    HibInstant at;
    bool is_read;
    int64_t likes[N_READINGS], quotes[N_READINGS]; /* at the readings below */
} Out;

static const HibDuration ages[N_READINGS] = {HIB_HOUR,      6 * HIB_HOUR,  30 * HIB_HOUR,
                                             47 * HIB_HOUR, 49 * HIB_HOUR, 7 * HIB_DAY};

/* Posts over the last 28 days, read until now; every tenth never. */
static void
fill(HibTestMeasure *t, Out *out, const char *const *accounts, HibInstant now)
{
    HibSeeded chance;
    hib_seeded_init(&chance, 3);
    g_autoptr(GArray) snapshots = g_array_new(FALSE, TRUE, sizeof(HibSnapshot));
    for (int i = 0; i < N_POSTS; i++) {
        Out *o = &out[i];
        o->account = accounts[i % 2];
        o->at = now - hib_seeded_below(&chance, 28 * HIB_DAY - 9 * HIB_HOUR);
        o->id = hib_test_measure_out(t, o->account, o->at, NULL);
        int64_t likes = 0, quotes = 0;
        for (int k = 0; k < N_READINGS && i % 10; k++) {
            likes += hib_seeded_below(&chance, 30);
            quotes += hib_seeded_below(&chance, 4);
            o->likes[k] = likes;
            o->quotes[k] = quotes;
            if (o->at + ages[k] > now)
                continue;
            o->is_read = true;
            const HibSnapshot both[] = {{o->id, NULL, "likes", o->at + ages[k], likes},
                                        {o->id, NULL, "quotes", o->at + ages[k], quotes}};
            g_array_append_vals(snapshots, both, 2);
        }
    }
    hib_test_measure_add(t, (const HibSnapshot *)(const void *)snapshots->data, snapshots->len);
}

/* What a reading later than `until` has not said yet. */
static int64_t
known(const Out *o, const int64_t *values, HibInstant until)
{
    int64_t last = 0;
    for (int k = 0; k < N_READINGS && o->is_read; k++)
        if (o->at + ages[k] <= until)
            last = values[k];
    return last;
}

static void
check_days(const HibMeasureOverview *seen, HibTestMeasure *t, const Out *out, const char *account,
           HibInstant now)
{
    for (size_t d = 0; d < 2 * N_DAYS; d++) {
        const HibMeasureDay *day = d < N_DAYS ? &seen->before[d] : &seen->days[d - N_DAYS];
        HibInstant from = hib_day_start(t->zone, now, (int)d + 1 - 2 * N_DAYS),
                   to = MIN(hib_day_start(t->zone, now, (int)d + 2 - 2 * N_DAYS), now + 1);
        int64_t likes = 0, quotes = 0, posts = 0;
        for (int i = 0; i < N_POSTS; i++) {
            const Out *o = &out[i];
            if (!o->is_read || (account && o->account != account))
                continue; /* one never read was not followed here */
            posts += o->at >= from && o->at < to;
            likes += known(o, o->likes, to - 1) - known(o, o->likes, from - 1);
            quotes += known(o, o->quotes, to - 1) - known(o, o->quotes, from - 1);
        }
        g_assert_cmpint(day->day, ==, hib_measure_day(t->zone, from));
        g_assert_cmpint(day->posts, ==, posts);
        g_assert_cmpint(day->gained[HIB_MEASURE_LIKES], ==, likes);
        g_assert_cmpint(day->gained[HIB_MEASURE_QUOTES], ==, quotes);
        g_assert_cmpint(day->gained[HIB_MEASURE_REPLIES], ==, 0);
    }
}

static void
check_heat_and_mean(const HibMeasureOverview *seen, HibTestMeasure *t, const Out *out,
                    const char *account, HibInstant now)
{
    int64_t sums[7 * 24] = {0}, counts[7 * 24] = {0}, n = 0;
    double sum = 0;
    for (int i = 0; i < N_POSTS; i++) {
        const Out *o = &out[i];
        if (!o->is_read || (account && o->account != account) || o->at < seen->from)
            continue;
        sum += (double)(known(o, o->likes, now) + known(o, o->quotes, now));
        n++;
        if (o->at + 49 * HIB_HOUR > now)
            continue;
        HibWall wall = hib_wall_at(t->zone, o->at);
        int cell = (wall.weekday - 1) * 24 + wall.hour;
        sums[cell] += o->likes[4] + o->quotes[4]; /* 49 h: the first reading after 48 */
        counts[cell]++;
    }
    g_assert_cmpint(n, >, 10);
    g_assert_true(seen->has_per_post);
    g_assert_cmpfloat_with_epsilon(seen->per_post, sum / (double)n, 1e-9);
    for (int i = 0; i < 7 * 24; i++) {
        g_assert_cmpint(seen->cells[i].weekday, ==, i / 24 + 1);
        g_assert_cmpint(seen->cells[i].hour, ==, i % 24);
        g_assert_cmpint(seen->cells[i].engagements.n, ==, counts[i]);
        if (counts[i])
            g_assert_cmpfloat_with_epsilon(seen->cells[i].engagements.mean,
                                           (double)sums[i] / (double)counts[i], 1e-9);
    }
}

static void
check_best(HibTestMeasure *t, const HibMeasureOverview *seen, const Out *out, HibInstant now)
{
    GError *error = NULL;
    HibMeasureBest *best = NULL;
    size_t n = 0;
    hib_assert_ok(hib_measure_best(t->db, seen, NULL, 5, &best, &n, &error), error);
    g_assert_cmpint(n, ==, 5);
    for (int i = 0; i < N_POSTS; i++) {
        const Out *o = &out[i];
        int64_t all = known(o, o->likes, now) + known(o, o->quotes, now);
        bool is_among = false;
        for (size_t k = 0; k < n; k++) {
            if (!g_str_equal(best[k].delivery, o->id))
                continue;
            is_among = true;
            g_assert_cmpint(best[k].engagements, ==, all);
            g_assert_cmpint(best[k].values[HIB_MEASURE_LIKES], ==, known(o, o->likes, now));
        }
        if (!is_among && o->at >= seen->from)
            g_assert_cmpint(all, <=, best[n - 1].engagements);
    }
}

static void
every_number_equals_its_recomputation(HibTestStore *test)
{
    GError *error = NULL;
    g_autofree Out *out = g_new0(Out, N_POSTS);
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Europe/Berlin", false);
    /* Berlin's clocks changed on 29 March. */
    HibInstant now = hib_test_at("2026-04-06T10:00:00Z");
    hib_clock_manual_set(test->clock, now);
    const char *accounts[2] = {hib_test_measure_account(t, "a.example"),
                               hib_test_measure_account(t, "b.example")};
    fill(t, out, accounts, now);
    for (int i = 0; i < 3; i++) {
        const char *account = i ? accounts[i - 1] : NULL;
        HibMeasureOverview seen;
        hib_assert_ok(hib_measure_overview(t->db, t->zone, N_DAYS, account, &seen, &error), error);
        g_assert_cmpint(seen.from, ==, hib_test_at("2026-03-23T23:00:00Z"));
        g_assert_cmpint(seen.to, ==, hib_test_at("2026-04-06T22:00:00Z"));
        check_days(&seen, t, out, account, now);
        check_heat_and_mean(&seen, t, out, account, now);
        if (!account)
            check_best(t, &seen, out, now);
    }
}

static void
a_period_that_was_not_watched_whole_is_not_compared_with(HibTestStore *test)
{
    GError *error = NULL;
    HibMeasureOverview seen;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T03:00:00Z"));
    hib_assert_ok(hib_measure_overview(t->db, t->zone, 7, NULL, &seen, &error), error);
    g_assert_false(seen.has_before || seen.has_newest || seen.has_per_post);
    const HibSnapshot first = {NULL, account, "followers", hib_test_at("2026-01-08T00:00:00Z"), 5};
    hib_test_measure_add(t, &first, 1);
    hib_assert_ok(hib_measure_overview(t->db, t->zone, 7, NULL, &seen, &error), error);
    g_assert_false(seen.has_before); /* 7 to 13 January, and nothing is known of the 7th */
    hib_assert_ok(hib_measure_overview(t->db, t->zone, 6, NULL, &seen, &error), error);
    g_assert_true(seen.has_before);
}

static void
an_account_that_joins_brings_its_followers_without_gaining_them(HibTestStore *test)
{
    GError *error = NULL;
    HibMeasureOverview seen;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    const char *a = hib_test_measure_account(t, "a.example");
    const char *b = hib_test_measure_account(t, "b.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T03:00:00Z"));
    const HibSnapshot read[] = {
        {NULL, a, "followers", hib_test_at("2026-01-12T00:00:00Z"), 100},
        {NULL, a, "followers", hib_test_at("2026-01-18T00:00:00Z"), 110},
        {NULL, b, "followers", hib_test_at("2026-01-19T00:00:00Z"), 1000},
        {NULL, b, "followers", hib_test_at("2026-01-20T00:00:00Z"), 1003},
    };
    hib_test_measure_add(t, read, G_N_ELEMENTS(read));
    hib_assert_ok(hib_measure_overview(t->db, t->zone, 7, NULL, &seen, &error), error);
    g_assert_false(seen.before[0].has_followers);        /* the 7th: nobody was read yet */
    g_assert_cmpint(seen.before[6].followers, ==, 1100); /* the 13th */
    g_assert_cmpint(seen.days[4].followers, ==, 1110);
    g_assert_cmpint(seen.days[5].followers, ==, 1110);
    g_assert_cmpint(seen.days[6].followers, ==, 1113);
    hib_assert_ok(hib_measure_overview(t->db, t->zone, 7, b, &seen, &error), error);
    g_assert_false(seen.days[4].has_followers); /* alone, it was not known before */
    g_assert_cmpint(seen.days[6].followers, ==, 1003);
}

static void
a_number_names_its_source_and_says_when_an_account_cannot_be_read(HibTestStore *test)
{
    GError *error = NULL;
    const char *source = NULL;
    bool is_partial = true;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_assert_ok(hib_measure_source(t->db, NULL, &source, &is_partial, &error), error);
    g_assert_cmpstr(source, ==, "");
    g_assert_false(is_partial);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_test_measure_account(t, "b.example");
    hib_assert_ok(hib_measure_source(t->db, NULL, &source, &is_partial, &error), error);
    g_assert_cmpstr(source, ==, "bluesky");
    hib_assert_ok(hib_measure_source(t->db, account, &source, &is_partial, &error), error);
    g_assert_cmpstr(source, ==, "bluesky");
}

static void
practice_data_says_so(HibTestStore *test)
{
    GError *error = NULL;
    const char *source = NULL;
    bool is_partial = true;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    hib_test_measure_account(t, "a.example");
    hib_assert_ok(hib_measure_source(t->db, NULL, &source, &is_partial, &error), error);
    g_assert_cmpstr(source, ==, "practice");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/overview/" #name, name)
    TEST(every_number_equals_its_recomputation);
    TEST(a_period_that_was_not_watched_whole_is_not_compared_with);
    TEST(an_account_that_joins_brings_its_followers_without_gaining_them);
    TEST(a_number_names_its_source_and_says_when_an_account_cannot_be_read);
    TEST(practice_data_says_so);
    return g_test_run();
}
