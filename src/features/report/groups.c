/* Tables of what kinds of posts came to: by network, format, campaign and hashtag, each mean with its interval and whether it can be told apart from all posts. Pure.
 *
 * The one idea: a kind with a high mean is no advice. So the interval and the verdict stand in the table beside the mean, and what cannot be told apart says so. */
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>
#include <string.h>

#define SHOWN 8 /* kinds of one table */

enum { NAME, POSTS, MEAN, RANGE, TOTAL, VERDICT, COLUMNS };

static const char *const title_keys[] = {"group.network", "group.format", "group.campaign",
                                         "group.tag"};

static const char *const format_keys[] = {"format.post",       "format.reel",   "format.story",
                                          "format.video",      "format.short",  "format.broadcast",
                                          "format.narrowcast", "format.message"};

static const char *
format_name(const HibReportFigures *of, const char *slug)
{
    for (size_t i = 0; i < G_N_ELEMENTS(format_keys); i++)
        if (g_str_equal(format_keys[i] + strlen("format."), slug))
            return hib_report_say(of, format_keys[i]);
    return slug;
}

static const char *
name_of(HibArena *arena, const HibReportFigures *of, const HibToldGroup *group)
{
    if (!*group->key)
        return hib_report_say(of, "group.none");
    switch (group->by) {
    case HIB_TOLD_BY_NETWORK:
        return hib_report_network(arena, of, group->key);
    case HIB_TOLD_BY_FORMAT:
        return format_name(of, group->key);
    case HIB_TOLD_BY_CAMPAIGN:
        return group->name ? group->name : hib_report_say(of, "group.gone");
    default:
        return hib_arena_printf(arena, "#%s", group->key);
    }
}

static double
rounded(double value)
{
    return round(value * 10) / 10;
}

static const char *
range_of(HibArena *arena, const HibMeanInterval *mean)
{
    return mean->n < 2 ? "–"
                       : hib_arena_printf(arena, "%s–%s",
                                          hib_number_text(arena, rounded(MAX(mean->low, 0))),
                                          hib_number_text(arena, rounded(mean->high)));
}

static void
put_group(HibArena *arena, const HibReportFigures *of, const HibToldGroup *group,
          const char **cells, const char **behind, double *numbers)
{
    const bool is_told = group->mean.n > 0;
    for (int c = 0; c < COLUMNS; c++)
        numbers[c] = NAN;
    numbers[POSTS] = (double)group->mean.n;
    if (is_told) {
        numbers[MEAN] = rounded(group->mean.mean);
        numbers[TOTAL] = group->total;
    }
    for (int c = 0; c < COLUMNS; c++)
        cells[c] =
            isnan(numbers[c]) ? hib_report_say(of, "not_yet") : hib_number_text(arena, numbers[c]);
    cells[NAME] = name_of(arena, of, group);
    behind[POSTS] = behind[MEAN] = behind[TOTAL] =
        is_told ? hib_behind_group(arena, of, group) : NULL;
    cells[RANGE] = range_of(arena, &group->mean);
    cells[VERDICT] = hib_report_say(of, group->is_apart ? "group.apart" : "group.alike");
}

static HibReportBlock
table_of(HibArena *arena, const HibReportFigures *of, HibToldBy by, const HibToldGroup *groups,
         size_t n)
{
    static const char *const head_keys[COLUMNS] = {"group.kind",  "metric.posts", "metric.each",
                                                   "group.range", "group.total",  "group.verdict"};
    static const double share[COLUMNS] = {0.28, 0.12, 0.14, 0.16, 0.12, 0.18};
    static const bool is_number[COLUMNS] = {[POSTS] = true, [MEAN] = true, [TOTAL] = true};
    const char **cells = hib_arena_array(arena, const char *, COLUMNS *n),
               **head = hib_arena_array(arena, const char *, COLUMNS),
               **behind = hib_arena_array(arena, const char *, COLUMNS *n);
    double *numbers = hib_arena_array(arena, double, COLUMNS *n);
    for (int c = 0; c < COLUMNS; c++)
        head[c] = hib_report_say(of, head_keys[c]);
    for (size_t i = 0; i < n; i++)
        put_group(arena, of, &groups[i], &cells[i * COLUMNS], &behind[i * COLUMNS],
                  &numbers[i * COLUMNS]);
    return (HibReportBlock){.kind = HIB_BLOCK_GRID,
                            .title = hib_report_say(of, title_keys[by]),
                            .numbers = numbers,
                            .behind = behind,
                            .grid = {head, cells, is_number, share, COLUMNS, n}};
}

size_t
hib_report_groups(HibArena *arena, const HibReportFigures *of,
                  HibReportBlock ret[HIB_TOLD_BY_TAG + 1])
{
    size_t n_tables = 0;
    for (size_t i = 0, end; i < of->n_groups; i = end) {
        const HibToldBy by = of->groups[i].by;
        for (end = i; end < of->n_groups && of->groups[end].by == by; end++)
            ;
        if (end - i > 1) /* one kind alone is all posts */
            ret[n_tables++] = table_of(arena, of, by, &of->groups[i], MIN(end - i, SHOWN));
    }
    return n_tables;
}
