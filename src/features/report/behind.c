/* Addresses of the posts behind numbers: see behind.h. */
#include "report/behind.h"
#include <string.h>

/* As rankPosts asks. What is NULL, 0 or -1 is not asked for. */
typedef struct {
    const char *metric, *value;
    int64_t first_day, last_day; /* yyyymmdd; 0 with days 0: of any time */
    int days;
    const char *account, *network, *campaign, *tag, *format, *media, *without;
    int weekday, hour; /* hour -1: any */
} Asked;

static void
put(GString *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(out, "%s%s=%s", out->len ? "&" : "", name, escaped);
}

static void
put_time(HibArena *arena, GString *out, const Asked *asked)
{
    if (asked->days) {
        put(out, "days", hib_arena_printf(arena, "%d", asked->days));
    } else if (asked->first_day) {
        put(out, "first_day", hib_measure_day_text(arena, asked->first_day));
        put(out, "last_day", hib_measure_day_text(arena, asked->last_day));
    } else {
        put(out, "ever", "true");
    }
}

static const char *
posts(HibArena *arena, const Asked *asked)
{
    g_autoptr(GString) out = g_string_new(NULL);
    put(out, "metric", asked->metric);
    put(out, "value", asked->value);
    put_time(arena, out, asked);
    put(out, "account", asked->account);
    put(out, "network", asked->network);
    put(out, "campaign", asked->campaign);
    put(out, "tag", asked->tag);
    put(out, "format", asked->format);
    put(out, "media", asked->media);
    put(out, "without", asked->without);
    if (asked->weekday)
        put(out, "weekday", hib_arena_printf(arena, "%d", asked->weekday));
    if (asked->hour >= 0)
        put(out, "hour", hib_arena_printf(arena, "%d", asked->hour));
    return hib_arena_printf(arena, "/measure/posts?%s", out->str);
}

static Asked
asked_of(const HibReportFigures *of, HibReportPeriod period, const char *account)
{
    const HibMeasureOverview *over = &of->of;
    const HibMeasureDay *days = period == HIB_PERIOD_NOW ? over->days : over->before;
    return (Asked){.metric = "engagements",
                   .first_day = days[0].day,
                   .last_day = days[over->n_days - 1].day,
                   .account = account ? account : of->report->account_id,
                   .hour = -1};
}

/* --- of the period --------------------------------------------------------------------------------------------------- */
const char *
hib_behind_gains(HibArena *arena, const HibReportFigures *of, HibReportPeriod period,
                 const char *metric, const char *account)
{
    Asked asked = asked_of(of, period, account);
    asked.metric = metric;
    asked.value = "gained";
    return posts(arena, &asked);
}

const char *
hib_behind_day(HibArena *arena, const HibReportFigures *of, int64_t day, const char *metric)
{
    Asked asked = asked_of(of, HIB_PERIOD_NOW, NULL);
    asked.metric = metric;
    asked.value = "gained";
    asked.first_day = asked.last_day = day;
    return posts(arena, &asked);
}

const char *
hib_behind_published(HibArena *arena, const HibReportFigures *of, HibReportPeriod period,
                     const char *account)
{
    const Asked asked = asked_of(of, period, account);
    return posts(arena, &asked);
}

const char *
hib_behind_settled(HibArena *arena, const HibReportFigures *of, int weekday, int hour)
{
    Asked asked = asked_of(of, HIB_PERIOD_NOW, NULL);
    asked.value = "settled";
    asked.weekday = weekday;
    asked.hour = hour;
    return posts(arena, &asked);
}

const char *
hib_behind_group(HibArena *arena, const HibReportFigures *of, const HibToldGroup *group)
{
    Asked asked = asked_of(of, HIB_PERIOD_NOW, NULL);
    const bool is_none = !*group->key;
    switch (group->by) {
    case HIB_TOLD_BY_NETWORK:
        asked.network = group->key;
        break;
    case HIB_TOLD_BY_FORMAT:
        asked.format = group->key;
        break;
    case HIB_TOLD_BY_CAMPAIGN:
        asked.campaign = group->key;
        asked.without = is_none ? "campaign" : NULL;
        break;
    case HIB_TOLD_BY_TAG:
        asked.tag = group->key;
        asked.without = is_none ? "tag" : NULL;
        break;
    }
    /* Of no network, or in no format, nobody can ask. */
    return is_none && !asked.without ? NULL : posts(arena, &asked);
}

