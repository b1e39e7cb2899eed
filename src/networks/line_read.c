/* Reading from LINE: what became of a broadcast or narrowcast, friends and blocks, what is left of the month, audiences to choose
 * from, and what people sent. Numbers are a day old (Japan's days), and not said for fewer than 20 people: missing is not zero. */
#include "networks/content.h"
#include "networks/line_limits.h"
#include "networks/line_private.h"

#include <string.h>

#define DAYS_BACK 3      /* how far an unfinished day is gone back from */
#define AUDIENCE_PAGES 5 /* of 40 */

static HibNetResult
get(const HibNetContext *net, const HibGrant *grant, const char *path, HibJson *ret)
{
    HibNetResult said =
        hib_line_call(net, grant, &(LineCall){.kind = HIB_CALL_READ, .path = path}, NULL, ret);
    if (said.class == HIB_NET_OK && !cJSON_IsObject(ret->value))
        return hib_net_nonsense(said, HIB_CALL_READ, "the answer is no JSON object");
    return said;
}

static void
put(HibNetReading *out, const char *metric, int64_t value)
{
    if (value >= 0 && out->n_metrics < G_N_ELEMENTS(out->metrics))
        out->metrics[out->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

static void
take(HibJson in, const char *field, const char *metric, HibNetReading *out)
{
    int64_t value = -1;
    if (hib_json_opt_int(in, field, &value, NULL))
        put(out, metric, value);
}

/* Sum of `field` over a list; -1 when nothing of it is said. */
static int64_t
sum_of(HibJson in, const char *list_key, const char *field)
{
    HibJson list = {0};
    int64_t sum = -1;
    if (!hib_json_opt_array(in, list_key, &list, NULL) || !list.value)
        return -1;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        int64_t n = -1;
        if (cJSON_IsObject(one.value) && hib_json_opt_int(one, field, &n, NULL) && n >= 0)
            sum = (sum < 0 ? 0 : sum) + n;
    }
    return sum;
}

/* --- posts --------------------------------------------------------------------------------------------------------- */
static bool
has_metric(const HibNetReading *in, const char *metric)
{
    for (size_t i = 0; i < in->n_metrics; i++)
        if (g_str_equal(in->metrics[i].metric, metric))
            return true;
    return false;
}

static HibNetResult
read_post(const HibNetContext *net, const HibGrant *grant, const char *request, bool is_narrowcast,
          HibNetReading *out)
{
    HibJson in;
    HibJson overview = {0};
    const char *id = hib_url_escape(net->arena, request);
    HibNetResult said =
        get(net, grant,
            hib_arena_printf(net->arena, "/v2/bot/insight/message/event?requestId=%s", id), &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (hib_json_opt_object(in, "overview", &overview, NULL) && overview.value) {
        take(overview, "delivered", "delivered", out);
        take(overview, "uniqueImpression", "reach", out);
        take(overview, "uniqueClick", "clicks", out);
        take(overview, "uniqueMediaPlayed", "views", out);
        take(overview, "uniqueMediaPlayed100Percent", "completed_views", out);
    }
    put(out, "impressions", sum_of(in, "messages", "impression"));
    put(out, "link_clicks", sum_of(in, "clicks", "click"));
    if (!is_narrowcast || has_metric(out, "delivered"))
        return said;
    /* The insight comes the next day; how many got it is known before. */
    HibJson progress;
    if (get(net, grant,
            hib_arena_printf(net->arena, "/v2/bot/message/progress/narrowcast?requestId=%s", id),
            &progress)
            .class
        == HIB_NET_OK)
        take(progress, "successCount", "delivered", out);
    return said;
}

HibNetResult
hib_line_read_posts(const HibNetContext *net, const HibGrant *grant, const char *const *remote_ids,
                    size_t n, HibNetReading *ret)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    for (size_t i = 0; i < n; i++) {
        bool is_narrowcast = g_str_has_prefix(remote_ids[i], "narrowcast:");
        if (!is_narrowcast && !g_str_has_prefix(remote_ids[i], "broadcast:"))
            continue; /* LINE counts nothing for one person */
        said = read_post(net, grant, strchr(remote_ids[i], ':') + 1, is_narrowcast, &ret[i]);
        if (said.class ==
            HIB_NET_FATAL) /* none for this one (plan, age): the others may have some */
            said.class = HIB_NET_OK;
        if (said.class != HIB_NET_OK)
            return said;
    }
    return said;
}

/* --- the account ----------------------------------------------------------------------------------------------------- */
/* The newest day LINE has finished counting; value NULL when none of the last is. */
static HibNetResult
read_followers(const HibNetContext *net, const HibGrant *grant, HibJson *ret, const char **ret_day)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (int ago = 1; ago <= DAYS_BACK; ago++) {
        const char *status = "";
        *ret_day = hib_line_day(net->arena, hib_clock_now(net->clock), ago);
        said =
            get(net, grant,
                hib_arena_printf(net->arena, "/v2/bot/insight/followers?date=%s", *ret_day), ret);
        if (said.class != HIB_NET_OK)
            break;
        (void)hib_json_opt_text(*ret, "status", &status, NULL);
        if (g_str_equal(status, "ready"))
            return said;
    }
    ret->value = NULL;
    return said;
}

