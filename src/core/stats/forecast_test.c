/* Forecasts against an implementation of its own (tests/oracle/forecast.py), and against series whose future is known because they are simulated. */
#include "base/json.h"
#include "base/secrets.h"
#include "stats/forecast.h"

#include <math.h>
#include <string.h>

static size_t
numbers(HibArena *arena, HibJson in, const char *key, double **ret)
{
    HibJson array = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(hib_json_array(in, key, &array, &error));
    size_t n = 0;
    *ret = hib_arena_array(arena, double, hib_json_count(array));
    for (HibJson e = hib_json_first(array); e.value; e = hib_json_next(array, e))
        (*ret)[n++] = cJSON_IsNull(e.value) ? NAN : e.value->valuedouble;
    return n;
}

static uint8_t *
kinds_of(HibArena *arena, HibJson in)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(in.value, "kinds");
    if (!cJSON_IsArray(array))
        return NULL;
    uint8_t *ret = hib_arena_array(arena, uint8_t, (size_t)cJSON_GetArraySize(array));
    size_t n = 0;
    for (const cJSON *e = array->child; e; e = e->next)
        ret[n++] = (uint8_t)e->valueint;
    return ret;
}

static void
compare(const double *got, const double *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon(got[i], expected[i], 1e-8 * MAX(1, fabs(expected[i])));
}

static void
forecasts_equal_another_implementation(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    HibJson cases = {0};
    g_assert_true(g_file_get_contents(TEST_DATA "/forecast.json", &text, NULL, NULL));
    g_assert_true(hib_json_parse(arena, text, strlen(text), &cases, &error));
    g_assert_cmpuint(hib_json_count(cases), ==, 4);
    for (HibJson e = hib_json_first(cases); e.value; e = hib_json_next(cases, e)) {
        double *values = NULL;
        double *expected = NULL;
        double target = 0;
        double chance = 0;
        int64_t horizon = 0;
        int64_t season = 0;
        int64_t long_season = 0;
        bool is_never_negative = false;
        HibJson answer = {0};
        HibForecast got;
        g_assert_true(hib_json_int(e, "horizon", &horizon, NULL) &&
                      hib_json_int(e, "season", &season, NULL) &&
                      hib_json_int(e, "long_season", &long_season, NULL) &&
                      hib_json_bool(e, "never_negative", &is_never_negative, NULL) &&
                      hib_json_object(e, "expected", &answer, NULL) &&
                      hib_json_real(answer, "target", &target, NULL) &&
                      hib_json_real(answer, "chance", &chance, NULL));
        const size_t n = numbers(arena, e, "values", &values);
        const HibSeries series = {.values = values,
                                  .n = n,
                                  .horizon = (size_t)horizon,
                                  .kinds = kinds_of(arena, e),
                                  .season = (size_t)season,
                                  .long_season = (size_t)long_season,
                                  .is_never_negative = is_never_negative,
                                  .level = 0.95};
        g_assert_true(hib_forecast(arena, &series, &got));
        numbers(arena, answer, "mean", &expected);
        compare(got.mean, expected, series.horizon);
        numbers(arena, answer, "low", &expected);
        compare(got.low, expected, series.horizon);
        numbers(arena, answer, "high", &expected);
        compare(got.high, expected, series.horizon);
        if (series.kinds) {
            numbers(arena, answer, "factors", &expected);
            compare(got.kinds, expected, HIB_FORECAST_KINDS);
        }
        const double told = hib_forecast_chance(&got, series.horizon - 1, target);
        g_assert_cmpfloat_with_epsilon(told, chance, 0.01);
    }
}

static double
bell(HibSeeded *seeded)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += hib_seeded_unit(seeded);
    return sum;
}

/* 300 accounts: half a year of reach with a level that wanders, a week and noise; the next four weeks are simulated on. */
static void
intervals_cover_and_chances_are_what_happens(void)
{
    enum { PAST = 180, AHEAD = 28, ACCOUNTS = 300 };
    size_t inside = 0;
    size_t all = 0;
    double brier = 0;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 6);
    for (int a = 0; a < ACCOUNTS; a++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        double values[PAST + AHEAD];
        double week[7];
        double level = 6 + 2 * hib_seeded_unit(&seeded);
        const double growth = 0.002 * hib_seeded_unit(&seeded);
        for (int d = 0; d < 7; d++)
            week[d] = 0.25 * bell(&seeded);
        for (int t = 0; t < PAST + AHEAD; t++) {
            level += growth + 0.02 * bell(&seeded);
            values[t] = round(exp(level + week[t % 7] + 0.1 * bell(&seeded)));
        }
        const HibSeries series = {.values = values,
                                  .n = PAST,
                                  .horizon = AHEAD,
                                  .season = 7,
                                  .is_never_negative = true,
                                  .level = 0.95};
        HibForecast got;
        g_assert_true(hib_forecast(arena, &series, &got));
        for (int j = 0; j < AHEAD; j++, all++)
            inside += values[PAST + j] >= got.low[j] && values[PAST + j] <= got.high[j];
        const double target =
            values[PAST - 1 - (PAST - AHEAD) % 7] * (0.8 + 0.6 * hib_seeded_unit(&seeded));
        const double chance = hib_forecast_chance(&got, AHEAD - 1, target);
        const double happened = values[PAST + AHEAD - 1] >= target;
        brier += (chance - happened) * (chance - happened) / ACCOUNTS;
    }
    g_test_message("covered %.3f, Brier %.3f", (double)inside / (double)all, brier);
    g_assert_cmpfloat((double)inside / (double)all, >=, 0.92);
    g_assert_cmpfloat((double)inside / (double)all, <=, 0.98);
    g_assert_cmpfloat(brier, <=, 0.12);
}

