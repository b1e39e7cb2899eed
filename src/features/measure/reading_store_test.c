/* Stored readings and their roll-ups: held against a plain model that knows nothing of neighbours, batches or lateness. */
#include "base/error.h"
#include "base/secrets.h"
#include "measure/fixture_test.h"
#include "measure/reading.sql.h"

#define TOKYO "Asia/Tokyo"

static HibSnapshot
likes(const char *delivery, const char *at, int64_t value)
{
    return (HibSnapshot){delivery, NULL, "likes", hib_test_at(at), value};
}

static HibSnapshot
followers(const char *account, const char *at, int64_t value)
{
    return (HibSnapshot){NULL, account, "followers", hib_test_at(at), value};
}

static HibMeasureOverview
overview(HibTestMeasure *t, int n_days, const char *account)
{
    HibMeasureOverview seen;
    GError *error = NULL;
    hib_assert_ok(hib_measure_overview(t->db, t->zone, n_days, account, &seen, &error), error);
    return seen;
}

/* Likes gained on that day. */
static int64_t
gained(HibTestMeasure *t, int64_t day)
{
    HibMeasureOverview seen = overview(t, 60, NULL);
    for (size_t i = 0; i < seen.n_days; i++)
        if (seen.days[i].day == day)
            return seen.days[i].gained[HIB_MEASURE_LIKES];
    g_assert_not_reached();
}

static void
a_reading_counts_once_however_often_it_comes(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot batch[] = {likes(out, "2026-01-10T02:00:00Z", 9),
                                 likes(out, "2026-01-10T01:00:00Z", 4),
                                 likes(out, "2026-01-10T01:00:00Z", 5)};
    hib_test_measure_add(t, batch, 3);
    g_autofree char *first = hib_test_measure_dump(t, &out, 1);
    g_assert_cmpint(gained(t, 20260110), ==, 9);
    hib_test_measure_add(t, batch, 3);
    hib_test_measure_add(t, batch + 2, 1); /* the same moment said otherwise: the first counts */
    const HibSnapshot newest = likes(out, "2026-01-10T02:00:00Z", 99);
    hib_test_measure_add(t, &newest, 1);
    hib_test_measure_add(t, NULL, 0);
    g_autofree char *again = hib_test_measure_dump(t, &out, 1);
    g_assert_cmpstr(again, ==, first);
    HibReading *rows = NULL;
    size_t n = 0;
    GError *error = NULL;
    hib_assert_ok(hib_measure_readings(t->db, out, &rows, &n, &error), error);
    g_assert_cmpint(n, ==, 2);
    g_assert_cmpint(rows[0].value, ==, 4);
}

static void
a_late_reading_moves_the_gain_to_its_own_day(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot newest = likes(out, "2026-01-13T00:00:00Z", 30),
                      late = likes(out, "2026-01-11T00:00:00Z", 12),
                      later = likes(out, "2026-01-12T12:00:00Z", 20);
    hib_test_measure_add(t, &newest, 1);
    g_assert_cmpint(gained(t, 20260113), ==, 30);
    hib_test_measure_add(t, &late, 1);
    g_assert_cmpint(gained(t, 20260111), ==, 12);
    g_assert_cmpint(gained(t, 20260113), ==, 18);
    hib_test_measure_add(t, &later, 1);
    g_assert_cmpint(gained(t, 20260112), ==, 8);
    g_assert_cmpint(gained(t, 20260113), ==, 10);
    HibSqlMeasurePost *post = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_sql_measure_post_get(t->db, out, &post, &error), error);
    g_assert_cmpint(post->likes, ==, 30);
    g_assert_cmpint(post->as_of, ==, newest.as_of);
    g_assert_cmpint(post->engagements_48, ==,
                    20); /* the first reading after two days is another one now */
}

