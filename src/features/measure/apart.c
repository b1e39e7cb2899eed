/* Which of several groups differ from the mean of all, tested together. Pure.
 *
 * The one idea: of 168 hours of the week eight look unusual by chance alone when each is asked with 95 %. So the groups are asked in order of their p-value (Student's t) with Holm's
 * stricter and stricter level (Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 1979): the chance that any of them is named wrongly stays below 5 %. */
#include "measure/measure_private.h"
#include <math.h>
#include <stdlib.h>

#define LEVEL 0.05

/* Continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8), by Lentz's method. */
static double
fraction(double a, double b, double x)
{
    enum { STEPS = 300 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), f;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    f = d;
    for (int m = 1; m < STEPS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double terms[] = {even, odd};
        double last = 1;
        for (int i = 0; i < 2; i++) {
            d = 1 + terms[i] * d;
            c = 1 + terms[i] / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            last = c * d;
            f *= last;
        }
        if (fabs(last - 1) < 1e-12)
            break;
    }
    return f;
}

double
hib_t_p_value(double t, double degrees)
{
    const double x = degrees / (degrees + t * t), a = degrees / 2, b = 0.5;
    if (x >= 1)
        return 1;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a
                                     : 1 - front * fraction(b, a, 1 - x) / b;
}

typedef struct {
    size_t at;
    double p;
} Asked;

static int
by_p(const void *a, const void *b)
{
    const Asked *x = a, *y = b;
    return x->p < y->p ? -1 : x->p > y->p;
}

void
hib_tell_apart(const HibMeanInterval *groups, size_t n, double mean, bool *ret)
{
    g_autofree Asked *asked = g_new(Asked, n + 1);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        const HibMeanInterval *g = &groups[i];
        ret[i] = false;
        if (g->n < 2 || g->high <= g->low)
            continue; /* without any spread nothing is known of it */
        const double error = (g->high - g->mean) / hib_t_quantile_975(g->n - 1);
        asked[m++] = (Asked){i, hib_t_p_value((g->mean - mean) / error, (double)(g->n - 1))};
    }
    qsort(asked, m, sizeof *asked, by_p);
    for (size_t i = 0; i < m && asked[i].p <= LEVEL / (double)(m - i); i++)
        ret[asked[i].at] = true;
}
