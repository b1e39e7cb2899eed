/* Reading numbers back: videos and comments up to 50 a call, what Analytics adds, the channel.
 *
 * The Data API has the numbers of now (as texts), Analytics those of whole days, one to three days late; a video Analytics does not know
 * yet simply lacks its numbers. A video YouTube failed to convert or rejected is gone for whoever wants to watch it. */
#include "networks/youtube_private.h"

#include <stdlib.h>
#include <string.h>

#define MAX_READ 50

typedef struct {
    const char *field, *metric;
    int64_t times; /* Analytics: minutes and seconds in ms; 0: as it is */
} Number;

static const Number video_numbers[] = {
    {"viewCount", "views", 0}, {"likeCount", "likes", 0}, {"commentCount", "replies", 0}};
static const Number comment_numbers[] = {{"likeCount", "likes", 0}};
static const Number channel_numbers[] = {{"subscriberCount", "followers", 0},
                                         {"videoCount", "posts", 0},
                                         {"viewCount", "account_views", 0}};
static const Number report_numbers[] = {
    {"estimatedMinutesWatched", "watch_ms", 60000},
    {"averageViewDuration", "avg_watch_ms", 1000},
    {"averageViewPercentage", "completion", 0},
    {"shares", "shares", 0},
    {"subscribersGained", "follows", 0},
    {"subscribersLost", "unfollows", 0},
};

static void
add(HibNetReading *row, const char *metric, int64_t value)
{
    if (value >= 0 && row->n_metrics < G_N_ELEMENTS(row->metrics))
        row->metrics[row->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

/* Counts come as texts ("1234") and, for comments, as numbers. */
static void
take_numbers(HibJson in, const Number *numbers, size_t n, HibNetReading *row)
{
    for (size_t i = 0; i < n; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(in.value, numbers[i].field);
        if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 9e15)
            add(row, numbers[i].metric, (int64_t)item->valuedouble);
        else if (cJSON_IsString(item) && g_ascii_isdigit(*item->valuestring))
            add(row, numbers[i].metric, g_ascii_strtoll(item->valuestring, NULL, 10));
    }
}

const char *
hib_youtube_day(HibArena *arena, HibInstant at)
{
    g_autoptr(HibZone) pacific = hib_zone_open("America/Los_Angeles");
    g_autoptr(HibZone) utc = hib_zone_utc();
    HibWall wall = hib_wall_at(pacific ? pacific : utc, at);
    return hib_arena_printf(arena, "%04d-%02d-%02d", wall.year, wall.month, wall.day);
}

/* --- one kind of things ----------------------------------------------------------------------------------------------- */
typedef struct {
    HibNetReading *rows;
    size_t n;
    bool is_video;
} Batch;

static bool
is_of(const Batch *batch, size_t i)
{
    return hib_youtube_is_id(batch->rows[i].remote_id) &&
           hib_youtube_is_video(batch->rows[i].remote_id) == batch->is_video;
}

static bool
is_lost(HibJson video)
{
    static const char *const lost[] = {"failed", "rejected", "deleted"};
    HibJson status = {0};
    const char *word = NULL;
    if (!hib_json_opt_object(video, "status", &status, NULL) || !status.value ||
        !hib_json_opt_text(status, "uploadStatus", &word, NULL) || !word)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(lost); i++)
        if (!strcmp(word, lost[i]))
            return true;
    return false;
}

static void
take_item(const Batch *batch, HibJson item, HibNetReading *row)
{
    HibJson part = {0};
    row->is_gone = batch->is_video && is_lost(item);
    if (hib_json_opt_object(item, batch->is_video ? "statistics" : "snippet", &part, NULL) &&
        part.value)
        take_numbers(part, batch->is_video ? video_numbers : comment_numbers,
                     batch->is_video ? G_N_ELEMENTS(video_numbers) : G_N_ELEMENTS(comment_numbers),
                     row);
}

/* What YouTube does not list any more is gone: for the owner it lists private videos too. */
static HibNetResult
ask(const HibNetContext *net, const HibGrant *grant, Batch *batch)
{
    HibJson in = {0};
    HibJson items = {0};
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < batch->n; i++)
        if (is_of(batch, i)) {
            g_string_append_printf(ids, "%s%s", ids->len ? "," : "", batch->rows[i].remote_id);
            batch->rows[i].is_gone = true;
        }
    if (!ids->len)
        return hib_net_say(HIB_NET_OK, "", "");
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena,
                         batch->is_video ? "/youtube/v3/videos?part=statistics,status&maxResults="
                                           "50&id=%s"
                                         : "/youtube/v3/comments?part=snippet&id=%s",
                         ids->str),
        &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "items", &items, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list does not read");
    for (HibJson item = items.value ? hib_json_first(items) : items; item.value;
         item = hib_json_next(items, item)) {
        const char *id = NULL;
        if (!cJSON_IsObject(item.value) || !hib_json_text(item, "id", &id, NULL))
            return hib_net_nonsense(said, HIB_CALL_READ, "an entry of the list does not read");
        for (size_t i = 0; i < batch->n; i++)
            if (!strcmp(batch->rows[i].remote_id, id) && batch->rows[i].is_gone)
                take_item(batch, item, &batch->rows[i]);
    }
    return said;
}

