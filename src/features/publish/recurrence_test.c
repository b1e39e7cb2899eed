/* Rules on the wall clock, against dates worked out by hand and against a plain walk with another calendar. */
#include "base/secrets.h"
#include "publish/recurrence.h"

#include <string.h>

static HibInstant
at(const char *text)
{
    HibInstant out = 0;
    g_assert_true(hib_instant_parse(text, &out));
    return out;
}

typedef struct {
    const char *what, *zone, *after, *until;
    HibRecurrence rule;
    const char *wanted[8];
} Row;

#define M(h, m) ((h)*60 + (m))
#define DAY(n) (1u << (n))

static const Row rows[] = {
    {"every day at nine",
     "Asia/Tokyo",
     "2026-12-01T00:00:00Z",
     "2026-12-04T00:00:00Z",
     {.frequency = HIB_FREQ_DAILY,
      .interval = 1,
      .minutes = {M(9, 0)},
      .n_times = 1,
      .from = 20261201},
     {"2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z"}},
    {"Monday and Thursday, twice a day",
     "Asia/Tokyo",
     "2026-11-29T15:00:00Z",
     "2026-12-04T15:00:00Z",
     {.frequency = HIB_FREQ_WEEKLY,
      .interval = 1,
      .weekdays = DAY(1) | DAY(4),
      .minutes = {M(8, 0), M(20, 0)},
      .n_times = 2,
      .from = 20261101},
     {"2026-11-29T23:00:00Z", "2026-11-30T11:00:00Z", "2026-12-02T23:00:00Z",
      "2026-12-03T11:00:00Z"}},
    {"every second Friday, counted from the first week",
     "UTC",
     "2026-11-01T00:00:00Z",
     "2026-12-31T00:00:00Z",
     {.frequency = HIB_FREQ_WEEKLY,
      .interval = 2,
      .weekdays = DAY(5),
      .minutes = {M(12, 0)},
      .n_times = 1,
      .from = 20261104},
     {"2026-11-06T12:00:00Z", "2026-11-20T12:00:00Z", "2026-12-04T12:00:00Z",
      "2026-12-18T12:00:00Z"}},
    {"the last day of each month, February too",
     "Asia/Tokyo",
     "2027-01-01T00:00:00Z",
     "2027-04-01T00:00:00Z",
     {.frequency = HIB_FREQ_MONTHLY,
      .interval = 1,
      .month_days = 1,
      .minutes = {M(18, 30)},
      .n_times = 1,
      .from = 20261201},
     {"2027-01-31T09:30:00Z", "2027-02-28T09:30:00Z", "2027-03-31T09:30:00Z"}},
    {"the third Thursday (Beaujolais Nouveau in November)",
     "Asia/Tokyo",
     "2026-10-31T15:00:00Z",
     "2027-01-01T00:00:00Z",
     {.frequency = HIB_FREQ_MONTHLY,
      .interval = 1,
      .weekdays = DAY(4),
      .nth = 3,
      .minutes = {M(0, 0)},
      .n_times = 1,
      .from = 20260101},
     {"2026-11-18T15:00:00Z", "2026-12-16T15:00:00Z"}},
    {"the last Friday",
     "Asia/Tokyo",
     "2026-10-31T15:00:00Z",
     "2027-01-01T00:00:00Z",
     {.frequency = HIB_FREQ_MONTHLY,
      .interval = 1,
      .weekdays = DAY(5),
      .nth = -1,
      .minutes = {M(17, 0)},
      .n_times = 1,
      .from = 20260101},
     {"2026-11-27T08:00:00Z", "2026-12-25T08:00:00Z"}},
    {"a day left out, and an end that counts",
     "Asia/Tokyo",
     "2026-12-28T15:00:00Z",
     "2027-01-10T00:00:00Z",
     {.frequency = HIB_FREQ_DAILY,
      .interval = 1,
      .minutes = {M(9, 0)},
      .n_times = 1,
      .from = 20261201,
      .until = 20261231,
      .skips = {20261230},
      .n_skips = 1},
     {"2026-12-29T00:00:00Z", "2026-12-31T00:00:00Z"}},
    {"nine stays nine over the end of summer time",
     "Europe/Berlin",
     "2026-10-24T00:00:00Z",
     "2026-10-26T23:00:00Z",
     {.frequency = HIB_FREQ_DAILY,
      .interval = 1,
      .minutes = {M(9, 0)},
      .n_times = 1,
      .from = 20261001},
     {"2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z"}},
    {"a time that the clock skips moves forward, and does not come twice",
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T12:00:00Z",
     {.frequency = HIB_FREQ_DAILY,
      .interval = 1,
      .minutes = {M(2, 30), M(3, 30)},
      .n_times = 2,
      .from = 20260301},
     {"2026-03-29T01:30:00Z"}},
    {"the 31st comes only where there is one",
     "UTC",
     "2026-01-01T00:00:00Z",
     "2026-06-01T00:00:00Z",
     {.frequency = HIB_FREQ_MONTHLY,
      .interval = 1,
      .month_days = DAY(31),
      .minutes = {M(0, 0)},
      .n_times = 1,
      .from = 20260101},
     {"2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"}},
};