HibNetResult
hib_line_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    HibJson in;
    const char *day;
    HibNetResult said = read_followers(net, grant, &in, &day);
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    if (said.class != HIB_NET_OK || !in.value)
        return said;
    take(in, "followers", "followers", ret);
    take(in, "targetedReaches", "targeted_reach", ret);
    take(in, "blocks", "blocks", ret);
    return said;
}

HibNetResult
hib_line_read_quota(const HibNetContext *net, const HibGrant *grant, HibNetQuota ret[8],
                    size_t *ret_n)
{
    HibJson quota, used;
    const char *type = "";
    *ret_n = 0;
    HibNetResult said = get(net, grant, "/v2/bot/message/quota", &quota);
    if (said.class == HIB_NET_OK)
        said = get(net, grant, "/v2/bot/message/quota/consumption", &used);
    if (said.class != HIB_NET_OK)
        return said;
    ret[0] = (HibNetQuota){.name = "messages",
                           .limit = -1,
                           .resets_at = hib_line_month_end(hib_clock_now(net->clock))};
    if (!hib_json_text(quota, "type", &type, NULL) ||
        !hib_json_opt_int(quota, "value", &ret[0].limit, NULL) ||
        !hib_json_int(used, "totalUsage", &ret[0].used, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the number of messages does not read");
    if (g_str_equal(type, "none"))
        ret[0].limit = -1;
    *ret_n = 1;
    return said;
}

/* --- what there is to choose ----------------------------------------------------------------------------------------- */
static void
add_audiences(HibJson page, cJSON *list)
{
    static const char *const texts[][2] = {
        {"description", "name"}, {"type", "type"}, {"status", "status"}};
    HibJson groups = {0};
    if (!hib_json_opt_array(page, "audienceGroups", &groups, NULL) || !groups.value)
        return;
    for (HibJson one = hib_json_first(groups); one.value; one = hib_json_next(groups, one)) {
        int64_t id = -1, count = -1;
        if (!cJSON_IsObject(one.value) || !hib_json_int(one, "audienceGroupId", &id, NULL))
            continue;
        cJSON *out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "id", hib_arena_printf(page.arena, "%" G_GINT64_FORMAT, id));
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            const char *text = NULL;
            if (hib_json_opt_text(one, texts[i][0], &text, NULL) && text)
                cJSON_AddStringToObject(out, texts[i][1], text);
        }
        if (hib_json_opt_int(one, "audienceCount", &count, NULL) && count >= 0)
            cJSON_AddNumberToObject(out, "count", (double)count);
        cJSON_AddItemToArray(list, out);
    }
}

static HibNetResult
read_audiences(const HibNetContext *net, const HibGrant *grant, cJSON *list)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    bool has_more = true;
    for (int page = 1; page <= AUDIENCE_PAGES && has_more; page++) {
        HibJson in;
        said = get(net, grant,
                   hib_arena_printf(net->arena, "/v2/bot/audienceGroup/list?page=%d&size=40", page),
                   &in);
        if (said.class != HIB_NET_OK)
            break;
        add_audiences(in, list);
        has_more = false;
        (void)hib_json_opt_bool(in, "hasNextPage", &has_more, NULL);
    }
    return said;
}

static void
add_followers(HibJson in, const char *day, cJSON *out)
{
    static const char *const names[][2] = {
        {"followers", "followers"}, {"targetedReaches", "targeted_reaches"}, {"blocks", "blocks"}};
    int64_t values[3] = {-1, -1, -1};
    cJSON *followers = cJSON_AddObjectToObject(out, "followers");
    cJSON_AddStringToObject(followers, "date", day);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (hib_json_opt_int(in, names[i][0], &values[i], NULL) && values[i] >= 0)
            cJSON_AddNumberToObject(followers, names[i][1], (double)values[i]);
    if (values[0] >= 0 && values[2] >= 0) /* whom a broadcast goes to, and so what it takes */
        cJSON_AddNumberToObject(cJSON_AddObjectToObject(out, "recipients"), "broadcast",
                                (double)MAX(values[0] - values[2], 0));
}

/* Some accounts may not see all of it (403): what there is is given. */
static bool
is_final(HibNetResult said)
{
    return said.class != HIB_NET_OK && said.class != HIB_NET_FATAL;
}

