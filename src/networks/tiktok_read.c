/* Reading from TikTok: what the account may do, its public posts, their numbers and its own. Nothing here has an effect. */
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

#define PAGES 2 /* of 20, when a post is looked for */
#define AT_MOST 20

HibNetResult
hib_tiktok_creator(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind,
                   HibJson *ret)
{
    const TiktokCall call = {.kind = kind, .path = "/v2/post/publish/creator_info/query/"};
    return hib_tiktok_call(net, grant, &call, NULL, ret);
}

HibNetResult
hib_tiktok_read_options(const HibNetContext *net, const HibGrant *grant, const char **ret_json)
{
    HibJson creator;
    HibNetResult said = hib_tiktok_creator(net, grant, HIB_CALL_READ, &creator);
    if (said.class == HIB_NET_OK)
        *ret_json = hib_net_progress_text(net->arena, creator.value);
    return said;
}

/* --- the account's own list ------------------------------------------------------------------------------------------ */
/* Caption and title are one thing to some clients and two to others: each post is looked at by both. */
static size_t
take_seen(HibJson videos, HibNetSeen seen[2 * AT_MOST])
{
    static const char *const texts[] = {"video_description", "title"};
    size_t n = 0;
    for (HibJson one = hib_json_first(videos); one.value && n + 2 <= 2 * AT_MOST;
         one = hib_json_next(videos, one)) {
        int64_t at_s = 0;
        HibNetSeen row = {.url = "", .text = "", .n_media = -1};
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &row.remote_id, NULL))
            continue;
        (void)hib_json_opt_int(one, "create_time", &at_s, NULL);
        (void)hib_json_opt_text(one, "share_url", &row.url, NULL);
        row.at = at_s > 0 && at_s < INT64_C(100000000000) ? at_s * HIB_SECOND : 0;
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            row.text = "";
            (void)hib_json_opt_text(one, texts[i], &row.text, NULL);
            seen[n++] = row;
        }
    }
    return n;
}

HibNetResult
hib_tiktok_find_listed(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                       bool *ret_found)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    int64_t cursor = 0;
    bool has_more = true;
    *ret_found = false;
    for (int page = 0; page < PAGES && has_more; page++) {
        HibNetSeen seen[2 * AT_MOST];
        HibJson data;
        HibJson videos = {0};
        const char *body =
            cursor ? hib_arena_printf(net->arena,
                                      "{\"max_count\":20,\"cursor\":%" G_GINT64_FORMAT "}", cursor)
                   : "{\"max_count\":20}";
        const TiktokCall call = {
            .kind = HIB_CALL_READ,
            .path = "/v2/video/list/?fields=id,create_time,title,video_description,share_url",
            .body = body};
        said = hib_tiktok_call(net, grant, &call, NULL, &data);
        if (said.class != HIB_NET_OK)
            return said;
        if (!hib_json_opt_array(data, "videos", &videos, NULL))
            return hib_net_nonsense(said, HIB_CALL_READ, "the list of videos does not read");
        size_t n = videos.value ? take_seen(videos, seen) : 0;
        int best = hib_net_match(net->arena, sending, seen, n);
        if (best >= 0) {
            sending->published = (HibNetPublished){seen[best].remote_id, seen[best].url};
            sending->is_done = *ret_found = true;
            return said;
        }
        has_more = false;
        (void)hib_json_opt_bool(data, "has_more", &has_more, NULL);
        (void)hib_json_opt_int(data, "cursor", &cursor, NULL);
    }
    return said;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */
