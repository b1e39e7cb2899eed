/* Days: every holiday of 1970–2050 against npm @holiday-jp/holiday_jp, the rest against almanac dates that are known. */
#include "days/days.h"
#include <string.h>

static void
wrong(int day, const char *what)
{
    g_test_message("%d: %s", day, what);
    g_test_fail();
}

static const HibDay *
find(const HibDay *days, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(days[i].id, id))
            return &days[i];
    return NULL;
}

static const HibDay *
only(HibArena *arena, int day, const char *id)
{
    HibDay *days;
    size_t n;
    hib_days_of(arena, day, day, &days, &n);
    return find(days, n, id);
}

/* The table: "2026-01-01<TAB>元日". */
static GHashTable *
read_table(void)
{
    g_autofree char *text = NULL;
    GHashTable *table = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_assert_true(g_file_get_contents(TEST_DATA "/holidays.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        char *name = strchr(lines[i], '\t');
        if (!name)
            continue;
        *name = '\0';
        g_hash_table_insert(table, GINT_TO_POINTER(hib_day_number(lines[i])), g_strdup(name + 1));
    }
    g_assert_cmpint(g_hash_table_size(table), >, 1300);
    return table;
}

/* The table calls some by another name: days that an act made for one year, and sports day in its year of change. */
static bool
is_named(const HibDay *ours, const char *theirs)
{
    if (strstr(theirs, "振替休日"))
        return g_str_equal(ours->id, "substitute");
    return g_str_equal(ours->name.ja, theirs) || g_str_has_prefix(theirs, "休日") ||
           strstr(theirs, ours->name.ja);
}

static void
every_holiday_of_eighty_years_is_the_table_s(void)
{
    g_autoptr(GHashTable) table = read_table();
    for (int day = 19700101, n = 0; day <= 20501231; day = hib_day_plus(day, 1)) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const char *theirs = g_hash_table_lookup(table, GINT_TO_POINTER(day));
        HibDay *days;
        size_t n_days, n_holidays = 0;
        if (hib_days_is_holiday(day) != (theirs != NULL))
            wrong(day, theirs ? theirs : "none");
        if (!theirs && n++ % 7) /* their absence was just told; the whole list now and then */
            continue;
        hib_days_of(arena, day, day, &days, &n_days);
        for (size_t i = 0; i < n_days; i++) {
            if (days[i].kind != HIB_DAY_HOLIDAY)
                continue;
            n_holidays++;
            if (!theirs || !is_named(&days[i], theirs))
                wrong(day, days[i].name.ja);
        }
        g_assert_cmpint(n_holidays, ==, theirs != NULL);
    }
}

static void
equinoxes_fall_when_the_sun_passes(void)
{
    int from, until;
    hib_days_tabled(&from, &until);
    g_assert_cmpint(from, <=, 2000);
    g_assert_cmpint(until, >=, 2050);
    for (int year = from; year <= until; year++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibDay *days;
        size_t n;
        hib_days_of(arena, year * 10000 + 101, year * 10000 + 1231, &days, &n);
        g_assert_cmpint(find(days, n, "vernal-equinox")->first, ==, find(days, n, "term-0")->first);
        g_assert_cmpint(find(days, n, "autumnal-equinox")->first, ==,
                        find(days, n, "term-180")->first);
    }
}

