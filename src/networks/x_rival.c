/* Somebody else's account on X: the user, then one page of its own posts. Both are paid for each that comes, so a look is small and later ones leave out what is known.
 *
 * X answers 200 also where it shows nothing, with the reason among "errors": not there, suspended (the same problem type, told by its words), not for this account. */
#include "networks/x_limits.h"
#include "networks/x_private.h"

#include <string.h>

static int64_t
number(HibJson in, const char *key)
{
    int64_t value = -1;
    return in.value && hib_json_opt_int(in, key, &value, NULL) ? value : -1;
}

static HibJson
metrics_of(HibJson in)
{
    HibJson out = {0};
    (void)hib_json_opt_object(in, "public_metrics", &out, NULL);
    return out;
}

/* What X says instead of data; false: nothing it says of the account. */
static bool
take_refusal(HibJson root, HibNetRival *ret, const char **ret_words)
{
    HibJson errors = {0};
    const char *type = NULL;
    *ret_words = "";
    if (!hib_json_opt_array(root, "errors", &errors, NULL) || !errors.value)
        return false;
    HibJson first = hib_json_first(errors);
    if (!first.value || !cJSON_IsObject(first.value) ||
        !hib_json_opt_text(first, "type", &type, NULL) || !type)
        return false;
    (void)hib_json_opt_text(first, "detail", ret_words, NULL);
    const char *words = *ret_words ? *ret_words : "";
    *ret_words = hib_net_clean(root.arena, words);
    if (g_str_has_suffix(type, "/not-authorized-for-resource"))
        ret->state = HIB_RIVAL_PRIVATE;
    else if (!g_str_has_suffix(type, "/resource-not-found"))
        return false;
    else
        ret->state = strstr(words, "suspended") ? HIB_RIVAL_SUSPENDED : HIB_RIVAL_UNKNOWN;
    return true;
}

static void
take_post(HibJson one, HibNetRival *ret)
{
    const char *id = NULL;
    HibInstant at = 0;
    if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL) ||
        !hib_json_time(one, "created_at", &at, NULL))
        return;
    const HibJson is = metrics_of(one);
    ret->since = ret->since ? MIN(ret->since, at) : at;
    hib_net_rival_add(ret, (HibNetRivalPost){.remote_id = id,
                                             .at = at,
                                             .likes = number(is, "like_count"),
                                             .reposts = number(is, "retweet_count"),
                                             .replies = number(is, "reply_count"),
                                             .quotes = number(is, "quote_count")});
}

static HibNetResult
read_posts(const HibNetContext *net, const HibGrant *grant, HibInstant from, HibNetRival *ret)
{
    HibJson root = {0}, data = {0}, meta = {0};
    char when[HIB_INSTANT_TEXT];
    const char *words, *next = NULL;
    const char *start =
        from ? hib_arena_printf(net->arena, "&start_time=%s",
                                hib_url_escape(net->arena, hib_instant_format(from, when)))
             : "";
    HibNetResult said =
        hib_x_get(net, grant,
                  hib_arena_printf(net->arena,
                                   "/2/users/%s/tweets?exclude=replies,retweets&"
                                   "max_results=%d&" X_FIELDS "=created_at,public_metrics%s",
                                   ret->remote_id, x_limits.rival->posts, start),
                  &root);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(root, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of posts does not read");
    if (!data.value && take_refusal(root, ret, &words))
        return hib_net_say(HIB_NET_OK, "", words);
    for (HibJson one = data.value ? hib_json_first(data) : data; one.value;
         one = hib_json_next(data, one), ret->n_posts_read++)
        take_post(one, ret);
    if (hib_json_opt_object(root, "meta", &meta, NULL) && meta.value)
        (void)hib_json_opt_text(meta, "next_token", &next, NULL);
    if (!next)
        ret->since = from;
    else if (!ret->since) /* a page of nothing but what is left out, and more behind it */
        ret->since = hib_clock_now(net->clock);
    return said;
}

HibNetResult
hib_x_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who, HibInstant from,
                 HibNetRival *ret)
{
    HibJson root = {0}, user = {0};
    const char *id = NULL, *handle = NULL, *words;
    bool is_protected = false;
    *ret = hib_net_rival(net->arena);
    HibNetResult said =
        hib_x_get(net, grant,
                  hib_arena_printf(net->arena, "/2/users/%s%s?user.fields=protected,public_metrics",
                                   *who == '@' ? "by/username/" : "",
                                   hib_url_escape(net->arena, who + (*who == '@'))),
                  &root);
    if (said.http_status == 404) {
        ret->state = HIB_RIVAL_UNKNOWN;
        return hib_net_say(HIB_NET_OK, "", said.message);
    }
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_object(root, "data", &user, NULL) || !user.value) {
        if (take_refusal(root, ret, &words))
            return hib_net_say(HIB_NET_OK, "", words);
        return hib_net_nonsense(said, HIB_CALL_READ, "the account does not read");
    }
    ret->n_accounts_read = 1;
    if (!hib_json_text(user, "id", &id, NULL) || !hib_x_is_id(id) ||
        !hib_json_text(user, "username", &handle, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the account does not read");
    const HibJson is = metrics_of(user);
    ret->remote_id = id;
    ret->handle = handle;
    ret->name = "";
    ret->url = hib_arena_printf(net->arena, "https://x.com/%s", handle);
    ret->followers = number(is, "followers_count");
    ret->posts = number(is, "tweet_count");
    (void)hib_json_opt_text(user, "name", &ret->name, NULL);
    (void)hib_json_opt_bool(user, "protected", &is_protected, NULL);
    if (is_protected) {
        ret->state = HIB_RIVAL_PRIVATE;
        return said;
    }
    return read_posts(net, grant, from, ret);
}
