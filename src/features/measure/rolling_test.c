/* Changes: added up they are the last value whichever way a counter goes, and taken back nothing is left of them. */
#include "base/secrets.h"
#include "measure/rolling.h"

enum { LIKES = 1, QUOTES = 4, REACH = 8, FOLLOWERS = 50 };

typedef struct {
    HibRolling *rolling;
    HibArena *arena;
    HibSubject subject;
    HibRollRow *sums, *last;
    size_t n, n_last;
} Case;

static void
open_case(Case *c, bool is_own)
{
    *c = (Case){.rolling = hib_rolling_new(hib_zone_utc(), 30 * HIB_DAY),
                .arena = hib_arena_new(),
                .subject = {.account = "a", .is_own = is_own, .published_at = HIB_DAY}};
    c->subject.days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
}

static void
close_case(Case *c)
{
    g_array_unref(c->subject.days);
    hib_rolling_free(c->rolling);
    hib_arena_free(c->arena);
}

static void
take(Case *c, int metric, HibInstant as_of, int64_t value)
{
    const HibReading one = {as_of, as_of, value, (uint8_t)metric, HIB_METRIC_EXACT};
    hib_rolling_take(c->rolling, &c->subject, &one, 1, 1);
}

static int64_t
total(Case *c, HibGrain grain, int metric)
{
    int64_t sum = 0;
    hib_rolling_rows(c->rolling, c->arena, &c->sums, &c->n, &c->last, &c->n_last);
    for (size_t i = 0; i < c->n; i++)
        sum += c->sums[i].grain == grain && c->sums[i].metric == metric ? c->sums[i].value : 0;
    return sum;
}

static void
changes_add_up_to_the_last_value_whichever_way_a_counter_goes(void)
{
    HibSeeded chance;
    hib_seeded_init(&chance, 7);
    for (int round = 0; round < 50; round++) {
        Case c;
        open_case(&c, false);
        int64_t last = 0, days = 0;
        for (int i = 1; i < 60; i++)
            take(&c, LIKES, i * 7 * HIB_HOUR, last = hib_seeded_below(&chance, 100));
        for (guint i = 0; i < c.subject.days->len; i++)
            days += g_array_index(c.subject.days, HibDayChange, i).change;
        g_assert_cmpint(days, ==, last);
        g_assert_cmpint(hib_subject_engagements(&c.subject), ==, last);
        g_assert_cmpint(total(&c, HIB_GRAIN_MONTH, LIKES), ==, last);
        close_case(&c);
    }
}

static void
numbers_settle_at_the_first_reading_after_two_days_and_stay(void)
{
    Case c;
    open_case(&c, false);
    take(&c, LIKES, 3 * HIB_DAY - 1, 5);
    g_assert_false(c.subject.has_48);
    const HibReading both[] = {{3 * HIB_DAY, 3 * HIB_DAY, 6, LIKES, 0},
                               {3 * HIB_DAY, 3 * HIB_DAY, 1, QUOTES, 0}};
    hib_rolling_take(c.rolling, &c.subject, both, 2, 1);
    g_assert_true(c.subject.has_48);
    g_assert_cmpint(c.subject.engagements_48, ==, 7);
    take(&c, LIKES, 4 * HIB_DAY, 60);
    g_assert_cmpint(c.subject.engagements_48, ==, 7);
    close_case(&c);
}

static void
what_is_taken_back_leaves_nothing(void)
{
    Case c;
    open_case(&c, false);
    HibReading readings[40];
    for (int i = 0; i < 40; i++)
        readings[i] = (HibReading){i * 11 * HIB_HOUR, 0, (i * 37) % 50, LIKES, (uint8_t)(i % 3)};
    hib_rolling_take(c.rolling, &c.subject, readings, 40, 1);
    HibSubject *fresh = g_new0(HibSubject, 1);
    fresh->account = "a";
    fresh->published_at = HIB_DAY;
    fresh->days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    hib_rolling_take(c.rolling, fresh, readings, 40, -1);
    g_assert_cmpint(total(&c, HIB_GRAIN_DAY, LIKES), ==, 0);
    g_assert_cmpuint(c.n, ==, 0);
    g_array_unref(fresh->days);
    g_free(fresh);
    close_case(&c);
}

static void
people_are_not_summed_and_levels_are_the_last_of_their_time(void)
{
    Case c;
    open_case(&c, false);
    take(&c, REACH, 2 * HIB_DAY, 500);
    g_assert_cmpint(total(&c, HIB_GRAIN_DAY, REACH), ==, 0);
    g_assert_cmpuint(c.n + c.n_last, ==, 0);
    g_assert_cmpint(c.subject.numbers[REACH].value, ==, 500);
    close_case(&c);
    open_case(&c, true);
    take(&c, FOLLOWERS, 20 * HIB_DAY, 9);
    take(&c, FOLLOWERS, 20 * HIB_DAY + HIB_HOUR, 11);
    take(&c, FOLLOWERS, 21 * HIB_DAY, 10);
    (void)total(&c, HIB_GRAIN_DAY, FOLLOWERS);
    g_assert_cmpuint(c.n, ==, 0);
    for (size_t i = 0; i < c.n_last; i++)
        if (c.last[i].grain == HIB_GRAIN_DAY)
            g_assert_cmpint(c.last[i].value, ==, c.last[i].at == 19700121 ? 11 : 10);
        else if (c.last[i].grain == HIB_GRAIN_WEEK) /* Monday 19 January 1970 */
            g_assert_true(c.last[i].at == 19700119 && c.last[i].value == 10);
    close_case(&c);
}

/* 2026-11-01 has 25 hours in New York; 1970-01-01 was a Thursday. */
static void
parts_are_those_of_the_zones_wall_clock(void)
{
    HibInstant at = 0;
    g_autoptr(HibZone) zone = hib_zone_open("America/New_York");
    g_autoptr(HibRolling) rolling = hib_rolling_new(zone, 0);
    g_assert_true(hib_instant_parse("2026-11-01T06:30:00Z", &at));
    const HibWallParts parts = hib_rolling_parts(rolling, at);
    g_assert_cmpint(parts.hour, ==, 2026110101);
    g_assert_cmpint(parts.day, ==, 20261101);
    g_assert_cmpint(parts.week, ==, 20261026);
    g_assert_cmpint(parts.month, ==, 20261101);
    g_assert_cmpint(parts.ordinal, ==, 20758);
    g_assert_cmpint(hib_rolling_parts(rolling, -1).day, ==, 19691231);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/rolling/" #name, name)
    TEST(changes_add_up_to_the_last_value_whichever_way_a_counter_goes);
    TEST(numbers_settle_at_the_first_reading_after_two_days_and_stay);
    TEST(what_is_taken_back_leaves_nothing);
    TEST(people_are_not_summed_and_levels_are_the_last_of_their_time);
    TEST(parts_are_those_of_the_zones_wall_clock);
    return g_test_run();
}
