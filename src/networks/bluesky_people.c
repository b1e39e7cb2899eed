/* Who follows the account, reposted or liked a post, as the network's index knows it. */
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"

#include <string.h>

HibNetResult
hib_bluesky_follows(const HibNetContext *net, const HibGrant *grant, const char *const *people,
                    size_t n, HibNetDone *ret)
{
    HibJson in, list = {0};
    g_autoptr(GString) query = g_string_new(NULL);
    g_string_append_printf(query, "actor=%s", hib_url_escape(net->arena, grant->remote_id));
    for (size_t i = 0; i < n; i++) {
        ret[i] = HIB_NET_DEED_UNKNOWN;
        g_string_append_printf(query, "&others=%s", hib_url_escape(net->arena, people[i]));
    }
    const BlueskyRequest request = {.kind = HIB_CALL_READ,
                                    .method = "app.bsky.graph.getRelationships",
                                    .query = query->str,
                                    .token = grant->access};
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_array(in, "relationships", &list, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the relationships do not read");
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        const char *did = NULL, *follow = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "did", &did, NULL) ||
            !hib_json_opt_text(one, "followedBy", &follow, NULL))
            continue; /* an account that is no more is told by what was asked, without "did" */
        for (size_t i = 0; i < n; i++)
            if (!strcmp(people[i], did))
                ret[i] = follow ? HIB_NET_DEED_DONE : HIB_NET_DEED_NO;
    }
    return said;
}

HibNetResult
hib_bluesky_list_people(const HibNetContext *net, const HibGrant *grant, HibNetDeed deed,
                        const char *post, const char *cursor, const char ***ret, size_t *ret_n,
                        const char **ret_cursor)
{
    const bool is_likes = deed == HIB_NET_LIKED;
    HibJson in, list = {0};
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = is_likes ? "app.bsky.feed.getLikes" : "app.bsky.feed.getRepostedBy",
        .query =
            hib_arena_printf(net->arena, "uri=%s&limit=%d%s%s", hib_url_escape(net->arena, post),
                             bluesky_limits.people->page, cursor ? "&cursor=" : "",
                             cursor ? hib_url_escape(net->arena, cursor) : ""),
        .token = grant->access};
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    *ret_n = 0;
    *ret_cursor = NULL;
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_array(in, is_likes ? "likes" : "repostedBy", &list, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of people does not read");
    *ret = hib_arena_array(net->arena, const char *, hib_json_count(list) + 1);
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        HibJson who = one;
        const char *did = NULL;
        if (cJSON_IsObject(one.value) && (!is_likes || hib_json_object(one, "actor", &who, NULL)) &&
            hib_json_text(who, "did", &did, NULL))
            (*ret)[(*ret_n)++] = did;
    }
    (void)hib_json_opt_text(in, "cursor", ret_cursor, NULL);
    return said;
}