static void
a_counter_that_falls_is_kept_as_read(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot up = likes(out, "2026-01-10T01:00:00Z", 10),
                      down = likes(out, "2026-01-11T01:00:00Z", 7);
    hib_test_measure_add(t, &up, 1);
    hib_test_measure_add(t, &down, 1);
    g_assert_cmpint(gained(t, 20260110), ==, 10);
    g_assert_cmpint(gained(t, 20260111), ==, -3);
}

static void
any_metric_of_the_dictionary_is_kept_and_rolled_up_unless_it_counts_people(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot told[] = {{out, NULL, "saves", hib_test_at("2026-01-10T01:00:00Z"), 3},
                                {out, NULL, "reach", hib_test_at("2026-01-10T01:00:00Z"), 70},
                                {out, NULL, "views", hib_test_at("2026-01-12T01:00:00Z"), 100}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    HibMeasureCurve *curve = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_measure_curve(t->db, out, &curve, &error), error);
    g_assert_cmpint(curve->n_readings, ==, 3);
    g_assert_cmpint(curve->as_of, ==, told[2].as_of);
    g_assert_cmpint(gained(t, 20260110), ==, 0);
    g_autofree char *rolls = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(rolls, "day saves 20260110 posts 3 "));
    g_assert_nonnull(strstr(rolls, "month views 20260101 posts 100 "));
    g_assert_nonnull(strstr(rolls, "week views 20260112 posts 100 "));
    g_assert_null(strstr(rolls, "reach"));
}

/* Falls, gaps and what is not exact are told beside the sum. */
static void
a_sum_tells_what_it_is_made_of(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot told[] = {
        likes(out, "2026-01-10T01:00:00Z", 10),
        likes(out, "2026-01-10T02:00:00Z", 6),  /* falls */
        likes(out, "2026-01-14T02:00:00Z", 30), /* nobody looked for three days */
        {out, NULL, "likes", hib_test_at("2026-01-14T03:00:00Z"), 31, "import:x",
         HIB_METRIC_ESTIMATED, hib_test_at("2026-01-19T00:00:00Z")}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    g_autofree char *rolls = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(rolls, "day likes 20260110 posts 6 of 2 fell 1 gaps 0 inexact 0"));
    g_assert_nonnull(strstr(rolls, "day likes 20260114 posts 25 of 2 fell 0 gaps 1 inexact 1"));
    g_assert_nonnull(strstr(rolls, "hour likes 2026011010 posts")); /* of the last 15 days */
}

