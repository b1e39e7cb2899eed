/* Readings: when the next one is due, and the days they are counted by. Pure. (What one means: rolling.c.) */
#include "measure/measure_private.h"
#include "text/links.h"
#include <string.h>

static const char *const names[HIB_MEASURE_N] = {"likes", "reposts", "replies", "quotes"};

int
hib_measure_metric(const char *name)
{
    for (int i = 0; i < HIB_MEASURE_N; i++)
        if (g_str_equal(names[i], name))
            return i;
    return -1;
}

const char *
hib_measure_metric_name(HibMeasureMetric metric)
{
    return names[metric];
}

HibInstant
hib_measure_next_read(HibInstant published_at, HibInstant now)
{
    static const struct {
        HibDuration until, step; /* while younger than `until`: every `step` */
    } steps[] = {
        {10 * HIB_MINUTE, HIB_MINUTE},   {HIB_HOUR, 5 * HIB_MINUTE},
        {6 * HIB_HOUR, 15 * HIB_MINUTE}, {2 * HIB_DAY, HIB_HOUR},
        {14 * HIB_DAY, 6 * HIB_HOUR},    {90 * HIB_DAY, HIB_DAY},
        {730 * HIB_DAY, 7 * HIB_DAY},
    };
    HibDuration age = MAX(now - published_at, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (age < steps[i].until)
            return now + steps[i].step;
    return 0;
}

HibInstant
hib_measure_next_look(HibInstant published_at, HibInstant now)
{
    HibInstant next = hib_measure_next_read(published_at, now);
    HibDuration age = now - published_at;
    if (!next ||
        age >=
            2 * HIB_DAY) /* one that nobody may see is never listed: then it costs no more than others */
        return next;
    return MIN(next, now + (age < HIB_HOUR ? HIB_MINUTE : HIB_HOUR));
}

int64_t
hib_measure_day(const HibZone *zone, HibInstant at)
{
    HibWall wall = hib_wall_at(zone, at);
    return wall.year * 10000 + wall.month * 100 + wall.day;
}

HibInstant
hib_measure_day_start(int64_t day)
{
    HibWall wall = {
        .year = (int)(day / 10000), .month = (int)(day / 100 % 100), .day = (int)(day % 100)};
    HibInstant at = 0;
    return hib_wall_resolve(hib_zone_utc(), &wall, &at, NULL) ? at : 0;
}

int
hib_measure_day_distance(int64_t from, int64_t until)
{
    return (int)((hib_measure_day_start(until) - hib_measure_day_start(from)) / HIB_DAY);
}

int64_t
hib_measure_day_shift(int64_t day, int days)
{
    HibInstant at = hib_measure_day_start(day);
    return at ? hib_measure_day(hib_zone_utc(), at + days * HIB_DAY) : day;
}

const char *
hib_measure_day_text(HibArena *arena, int64_t day)
{
    return hib_arena_printf(arena, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100),
                            (int)(day % 100));
}

const char *
hib_measure_tag(HibArena *arena, const char *tag)
{
    g_autofree char *whole = g_utf8_normalize(tag, -1, G_NORMALIZE_NFKC);
    g_autofree char *folded = whole ? g_utf8_casefold(whole, -1) : NULL;
    return hib_arena_strdup(arena, folded ? folded : tag);
}

const char *
hib_measure_tags(HibArena *arena, const char *text)
{
    const HibLink *links = NULL;
    const size_t n = hib_text_links(arena, text, &links);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        if (links[i].kind != HIB_LINK_TAG)
            continue;
        const char *tag = hib_measure_tag(arena, links[i].value);
        if (g_hash_table_add(seen, (gpointer)tag))
            g_string_append_printf(out, "%s%s", out->len ? "\n" : "", tag);
    }
    const char *tags = hib_arena_strdup(arena, out->str);
    g_string_free(out, TRUE);
    return tags;
}
