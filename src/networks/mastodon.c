/* The Mastodon connector: the steps of a post's life. See mastodon.h for the key that makes a repeat harmless, mastodon_answer.c for what
 * answers mean.
 *
 * Progress: {"parent": {"addressee": "alice@example.social", "visibility": "direct"}, "media": [{"id": "1", "ready": true}, …]}. */
#include "networks/mastodon.h"
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &mastodon_limits;
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

static HibNetStep
next_step(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *media = cJSON_GetObjectItemCaseSensitive(progress, "media");
    int done = cJSON_GetArraySize(media), of = (int)sending->post->n_media;
    if (sending->post->reply_to && !cJSON_HasObjectItem(progress, "parent"))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "parent", 0, 0};
    if (done && !cJSON_IsTrue(
                    cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(media, done - 1), "ready")))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "process", done, of};
    return done < of ? (HibNetStep){HIB_NET_STEP_PREPARE, "upload", done + 1, of}
                     : (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
}

/* --- what it answers ------------------------------------------------------------------------------------------------------- */
/* Nobody is told of an answer that does not name them, and an answer to few must not go to all. */
static HibNetResult
read_parent(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const MastodonRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .path = hib_arena_printf(net->arena, "/api/v1/statuses/%s",
                                 hib_url_escape(net->arena, sending->post->reply_to)),
        .token = grant->access};
    HibJson in, account = {0};
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.http_status == 404 || said.http_status == 410) {
        said.class = HIB_NET_FIX_CONTENT;
        said.code = "ParentNotFound";
        said.message = "the post this one answers is not there";
    }
    if (said.class != HIB_NET_OK)
        return said;
    const char *id = NULL, *acct = NULL, *visibility = "public";
    if (!hib_json_object(in, "account", &account, NULL) ||
        !hib_json_text(account, "id", &id, NULL) || !hib_json_text(account, "acct", &acct, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the post this one answers does not read");
    (void)hib_json_opt_text(in, "visibility", &visibility, NULL);
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *parent = cJSON_AddObjectToObject(progress, "parent");
    bool is_own = g_str_equal(id, grant->remote_id);
    cJSON_AddStringToObject(parent, "addressee",
                            is_own ? "" : hib_mastodon_full_name(net->arena, grant, acct));
    cJSON_AddStringToObject(parent, "visibility", visibility);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* --- media ------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
send_medium(const HibNetContext *net, const HibGrant *grant, const HibNetMedia *media,
            const char *path, HibJson *ret_in)
{
    const char *const pairs[] = {"description", media->alt && *media->alt ? media->alt : NULL,
                                 NULL};
    const char *slash = strchr(media->mime, '/');
    const char *ending = slash && !strcmp(slash, "/quicktime") ? "mov" : slash ? slash + 1 : "bin";
    HibNetMultipart body = {0};
    hib_net_multipart(net->arena, pairs, "file", hib_arena_printf(net->arena, "media.%s", ending),
                      media, 0, media->bytes, &body);
    const MastodonRequest request = {.kind = HIB_CALL_PREPARE,
                                     .method = "POST",
                                     .path = path,
                                     .token = grant->access,
                                     .parts = &body};
    return hib_mastodon_call(net, grant->service, &request, ret_in);
}

static HibNetResult
upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(progress, "media");
    if (!cJSON_IsArray(list)) {
        cJSON_DeleteItemFromObjectCaseSensitive(progress, "media");
        list = cJSON_AddArrayToObject(progress, "media");
    }
    const HibNetMedia *media = &sending->post->media[cJSON_GetArraySize(list)];
    HibJson in;
    const char *id = NULL;
    HibNetResult said = send_medium(net, grant, media, "/api/v2/media", &in);
    if (said.http_status == 404) /* only the older way there */
        said = send_medium(net, grant, media, "/api/v1/media", &in);
    if (said.http_status == 404)
        said.class = HIB_NET_FATAL;
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_text(in, "id", &id, NULL) || !*id || strlen(id) > 100)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the server did not name the upload");
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "id", id);
    cJSON_AddBoolToObject(entry, "ready", said.http_status != 202);
    cJSON_AddItemToArray(list, entry);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* 206: still at it. */
