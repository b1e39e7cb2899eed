/* How goals stand: the plain arithmetic by hand, and what is foretold against futures that are known because they were simulated. */
#include "base/secrets.h"
#include "days/days.h"
#include "measure/goal.h"
#include <math.h>

enum { TODAY = 20261126, PAST = 200, SERIES = 300 };

typedef struct {
    HibArena *arena;
    double whole[SERIES];
    HibGoalCase of;
    HibGoalStanding is;
} Case;

/* `n` days until yesterday and today; the goal runs from `began` days ago until in `left` days. */
static void
set(Case *c, bool is_level, size_t n, int began, int left, int64_t target)
{
    c->of = (HibGoalCase){.is_level = is_level,
                          .starts_on = hib_day_plus(TODAY, -began),
                          .due_on = hib_day_plus(TODAY, left),
                          .today = TODAY,
                          .target = target,
                          .series = {.first = hib_day_plus(TODAY, -(int)n),
                                     .n = n + 1,
                                     .values = c->whole,
                                     .whole = c->whole}};
}

static const HibGoalStanding *
judge(Case *c)
{
    hib_goal_judge(c->arena, &c->of, &c->is);
    return &c->is;
}

static void
progress_and_pace_are_plain_arithmetic(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    for (int i = 0; i < 31; i++)
        c.whole[i] = 1000 + 10 * i;
    set(&c, true, 30, 9, 10, 1400); /* it began at 1210, the 10th of 20 days */
    const HibGoalStanding *is = judge(&c);
    g_assert_true(is->has_actual);
    g_assert_cmpfloat(is->actual, ==, 1300);
    g_assert_cmpfloat(is->start, ==, 1210);
    g_assert_cmpfloat_with_epsilon(is->share, 90.0 / 190, 1e-12);
    g_assert_cmpfloat_with_epsilon(is->elapsed, 0.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(is->line, 1305, 1e-9);
    g_assert_cmpint(is->days_left, ==, 11);
    g_assert_cmpfloat_with_epsilon(is->rate_needed, 100.0 / 11, 1e-12);
    g_assert_true(is->has_rate);
    g_assert_cmpfloat_with_epsilon(is->rate_lately, 10, 1e-9);
    g_assert_cmpint(is->as_of, ==, TODAY);
    g_assert_cmpuint(is->n_past, ==, 10);
    for (int i = 0; i < 31; i++)
        c.whole[i] = i == 25 ? NAN : 5;
    set(&c, false, 30, 9, 10, 60); /* ten days but one */
    is = judge(&c);
    g_assert_cmpfloat(is->actual, ==, 45);
    double counts[SERIES] = {0}; /* six days came in at once, one of them before it began */
    for (int i = 0; i < 31; i++)
        counts[i] = i > 19 && i < 25 ? 0 : i == 26 ? 35 : 5;
    c.of.series.counts = counts;
    is = judge(&c);
    g_assert_cmpfloat(is->actual, ==, 45);
    g_assert_cmpfloat(is->counted, ==, 35 + 4 * 5 + 5);
    c.of.series.counts = NULL;
    g_assert_cmpfloat(is->start, ==, 0);
    g_assert_cmpuint(is->n_past, ==, 9);
    c.of.target = 40;
    is = judge(&c);
    g_assert_cmpfloat(is->share, ==, 1);
    g_assert_cmpfloat(is->rate_needed, ==, 0);
    g_assert_false(is->is_at_risk);
}

static void
what_cannot_be_told_says_what_is_missing(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    for (int i = 0; i < SERIES; i++)
        c.whole[i] = 100 + i % 7;
    set(&c, true, 30, 5, 20, 200); /* 21 days ahead of yesterday: 58 values are needed */
    const HibGoalStanding *is = judge(&c);
    g_assert_cmpint(is->outlook, ==, HIB_OUTLOOK_FEW);
    g_assert_cmpint(is->days_missing, ==, 10); /* then 40 values and 11 days ahead: 38 */
    g_assert_cmpuint(is->n_fan, ==, 0);
    for (int later = 9; later <= 10; later++) { /* and so it comes */
        set(&c, true, 30 + (size_t)later, 5 + later, 20 - later, 200);
        g_assert_cmpint(judge(&c)->outlook, ==, later < 10 ? HIB_OUTLOOK_FEW : HIB_OUTLOOK_TOLD);
    }
    set(&c, true, 3, 3, 5, 200); /* it is due before enough is known */
    g_assert_cmpint(judge(&c)->outlook, ==, HIB_OUTLOOK_FEW);
    g_assert_cmpint(c.is.days_missing, ==, 0);
    set(&c, true, 250, 5, 200, 200);
    g_assert_cmpint(judge(&c)->outlook, ==, HIB_OUTLOOK_FAR);
    g_assert_cmpint(c.is.days_missing, ==, 73);
    set(&c, true, 250, 30, -1, 200);
    g_assert_cmpint(judge(&c)->outlook, ==, HIB_OUTLOOK_OVER);
    g_assert_cmpint(c.is.days_left, ==, 0);
    set(&c, true, 250, -3, 30, 200);
    g_assert_cmpint(judge(&c)->outlook, ==, HIB_OUTLOOK_NOT_BEGUN);
    g_assert_false(c.is.has_actual);
    for (int i = 0; i < SERIES; i++)
        c.whole[i] = NAN;
    set(&c, true, 60, 10, 20, 200);
    g_assert_cmpint(judge(&c)->outlook, ==, HIB_OUTLOOK_NOTHING);
    g_assert_false(c.is.has_actual);
}

/* Gains with weekdays, holidays and a mean that wanders; the sum of the last `ahead` of them is the future. */
static double
simulate(HibSeeded *chance, bool is_level, double *whole, size_t n, size_t ahead)
{
    double mean = 40 + 40 * hib_seeded_unit(chance), level = 5000, future = 0;
    for (size_t i = 0; i < n + ahead; i++) {
        const int day = hib_day_plus(TODAY, (int)i - (int)n);
        mean = fmax(mean + hib_seeded_normal(chance), 5);
        const double gain = mean * (i % 7 == 2 ? 1.5 : 1) * (hib_days_is_holiday(day) ? 0.6 : 1) *
                            exp(0.25 * hib_seeded_normal(chance));
        level += gain;
        if (i < n)
            whole[i] = is_level ? level : gain;
        else
            future += gain;
    }
    whole[n] = NAN; /* today was not read yet */
    return is_level ? level : future;
}

/* The interval holds what it says, and the chance is worth its number, for levels and for sums. */
static void
what_is_foretold_comes_true(void)
{
    for (int is_level = 0; is_level < 2; is_level++) {
        HibSeeded chance;
        hib_seeded_init(&chance, 11);
        int held80 = 0, held95 = 0, n = 0;
        double brier = 0;
        for (int run = 0; run < 150; run++) {
            g_autoptr(HibArena) arena = hib_arena_new();
            Case c = {.arena = arena};
            const double future = simulate(&chance, is_level, c.whole, PAST, 30);
            const double base = is_level ? c.whole[PAST - 1] : 0,
                         usual = is_level ? future - base : future;
            const int64_t target = (int64_t)(base + usual * (0.7 + 0.6 * hib_seeded_unit(&chance)));
            set(&c, is_level, PAST, 0, 29, target);
            const HibGoalStanding *is = judge(&c);
            g_assert_cmpint(is->outlook, ==, HIB_OUTLOOK_TOLD);
            g_assert_cmpuint(is->n_fan, ==, 30);
            const HibGoalFan *end = &is->fan[29];
            g_assert_cmpint(end->day, ==, c.of.due_on);
            g_assert_true(end->low95 <= end->low80 && end->low80 <= end->mean &&
                          end->mean <= end->high80 && end->high80 <= end->high95);
            held80 += end->low80 <= future && future <= end->high80;
            held95 += end->low95 <= future && future <= end->high95;
            brier += pow(is->chance - (future >= (double)target), 2);
            g_assert_true(is->is_at_risk == (is->chance < 0.5));
            n++;
        }
        g_test_message("%s: 80%% held %.3f, 95%% held %.3f, Brier %.3f", is_level ? "level" : "sum",
                       (double)held80 / n, (double)held95 / n, brier / n);
        g_assert_cmpfloat((double)held80 / n, >=, 0.74);
        g_assert_cmpfloat((double)held95 / n, >=, 0.90);
        g_assert_cmpfloat(brier / n, <=, 0.15);
    }
}

/* The fan of a sum stands on what is there and never below it. */
static void
a_sum_goes_on_from_what_is_there(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    for (int i = 0; i < SERIES; i++)
        c.whole[i] = 10;
    set(&c, false, 100, 9, 10, 200); /* 9 whole days, today read too: 100; ten days more */
    const HibGoalStanding *is = judge(&c);
    g_assert_cmpfloat(is->actual, ==, 100);
    g_assert_cmpuint(is->n_fan, ==, 11);
    g_assert_cmpfloat_with_epsilon(is->fan[0].mean, 100, 1e-6);
    g_assert_cmpfloat_with_epsilon(is->fan[10].mean, 200, 1e-6);
    g_assert_cmpfloat(is->fan[10].low95, >=, 100);
    c.whole[100] = 95; /* a day that is over its forecast already is not taken back */
    is = judge(&c);
    g_assert_cmpfloat(is->fan[0].mean, ==, 185);
    g_assert_cmpfloat(is->fan[0].low95, ==, 185);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/goal/arithmetic", progress_and_pace_are_plain_arithmetic);
    g_test_add_func("/measure/goal/missing", what_cannot_be_told_says_what_is_missing);
    g_test_add_func("/measure/goal/true", what_is_foretold_comes_true);
    g_test_add_func("/measure/goal/sum", a_sum_goes_on_from_what_is_there);
    return g_test_run();
}
