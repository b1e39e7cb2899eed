/* Reading numbers back: up to 100 posts a call, the account's followers.
 *
 * X gives the private numbers (clicks, organic impressions, how far a video was seen) only for own posts of the last 30 days, and leaves a
 * post out of the answer where they are asked for and not given. So posts are asked in two groups, and whoever is missing from the first is
 * asked again for the public numbers alone. Missing is not zero: what was not said is not in the reading. */
#include "networks/x_private.h"

#include <string.h>

typedef struct {
    const char *group, *field, *metric;
} Number;

static const Number post_numbers[] = {
    {"public_metrics", "impression_count", "impressions"},
    {"public_metrics", "like_count", "likes"},
    {"public_metrics", "retweet_count", "reposts"},
    {"public_metrics", "quote_count", "quotes"},
    {"public_metrics", "reply_count", "replies"},
    {"public_metrics", "bookmark_count", "saves"},
    {"non_public_metrics", "url_link_clicks", "clicks"},
    {"non_public_metrics", "user_profile_clicks", "profile_visits"},
    {"non_public_metrics", "engagements", "network_engagements"},
    {"organic_metrics", "impression_count", "organic_impressions"},
};
static const Number media_numbers[] = {
    {"public_metrics", "view_count", "video_views"},
    {"non_public_metrics", "playback_25_count", "video_25"},
    {"non_public_metrics", "playback_50_count", "video_50"},
    {"non_public_metrics", "playback_75_count", "video_75"},
    {"non_public_metrics", "playback_100_count", "video_100"},
};
static const Number account_numbers[] = {
    {"public_metrics", "followers_count", "followers"},
    {"public_metrics", "following_count", "following"},
    {"public_metrics", "tweet_count", "posts"},
    {"public_metrics", "listed_count", "listed"},
};

static void
take_numbers(HibJson in, const Number *numbers, size_t n, HibNetReading *out)
{
    for (size_t i = 0; i < n; i++) {
        HibJson group = {0};
        int64_t value = -1;
        if (hib_json_opt_object(in, numbers[i].group, &group, NULL) && group.value &&
            hib_json_opt_int(group, numbers[i].field, &value, NULL) && value >= 0 &&
            out->n_metrics < G_N_ELEMENTS(out->metrics))
            out->metrics[out->n_metrics++] =
                (HibNetMetric){.metric = numbers[i].metric, .value = value};
    }
}

/* The numbers of the video a post holds stand beside the posts, under its key. */
static void
take_video(HibJson root, HibJson post, HibNetReading *out)
{
    HibJson attachments = {0};
    HibJson keys = {0};
    HibJson includes = {0};
    HibJson media = {0};
    if (!hib_json_opt_object(post, "attachments", &attachments, NULL) || !attachments.value ||
        !hib_json_opt_array(attachments, "media_keys", &keys, NULL) || !keys.value ||
        !hib_json_opt_object(root, "includes", &includes, NULL) || !includes.value ||
        !hib_json_opt_array(includes, "media", &media, NULL) || !media.value)
        return;
    const cJSON *first = cJSON_GetArrayItem(keys.value, 0);
    for (HibJson m = hib_json_first(media); m.value; m = hib_json_next(media, m)) {
        const char *key = NULL;
        if (cJSON_IsObject(m.value) && hib_json_opt_text(m, "media_key", &key, NULL) && key &&
            cJSON_IsString(first) && !strcmp(key, first->valuestring)) {
            take_numbers(m, media_numbers, G_N_ELEMENTS(media_numbers), out);
            return;
        }
    }
}

typedef struct {
    HibNetReading *rows;
    size_t n;
    bool *is_asked, *is_seen; /* one each of rows */
} Batch;