/* --- Analytics ---------------------------------------------------------------------------------------------------------- */
/* Which number each column of the table is; -1: the video. */
static bool
read_columns(HibJson report, int *ret_columns, size_t most, size_t *ret_n)
{
    HibJson headers = {0};
    *ret_n = 0;
    if (!hib_json_array(report, "columnHeaders", &headers, NULL))
        return false;
    for (HibJson h = hib_json_first(headers); h.value && *ret_n < most;
         h = hib_json_next(headers, h)) {
        const char *name = NULL;
        if (!cJSON_IsObject(h.value) || !hib_json_text(h, "name", &name, NULL))
            return false;
        int column = -2; /* nothing of ours */
        if (!strcmp(name, "video"))
            column = -1;
        for (size_t i = 0; i < G_N_ELEMENTS(report_numbers); i++)
            if (!strcmp(name, report_numbers[i].field))
                column = (int)i;
        ret_columns[(*ret_n)++] = column;
    }
    return true;
}

static void
take_report(HibJson report, HibNetReading *rows, size_t n)
{
    int columns[16];
    size_t n_columns = 0;
    HibJson table = {0};
    if (!read_columns(report, columns, G_N_ELEMENTS(columns), &n_columns) ||
        !hib_json_opt_array(report, "rows", &table, NULL) || !table.value)
        return;
    for (const cJSON *line = table.value->child; line; line = line->next) {
        HibNetReading *row = NULL;
        for (size_t c = 0; c < n_columns; c++) {
            const cJSON *cell = cJSON_GetArrayItem(line, (int)c);
            for (size_t i = 0; columns[c] == -1 && cJSON_IsString(cell) && i < n; i++)
                if (!strcmp(rows[i].remote_id, cell->valuestring))
                    row = &rows[i];
            if (!row || columns[c] < 0 || !cJSON_IsNumber(cell) || cell->valuedouble < 0 ||
                cell->valuedouble > 1e12)
                continue;
            const Number *number = &report_numbers[columns[c]];
            double times = number->times ? (double)number->times : 1;
            add(row, number->metric, (int64_t)(cell->valuedouble * times + 0.5));
        }
    }
}

/* A courtesy: without it (not allowed, not ready) the numbers of now stand alone. */
static HibNetClass
ask_report(const HibNetContext *net, const HibGrant *grant, HibNetReading *rows, size_t n)
{
    HibJson in = {0};
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        if (hib_youtube_is_video(rows[i].remote_id) && !rows[i].is_gone)
            g_string_append_printf(ids, "%s%s", ids->len ? "," : "", rows[i].remote_id);
    if (!ids->len)
        return HIB_NET_OK;
    const char *query = hib_net_form(
        net->arena, "ids", "channel==MINE", "startDate", "2005-02-14", "endDate",
        hib_youtube_day(net->arena, hib_clock_now(net->clock)), "metrics",
        "views,estimatedMinutesWatched,averageViewDuration,averageViewPercentage,shares,"
        "subscribersGained,subscribersLost",
        "dimensions", "video", "filters", hib_arena_printf(net->arena, "video==%s", ids->str),
        "sort", "-views", "maxResults", "200", NULL);
    const HibNetRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/v2/reports?%s",
                                hib_net_host(net->arena, &youtube_limits, grant->service,
                                             "https://youtubeanalytics.googleapis.com"),
                                query),
        .bearer = grant->access};
    HibNetResult said = hib_net_call(net, &request, hib_youtube_read, NULL, &in);
    if (said.class == HIB_NET_OK && cJSON_IsObject(in.value))
        take_report(in, rows, n);
    return said.class;
}

HibNetResult
hib_youtube_read_posts(const HibNetContext *net, const HibGrant *grant,
                       const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    g_return_val_if_fail(n <= MAX_READ, hib_net_say(HIB_NET_FATAL, "", ""));
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    Batch videos = {.rows = ret, .n = n, .is_video = true};
    Batch comments = {.rows = ret, .n = n};
    HibNetResult said = ask(net, grant, &videos);
    if (said.class == HIB_NET_OK)
        said = ask(net, grant, &comments);
    if (said.class == HIB_NET_OK && ask_report(net, grant, ret, n) == HIB_NET_REFRESH_AUTH)
        said.class = HIB_NET_REFRESH_AUTH;
    return said;
}

HibNetResult
hib_youtube_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    HibJson in = {0};
    HibJson statistics = {0};
    HibNetResult said =
        hib_youtube_get(net, grant,
                        hib_arena_printf(net->arena, "/youtube/v3/channels?part=statistics&id=%s",
                                         hib_url_escape(net->arena, grant->remote_id)),
                        &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson channel = hib_youtube_first(in);
    *ret = (HibNetReading){.remote_id = grant->remote_id, .is_gone = !channel.value};
    bool is_hidden = false;
    if (!channel.value || !hib_json_opt_object(channel, "statistics", &statistics, NULL) ||
        !statistics.value)
        return said;
    (void)hib_json_opt_bool(statistics, "hiddenSubscriberCount", &is_hidden, NULL);
    take_numbers(statistics, channel_numbers + is_hidden, G_N_ELEMENTS(channel_numbers) - is_hidden,
                 ret);
    return said;
}
