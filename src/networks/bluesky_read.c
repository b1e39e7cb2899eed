/* Reading numbers back: posts 25 at a time, the account's followers.
 *
 * The index (AppView) trails the account's own server by about a second and can lose sight of a post, so a post it does not list
 * is gone only when its own server says so too. Missing is not zero: what was not said is not in the reading. */
#include "networks/bluesky_private.h"

#include <string.h>

static const struct {
    const char *field, *metric;
} post_numbers[] = {{"likeCount", "likes"},
                    {"repostCount", "reposts"},
                    {"replyCount", "replies"},
                    {"quoteCount", "quotes"},
                    {"bookmarkCount", "saves"}},
  account_numbers[] = {
      {"followersCount", "followers"}, {"followsCount", "following"}, {"postsCount", "posts"}};

static void
take_number(HibJson in, const char *field, const char *metric, HibNetReading *out)
{
    int64_t value = -1;
    if (hib_json_opt_int(in, field, &value, NULL) && value >= 0 &&
        out->n_metrics < G_N_ELEMENTS(out->metrics))
        out->metrics[out->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

const char *
hib_bluesky_rkey(const HibGrant *grant, const char *remote_id)
{
    g_autofree char *start = g_strdup_printf("at://%s/" BLUESKY_POSTS "/", grant->remote_id);
    if (!remote_id || !g_str_has_prefix(remote_id, start) ||
        !hib_tid_valid(remote_id + strlen(start)))
        return NULL;
    return remote_id + strlen(start);
}

HibNetResult
hib_bluesky_has_record(const HibNetContext *net, const HibGrant *grant, const char *rkey,
                       bool *ret_has, HibJson *ret_in)
{
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = "com.atproto.repo.getRecord",
        .token = grant->access,
        .query = hib_arena_printf(net->arena, "repo=%s&collection=" BLUESKY_POSTS "&rkey=%s",
                                  hib_url_escape(net->arena, grant->remote_id),
                                  hib_url_escape(net->arena, rkey)),
    };
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    bool is_absent =
        said.http_status >= 400 && said.http_status < 500 && !strcmp(said.code, "RecordNotFound");
    if (is_absent)
        said.class = HIB_NET_OK;
    *ret_has = said.class == HIB_NET_OK && !is_absent;
    if (ret_in)
        *ret_in = in;
    return said;
}

/* The posts of one answer, put where they were asked for. */
static bool
take_posts(HibJson in, HibNetReading *ret, size_t n, bool *is_seen)
{
    HibJson posts = {0};
    if (!hib_json_array(in, "posts", &posts, NULL))
        return false;
    for (HibJson p = hib_json_first(posts); p.value; p = hib_json_next(posts, p)) {
        const char *uri = NULL;
        if (!cJSON_IsObject(p.value) || !hib_json_text(p, "uri", &uri, NULL))
            return false;
        for (size_t i = 0; i < n; i++) {
            if (is_seen[i] || strcmp(ret[i].remote_id, uri) != 0)
                continue;
            is_seen[i] = true;
            for (size_t m = 0; m < G_N_ELEMENTS(post_numbers); m++)
                take_number(p, post_numbers[m].field, post_numbers[m].metric, &ret[i]);
        }
    }
    return true;
}

HibNetResult
hib_bluesky_read_posts(const HibNetContext *net, const HibGrant *grant,
                       const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    g_return_val_if_fail(n <= 25, hib_net_say(HIB_NET_FATAL, "", ""));
    bool is_seen[25] = {false};
    g_autoptr(GString) query = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
        g_string_append_printf(query, "%suris=%s", i ? "&" : "",
                               hib_url_escape(net->arena, remote_ids[i]));
    }
    if (n == 0)
        return hib_net_say(HIB_NET_OK, "", "");
    const BlueskyRequest request = {.kind = HIB_CALL_READ,
                                    .method = "app.bsky.feed.getPosts",
                                    .token = grant->access,
                                    .query = query->str};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!take_posts(in, ret, n, is_seen))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of posts does not read");
    for (size_t i = 0; i < n; i++) {
        const char *rkey = is_seen[i] ? NULL : hib_bluesky_rkey(grant, remote_ids[i]);
        bool has = true;
        if (rkey && hib_bluesky_has_record(net, grant, rkey, &has, NULL).class == HIB_NET_OK)
            ret[i].is_gone = !has;
    }
    return said;
}

HibNetResult
hib_bluesky_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = "app.bsky.actor.getProfile",
        .token = grant->access,
        .query =
            hib_arena_printf(net->arena, "actor=%s", hib_url_escape(net->arena, grant->remote_id))};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    for (size_t m = 0; m < G_N_ELEMENTS(account_numbers); m++)
        take_number(in, account_numbers[m].field, account_numbers[m].metric, ret);
    return said;
}