static void
mark_gone(HibJson root, Batch *batch)
{
    HibJson errors = {0};
    if (!hib_json_opt_array(root, "errors", &errors, NULL) || !errors.value)
        return;
    for (HibJson e = hib_json_first(errors); e.value; e = hib_json_next(errors, e)) {
        const char *type = NULL;
        const char *id = NULL;
        if (!cJSON_IsObject(e.value) || !hib_json_opt_text(e, "type", &type, NULL) ||
            !hib_json_opt_text(e, "resource_id", &id, NULL) || !type || !id ||
            !g_str_has_suffix(type, "/resource-not-found"))
            continue;
        for (size_t i = 0; i < batch->n; i++)
            if (!strcmp(batch->rows[i].remote_id, id))
                batch->rows[i].is_gone = batch->is_seen[i] = true;
    }
}

/* Asks for those marked, in one call. */
static HibNetResult
ask(const HibNetContext *net, const HibGrant *grant, Batch *batch, bool is_private)
{
    HibJson in = {0};
    HibJson data = {0};
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < batch->n; i++)
        if (batch->is_asked[i])
            g_string_append_printf(ids, "%s%s", ids->len ? "," : "", batch->rows[i].remote_id);
    if (!ids->len)
        return hib_net_say(HIB_NET_OK, "", "");
    const char *more = is_private ? ",non_public_metrics" : "";
    HibNetResult said = hib_x_get(
        net, grant,
        hib_arena_printf(net->arena,
                         "/2/tweets?ids=%s&" X_FIELDS "=attachments,public_metrics%s%s&"
                         "expansions=attachments.media_keys&media.fields=public_metrics%s",
                         ids->str, more, is_private ? ",organic_metrics" : "", more),
        &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of posts does not read");
    for (HibJson p = data.value ? hib_json_first(data) : data; p.value;
         p = hib_json_next(data, p)) {
        const char *id = NULL;
        if (!cJSON_IsObject(p.value) || !hib_json_text(p, "id", &id, NULL))
            return hib_net_nonsense(said, HIB_CALL_READ, "a post does not read");
        for (size_t i = 0; i < batch->n; i++) {
            HibNetReading *row = &batch->rows[i];
            if (batch->is_seen[i] || strcmp(row->remote_id, id) != 0)
                continue;
            batch->is_seen[i] = true;
            take_numbers(p, post_numbers, G_N_ELEMENTS(post_numbers), row);
            take_video(in, p, row);
        }
    }
    mark_gone(in, batch);
    return said;
}

HibNetResult
hib_x_read_posts(const HibNetContext *net, const HibGrant *grant, const char *const *remote_ids,
                 size_t n, HibNetReading *ret)
{
    bool is_asked[100] = {false};
    bool is_seen[100] = {false};
    g_return_val_if_fail(n <= G_N_ELEMENTS(is_asked), hib_net_say(HIB_NET_FATAL, "", ""));
    Batch batch = {.rows = ret, .n = n, .is_asked = is_asked, .is_seen = is_seen};
    HibInstant recent = hib_clock_now(net->clock) - HIB_X_PRIVATE_METRICS_DAYS * HIB_DAY + HIB_HOUR;
    for (size_t i = 0; i < n; i++) {
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
        is_seen[i] = !hib_x_is_id(remote_ids[i]); /* a direct message has no numbers */
        is_asked[i] = !is_seen[i] && hib_x_id_time(remote_ids[i]) > recent;
    }
    HibNetResult said = ask(net, grant, &batch, true);
    if (said.class != HIB_NET_OK && said.class != HIB_NET_FATAL)
        return said; /* FATAL: the private numbers are refused; the public ones may not be */
    for (size_t i = 0; i < n; i++)
        is_asked[i] = !is_seen[i];
    return ask(net, grant, &batch, false);
}

HibNetResult
hib_x_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    HibJson in = {0};
    HibJson data = {0};
    HibNetResult said = hib_x_get(net, grant, "/2/users/me?user.fields=public_metrics", &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_object(in, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the account does not read");
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    take_numbers(data, account_numbers, G_N_ELEMENTS(account_numbers), ret);
    return said;
}