static void
days_of_every_rule_are_the_almanac_s(void)
{
    static const struct {
        int day;
        const char *id;
    } known[] = {
        {20290202, "setsubun"},     {20260203, "setsubun"},     {20260726, "doyo-no-ushi"},
        {20270721, "doyo-no-ushi"}, {20270802, "doyo-no-ushi"}, {20310805, "doyo-no-ushi"},
        {20281003, "moon-viewing"}, {20260925, "moon-viewing"}, {20270206, "spring-festival"},
        {20310413, "easter"},       {20260405, "easter"},       {20260510, "mothers-day"},
        {20260621, "fathers-day"},  {20261127, "black-friday"}, {20241129, "black-friday"},
        {20260317, "higan-spring"}, {20260323, "higan-spring"}, {20261228, "year-end"},
        {20270103, "year-end"},     {20260115, "exams"},        {20300723, "term-120"},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (!only(arena, known[i].day, known[i].id))
            wrong(known[i].day, known[i].id);
    g_assert_null(only(arena, 20260324, "higan-spring"));
    g_assert_null(only(arena, 20270104, "year-end"));
    g_assert_null(only(arena, 20230101, "noto")); /* it had not happened */
    g_assert_nonnull(only(arena, 20240101, "noto"));
    /* The Cabinet Office's week of 2026: a day between two holidays, and a substitute after three. */
    g_assert_nonnull(only(arena, 20260922, "citizens"));
    g_assert_nonnull(only(arena, 20260506, "substitute"));
}

static void
a_span_is_told_whole_and_once(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibDay *days;
    size_t n, n_spans = 0;
    hib_days_of(arena, 20261231, 20270101, &days, &n);
    for (size_t i = 0; i < n; i++) {
        n_spans += g_str_equal(days[i].id, "year-end");
        g_assert_true(days[i].first <= 20270101 && days[i].last >= 20261231);
        g_assert_nonnull(days[i].name.ja);
        g_assert_nonnull(days[i].name.en);
        g_assert_nonnull(days[i].source.en);
        if (i)
            g_assert_cmpint(days[i - 1].first, <=, days[i].first);
    }
    g_assert_cmpint(n_spans, ==, 1);
    g_assert_cmpint(find(days, n, "year-end")->first, ==, 20261228);
    g_assert_cmpint(find(days, n, "year-end")->last, ==, 20270103);
    hib_days_of(arena, 18000101, 18001231, &days, &n);
    g_assert_cmpint(n, ==, 0);
    hib_days_of(arena, 20270101, 20261231, &days, &n);
    g_assert_cmpint(n, ==, 0);
}

static void
care_is_the_gravest_first_and_may_ask_for_words(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibDay *days;
    size_t n;
    hib_days_care(arena, 20270311, "春の新作が届きました", &days, &n);
    g_assert_cmpint(n, ==, 1);
    g_assert_cmpstr(days[0].id, ==, "tohoku");
    g_assert_cmpint(days[0].care, ==, HIB_CARE_HOLD);
    g_assert_cmpint(days[0].moment, ==, 14 * 60 + 46);
    hib_days_care(arena, 20270311, "死ぬほどおいしい", &days, &n);
    g_assert_cmpint(n, ==, 2);
    g_assert_cmpstr(days[0].id, ==, "tohoku");
    hib_days_care(arena, 20270210, "雪道ですべった話", &days, &n);
    g_assert_cmpint(n, ==, 1);
    g_assert_cmpstr(days[0].id, ==, "exams");
    hib_days_care(arena, 20270512, "新緑の季節です", &days, &n);
    g_assert_cmpint(n, ==, 0);
}

static void
numbers_are_days(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    static const char *const wrong[] = {"2026-02-29", "2026-2-28",   "2026-13-01",
                                        "0000-01-01", "2026-01-00",  "2026- 1- 1",
                                        "+026-01-01", "2028-02-29x", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_cmpint(hib_day_number(wrong[i]), ==, 0);
    g_assert_cmpint(hib_day_number("2028-02-29"), ==, 20280229);
    g_assert_cmpstr(hib_day_text(arena, 20280229), ==, "2028-02-29");
    g_assert_cmpint(hib_day_plus(20280228, 2), ==, 20280301);
    g_assert_cmpint(hib_day_plus(20260101, -1), ==, 20251231);
    g_assert_cmpint(hib_day_plus(99991231, 5), ==, 99991231);
    g_assert_cmpint(hib_day_at(tokyo, (HibInstant)1798729199 * HIB_SECOND), ==, 20261231);
    g_assert_cmpint(hib_day_at(tokyo, (HibInstant)1798729200 * HIB_SECOND), ==, 20270101);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/days/holidays", every_holiday_of_eighty_years_is_the_table_s);
    g_test_add_func("/days/equinoxes", equinoxes_fall_when_the_sun_passes);
    g_test_add_func("/days/almanac", days_of_every_rule_are_the_almanac_s);
    g_test_add_func("/days/span", a_span_is_told_whole_and_once);
    g_test_add_func("/days/care", care_is_the_gravest_first_and_may_ask_for_words);
    g_test_add_func("/days/numbers", numbers_are_days);
    return g_test_run();
}