static void
a_holiday_that_halves_the_reach_is_foreseen(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    double values[140];
    uint8_t kinds[154] = {0};
    for (size_t t = 9; t < G_N_ELEMENTS(kinds); t += 24)
        kinds[t] = 1;
    kinds[145] = 1;
    for (size_t t = 0; t < G_N_ELEMENTS(values); t++)
        values[t] = kinds[t] ? 500 : 1000;
    HibSeries series = {
        .values = values, .n = 140, .horizon = 14, .kinds = kinds, .season = 7, .level = 0.95};
    HibForecast got;
    g_assert_true(hib_forecast(arena, &series, &got));
    g_assert_cmpfloat_with_epsilon(got.kinds[1], pow(0.5, 6.0 / 8), 1e-9); /* drawn towards 1 */
    g_assert_cmpfloat(got.mean[5], <, 650);
    g_assert_cmpfloat(got.mean[6], >, 930);
}

static void
what_is_always_the_same_stays_so(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    double values[60];
    for (size_t t = 0; t < G_N_ELEMENTS(values); t++)
        values[t] = 42;
    for (int zero = 0; zero < 2; zero++) {
        HibForecast got;
        const HibSeries series = {
            .values = values, .n = 60, .horizon = 7, .season = 7, .level = 0.9};
        g_assert_true(hib_forecast(arena, &series, &got));
        for (size_t j = 0; j < 7; j++) {
            g_assert_cmpfloat_with_epsilon(got.mean[j], values[0], 1e-6);
            g_assert_cmpfloat_with_epsilon(got.low[j], values[0], 1e-6);
        }
        g_assert_cmpfloat(hib_forecast_chance(&got, 6, values[0] + 1), <, 0.02);
        memset(values, 0, sizeof values);
    }
}

static void
a_gap_and_an_absurd_value_do_no_harm(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    double values[2000];
    HibForecast got;
    for (size_t t = 0; t < G_N_ELEMENTS(values); t++)
        values[t] = t < 900 || t % 10 == 3 ? NAN : 100 + (double)(t % 7);
    values[1990] = 1e300;
    const HibSeries series = {.values = values,
                              .n = 2000,
                              .horizon = HIB_FORECAST_HORIZON,
                              .season = 7,
                              .long_season = 84,
                              .is_never_negative = true,
                              .level = 0.95};
    g_assert_true(hib_forecast(arena, &series, &got));
    for (size_t j = 0; j < series.horizon; j++)
        g_assert_false(isnan(got.mean[j]) || isnan(got.low[j]) || isnan(got.high[j]));
}

static void
too_few_values_and_impossible_wishes_are_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    double values[600] = {0};
    HibForecast got;
    const HibSeries fine = {.values = values, .n = 30, .horizon = 7, .season = 7, .level = 0.95};
    HibSeries wrong[7];
    g_assert_true(hib_forecast(arena, &fine, &got));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        wrong[i] = fine;
    wrong[0].n = 29;
    wrong[1].horizon = 0;
    wrong[2].horizon = HIB_FORECAST_HORIZON + 1;
    wrong[3].season = HIB_FORECAST_SEASON + 1;
    wrong[4].level = 1;
    wrong[5].level = NAN;
    wrong[6].long_season = HIB_FORECAST_SEASON + 1;
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(hib_forecast(arena, &wrong[i], &got));
    values[0] = NAN; /* one value fewer */
    g_assert_false(hib_forecast(arena, &fine, &got));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forecast/oracle", forecasts_equal_another_implementation);
    g_test_add_func("/forecast/truth", intervals_cover_and_chances_are_what_happens);
    g_test_add_func("/forecast/holiday", a_holiday_that_halves_the_reach_is_foreseen);
    g_test_add_func("/forecast/constant", what_is_always_the_same_stays_so);
    g_test_add_func("/forecast/gaps", a_gap_and_an_absurd_value_do_no_harm);
    g_test_add_func("/forecast/refused", too_few_values_and_impossible_wishes_are_refused);
    return g_test_run();
}