HibNetResult
hib_line_read_options(const HibNetContext *net, const HibGrant *grant, const char **ret_json)
{
    g_autoptr(cJSON) out = cJSON_CreateObject();
    HibJson followers;
    const char *day;
    HibNetQuota quotas[8];
    size_t n = 0;
    HibNetResult said = read_audiences(net, grant, cJSON_AddArrayToObject(out, "audiences"));
    if (is_final(said))
        return said;
    said = read_followers(net, grant, &followers, &day);
    if (is_final(said))
        return said;
    if (said.class == HIB_NET_OK && followers.value)
        add_followers(followers, day, out);
    said = hib_line_read_quota(net, grant, quotas, &n);
    if (said.class != HIB_NET_OK)
        return said;
    cJSON *messages = cJSON_AddObjectToObject(out, "messages");
    cJSON_AddNumberToObject(messages, "used", (double)quotas[0].used);
    if (quotas[0].limit >= 0)
        cJSON_AddNumberToObject(messages, "limit", (double)quotas[0].limit);
    *ret_json = hib_net_progress_text(net->arena, out);
    return said;
}

/* --- what people sent --------------------------------------------------------------------------------------------------- */
static bool
is_plain_id(const char *id)
{
    size_t n = id ? strlen(id) : 0;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(id[i]))
            return false;
    return n >= 1 && n <= 64;
}

/* How far LINE is with a video or sound that is being made ready: it may never be. */
static HibNetResult
ask_whether_ready(const HibNetContext *net, const HibGrant *grant, const char *base,
                  HibNetContent *content)
{
    const HibNetRequest request = {.kind = HIB_CALL_READ,
                                   .method = "GET",
                                   .url = hib_arena_printf(net->arena, "%s/transcoding", base),
                                   .bearer = grant->access};
    HibJson in;
    const char *status = NULL;
    HibNetResult said = hib_net_call(net, &request, hib_line_answer, NULL, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (in.value && cJSON_IsObject(in.value))
        (void)hib_json_opt_text(in, "status", &status, NULL);
    content->is_spoilt = !g_strcmp0(status, "failed");
    if (content->is_spoilt)
        return hib_net_say(HIB_NET_FATAL, "NotPrepared", "LINE could not make it ready");
    said.class = HIB_NET_WAIT_ASYNC;
    said.retry_at = hib_clock_now(net->clock) + 5 * HIB_SECOND;
    return said;
}

bool
hib_line_is_sticker(const char *id)
{
    const size_t n = strlen(id);
    return n > 0 && n <= 20 && strspn(id, "0123456789") == n;
}

/* The shop's picture of a sticker is anybody's: our token is not sent there. */
static HibNetResult
read_sticker(const HibNetContext *net, const HibGrant *grant, const char *id, HibNetContent *ret)
{
    if (!hib_line_is_sticker(id))
        return hib_net_say(HIB_NET_FATAL, "BadId", "that is no sticker's id");
    const char *url = hib_arena_printf(
        net->arena, "%s/stickershop/v1/sticker/%s/android/sticker.png",
        hib_net_host(net->arena, &line_limits, grant->service, LINE_STICKER_HOST), id);
    return hib_net_fetch(net, grant->service, url, ret);
}

HibNetResult
hib_line_read_content(const HibNetContext *net, const HibGrant *grant, const char *content_id,
                      HibNetContent *ret)
{
    HibHttpReply reply;
    HibNetResult said;
    HibJson json;
    if (g_str_has_prefix(content_id, LINE_STICKER))
        return read_sticker(net, grant, content_id + strlen(LINE_STICKER), ret);
    if (!is_plain_id(content_id))
        return hib_net_say(HIB_NET_FATAL, "BadId", "that is no message's id");
    const char *headers[] = {
        hib_arena_printf(net->arena, "Authorization: Bearer %s", grant->access), NULL};
    const char *base = hib_arena_printf(
        net->arena, "%s/v2/bot/message/%s/content",
        hib_net_host(net->arena, &line_limits, grant->service, LINE_DATA_HOST), content_id);
    if (!hib_net_fetch_with(net, base, headers, !net->may_be_private, ret, &reply, &said))
        return said;
    said = hib_net_answer(net->arena, HIB_CALL_READ, &reply, hib_clock_now(net->clock),
                          hib_line_answer, &json);
    if (reply.status == 202 && !ret->is_over)
        return ask_whether_ready(net, grant, base, ret);
    ret->is_gone = reply.status == 404 || reply.status == 410; /* unsent, or kept long enough */
    return said;
}

HibNetResult
hib_line_read_author(const HibNetContext *net, const HibGrant *grant, const char *author_id,
                     HibNetTalk *ret)
{
    HibJson in;
    if (!is_plain_id(author_id))
        return hib_net_say(HIB_NET_FATAL, "BadId", "that is no person's id");
    HibNetResult said =
        get(net, grant, hib_arena_printf(net->arena, "/v2/bot/profile/%s", author_id), &in);
    if (said.class != HIB_NET_OK)
        return said;
    (void)hib_json_opt_text(in, "displayName", &ret->author_name, NULL);
    (void)hib_json_opt_text(in, "pictureUrl", &ret->url, NULL);
    return said;
}