static void
a_correction_fetched_later_is_what_it_was_and_nothing_is_forgotten(HibTestStore *test)
{
    GError *error = NULL;
    HibReading *rows = NULL;
    HibSqlMeasurePacksOf *packs = NULL;
    size_t n = 0, n_packs = 0;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot first = likes(out, "2026-01-11T01:00:00Z", 10),
                      second = likes(out, "2026-01-12T01:00:00Z", 14);
    HibSnapshot corrected = first;
    corrected.value = 12;
    corrected.source = "import:export";
    corrected.fetched_at = hib_test_at("2026-01-15T00:00:00Z");
    hib_test_measure_add(t, &first, 1);
    hib_test_measure_add(t, &second, 1);
    hib_test_measure_add(t, &corrected, 1);
    hib_test_measure_add(t, &corrected, 1);
    g_assert_cmpint(gained(t, 20260111), ==, 12);
    g_assert_cmpint(gained(t, 20260112), ==, 2);
    hib_assert_ok(hib_measure_readings(t->db, out, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpint(rows[0].value, ==, 12);
    hib_assert_ok(hib_sql_measure_packs_of(t->db, out, &packs, &n_packs, &error), error);
    g_assert_cmpuint(n_packs, ==, 2);
    g_assert_cmpstr(packs[0].source, ==, "bluesky");
    g_assert_cmpint(packs[0].readings, ==, 2);
    g_assert_cmpstr(packs[1].source, ==, "import:export");
}

/* A day's number grows until its end; a number said again replaces what was said of that day. */
static void
a_flow_is_a_day_of_its_own(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const HibSnapshot told[] = {
        {NULL, account, "day_views", hib_test_at("2026-01-12T01:00:00Z"), 40},
        {NULL, account, "day_views", hib_test_at("2026-01-12T05:00:00Z"), 90},
        {NULL, account, "day_views", hib_test_at("2026-01-13T05:00:00Z"), 30},
        {NULL, account, "day_reach", hib_test_at("2026-01-13T05:00:00Z"), 25},
        {NULL, account, "likes", hib_test_at("2026-01-13T05:00:00Z"), 1000},
        {NULL, account, "likes", hib_test_at("2026-01-14T05:00:00Z"), 1004}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    g_autofree char *rolls = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(rolls, "day day_views 20260112 own 90 "));
    g_assert_nonnull(strstr(rolls, "day day_views 20260113 own 30 "));
    g_assert_nonnull(strstr(rolls, "week day_views 20260112 own 120 "));
    g_assert_nonnull(strstr(rolls, "month day_views 20260101 own 120 "));
    g_assert_nonnull(strstr(rolls, "day day_reach 20260113 own 25 "));
    g_assert_null(strstr(rolls, "week day_reach")); /* the same people come again */
}

static void
a_metric_that_the_dictionary_does_not_have_is_refused(HibTestStore *test)
{
    static const char *const refused[] = {"happiness", "er_reach", "engagements", "follower_growth",
                                          ""};
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-03T00:00:00Z"), NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        const HibSnapshot batch[] = {
            likes(out, "2026-01-04T00:00:00Z", 1),
            {out, NULL, refused[i], hib_test_at("2026-01-04T00:00:00Z"), 1}};
        GError *error = NULL;
        hib_assert_refused(hib_measure_add(t->db, batch, 2, &error), error,
                           "measure.metric_unknown");
    }
    g_autofree char *dump = hib_test_measure_dump(t, &out, 1);
    g_assert_cmpstr(dump, ==, "");
}

static void
a_reading_of_no_delivery_is_refused_and_nothing_of_its_batch_stays(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *account = hib_test_measure_account(t, "a.example");
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-03T00:00:00Z"), NULL);
    const HibSnapshot batch[] = {
        likes(out, "2026-01-04T00:00:00Z", 1),
        likes("ffffffff-0000-7000-8000-000000000000", "2026-01-04T00:00:00Z", 1)};
    GError *error = NULL;
    hib_assert_refused(hib_measure_add(t->db, batch, 2, &error), error, "publish.delivery_unknown");
    g_autofree char *dump = hib_test_measure_dump(t, &out, 1);
    g_assert_cmpstr(dump, ==, "");
}

static void
followers_are_the_last_reading_of_the_day_and_are_carried_on(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, TOKYO, false);
    const char *a = hib_test_measure_account(t, "a.example"),
               *b = hib_test_measure_account(t, "b.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T03:00:00Z"));
    const HibSnapshot batch[] = {
        followers(a, "2026-01-10T03:00:00Z", 100), /* before the period: carried into it */
        followers(a, "2026-01-16T14:00:00Z", 120),
        followers(a, "2026-01-16T02:00:00Z", 110),
        followers(b, "2026-01-18T02:00:00Z", 7),
    };
    hib_test_measure_add(t, batch, G_N_ELEMENTS(batch));
    /* Late, and of an earlier hour of its day; and the same moment said otherwise. */
    const HibSnapshot late[] = {followers(a, "2026-01-16T09:00:00Z", 115),
                                followers(a, "2026-01-16T14:00:00Z", 999)};
    hib_test_measure_add(t, late, 2);
    HibMeasureOverview seen = overview(t, 7, NULL);
    /* 14 to 20 January; b joined on the 18th and had its followers before. */
    const int64_t wanted[] = {107, 107, 127, 127, 127, 127, 127};
    for (size_t i = 0; i < 7; i++) {
        g_assert_true(seen.days[i].has_followers);
        g_assert_cmpint(seen.days[i].followers, ==, wanted[i]);
    }
    g_assert_cmpint(seen.followers_at, ==, hib_test_at("2026-01-16T14:00:00Z"));
    g_assert_true(seen.before[6].has_followers);
    g_assert_false(seen.before[0].has_followers); /* 7 January: nothing was known */
    seen = overview(t, 7, b);
    g_assert_false(seen.days[3].has_followers);
    g_assert_cmpint(seen.days[6].followers, ==, 7);
    GError *error = NULL;
    g_autofree char *before = hib_test_measure_dump(t, NULL, 0);
    hib_assert_ok(hib_measure_rebuild(t->db, &error), error);
    g_autofree char *after = hib_test_measure_dump(t, NULL, 0);
    g_assert_cmpstr(after, ==, before);
}