static void
rules_fall_where_a_calendar_says(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row *row = &rows[i];
        g_autoptr(HibZone) zone = hib_zone_open(row->zone);
        HibInstant got[16];
        char text[HIB_INSTANT_TEXT];
        size_t n =
            hib_recurrence_between(&row->rule, zone, at(row->after), at(row->until), got, 16);
        g_test_message("%s", row->what);
        for (size_t k = 0; k < n; k++)
            g_assert_cmpstr(hib_instant_format(got[k], text), ==, row->wanted[k]);
        g_assert_null(row->wanted[n]);
    }
}

/* The same rule asked in pieces gives what it gives whole, so that a series made bit by bit loses and repeats nothing. */
static void
pieces_join_to_the_whole(void)
{
    static const char *const zones[] = {"Asia/Tokyo", "America/New_York", "Australia/Lord_Howe",
                                        "Pacific/Apia"};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 3);
    for (int i = 0; i < 400; i++) {
        HibRecurrence rule = {.frequency = (HibFrequency)hib_seeded_below(&seeded, 3),
                              .interval = 1 + (int)hib_seeded_below(&seeded, 4),
                              .weekdays = (unsigned)hib_seeded_below(&seeded, 256) & ~1u,
                              .month_days = (unsigned)hib_seeded_below(&seeded, 1u << 31),
                              .minutes = {(int)hib_seeded_below(&seeded, 700),
                                          700 + (int)hib_seeded_below(&seeded, 700)},
                              .n_times = 2,
                              .from = 20250115 + (int)hib_seeded_below(&seeded, 10)};
        g_autoptr(HibZone) zone = hib_zone_open(zones[i % 4]);
        HibInstant whole[1024], piece[1024], after = at("2025-01-01T00:00:00Z"),
                                             until = at("2025-12-31T00:00:00Z");
        size_t n = hib_recurrence_between(&rule, zone, after, until, whole, 1024), k = 0;
        while (after < until) {
            HibInstant end = after + hib_seeded_below(&seeded, 40 * HIB_DAY) + 1;
            end = MIN(end, until);
            size_t got = hib_recurrence_between(&rule, zone, after, end, piece, 1024);
            for (size_t j = 0; j < got; j++)
                g_assert_cmpint(piece[j], ==, whole[k++]);
            after = end;
        }
        g_assert_cmpuint(k, ==, n);
    }
}

static void
a_rule_comes_back_as_it_was_stored(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibRecurrence back;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *text = hib_recurrence_print(arena, &rows[i].rule);
        g_assert_true(hib_recurrence_read(arena, text, &back, NULL));
        g_assert_cmpint(memcmp(&back, &rows[i].rule, sizeof back), ==, 0);
    }
    g_assert_false(hib_recurrence_read(arena, "{}", &back, NULL));
}

static void
a_rule_that_never_comes_is_refused(void)
{
    HibRecurrence rule = {.frequency = HIB_FREQ_MONTHLY, .interval = 1, .from = 20260101};
    g_assert_false(hib_recurrence_check(&rule, NULL));
    rule.n_times = 1;
    g_assert_false(hib_recurrence_check(&rule, NULL)); /* a month without a day */
    rule.month_days = 2;
    g_assert_true(hib_recurrence_check(&rule, NULL));
    rule.until = 20251231;
    g_assert_false(hib_recurrence_check(&rule, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/recurrence/rules_fall_where_a_calendar_says",
                    rules_fall_where_a_calendar_says);
    g_test_add_func("/publish/recurrence/pieces_join_to_the_whole", pieces_join_to_the_whole);
    g_test_add_func("/publish/recurrence/a_rule_comes_back_as_it_was_stored",
                    a_rule_comes_back_as_it_was_stored);
    g_test_add_func("/publish/recurrence/a_rule_that_never_comes_is_refused",
                    a_rule_that_never_comes_is_refused);
    return g_test_run();
}
