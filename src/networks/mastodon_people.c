/* Who follows the account, reposted (boosted) or liked (favourited) a post: those whose doing reached this server, which for an own post is all of them. */
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <string.h>

/* A grant without the scope posts as well as ever: it is refused, the account needs nobody. */
static HibNetResult
within_grant(HibNetResult said)
{
    if (said.class == HIB_NET_REAUTH_HUMAN && said.http_status == 403)
        said.class = HIB_NET_FATAL;
    return said;
}

HibNetResult
hib_mastodon_follows(const HibNetContext *net, const HibGrant *grant, const char *const *people,
                     size_t n, HibNetDone *ret)
{
    HibJson in;
    g_autoptr(GString) path = g_string_new("/api/v1/accounts/relationships?with_suspended=true");
    for (size_t i = 0; i < n; i++) {
        ret[i] = HIB_NET_DEED_UNKNOWN;
        g_string_append_printf(path, "&id[]=%s", hib_url_escape(net->arena, people[i]));
    }
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = path->str,
                                     .token = grant->access,
                                     .is_list = true};
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return within_grant(said);
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *id = NULL;
        bool is_follower = false;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL) ||
            !hib_json_bool(one, "followed_by", &is_follower, NULL))
            continue;
        for (size_t i = 0; i < n; i++)
            if (!strcmp(people[i], id))
                ret[i] = is_follower ? HIB_NET_DEED_DONE : HIB_NET_DEED_NO;
    }
    return said;
}

HibNetResult
hib_mastodon_list_people(const HibNetContext *net, const HibGrant *grant, HibNetDeed deed,
                         const char *post, const char *cursor, const char ***ret, size_t *ret_n,
                         const char **ret_cursor)
{
    HibJson in;
    const MastodonRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .path = hib_arena_printf(
            net->arena, "/api/v1/statuses/%s/%s?limit=%d%s%s", hib_url_escape(net->arena, post),
            deed == HIB_NET_LIKED ? "favourited_by" : "reblogged_by", mastodon_limits.people->page,
            cursor ? "&max_id=" : "", cursor ? hib_url_escape(net->arena, cursor) : ""),
        .token = grant->access,
        .is_list = true,
        .next = ret_cursor};
    *ret_n = 0;
    *ret_cursor = NULL;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return within_grant(said);
    *ret = hib_arena_array(net->arena, const char *, hib_json_count(in) + 1);
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *id = NULL;
        if (cJSON_IsObject(one.value) && hib_json_text(one, "id", &id, NULL))
            (*ret)[(*ret_n)++] = id;
    }
    return said;
}
