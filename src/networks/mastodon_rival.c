/* Somebody else's account on Mastodon, asked where it lives: there all its posts are, while another server has only those that reached it.
 *
 * Its own server is asked without a token, as anybody may; the account that looks lends its token only to its own server. */
#include "networks/mastodon_private.h"

#include <string.h>

typedef struct {
    const HibNetContext *net;
    const char *service, *token;
} Place;

static HibNetResult
get(const Place *place, const char *path, bool is_list, HibJson *ret)
{
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = path,
                                     .token = place->token,
                                     .is_list = is_list};
    return hib_mastodon_call(place->net, place->service, &request, ret);
}

static int64_t
number(HibJson in, const char *key)
{
    int64_t value = -1;
    return hib_json_opt_int(in, key, &value, NULL) ? value : -1;
}

static HibNetResult
read_posts(const Place *place, HibNetRival *ret, const char *id)
{
    HibJson list = {0};
    HibNetResult said =
        get(place,
            hib_arena_printf(place->net->arena,
                             "/api/v1/accounts/%s/statuses?exclude_replies=true&exclude_reblogs="
                             "true&limit=40",
                             hib_url_escape(place->net->arena, id)),
            true, &list);
    size_t n = 0;
    if (said.class != HIB_NET_OK)
        return said;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one), n++) {
        const char *status = NULL;
        HibInstant at = 0;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &status, NULL) ||
            !hib_json_time(one, "created_at", &at, NULL))
            continue;
        ret->since = ret->since ? MIN(ret->since, at) : at;
        hib_net_rival_add(ret, (HibNetRivalPost){.remote_id = status,
                                                 .at = at,
                                                 .likes = number(one, "favourites_count"),
                                                 .reposts = number(one, "reblogs_count"),
                                                 .replies = number(one, "replies_count"),
                                                 .quotes = number(one, "quotes_count")});
    }
    if (n < 40)
        ret->since = 0;
    return said;
}

/* The server that `who` (name@host, or name on the own one) lives on. A token goes to the own one only, and only the own one may be a private address. */
static Place
place_of(const HibNetContext *net, const HibNetContext *outside, const HibGrant *grant,
         const char *who, const char **ret_name)
{
    const char *at = strchr(who, '@');
    const char *own = strstr(grant->service, "://");
    own = own ? own + strlen("://") : grant->service;
    *ret_name = at ? hib_arena_strndup(net->arena, who, (size_t)(at - who)) : who;
    if (!at || g_str_equal(at + 1, own))
        return (Place){net, grant->service, grant->access};
    return (Place){outside, hib_arena_printf(net->arena, "https://%s", at + 1), NULL};
}

HibNetRivalState
hib_mastodon_rival_state(int status, bool is_own_server)
{
    if (status == 404 || status == 410)
        return HIB_RIVAL_UNKNOWN;
    return !is_own_server && (status == 401 || status == 403) ? HIB_RIVAL_PRIVATE : HIB_RIVAL_FOUND;
}

HibNetResult
hib_mastodon_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who,
                        HibInstant from G_GNUC_UNUSED, HibNetRival *ret)
{
    HibNetContext outside = *net;
    const char *name, *id = NULL, *acct = NULL;
    HibJson in;
    bool is_suspended = false;
    outside.may_be_private = outside.may_lead_private = false;
    const Place place = place_of(net, &outside, grant, who, &name);
    *ret = hib_net_rival(net->arena);
    HibNetResult said = get(&place,
                            hib_arena_printf(net->arena, "/api/v1/accounts/lookup?acct=%s",
                                             hib_url_escape(net->arena, name)),
                            false, &in);
    ret->state = hib_mastodon_rival_state(said.http_status, place.token != NULL);
    if (ret->state != HIB_RIVAL_FOUND)
        return hib_net_say(HIB_NET_OK, "", said.message);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_text(in, "id", &id, NULL) || !hib_json_text(in, "acct", &acct, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the account does not read");
    (void)hib_json_opt_bool(in, "suspended", &is_suspended, NULL);
    ret->state = is_suspended ? HIB_RIVAL_SUSPENDED : HIB_RIVAL_FOUND;
    const char *host = strstr(place.service, "://") + strlen("://");
    ret->remote_id = hib_arena_printf(net->arena, "%s@%s", name, host);
    ret->handle = hib_arena_printf(net->arena, "%s@%s", acct, host);
    ret->name = "";
    ret->url = hib_arena_printf(net->arena, "%s/@%s", place.service, acct);
    (void)hib_json_opt_text(in, "display_name", &ret->name, NULL);
    (void)hib_json_opt_text(in, "url", &ret->url, NULL);
    ret->followers = number(in, "followers_count");
    ret->posts = number(in, "statuses_count");
    return is_suspended ? said : read_posts(&place, ret, id);
}