/* --- of its own time ------------------------------------------------------------------------------------------------- */
const char *
hib_behind_campaign(HibArena *arena, const HibReportFigures *of, const char *metric)
{
    const Asked asked = {.metric = metric, .campaign = of->report->content.campaign_id, .hour = -1};
    return asked.campaign ? posts(arena, &asked) : NULL;
}

/* What came in from day to day: of posts those that went out, of all else what posts gained. */
static const char *
came_in(HibArena *arena, const char *metric, int64_t first, int64_t last, const char *account)
{
    const bool is_posts = g_str_equal(metric, "posts");
    const Asked asked = {.metric = is_posts ? "engagements" : metric,
                         .value = is_posts ? NULL : "gained",
                         .first_day = first,
                         .last_day = last,
                         .account = account,
                         .hour = -1};
    return g_str_equal(metric, "followers") ? NULL
           : g_str_equal(metric, "clicks")  ? "/links"
                                            : posts(arena, &asked);
}

const char *
hib_behind_goal(HibArena *arena, const HibToldGoal *goal)
{
    return goal->has_actual
               ? came_in(arena, goal->metric, goal->starts_on, goal->as_of, goal->account_id)
               : NULL;
}

const char *
hib_behind_unusual(HibArena *arena, const HibToldUnusual *unusual)
{
    return came_in(arena, unusual->metric, unusual->first_day, unusual->last_day,
                   unusual->account_id);
}

/* Hashtags that stand as one lead to posts with any of them. */
static const char *
bare_tags(HibArena *arena, const char *key)
{
    char *out = hib_arena_strdup(arena, key), *end = out;
    for (; *key; key++)
        if (*key != '#')
            *end++ = *key;
    *end = '\0';
    return out;
}

const char *
hib_behind_learnt(HibArena *arena, const HibReportLearnt *learnt)
{
    const HibToldFinding *of = &learnt->of;
    Asked asked = {.metric = "engagements",
                   .value = "settled",
                   .first_day = of->since,
                   .last_day = of->until,
                   .days = of->since ? 0 : 365,
                   .account = learnt->account_id,
                   .hour = -1};
    if (g_str_equal(of->kind, "hashtag")) {
        asked.tag = bare_tags(arena, of->key);
    } else if (g_str_equal(of->kind, "type")) {
        asked.media = of->key;
    } else {
        const char *hour = strchr(of->key, '-');
        asked.weekday = (int)g_ascii_strtoll(of->key, NULL, 10);
        asked.hour = hour ? (int)g_ascii_strtoll(hour + 1, NULL, 10) : -1;
    }
    return posts(arena, &asked);
}

const char *
hib_behind_post(HibArena *arena, const HibMeasureBest *post)
{
    return post->post && *post->post ? hib_arena_printf(arena, "/measure/%s", post->post) : NULL;
}

const char *
hib_behind_some(double value, const char *behind)
{
    return value != 0 ? behind : NULL;
}

/* --- in outputs ------------------------------------------------------------------------------------------------------ */
static bool
is_web(const char *url)
{
    return url && (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"));
}

const char *
hib_behind_address(HibArena *arena, const HibReportDocument *document, const char *behind,
                   const char *url)
{
    if (document->app && behind)
        return hib_arena_printf(arena, "%s%s", document->app, behind);
    return is_web(url) ? url : NULL;
}

const char *
hib_behind_cell(HibArena *arena, const HibReportDocument *document, const HibReportBlock *block,
                size_t row, size_t column)
{
    const char *behind = block->behind ? block->behind[row * block->grid.n_columns + column] : NULL,
               *url = block->urls && column == 0 ? block->urls[row] : NULL;
    return hib_behind_address(arena, document, behind, url);
}
