/* Answers the questions of tests/oracle/zones.py, which come with the answers of Python's zoneinfo, for every zone of the
 * machine; then properties that need no oracle, over the same zones. */
#include "base/secrets.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    GPtrArray *zones;
    int n_questions;
    int n_wrong;
} Run;

static const char *const fit_names[] = {"exact", "gap", "overlap"};

static void G_GNUC_PRINTF(2, 3) report(Run *run, const char *format, ...)
{
    if (run->n_wrong++ >= 20)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_test_message("%s", text);
}

static void
check_offset(Run *run, const HibZone *zone, const char *line)
{
    gint64 second = 0;
    int offset = 0;
    g_assert_cmpint(sscanf(line, "A %" G_GINT64_FORMAT " %d", &second, &offset), ==, 2);
    HibWall wall = hib_wall_at(zone, second * HIB_SECOND);
    if (wall.offset_s != offset)
        report(run, "%s at %" G_GINT64_FORMAT ": %d, not %d", hib_zone_name(zone), second,
               wall.offset_s, offset);
}

static void
check_wall(Run *run, const HibZone *zone, const char *line)
{
    HibWall wall = {0};
    gint64 second = 0;
    char fit[16] = "";
    g_assert_cmpint(sscanf(line, "W %d %d %d %d %d %d %" G_GINT64_FORMAT " %15s", &wall.year,
                           &wall.month, &wall.day, &wall.hour, &wall.minute, &wall.second, &second,
                           fit),
                    ==, 8);
    HibInstant at = 0;
    HibWallFit got = HIB_WALL_EXACT;
    g_assert_true(hib_wall_resolve(zone, &wall, &at, &got));
    if (at != second * HIB_SECOND || strcmp(fit, fit_names[got]) != 0)
        report(run, "%s %s: %" G_GINT64_FORMAT " %s, not %" G_GINT64_FORMAT " %s",
               hib_zone_name(zone), line, at / HIB_SECOND, fit_names[got], second, fit);
}

static void
every_zone_reads_as_in_python(gconstpointer data)
{
    Run *run = (Run *)data;
    char line[256];
    HibZone *zone = NULL;
    while (fgets(line, sizeof line, stdin) != NULL) {
        g_strchomp(line);
        run->n_questions++;
        if (line[0] == 'Z') {
            zone = hib_zone_open(line + 2);
            g_assert_nonnull(zone);
            g_ptr_array_add(run->zones, zone);
        } else if (line[0] == 'A') {
            check_offset(run, zone, line);
        } else if (line[0] == 'W') {
            check_wall(run, zone, line);
        }
    }
    g_test_message("%u zones, %d questions, %d wrong", run->zones->len, run->n_questions,
                   run->n_wrong);
    g_assert_cmpint(run->zones->len, >, 300);
    g_assert_cmpint(run->n_questions, >, 100000);
    g_assert_cmpint(run->n_wrong, ==, 0);
}

static bool
same_day(HibWall a, HibWall b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Between 1970 and 2100, any zone. */
static HibInstant
random_instant(HibSeeded *seeded)
{
    return hib_seeded_below(seeded, (int64_t)130 * 365 * 24 * 3600) * HIB_SECOND;
}

static void
a_day_starts_with_its_first_instant(gconstpointer data)
{
    const Run *run = data;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 20260101);
    for (int i = 0; i < 100000; i++) {
        const HibZone *zone = run->zones->pdata[hib_seeded_below(&seeded, run->zones->len)];
        HibInstant at = random_instant(&seeded);
        HibInstant start = hib_day_start(zone, at, 0);
        g_assert_cmpint(start, <=, at);
        g_assert_cmpint(at - start, <, 26 * HIB_HOUR);
        g_assert_true(same_day(hib_wall_at(zone, start), hib_wall_at(zone, at)));
        g_assert_false(same_day(hib_wall_at(zone, start - HIB_SECOND), hib_wall_at(zone, at)));
        int days = (int)hib_seeded_below(&seeded, 400);
        HibInstant later = hib_day_start(zone, at, days);
        g_assert_cmpint(ABS(later - start - days * HIB_DAY), <=, 25 * HIB_HOUR);
    }
}

static void
a_reading_resolves_to_an_instant_that_reads_the_same(gconstpointer data)
{
    const Run *run = data;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 7);
    for (int i = 0; i < 100000; i++) {
        const HibZone *zone = run->zones->pdata[hib_seeded_below(&seeded, run->zones->len)];
        HibInstant at = random_instant(&seeded);
        HibWall wall = hib_wall_at(zone, at);
        HibInstant back = 0;
        HibWallFit fit = HIB_WALL_GAP;
        g_assert_true(hib_wall_resolve(zone, &wall, &back, &fit));
        g_assert_cmpint(fit, !=, HIB_WALL_GAP);
        if (fit == HIB_WALL_EXACT)
            g_assert_cmpint(back, ==, at);
        else
            g_assert_cmpint(back, <=, at);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    Run run = {.zones = g_ptr_array_new_with_free_func((GDestroyNotify)hib_zone_unref)};
    g_test_add_data_func("/zones/1_every_zone_reads_as_in_python", &run,
                         every_zone_reads_as_in_python);
    g_test_add_data_func("/zones/2_a_day_starts_with_its_first_instant", &run,
                         a_day_starts_with_its_first_instant);
    g_test_add_data_func("/zones/3_a_reading_resolves_to_an_instant_that_reads_the_same", &run,
                         a_reading_resolves_to_an_instant_that_reads_the_same);
    int result = g_test_run();
    g_ptr_array_unref(run.zones);
    return result;
}