static HibNetResult
process(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(progress, "media");
    cJSON *last = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
    const char *id = hib_net_progress_get(net->arena, last, "id");
    const MastodonRequest request = {.kind = HIB_CALL_PREPARE,
                                     .method = "GET",
                                     .path =
                                         hib_arena_printf(net->arena, "/api/v1/media/%s",
                                                          hib_url_escape(net->arena, id ? id : "")),
                                     .token = grant->access};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class == HIB_NET_OK && said.http_status == 206) {
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_clock_now(net->clock) + 3 * HIB_SECOND;
    }
    bool has_failed = said.class == HIB_NET_FIX_CONTENT;
    if (said.class != HIB_NET_OK && !has_failed)
        return said;
    if (has_failed) { /* this upload never becomes ready: who tries again uploads anew */
        cJSON_DeleteItemFromArray(list, cJSON_GetArraySize(list) - 1);
    } else {
        cJSON_DeleteItemFromObjectCaseSensitive(last, "ready");
        cJSON_AddBoolToObject(last, "ready", true);
    }
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* --- the post ------------------------------------------------------------------------------------------------------------------ */
static const char *
visibility(const HibNetContext *net, const HibNetPost *post, const cJSON *progress)
{
    const char *chosen = hib_mastodon_option(net->arena, post, "visibility");
    const char *parent = hib_net_progress_get(
        net->arena, cJSON_GetObjectItemCaseSensitive(progress, "parent"), "visibility");
    if (post->format == HIB_FORMAT_MESSAGE || !g_strcmp0(parent, "direct"))
        return "direct";
    if (!g_strcmp0(parent, "private"))
        return "private";
    return *chosen ? chosen : "public";
}

static cJSON *
status_body(const HibNetContext *net, const HibNetSending *sending, const cJSON *progress)
{
    const HibNetPost *post = sending->post;
    const char *whom = hib_mastodon_addressee(net->arena, sending);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "status", hib_mastodon_text(net->arena, post, whom));
    cJSON_AddStringToObject(body, "visibility", visibility(net, post, progress));
    if (post->reply_to)
        cJSON_AddStringToObject(body, "in_reply_to_id", post->reply_to);
    hib_mastodon_add_choices(net->arena, post, body);
    if (!post->n_media)
        return body;
    cJSON *ids = cJSON_AddArrayToObject(body, "media_ids");
    const cJSON *one;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(progress, "media"))
    {
        const char *id = hib_net_progress_get(net->arena, one, "id");
        cJSON_AddItemToArray(ids, cJSON_CreateString(id ? id : ""));
    }
    return body;
}

/* Looks first where the key no longer guards a repeat: *ret_found, sending->published. */
static HibNetResult
look_before_repeating(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                      bool *ret_found)
{
    HibDuration since = sending->sent_at ? hib_clock_now(net->clock) - sending->sent_at : 0;
    bool key_holds =
        hib_mastodon_is_genuine(grant->extra) && since < HIB_MASTODON_KEY_LIFE_S * HIB_SECOND;
    *ret_found = false;
    if (since < HIB_SECOND || key_holds)
        return hib_net_say(HIB_NET_OK, "", "");
    return hib_mastodon_find(net, grant, sending, ret_found);
}

/* "Media 123 not found or already attached to another post": it may well be this one. */
static HibNetResult
settle_spent_media(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                   HibNetResult said)
{
    bool found = false;
    HibNetResult looked = hib_mastodon_find(net, grant, sending, &found);
    if (looked.class != HIB_NET_OK) {
        said.class = HIB_NET_RECONCILE;
        return said;
    }
    sending->is_done = found;
    said.class = found ? HIB_NET_OK : HIB_NET_NEW_HANDLE;
    return said;
}

static bool
names_media(const HibNetContext *net, const cJSON *progress, const char *message)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(progress, "media"))
    {
        const char *id = hib_net_progress_get(net->arena, one, "id");
        if (id && *id && strstr(message, id))
            return true;
    }
    return false;
}