/* In New York 8 March 2026 has 23 hours: 05:00 to 04:00 UTC. */
static void
days_begin_at_the_midnights_of_the_workspaces_zone(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "America/New_York", false);
    const char *account = hib_test_measure_account(t, "a.example");
    hib_clock_manual_set(test->clock, hib_test_at("2026-03-20T12:00:00Z"));
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-03-08T04:59:59Z"), NULL);
    const HibSnapshot batch[] = {
        likes(out, "2026-03-08T04:59:59Z", 1),
        likes(out, "2026-03-08T05:00:00Z", 11),
        likes(out, "2026-03-09T03:59:59Z", 111),
        likes(out, "2026-03-09T04:00:00Z", 1111),
    };
    hib_test_measure_add(t, batch, 4);
    g_assert_cmpint(gained(t, 20260307), ==, 1);
    g_assert_cmpint(gained(t, 20260308), ==, 110);
    g_assert_cmpint(gained(t, 20260309), ==, 1000);
    HibMeasureOverview seen = overview(t, 20, NULL); /* 1 to 20 March, over the change */
    g_assert_cmpint(seen.days[0].day, ==, 20260301);
    g_assert_cmpint(seen.from, ==, hib_test_at("2026-03-01T05:00:00Z"));
    g_assert_cmpint(seen.to, ==, hib_test_at("2026-03-21T04:00:00Z"));
    g_assert_cmpint(seen.days[6].posts, ==, 1);
}

/* --- a plain model ------------------------------------------------------------------------------------------------ */
enum { N_OUT = 4, N_READ = 900 };

typedef struct {
    HibTestMeasure *t;
    const char *accounts[2], *out[N_OUT];
    HibInstant published[N_OUT];
    HibSnapshot kept[N_READ]; /* the first said of each (subject, metric, moment) */
    size_t n;
} Model;

static bool
is_same(const HibSnapshot *a, const HibSnapshot *b)
{
    return g_strcmp0(a->delivery, b->delivery) == 0 && g_strcmp0(a->account, b->account) == 0 &&
           g_str_equal(a->metric, b->metric) && a->as_of == b->as_of;
}

static void
model_keep(Model *model, const HibSnapshot *s)
{
    for (size_t i = 0; i < model->n; i++)
        if (is_same(&model->kept[i], s))
            return;
    model->kept[model->n++] = *s;
}

/* The last value known of a metric before or at an instant. */
static bool
model_value(const Model *model, const char *delivery, const char *account, const char *metric,
            HibInstant until, int64_t *ret, HibInstant *ret_at)
{
    const HibSnapshot *best = NULL;
    for (size_t i = 0; i < model->n; i++) {
        const HibSnapshot *s = &model->kept[i];
        if (g_strcmp0(s->delivery, delivery) != 0 || (account && g_strcmp0(s->account, account)) ||
            !g_str_equal(s->metric, metric) || s->as_of > until)
            continue;
        if (!best || s->as_of > best->as_of)
            best = s;
    }
    *ret = best ? best->value : 0;
    if (ret_at)
        *ret_at = best ? best->as_of : 0;
    return best != NULL;
}