static void
take(HibJson in, const char *field, const char *metric, HibNetReading *out)
{
    int64_t value = -1;
    if (hib_json_opt_int(in, field, &value, NULL) && value >= 0 &&
        out->n_metrics < G_N_ELEMENTS(out->metrics))
        out->metrics[out->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

/* The id a post got since: asked by its publish id. NULL: none (yet). */
static HibNetResult
settle_id(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
          const char **ret_id)
{
    HibHttpReply reply;
    HibJson data;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "publish_id", remote_id + strlen(TIKTOK_PENDING));
    const TiktokCall call = {.kind = HIB_CALL_READ,
                             .path = "/v2/post/publish/status/fetch/",
                             .body = hib_json_print(net->arena, body)};
    HibNetResult said = hib_tiktok_call(net, grant, &call, &reply, &data);
    *ret_id = said.class == HIB_NET_OK
                  ? hib_tiktok_id(net->arena, reply.body, "publicaly_available_post_id")
                  : NULL;
    if (said.class ==
        HIB_NET_FATAL) /* TikTok has forgotten the publish id: there is nothing to read */
        said.class = HIB_NET_OK;
    return said;
}

static HibNetResult
query(const HibNetContext *net, const HibGrant *grant, const char *const *ids, size_t n,
      HibJson *ret_videos)
{
    HibJson data;
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(cJSON_AddObjectToObject(body, "filters"), "video_ids");
    for (size_t i = 0; i < n; i++)
        if (ids[i])
            cJSON_AddItemToArray(list, cJSON_CreateString(ids[i]));
    const TiktokCall call = {
        .kind = HIB_CALL_READ,
        .path = "/v2/video/query/?fields=id,view_count,like_count,comment_count,share_count",
        .body = hib_json_print(net->arena, body)};
    HibNetResult said = hib_tiktok_call(net, grant, &call, NULL, &data);
    if (said.class == HIB_NET_OK && !hib_json_array(data, "videos", ret_videos, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of videos does not read");
    return said;
}

HibNetResult
hib_tiktok_read_posts(const HibNetContext *net, const HibGrant *grant,
                      const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    static const char *const numbers[][2] = {{"view_count", "views"},
                                             {"like_count", "likes"},
                                             {"comment_count", "replies"},
                                             {"share_count", "shares"}};
    const char *ids[AT_MOST] = {NULL};
    HibJson videos = {0};
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    size_t n_ids = 0;
    n = MIN(n, (size_t)AT_MOST);
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    for (size_t i = 0; i < n; i++) {
        ids[i] = remote_ids[i];
        if (g_str_has_prefix(ids[i], TIKTOK_PENDING))
            said = settle_id(net, grant, remote_ids[i], &ids[i]);
        if (said.class != HIB_NET_OK)
            return said;
        n_ids += ids[i] != NULL;
    }
    if (n_ids)
        said = query(net, grant, ids, n, &videos);
    if (!n_ids || said.class != HIB_NET_OK)
        return said;
    for (size_t i = 0; i < n; i++)
        ret[i].is_gone = ids[i] && ids[i] == remote_ids[i];
    for (HibJson one = hib_json_first(videos); one.value; one = hib_json_next(videos, one)) {
        const char *id = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL))
            return hib_net_nonsense(said, HIB_CALL_READ, "the list of videos does not read");
        for (size_t i = 0; i < n; i++) {
            if (!ids[i] || !g_str_equal(ids[i], id) || ret[i].n_metrics)
                continue;
            ret[i].is_gone = false;
            for (size_t m = 0; m < G_N_ELEMENTS(numbers); m++)
                take(one, numbers[m][0], numbers[m][1], &ret[i]);
        }
    }
    return said;
}

HibNetResult
hib_tiktok_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    static const char *const numbers[][2] = {{"follower_count", "followers"},
                                             {"following_count", "following"},
                                             {"likes_count", "account_likes"},
                                             {"video_count", "posts"}};
    HibJson data;
    HibJson user = {0};
    const TiktokCall call = {
        .kind = HIB_CALL_READ,
        .path = "/v2/user/info/?fields=follower_count,following_count,likes_count,video_count",
        .is_get = true};
    HibNetResult said = hib_tiktok_call(net, grant, &call, NULL, &data);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_object(data, "user", &user, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the answer does not say who it is about");
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    for (size_t m = 0; m < G_N_ELEMENTS(numbers); m++)
        take(user, numbers[m][0], numbers[m][1], ret);
    return said;
}
