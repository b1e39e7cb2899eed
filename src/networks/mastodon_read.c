/* Reading numbers back, several posts in one call where the server can, and changing a post: both begin with the status as it stands.
 * Missing is not zero: what was not said is not in the reading. */
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <string.h>

static const struct {
    const char *field, *metric;
} post_numbers[] = {{"favourites_count", "likes"},
                    {"reblogs_count", "reposts"},
                    {"replies_count", "replies"},
                    {"quotes_count", "quotes"}},
  account_numbers[] = {{"followers_count", "followers"},
                       {"following_count", "following"},
                       {"statuses_count", "posts"}};

static void
take_number(HibJson in, const char *field, const char *metric, HibNetReading *out)
{
    int64_t value = -1;
    if (hib_json_opt_int(in, field, &value, NULL) && value >= 0)
        out->metrics[out->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

static void
take_post(HibJson status, HibNetReading *out)
{
    out->n_metrics = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(post_numbers); i++)
        take_number(status, post_numbers[i].field, post_numbers[i].metric, out);
}

static HibNetResult
read_status(const HibNetContext *net, const HibGrant *grant, const char *id, HibJson *ret_in)
{
    const MastodonRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .path = hib_arena_printf(net->arena, "/api/v1/statuses/%s", hib_url_escape(net->arena, id)),
        .token = grant->access};
    return hib_mastodon_call(net, grant->service, &request, ret_in);
}

/* --- numbers ----------------------------------------------------------------------------------------------------------------- */
/* What the list of a batch says; a post that is not in it is asked for alone. */
static HibNetResult
read_batch(const HibNetContext *net, const HibGrant *grant, size_t n, HibNetReading *ret,
           bool *is_read)
{
    g_autoptr(GString) path = g_string_new("/api/v1/statuses");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(path, "%cid[]=%s", i ? '&' : '?',
                               hib_url_escape(net->arena, ret[i].remote_id));
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = path->str,
                                     .token = grant->access,
                                     .is_list = true};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *id = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL))
            continue;
        for (size_t i = 0; i < n; i++)
            if (g_str_equal(ret[i].remote_id, id)) {
                take_post(one, &ret[i]);
                is_read[i] = true;
            }
    }
    return said;
}

HibNetResult
hib_mastodon_read_posts(const HibNetContext *net, const HibGrant *grant,
                        const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    g_return_val_if_fail(n <= HIB_MASTODON_MAX_BATCH, hib_net_say(HIB_NET_FATAL, "", ""));
    bool is_read[HIB_MASTODON_MAX_BATCH] = {false};
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    if (n > 1 && hib_mastodon_has_batch(grant->extra)) {
        said = read_batch(net, grant, n, ret, is_read);
        bool has_none = said.http_status == 404 || said.http_status == 405;
        if (said.class != HIB_NET_OK && !has_none)
            return said;
    }
    for (size_t i = 0; i < n; i++) {
        HibJson in;
        if (is_read[i])
            continue;
        said = read_status(net, grant, remote_ids[i], &in);
        ret[i].is_gone = said.http_status == 404 || said.http_status == 410;
        if (ret[i].is_gone)
            said.class = HIB_NET_OK;
        else if (said.class != HIB_NET_OK)
            return said;
        else
            take_post(in, &ret[i]);
    }
    return said;
}

HibNetResult
hib_mastodon_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = "/api/v1/accounts/verify_credentials",
                                     .token = grant->access};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    for (size_t i = 0; i < G_N_ELEMENTS(account_numbers); i++)
        take_number(in, account_numbers[i].field, account_numbers[i].metric, ret);
    return said;
}

/* --- changing a post ---------------------------------------------------------------------------------------------------------- */
/* Pictures that are not named again would be taken off the post. */
static void
keep_media(HibJson status, cJSON *body)
{
    HibJson media = {0};
    if (!hib_json_array(status, "media_attachments", &media, NULL) || !hib_json_count(media))
        return;
    cJSON *ids = cJSON_AddArrayToObject(body, "media_ids");
    for (HibJson one = hib_json_first(media); one.value; one = hib_json_next(media, one)) {
        const char *id = NULL;
        if (cJSON_IsObject(one.value) && hib_json_text(one, "id", &id, NULL))
            cJSON_AddItemToArray(ids, cJSON_CreateString(id));
    }
}

/* What the new text does not say stays as it is. */
static void
keep_choices(HibJson status, cJSON *body)
{
    static const char *const kept[] = {"spoiler_text", "sensitive", "language"};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const cJSON *was = cJSON_GetObjectItemCaseSensitive(status.value, kept[i]);
        if (was && !cJSON_IsNull(was) && !cJSON_HasObjectItem(body, kept[i]))
            cJSON_AddItemToObject(body, kept[i], cJSON_Duplicate(was, true));
    }
}

/* Whom the post answers, when that is somebody else: named among its mentions. */
static const char *
answered(const HibNetContext *net, const HibGrant *grant, HibJson status)
{
    const char *whom = NULL;
    HibJson mentions = {0};
    (void)hib_json_opt_text(status, "in_reply_to_account_id", &whom, NULL);
    if (!whom || g_str_equal(whom, grant->remote_id) ||
        !hib_json_array(status, "mentions", &mentions, NULL))
        return NULL;
    for (HibJson one = hib_json_first(mentions); one.value; one = hib_json_next(mentions, one)) {
        const char *id = NULL, *acct = NULL;
        if (cJSON_IsObject(one.value) && hib_json_text(one, "id", &id, NULL) &&
            hib_json_text(one, "acct", &acct, NULL) && g_str_equal(id, whom))
            return hib_mastodon_full_name(net->arena, grant, acct);
    }
    return NULL;
}

HibNetResult
hib_mastodon_edit(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
                  const HibNetPost *post, HibNetPublished *ret)
{
    HibJson status, in;
    HibNetResult said = read_status(net, grant, remote_id, &status);
    if (said.class != HIB_NET_OK)
        return said;
    const HibNetSending sending = {.post = post, .progress = "{}"};
    const char *whom = hib_mastodon_addressee(net->arena, &sending);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(
        body, "status",
        hib_mastodon_text(net->arena, post, whom ? whom : answered(net, grant, status)));
    hib_mastodon_add_choices(net->arena, post, body);
    keep_choices(status, body);
    keep_media(status, body);
    /* The same text twice is one change: a repeat is harmless. */
    const MastodonRequest request = {.kind = HIB_CALL_PREPARE,
                                     .method = "PUT",
                                     .path =
                                         hib_arena_printf(net->arena, "/api/v1/statuses/%s",
                                                          hib_url_escape(net->arena, remote_id)),
                                     .token = grant->access,
                                     .json = body};
    said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.http_status == 404)
        said.class = HIB_NET_FATAL; /* gone, or a server that cannot change posts */
    if (said.class == HIB_NET_OK && !hib_mastodon_published(net, grant, in, ret))
        return hib_net_nonsense(said, HIB_CALL_PREPARE,
                                "the server's answer is no post of this account");
    return said;
}
