/* Somebody else's professional account on Instagram: business_discovery, one call through an own account that is connected with Facebook Login.
 *
 * It finds accounts by their name of this moment only, so a renamed one is unknown until a person adds it anew; personal accounts are unknown too. */
#include "networks/instagram_limits.h"
#include "networks/instagram_private.h"

#include <string.h>

#define PAGE 50

static void
take_media(HibJson account, HibNetRival *ret)
{
    HibJson rows = hib_meta_get(account, "media.data");
    size_t n = 0;
    for (HibJson row = hib_json_first(rows); row.value; row = hib_json_next(rows, row), n++) {
        const char *id = hib_meta_text(row, "id");
        const HibInstant at = hib_meta_time(row, "timestamp");
        if (!id || !at)
            continue;
        ret->since = ret->since ? MIN(ret->since, at) : at;
        hib_net_rival_add(ret, (HibNetRivalPost){.remote_id = id,
                                                 .at = at,
                                                 .likes = hib_meta_int(row, "like_count", -1),
                                                 .reposts = -1,
                                                 .replies = hib_meta_int(row, "comments_count", -1),
                                                 .quotes = -1});
    }
    if (n < PAGE)
        ret->since = 0;
}

HibNetResult
hib_instagram_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who,
                         HibInstant from G_GNUC_UNUSED, HibNetRival *ret)
{
    HibArena *arena = net->arena;
    HibJson in;
    *ret = hib_net_rival(arena);
    if (!g_strcmp0(grant->service, HIB_INSTAGRAM_SERVICE))
        return hib_net_say(
            HIB_NET_FATAL, "FacebookLogin",
            "Instagram shows other accounts only to accounts connected with Facebook Login.");
    const char *fields = hib_arena_printf(
        arena,
        "business_discovery.username(%s){id,username,name,followers_count,media_count,"
        "media.limit(%d){id,timestamp,like_count,comments_count}}",
        who, PAGE);
    const HibMetaCall call = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(arena, "%s/%s", hib_instagram_host(net, grant), grant->remote_id),
        .token = grant->access,
        .form = hib_net_form(arena, "fields", fields, NULL)};
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (g_str_has_prefix(said.code, "110/")) { /* cannot be found, or no professional account */
        ret->state = HIB_RIVAL_UNKNOWN;
        return hib_net_say(HIB_NET_OK, "", "");
    }
    if (said.class != HIB_NET_OK)
        return said;
    HibJson account = hib_meta_get(in, "business_discovery");
    const char *id = account.value ? hib_meta_text(account, "id") : NULL;
    const char *handle = account.value ? hib_meta_text(account, "username") : NULL;
    if (!id || !handle)
        return hib_net_nonsense(said, HIB_CALL_READ, "the account does not read");
    ret->remote_id = id;
    ret->handle = handle;
    ret->name = hib_meta_or_empty(hib_meta_text(account, "name"));
    ret->url = hib_arena_printf(arena, "https://www.instagram.com/%s/", handle);
    ret->followers = hib_meta_int(account, "followers_count", -1);
    ret->posts = hib_meta_int(account, "media_count", -1);
    take_media(account, ret);
    return said;
}
