/* Who watched a channel in the last 90 days: YouTube Analytics, viewerPercentage by age and gender (of viewers that are signed in), views by country.
 *
 * YouTube tells nothing of who the subscribers are. Where too few watched, rows are missing or there are none. */
#include "networks/youtube_private.h"

#include <string.h>

#define DAYS 90

static HibNetResult
ask(const HibNetContext *net, const HibGrant *grant, const char *dimensions, const char *metric,
    HibJson *ret)
{
    const HibInstant now = hib_clock_now(net->clock);
    const char *query =
        hib_net_form(net->arena, "ids", "channel==MINE", "startDate",
                     hib_youtube_day(net->arena, now - DAYS * HIB_DAY), "endDate",
                     hib_youtube_day(net->arena, now), "metrics", metric, "dimensions", dimensions,
                     "sort", hib_arena_printf(net->arena, "-%s", metric), NULL);
    const HibNetRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/v2/reports?%s",
                                hib_net_host(net->arena, &youtube_limits, grant->service,
                                             "https://youtubeanalytics.googleapis.com"),
                                query),
        .bearer = grant->access};
    HibNetResult said = hib_net_call(net, &request, hib_youtube_read, NULL, ret);
    if (said.class == HIB_NET_OK && !cJSON_IsObject(ret->value))
        return hib_net_nonsense(said, HIB_CALL_READ, "the report is no object");
    return said;
}

/* "age18-24" → "18-24", "age65-" → "65+". */
static const char *
age(HibArena *arena, const char *said)
{
    const char *years = g_str_has_prefix(said, "age") ? said + strlen("age") : said;
    return g_str_has_suffix(years, "-")
               ? hib_arena_printf(arena, "%.*s+", (int)strlen(years) - 1, years)
               : years;
}

static const char *
gender(const char *said)
{
    return !strcmp(said, "user_specified") ? "other" : said;
}

static const char *
text_at(const cJSON *line, int column)
{
    const cJSON *cell = cJSON_GetArrayItem(line, column);
    return cJSON_IsString(cell) ? cell->valuestring : NULL;
}

/* Rows of [ageGroup, gender, percentage]: a person is in one row, so a part is the sum of its rows. */
static void
take_people(HibArena *arena, HibJson rows, HibNetAudience *ret)
{
    for (const cJSON *line = rows.value ? rows.value->child : NULL; line; line = line->next) {
        const char *years = text_at(line, 0), *of = text_at(line, 1);
        const cJSON *percentage = cJSON_GetArrayItem(line, 2);
        if (!years || !of || !cJSON_IsNumber(percentage))
            continue;
        const double share = percentage->valuedouble / 100;
        hib_net_audience_add(ret, (HibNetAudienceGroup){HIB_NET_AGE, age(arena, years), share, -1});
        hib_net_audience_add(ret, (HibNetAudienceGroup){HIB_NET_GENDER, gender(of), share, -1});
    }
}

static void
take_countries(HibJson rows, HibNetAudience *ret)
{
    double sum = 0;
    for (const cJSON *line = rows.value ? rows.value->child : NULL; line; line = line->next)
        sum += MAX(cJSON_GetNumberValue(cJSON_GetArrayItem(line, 1)), 0);
    for (const cJSON *line = rows.value ? rows.value->child : NULL; line; line = line->next) {
        const double views = cJSON_GetNumberValue(cJSON_GetArrayItem(line, 1));
        if (views > 0)
            hib_net_audience_add(
                ret, (HibNetAudienceGroup){HIB_NET_COUNTRY, text_at(line, 0), views / sum, -1});
    }
}

HibNetResult
hib_youtube_read_audience(const HibNetContext *net, const HibGrant *grant, HibNetAudience *ret)
{
    HibJson in, rows = {0};
    *ret = hib_net_audience(net->arena);
    HibNetResult said = ask(net, grant, "ageGroup,gender", "viewerPercentage", &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (hib_json_opt_array(in, "rows", &rows, NULL))
        take_people(net->arena, rows, ret);
    said = ask(net, grant, "country", "views", &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (hib_json_opt_array(in, "rows", &rows, NULL))
        take_countries(rows, ret);
    hib_net_audience_end(ret);
    return said;
}
