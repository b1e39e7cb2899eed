/* A seeded generator whose numbers are the same on every machine: whole numbers by xoshiro256** (Blackman and
 * Vigna), real ones with additions, products, quotients and square roots only, which IEEE 754 fixes to the bit.
 * The C library's log is not fixed so, therefore there is one here; the build switches contraction off. */
#include "base/secrets.h"

#include <float.h>
#include <math.h>

static uint64_t
rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

void
hib_seeded_init(HibSeeded *seeded, uint64_t seed)
{
    for (int i = 0; i < 4; i++) { /* splitmix64 */
        seed += 0x9e3779b97f4a7c15u;
        uint64_t z = seed;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        seeded->s[i] = z ^ z >> 31;
    }
}

uint64_t
hib_seeded_u64(HibSeeded *seeded)
{
    uint64_t *s = seeded->s;
    uint64_t out = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return out;
}

double
hib_seeded_unit(HibSeeded *seeded)
{
    return (double)(hib_seeded_u64(seeded) >> 11) * 0x1p-53;
}

int64_t
hib_seeded_below(HibSeeded *seeded, int64_t n)
{
    g_return_val_if_fail(n > 0, 0);
    uint64_t range = (uint64_t)n;
    uint64_t uneven =
        (0 - range) % range; /* 2^64 mod n: the part that would favour small numbers */
    uint64_t drawn = hib_seeded_u64(seeded);
    while (drawn < uneven)
        drawn = hib_seeded_u64(seeded);
    return (int64_t)(drawn % range);
}

/* ln x for a normal x > 0: x = m 2^e with m around 1, ln m = 2 artanh((m-1)/(m+1)). Within 1e-15 relative. */
static double
exact_log(double x)
{
    int exponent = 0;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    double t = (m - 1) / (m + 1);
    double t2 = t * t;
    double sum = 0;
    for (int k = 25; k >= 1; k -= 2)
        sum = sum * t2 + 1.0 / k;
    return 2 * t * sum + exponent * 0.69314718055994531;
}

double
hib_seeded_normal(HibSeeded *seeded)
{
    double u = 0;
    double square = 0;
    do { /* Marsaglia's polar method; the second number is not kept, so a generator is its state alone */
        u = 2 * hib_seeded_unit(seeded) - 1;
        double v = 2 * hib_seeded_unit(seeded) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square < DBL_MIN);
    return u * sqrt(-2 * exact_log(square) / square);
}

/* ln k! by Stirling's series, after moving small k up to where it holds. */
static double
log_factorial(double k)
{
    double product = 1;
    double x = k + 1;
    while (x < 12) {
        product *= x;
        x += 1;
    }
    double i = 1 / x;
    double i2 = i * i;
    double series = i * (1.0 / 12 - i2 * (1.0 / 360 - i2 * (1.0 / 1260 - i2 / 1680)));
    return (x - 0.5) * exact_log(x) - x + 0.91893853320467274 + series - exact_log(product);
}

/* Transformed rejection (Hörmann 1993, PTRS), for means of 10 and more. */
static int64_t
poisson_large(HibSeeded *seeded, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    double peak = 0.9277 - 3.6224 / (b - 2);
    double log_mean = exact_log(mean);
    for (;;) {
        double u = hib_seeded_unit(seeded) - 0.5;
        double v = 1 - hib_seeded_unit(seeded); /* (0, 1] */
        double edge = 0.5 - fabs(u);
        if (edge <= 0)
            continue;
        double k = floor((2 * a / edge + b) * u + mean + 0.43);
        if (edge >= 0.07 && v <= peak)
            return (int64_t)k;
        if (k < 0 || (edge < 0.013 && v > edge))
            continue;
        double bound = -mean + k * log_mean - log_factorial(k);
        if (exact_log(v) + exact_log(inverse_alpha) - exact_log(a / (edge * edge) + b) <= bound)
            return (int64_t)k;
    }
}

int64_t
hib_seeded_poisson(HibSeeded *seeded, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean >= 10)
        return poisson_large(seeded, MIN(mean, 1e15));
    /* Arrivals with exponential gaps, counted until the time is over. */
    int64_t n = 0;
    for (double time = -exact_log(1 - hib_seeded_unit(seeded)); time <= mean; n++)
        time -= exact_log(1 - hib_seeded_unit(seeded));
    return n;
}
