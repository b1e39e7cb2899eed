/* Somebody else's account on Bluesky: getProfile and a page of getAuthorFeed. Reposts stand in the feed with a reason and are left out. */
#include "networks/bluesky_private.h"

#include <string.h>

static HibNetResult
get(const HibNetContext *net, const HibGrant *grant, const char *method, const char *query,
    HibJson *ret)
{
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ, .method = method, .token = grant->access, .query = query};
    return hib_bluesky_call(net, grant->service, &request, ret);
}

static int64_t
number(HibJson in, const char *key)
{
    int64_t value = -1;
    return hib_json_opt_int(in, key, &value, NULL) ? value : -1;
}

static bool
take_post(HibJson item, const char *did, HibNetRival *ret)
{
    HibJson post = {0}, author = {0}, record = {0}, reason = {0};
    const char *uri, *by;
    HibInstant at;
    if (!cJSON_IsObject(item.value) || !hib_json_object(item, "post", &post, NULL) ||
        !hib_json_object(post, "author", &author, NULL) ||
        !hib_json_text(author, "did", &by, NULL) || !hib_json_text(post, "uri", &uri, NULL) ||
        !hib_json_object(post, "record", &record, NULL) ||
        !hib_json_time(record, "createdAt", &at, NULL))
        return false;
    const bool is_passed_on = hib_json_opt_object(item, "reason", &reason, NULL) && reason.value;
    if (is_passed_on || strcmp(by, did) != 0)
        return true;
    ret->since = ret->since ? MIN(ret->since, at) : at;
    return hib_net_rival_add(ret, (HibNetRivalPost){.remote_id = uri,
                                                    .at = at,
                                                    .likes = number(post, "likeCount"),
                                                    .reposts = number(post, "repostCount"),
                                                    .replies = number(post, "replyCount"),
                                                    .quotes = number(post, "quoteCount")});
}

/* Whether a 400 speaks of the account that is looked at. A deactivated one is not there for anybody, and says nothing of our own. */
static bool
is_of_the_other(const HibNetResult *said)
{
    return !strcmp(said->code, "AccountDeactivated") ||
           (said->class != HIB_NET_REFRESH_AUTH && said->class != HIB_NET_REAUTH_HUMAN);
}

static HibNetResult
read_posts(const HibNetContext *net, const HibGrant *grant, HibNetRival *ret)
{
    HibJson in, feed = {0};
    const char *cursor = NULL;
    HibNetResult said = get(net, grant, "app.bsky.feed.getAuthorFeed",
                            hib_net_form(net->arena, "actor", ret->remote_id, "filter",
                                         "posts_no_replies", "limit", "100", NULL),
                            &in);
    if (!strcmp(said.code, "BlockedByActor") || !strcmp(said.code, "BlockedActor")) {
        ret->state = HIB_RIVAL_PRIVATE;
        return hib_net_say(HIB_NET_OK, "", said.message);
    }
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_array(in, "feed", &feed, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the feed does not read");
    for (HibJson item = hib_json_first(feed); item.value; item = hib_json_next(feed, item))
        (void)take_post(item, ret->remote_id, ret); /* what does not read is not counted */
    (void)hib_json_opt_text(in, "cursor", &cursor, NULL);
    if (!cursor || !*cursor)
        ret->since = 0;
    return said;
}

HibNetResult
hib_bluesky_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who,
                       HibInstant from G_GNUC_UNUSED, HibNetRival *ret)
{
    HibJson in;
    const char *did = NULL, *handle = NULL, *name = "";
    *ret = hib_net_rival(net->arena);
    HibNetResult said =
        get(net, grant, "app.bsky.actor.getProfile",
            hib_arena_printf(net->arena, "actor=%s", hib_url_escape(net->arena, who)), &in);
    if (said.http_status == 400 && is_of_the_other(&said)) {
        ret->state =
            !strcmp(said.code, "AccountTakedown") ? HIB_RIVAL_SUSPENDED : HIB_RIVAL_UNKNOWN;
        return hib_net_say(HIB_NET_OK, "", said.message);
    }
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_text(in, "did", &did, NULL) || !hib_json_text(in, "handle", &handle, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the profile does not read");
    (void)hib_json_opt_text(in, "displayName", &name, NULL);
    ret->remote_id = did;
    ret->handle = handle;
    ret->name = name;
    ret->url = hib_arena_printf(net->arena, "https://bsky.app/profile/%s", handle);
    ret->followers = number(in, "followersCount");
    ret->posts = number(in, "postsCount");
    return read_posts(net, grant, ret);
}