static HibNetResult
publish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    bool found = false;
    HibNetResult said = look_before_repeating(net, grant, sending, &found);
    if (said.class != HIB_NET_OK || found) {
        sending->is_done = found;
        return said;
    }
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const MastodonRequest request = {.kind = HIB_CALL_EFFECT,
                                     .method = "POST",
                                     .path = "/api/v1/statuses",
                                     .token = grant->access,
                                     .json = status_body(net, sending, progress),
                                     .key = sending->handle};
    HibJson in;
    said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.http_status == 422 && said.class == HIB_NET_FIX_CONTENT &&
        names_media(net, progress, said.message))
        return settle_spent_media(net, grant, sending, said);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_mastodon_published(net, grant, in, &sending->published))
        return hib_net_nonsense(said, HIB_CALL_EFFECT,
                                "the server's answer is no post of this account");
    sending->is_done = true;
    return said;
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    static const struct {
        const char *name;
        HibNetResult (*run)(const HibNetContext *net, const HibGrant *grant,
                            HibNetSending *sending);
    } steps[] = {{"parent", read_parent}, {"upload", upload}, {"process", process}};
    const char *name = next_step(sending).name;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (g_str_equal(steps[i].name, name))
            return steps[i].run(net, grant, sending);
    return publish(net, grant, sending);
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    const MastodonRequest request = {.kind = HIB_CALL_REMOVE,
                                     .method = "DELETE",
                                     .path =
                                         hib_arena_printf(net->arena, "/api/v1/statuses/%s",
                                                          hib_url_escape(net->arena, remote_id)),
                                     .token = grant->access};
    HibJson in;
    return hib_mastodon_call(net, grant->service, &request, &in);
}

/* --- checks ------------------------------------------------------------------------------------------------------------------------ */
static bool
refuse(const char *reason, const char *pointer, const char **ret_reason, const char **ret_pointer)
{
    *ret_reason = reason;
    *ret_pointer = pointer;
    return false;
}

/* The warning counts with the text, and so does the name a message begins with. */
static bool
check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetLimits *own = post->limits ? post->limits : &mastodon_limits;
    const HibNetFormatLimits *form = hib_net_format(own, post->format);
    const char *chosen = hib_mastodon_option(arena, post, "visibility");
    bool is_message = post->format == HIB_FORMAT_MESSAGE;
    if (is_message && (!post->recipient || !*post->recipient || strpbrk(post->recipient, " \r\n/")))
        return refuse("post.recipient_missing", "/recipient", ret_reason, ret_pointer);
    if (*chosen && !g_str_equal(chosen, "public") && !g_str_equal(chosen, "unlisted") &&
        !g_str_equal(chosen, "private"))
        return refuse("post.option_value", "/options/visibility", ret_reason, ret_pointer);
    const HibNetSending sending = {.post = post, .progress = "{}"};
    const char *text =
        hib_mastodon_text(arena, post, is_message ? hib_mastodon_addressee(arena, &sending) : NULL);
    const char *warning = hib_mastodon_option(arena, post, "spoiler_text");
    int used = hib_net_units(own->unit, text) + hib_net_units(HIB_UNIT_GRAPHEMES, warning);
    bool is_over_already = hib_net_units(own->unit, post->text) > form->max_text;
    if (used > form->max_text && !is_over_already)
        return refuse("post.over_together", *warning ? "/options/spoiler_text" : "/text",
                      ret_reason, ret_pointer);
    return true;
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    const char *host = strchr(handle, '@');
    return host
               ? hib_arena_printf(arena, "https://%s/@%.*s", host + 1, (int)(host - handle), handle)
               : NULL;
}

const HibNetwork hib_mastodon = {
    .name = "mastodon",
    .title = HIB_MASTODON_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .has_service = true,
    .can_remove = true,
    .can_reply = true,
    .can_message = true,
    .limits = limits,
    .limits_of = hib_mastodon_limits_of,
    .register_app = hib_mastodon_register_app,
    .authorize_url = hib_mastodon_authorize_url,
    .exchange = hib_mastodon_exchange,
    .refresh = hib_mastodon_refresh,
    .new_handle = new_handle,
    .next_step = next_step,
    .run_step = run_step,
    .find = hib_mastodon_find,
    .remove = take_back,
    .edit = hib_mastodon_edit,
    .check = check,
    .max_read = HIB_MASTODON_MAX_BATCH,
    .read_posts = hib_mastodon_read_posts,
    .read_account = hib_mastodon_read_account,
    .read_talk = hib_mastodon_read_talk,
    .profile_url = profile_url,
};