/* A day's gain: what was known at its end, less what was known at its start. */
static void
model_day(const Model *model, GString *out, HibInstant from, HibInstant to, const char *account)
{
    int64_t posts = 0, sums[HIB_MEASURE_N] = {0}, count = 0;
    HibInstant at = 0;
    for (size_t i = 0; i < N_OUT; i++) {
        if (!g_str_equal(model->accounts[i % 2], account))
            continue;
        posts += model->published[i] >= from && model->published[i] < to;
        for (int m = 0; m < HIB_MEASURE_N; m++) {
            int64_t end, start;
            const char *metric = hib_measure_metric_name((HibMeasureMetric)m);
            model_value(model, model->out[i], NULL, metric, to - 1, &end, NULL);
            model_value(model, model->out[i], NULL, metric, from - 1, &start, NULL);
            sums[m] += end - start;
        }
    }
    bool has_followers =
        model_value(model, NULL, account, "followers", to - 1, &count, &at) && at >= from;
    if (!posts && !sums[0] && !sums[1] && !sums[2] && !sums[3] && !has_followers)
        return;
    g_string_append_printf(out, "%d %s posts %d likes %d reposts %d replies %d quotes %d",
                           (int)hib_measure_day(model->t->zone, from), account, (int)posts,
                           (int)sums[0], (int)sums[1], (int)sums[2], (int)sums[3]);
    if (has_followers)
        g_string_append_printf(out, " followers %d", (int)count);
    g_string_append_c(out, '\n');
}

/* What counts as engagement: the four columns, and what is kept beside them. */
static const char *const model_metrics[] = {"likes", "reposts", "replies", "quotes", "saves"};

static int64_t
model_post_at(const Model *model, size_t i, HibInstant until, GString *out, HibInstant *ret_newest)
{
    int64_t all = 0, value;
    HibInstant at;
    for (size_t m = 0; m < G_N_ELEMENTS(model_metrics); m++) {
        const char *metric = model_metrics[m];
        if (!model_value(model, model->out[i], NULL, metric, until, &value, &at))
            continue;
        all += value;
        *ret_newest = MAX(*ret_newest, at);
        if (out && m < HIB_MEASURE_N)
            g_string_append_printf(out, " %s %d", metric, (int)value);
    }
    return all;
}

static void
model_post(const Model *model, GString *out, size_t i)
{
    HibInstant newest = 0, settled = HIB_NEVER;
    g_string_append(out, model->out[i]);
    int64_t all = model_post_at(model, i, HIB_NEVER, out, &newest);
    g_string_append_printf(out, " all %d", (int)all);
    for (size_t k = 0; k < model->n; k++) {
        const HibSnapshot *s = &model->kept[k];
        if (g_strcmp0(s->delivery, model->out[i]) == 0 &&
            s->as_of >= model->published[i] + 2 * HIB_DAY)
            settled = MIN(settled, s->as_of);
    }
    if (settled != HIB_NEVER)
        g_string_append_printf(out, " after48h %d",
                               (int)model_post_at(model, i, settled, NULL, &newest));
    if (newest)
        g_string_append_printf(out, " as_of %" G_GINT64_FORMAT, newest);
    g_string_append_c(out, '\n');
}

static bool
is_followed(const Model *model, size_t i)
{
    for (size_t k = 0; k < model->n; k++)
        if (g_strcmp0(model->kept[k].delivery, model->out[i]) == 0)
            return true;
    return false;
}

static char *
model_dump(Model *model)
{
    GString *out = g_string_new(NULL);
    HibInstant start = hib_test_at("2026-10-20T12:00:00Z");
    const char *const *a = model->accounts;
    bool is_first = strcmp(a[0], a[1]) < 0;
    for (int day = 0; day < 40; day++) {
        HibInstant from = hib_day_start(model->t->zone, start, day),
                   to = hib_day_start(model->t->zone, start, day + 1);
        model_day(model, out, from, to, a[!is_first]);
        model_day(model, out, from, to, a[is_first]);
    }
    for (size_t i = 0; i < N_OUT; i++)
        if (is_followed(model, i))
            model_post(model, out, i);
    return g_string_free(out, FALSE);
}

