/* Who follows the account, reposted or liked a post. Each user read is paid for: of followers only those who are asked about are read, by what X says of their
 * connection to the account (which needs the grant's follows.read); reposts and likes come as lists of a hundred. */
#include "networks/x_private.h"

#include <string.h>

/* A grant without the scope posts as well as ever: it is refused, the account needs nobody. */
static HibNetResult
within_grant(HibNetResult said)
{
    if (said.class == HIB_NET_REAUTH_HUMAN && said.http_status == 403)
        said.class = HIB_NET_FATAL;
    return said;
}

static HibNetDone
is_follower(HibJson user)
{
    HibJson list = {0};
    if (!hib_json_opt_array(user, "connection_status", &list, NULL) || !list.value)
        return HIB_NET_DEED_UNKNOWN;
    for (const cJSON *one = list.value->child; one; one = one->next)
        if (cJSON_IsString(one) && !strcmp(one->valuestring, "followed_by"))
            return HIB_NET_DEED_DONE;
    return HIB_NET_DEED_NO;
}

HibNetResult
hib_x_follows(const HibNetContext *net, const HibGrant *grant, const char *const *people, size_t n,
              HibNetDone *ret)
{
    HibJson root = {0}, data = {0};
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        ret[i] = HIB_NET_DEED_UNKNOWN;
        if (hib_x_is_id(people[i]))
            g_string_append_printf(ids, "%s%s", ids->len ? "," : "", people[i]);
    }
    if (!ids->len)
        return hib_net_say(HIB_NET_OK, "", "");
    HibNetResult said = hib_x_get(
        net, grant,
        hib_arena_printf(net->arena, "/2/users?ids=%s&user.fields=connection_status", ids->str),
        &root);
    if (said.class != HIB_NET_OK)
        return within_grant(said);
    if (!hib_json_opt_array(root, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of users does not read");
    for (HibJson one = data.value ? hib_json_first(data) : data; one.value;
         one = hib_json_next(data, one)) {
        const char *id = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL))
            continue;
        for (size_t i = 0; i < n; i++)
            if (!strcmp(people[i], id))
                ret[i] = is_follower(one);
    }
    return said;
}

HibNetResult
hib_x_list_people(const HibNetContext *net, const HibGrant *grant, HibNetDeed deed,
                  const char *post, const char *cursor, const char ***ret, size_t *ret_n,
                  const char **ret_cursor)
{
    HibJson root = {0}, data = {0}, meta = {0};
    const char *page = cursor ? hib_arena_printf(net->arena, "&pagination_token=%s",
                                                 hib_url_escape(net->arena, cursor))
                              : "";
    HibNetResult said =
        hib_x_get(net, grant,
                  hib_arena_printf(net->arena, "/2/tweets/%s/%s?max_results=%d%s",
                                   hib_url_escape(net->arena, post),
                                   deed == HIB_NET_LIKED ? "liking_users" : "retweeted_by",
                                   x_limits.people->page, page),
                  &root);
    *ret_n = 0;
    *ret_cursor = NULL;
    if (said.class != HIB_NET_OK)
        return within_grant(said);
    /* A post nobody reposted has no data, only a count; an answer with neither is none. */
    if (!hib_json_opt_array(root, "data", &data, NULL) ||
        !hib_json_opt_object(root, "meta", &meta, NULL) || !meta.value)
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of users does not read");
    *ret = hib_arena_array(net->arena, const char *, hib_json_count(data) + 1);
    for (HibJson one = data.value ? hib_json_first(data) : data; one.value;
         one = hib_json_next(data, one)) {
        const char *id = NULL;
        if (cJSON_IsObject(one.value) && hib_json_text(one, "id", &id, NULL))
            (*ret)[(*ret_n)++] = id;
    }
    (void)hib_json_opt_text(meta, "next_token", ret_cursor, NULL);
    return said;
}
