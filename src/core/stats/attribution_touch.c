/* Rules that share a conversion out along its own path: last, first, linear, by time, by position. */
#include "stats/attribution_private.h"

#include <math.h>

#define END_PART 0.4 /* of the first and of the last touch, by position */

void
hib_touch_rules_init(HibTouchRules *rules, const HibPaths *paths, double half_life)
{
    const uint32_t *starts = paths->starts;
    rules->paths = paths;
    rules->decay = g_new(double, starts[paths->n_paths] + 1);
    for (size_t p = 0; p < paths->n_paths; p++) {
        double sum = 0;
        /* Ages count from the youngest touch, so that a path of old ones does not vanish in rounding. */
        double youngest = INFINITY;
        for (uint32_t i = starts[p]; paths->ages && i < starts[p + 1]; i++)
            youngest = MIN(youngest, paths->ages[i]);
        for (uint32_t i = starts[p]; i < starts[p + 1]; i++) {
            const double age =
                paths->ages ? paths->ages[i] - youngest : (double)(starts[p + 1] - 1 - i);
            rules->decay[i] = exp2(-age / half_life);
            sum += rules->decay[i];
        }
        for (uint32_t i = starts[p]; i < starts[p + 1]; i++)
            rules->decay[i] /= sum;
    }
}

void
hib_touch_rules_clear(HibTouchRules *rules)
{
    g_clear_pointer(&rules->decay, g_free);
}

static double
position_part(uint32_t i, uint32_t n)
{
    if (n <= 2)
        return 1.0 / n;
    return i == 0 || i == n - 1 ? END_PART : (1 - 2 * END_PART) / (n - 2);
}

static void
give(HibCredit *credit, double part, double conversions, double revenue)
{
    credit->conversions += part * conversions;
    credit->revenue += part * revenue;
}

void
hib_touch_rules_share(const HibTouchRules *rules, const HibEndings *endings, HibCredit *const *out)
{
    const HibPaths *paths = rules->paths;
    for (size_t p = 0; p < paths->n_paths; p++) {
        const uint32_t start = paths->starts[p];
        const uint32_t n = paths->starts[p + 1] - start;
        const double conversions = endings->conversions[p];
        const double revenue = endings->revenue[p];
        const uint16_t *touches = paths->touches + start;
        if (n == 0 || conversions <= 0)
            continue;
        give(&out[HIB_ATTRIBUTE_LAST][touches[n - 1]], 1, conversions, revenue);
        give(&out[HIB_ATTRIBUTE_FIRST][touches[0]], 1, conversions, revenue);
        for (uint32_t i = 0; i < n; i++) {
            give(&out[HIB_ATTRIBUTE_LINEAR][touches[i]], 1.0 / n, conversions, revenue);
            give(&out[HIB_ATTRIBUTE_TIME_DECAY][touches[i]], rules->decay[start + i], conversions,
                 revenue);
            give(&out[HIB_ATTRIBUTE_POSITION][touches[i]], position_part(i, n), conversions,
                 revenue);
        }
    }
}