static HibSnapshot
any_reading(Model *model, HibSeeded *chance, HibInstant start)
{
    /* Whole quarter hours, so that moments meet; Lord Howe's and others' halves too. */
    HibInstant as_of = start + hib_seeded_below(chance, 20 * 96) * 15 * HIB_MINUTE;
    size_t i = (size_t)hib_seeded_below(chance, N_OUT + 1);
    if (i == N_OUT)
        return (HibSnapshot){NULL, model->accounts[hib_seeded_below(chance, 2)], "followers", as_of,
                             hib_seeded_below(chance, 1000)};
    return (HibSnapshot){model->out[i], NULL, model_metrics[hib_seeded_below(chance, 5)], as_of,
                         hib_seeded_below(chance, 500)};
}

static void
compare(Model *model)
{
    g_autofree char *is = hib_test_measure_dump(model->t, model->out, N_OUT),
                    *should = model_dump(model);
    g_assert_cmpstr(is, ==, should);
}

/* New York, over the night of 1 November 2026, which is an hour longer. */
static void
rollups_equal_a_plain_model_and_a_rebuild_after_any_sequence(HibTestStore *test)
{
    GError *error = NULL;
    HibSeeded chance;
    g_autofree Model *model = g_new0(Model, 1);
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "America/New_York", false);
    hib_seeded_init(&chance, 20261101);
    hib_clock_manual_set(test->clock, hib_test_at("2026-11-20T00:00:00Z"));
    HibInstant start = hib_test_at("2026-10-24T03:30:00Z");
    model->t = t;
    model->accounts[0] = hib_test_measure_account(t, "a.example");
    model->accounts[1] = hib_test_measure_account(t, "b.example");
    for (size_t i = 0; i < N_OUT; i++) {
        model->published[i] = start + (HibInstant)i * 5 * HIB_DAY;
        model->out[i] = hib_test_measure_out(t, model->accounts[i % 2], model->published[i], NULL);
        const HibSnapshot first = {model->out[i], NULL, "likes", model->published[i], 0};
        hib_test_measure_add(t, &first, 1);
        model_keep(model, &first);
    }
    for (int batch = 0; batch < 60; batch++) {
        HibSnapshot rows[14];
        size_t n = 1 + (size_t)hib_seeded_below(&chance, 14);
        for (size_t i = 0; i < n; i++) {
            rows[i] = any_reading(model, &chance, start);
            model_keep(model, &rows[i]);
        }
        hib_test_measure_add(t, rows, n);
        if (batch % 10 == 9)
            compare(model);
    }
    g_autofree char *rolls = hib_test_measure_rolls(t);
    hib_assert_ok(hib_measure_rebuild(t->db, &error), error);
    compare(model);
    g_autofree char *again = hib_test_measure_rolls(t);
    g_assert_cmpstr(again, ==, rolls);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/store/" #name, name)
    TEST(a_reading_counts_once_however_often_it_comes);
    TEST(a_late_reading_moves_the_gain_to_its_own_day);
    TEST(a_counter_that_falls_is_kept_as_read);
    TEST(any_metric_of_the_dictionary_is_kept_and_rolled_up_unless_it_counts_people);
    TEST(a_sum_tells_what_it_is_made_of);
    TEST(a_correction_fetched_later_is_what_it_was_and_nothing_is_forgotten);
    TEST(a_flow_is_a_day_of_its_own);
    TEST(a_metric_that_the_dictionary_does_not_have_is_refused);
    TEST(a_reading_of_no_delivery_is_refused_and_nothing_of_its_batch_stays);
    TEST(followers_are_the_last_reading_of_the_day_and_are_carried_on);
    TEST(days_begin_at_the_midnights_of_the_workspaces_zone);
    TEST(rollups_equal_a_plain_model_and_a_rebuild_after_any_sequence);
    return g_test_run();
}
