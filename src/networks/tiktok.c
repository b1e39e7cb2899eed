/* The TikTok connector: the steps of a post's life. See tiktok.h for the idea, tiktok_answer.c for what answers mean.
 *
 *   video: creator (what the account may do now) → container (publish id and upload address, an hour) → upload … → publish (the last
 *          piece) → process (until TikTok has it out, and has named it)
 *   photos: creator → publish (TikTok fetches them by itself) → process
 *   draft: without creator; ends when it lies in the person's inbox
 *
 * Progress: {creator, publish, url, at, sent, polls, complete_at, restarts}. */
#include "networks/tiktok.h"
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &tiktok_limits;
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

/* --- progress ------------------------------------------------------------------------------------------------------- */
static int64_t
number(const cJSON *progress, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(progress, key);
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 9e15
               ? (int64_t)item->valuedouble
               : 0;
}

static void
set_number(cJSON *progress, const char *key, int64_t value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(progress, key);
    cJSON_AddNumberToObject(progress, key, (double)value);
}

static void
keep(const HibNetContext *net, HibNetSending *sending, const cJSON *progress)
{
    sending->progress = hib_net_progress_text(net->arena, progress);
}

static bool
is_draft(const HibNetPost *post)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    return hib_tiktok_choices(arena, post).is_draft;
}

static HibNetStep
next_step(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetPost *post = sending->post;
    bool has_id = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(progress, "publish"));
    if (!has_id && !cJSON_HasObjectItem(progress, "creator") && !is_draft(post))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "creator", 0, 0};
    if (!hib_tiktok_is_video(post))
        return has_id ? (HibNetStep){HIB_NET_STEP_CONFIRM, "process", 0, 0}
                      : (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
    if (!has_id)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "container", 0, 0};
    int64_t n = hib_tiktok_cut(post->media[0].bytes).n, sent = number(progress, "sent");
    if (sent >= n)
        return (HibNetStep){HIB_NET_STEP_CONFIRM, "process", 0, 0};
    return (HibNetStep){sent + 1 < n ? HIB_NET_STEP_PREPARE : HIB_NET_STEP_EFFECT,
                        sent + 1 < n ? "upload" : "publish", (int)sent + 1, (int)n};
}

/* --- creator ------------------------------------------------------------------------------------------------------------ */
static bool
allows(HibJson creator, const char *privacy)
{
    HibJson list = {0};
    if (!hib_json_opt_array(creator, "privacy_level_options", &list, NULL) || !list.value)
        return false;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        if (cJSON_IsString(one.value) && g_str_equal(one.value->valuestring, privacy))
            return true;
    return false;
}

static HibNetResult
ask_creator(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    static const char *const switches[] = {"comment_disabled", "duet_disabled", "stitch_disabled"};
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetPost *post = sending->post;
    TiktokChoices choices = hib_tiktok_choices(net->arena, post);
    HibJson creator;
    int64_t most_s = 0;
    HibNetResult said = hib_tiktok_creator(net, grant, HIB_CALL_PREPARE, &creator);
    if (said.class != HIB_NET_OK)
        return said;
    if (!choices.privacy || !allows(creator, choices.privacy))
        return hib_net_say(HIB_NET_FIX_CONTENT, "privacy_level_option_mismatch",
                           "the account does not offer this choice of who may see the post");
    (void)hib_json_opt_int(creator, "max_video_post_duration_sec", &most_s, NULL);
    if (hib_tiktok_is_video(post) && most_s > 0 && post->media[0].duration_ms > most_s * 1000)
        return hib_net_say(HIB_NET_FIX_CONTENT, "duration_check_failed",
                           hib_arena_printf(net->arena,
                                            "the account may post videos of at most %d seconds",
                                            (int)MIN(most_s, 86400)));
    cJSON *kept = cJSON_AddObjectToObject(progress, "creator");
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
        bool is_off = false;
        (void)hib_json_opt_bool(creator, switches[i], &is_off, NULL);
        cJSON_AddBoolToObject(kept, switches[i], is_off);
    }
    keep(net, sending, progress);
    return said;
}

/* --- init -------------------------------------------------------------------------------------------------------------------- */
static bool
has_addresses(const HibNetPost *post)
{
    for (size_t i = 0; i < post->n_media; i++)
        if (!post->media[i].url || !g_str_has_prefix(post->media[i].url, "http"))
            return false;
    return post->n_media > 0;
}

/* Where TikTok says the pieces go: its own https hosts, or the practice network itself. No token goes there. */
static bool
is_upload_address(const HibGrant *grant, const char *url)
{
    if (!url || strlen(url) > 2000)
        return false;
    return g_str_equal(grant->service, tiktok_limits.default_service)
               ? g_str_has_prefix(url, "https://")
               : g_str_has_prefix(url, grant->service) && url[strlen(grant->service)] == '/';
}

/* Of a video: publish id and address. Of photos: this is the effect. */
static HibNetResult
init(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, HibNetCallKind kind)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetPost *post = sending->post;
    bool is_video = hib_tiktok_is_video(post);
    HibJson data;
    const char *id = NULL, *url = NULL;
    if (!is_video && !has_addresses(post))
        return hib_net_say(HIB_NET_FATAL, "NoAddress", "TikTok cannot fetch the photos from here");
    const TiktokCall call = {
        .kind = kind,
        .path = hib_tiktok_init_path(post, is_draft(post)),
        .body = hib_tiktok_init_body(net->arena, post,
                                     cJSON_GetObjectItemCaseSensitive(progress, "creator"))};
    HibNetResult said = hib_tiktok_call(net, grant, &call, NULL, &data);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_text(data, "publish_id", &id, NULL) || !*id || strlen(id) > 200 ||
        (is_video &&
         (!hib_json_text(data, "upload_url", &url, NULL) || !is_upload_address(grant, url))))
        return hib_net_nonsense(said, kind, "TikTok did not say where the post goes");
    cJSON_AddStringToObject(progress, "publish", id);
    if (url)
        cJSON_AddStringToObject(progress, "url", url);
    set_number(progress, "at", hib_clock_now(net->clock) / HIB_MILLISECOND);
    keep(net, sending, progress);
    return said;
}

/* --- pieces -------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, HibNetCallKind kind)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetMedia *media = &sending->post->media[0];
    TiktokCut cut = hib_tiktok_cut(media->bytes);
    int64_t sent = number(progress, "sent"), from = sent * cut.size;
    int64_t n = sent + 1 < cut.n ? cut.size : media->bytes - from;
    const char *url = hib_net_progress_get(net->arena, progress, "url");
    if (!is_upload_address(grant, url))
        return hib_net_say(HIB_NET_NEW_HANDLE, "NoAddress", "the upload address is gone");
    const char *headers[] = {hib_arena_printf(net->arena,
                                              "Content-Range: bytes %" G_GINT64_FORMAT
                                              "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                                              from, from + n - 1, media->bytes),
                             NULL};
    const HibHttpPart piece = hib_net_piece(net->arena, media, from, n);
    const HibNetRequest request = {.kind = kind,
                                   .method = "PUT",
                                   .url = url,
                                   .headers = headers,
                                   .content_type = media->mime,
                                   .parts = &piece,
                                   .n_parts = 1,
                                   .total_ms = 600000};
    HibNetResult said = hib_net_call(net, &request, hib_tiktok_upload_answer, NULL, NULL);
    if (said.class != HIB_NET_OK)
        return said;
    set_number(progress, "sent", sent + 1);
    keep(net, sending, progress);
    return said;
}

/* --- what becomes of it ---------------------------------------------------------------------------------------------------------- */
static void
publish_as(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, const char *id)
{
    const char *kind = hib_tiktok_is_video(sending->post) ? "video" : "photo";
    sending->published.remote_id = id;
    sending->published.url =
        !g_str_has_prefix(id, TIKTOK_PENDING) && *grant->handle
            ? hib_arena_printf(net->arena, TIKTOK_PAGE "/@%s/%s/%s", grant->handle, kind, id)
            : "";
    sending->is_done = true;
}

static HibNetResult
wait_more(const HibNetContext *net, HibNetSending *sending, cJSON *progress, HibNetResult said)
{
    static const int waits_s[] = {5, 10, 15, 30, 60, 120, 300};
    int64_t n = number(progress, "polls");
    set_number(progress, "polls", n + 1);
    keep(net, sending, progress);
    said.class = HIB_NET_WAIT_ASYNC;
    said.retry_at =
        hib_clock_now(net->clock) + waits_s[MIN((size_t)n, G_N_ELEMENTS(waits_s) - 1)] * HIB_SECOND;
    return said;
}

/* Published. A public post is seen by others once it is moderated, and only then has an id; others never get one. */
static HibNetResult
complete(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, cJSON *progress,
         const char *id, HibNetResult said)
{
    TiktokChoices choices = hib_tiktok_choices(net->arena, sending->post);
    bool is_public = !choices.is_draft && !g_strcmp0(choices.privacy, "PUBLIC_TO_EVERYONE");
    HibInstant now = hib_clock_now(net->clock);
    if (id) {
        publish_as(net, grant, sending, id);
        return said;
    }
    HibInstant since = number(progress, "complete_at") * HIB_MILLISECOND;
    if (is_public && !since) {
        since = now;
        set_number(progress, "complete_at", now / HIB_MILLISECOND);
    }
    bool is_listed = false;
    if (is_public)
        (void)hib_tiktok_find_listed(net, grant, sending, &is_listed);
    if (is_listed)
        return said;
    if (is_public && now < since + HIB_TIKTOK_MODERATION_WAIT_S * HIB_SECOND)
        return wait_more(net, sending, progress, said);
    publish_as(net, grant, sending,
               hib_arena_printf(net->arena, TIKTOK_PENDING "%s",
                                hib_net_progress_get(net->arena, progress, "publish")));
    return said;
}

/* Nothing was posted. TikTok's own trouble: from the start, a few times. */
static HibNetResult
failed(const HibNetContext *net, HibNetSending *sending, const cJSON *progress, const char *reason,
       HibNetResult said)
{
    int64_t restarts = number(progress, "restarts");
    said.code = reason;
    said.message = "TikTok did not publish it";
    said.class = hib_tiktok_fail_class(reason);
    if (said.class != HIB_NET_NEW_HANDLE)
        return said;
    said.class = HIB_NET_FATAL;
    if (restarts >= HIB_TIKTOK_MAX_RESTARTS)
        return said;
    g_autoptr(cJSON) anew = cJSON_CreateObject();
    set_number(anew, "restarts", restarts + 1);
    keep(net, sending, anew);
    said.class = HIB_NET_OK;
    return said;
}

typedef struct {
    const char *status, *reason, *id;
    int64_t uploaded;
} Standing;

static HibNetResult
ask_status(const HibNetContext *net, const HibGrant *grant, const cJSON *progress, Standing *ret)
{
    HibHttpReply reply;
    HibJson data;
    cJSON *body = cJSON_CreateObject();
    const char *id = hib_net_progress_get(net->arena, progress, "publish");
    cJSON_AddStringToObject(body, "publish_id", id ? id : "");
    const TiktokCall call = {.kind = HIB_CALL_READ,
                             .path = "/v2/post/publish/status/fetch/",
                             .body = hib_json_print(net->arena, body)};
    HibNetResult said = hib_tiktok_call(net, grant, &call, &reply, &data);
    if (said.class == HIB_NET_FATAL) /* about the question, not about the post */
        said.class = HIB_NET_RECONCILE;
    *ret = (Standing){.reason = "", .uploaded = -1};
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_text(data, "status", &ret->status, NULL))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "TikTok does not say how the post stands");
    (void)hib_json_opt_text(data, "fail_reason", &ret->reason, NULL);
    (void)hib_json_opt_int(data, "uploaded_bytes", &ret->uploaded, NULL);
    ret->id = hib_tiktok_id(net->arena, reply.body, "publicaly_available_post_id"); /* sic */
    if (!ret->id)
        ret->id = hib_tiktok_id(net->arena, reply.body, "publicly_available_post_id");
    return said;
}

static HibNetResult
process(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    Standing now;
    HibNetResult said = ask_status(net, grant, progress, &now);
    if (said.class != HIB_NET_OK)
        return said;
    if (g_str_equal(now.status, "FAILED"))
        return failed(net, sending, progress, now.reason, said);
    if (g_str_equal(now.status, "PUBLISH_COMPLETE"))
        return complete(net, grant, sending, progress, now.id, said);
    if (g_str_equal(now.status, "SEND_TO_USER_INBOX")) {
        publish_as(net, grant, sending,
                   hib_arena_printf(net->arena, TIKTOK_PENDING "%s",
                                    hib_net_progress_get(net->arena, progress, "publish")));
        return said;
    }
    return wait_more(net, sending, progress, said);
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    HibNetStep next = next_step(sending);
    HibNetCallKind kind = next.kind == HIB_NET_STEP_EFFECT ? HIB_CALL_EFFECT : HIB_CALL_PREPARE;
    if (next.kind == HIB_NET_STEP_CONFIRM)
        return process(net, grant, sending);
    if (g_str_equal(next.name, "creator"))
        return ask_creator(net, grant, sending);
    return next.of ? upload(net, grant, sending, kind) : init(net, grant, sending, kind);
}

/* --- find ------------------------------------------------------------------------------------------------------------------------- */
/* The answer to photos was lost, and with it the publish id: only the list of public posts can tell, and only in time. */
static HibNetResult
find_photos(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
            bool *ret_found)
{
    TiktokChoices choices = hib_tiktok_choices(net->arena, sending->post);
    HibInstant settled = sending->sent_at + HIB_TIKTOK_PHOTO_SETTLE_S * HIB_SECOND;
    if (choices.is_draft || g_strcmp0(choices.privacy, "PUBLIC_TO_EVERYONE") != 0)
        return hib_net_say(HIB_NET_RECONCILE, "NotListed",
                           "TikTok lists public posts only; look in the app whether it is there");
    HibNetResult said = hib_tiktok_find_listed(net, grant, sending, ret_found);
    if (said.class == HIB_NET_OK && !*ret_found && hib_clock_now(net->clock) < settled) {
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = settled;
    }
    return said;
}

static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    HibNetStep next = next_step(sending);
    *ret_found = false;
    if (next.kind == HIB_NET_STEP_PREPARE || !sending->sent_at)
        return hib_net_say(HIB_NET_OK, "", "");
    if (next.kind == HIB_NET_STEP_EFFECT && !hib_tiktok_is_video(sending->post))
        return find_photos(net, grant, sending, ret_found);
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    Standing now;
    HibNetResult said = ask_status(net, grant, progress, &now);
    if (said.class != HIB_NET_OK)
        return said;
    bool is_short = next.kind == HIB_NET_STEP_EFFECT &&
                    g_str_equal(now.status, "PROCESSING_UPLOAD") &&
                    now.uploaded < sending->post->media[0].bytes;
    HibInstant dies_at =
        (number(progress, "at") + HIB_TIKTOK_UPLOAD_LIFE_S * INT64_C(1000)) * HIB_MILLISECOND;
    if (is_short && hib_clock_now(net->clock) < dies_at)
        return said; /* the last piece did not arrive: it goes to the same place again */
    if (is_short)
        return failed(net, sending, progress, "internal", said); /* the address is dead: anew */
    if (next.kind == HIB_NET_STEP_EFFECT) { /* all of it is there: from now on it is asked about */
        set_number(progress, "sent", hib_tiktok_cut(sending->post->media[0].bytes).n);
        keep(net, sending, progress);
    }
    if (g_str_equal(now.status, "FAILED"))
        return said; /* the confirming step says why */
    said = process(net, grant, sending);
    *ret_found = sending->is_done;
    return said;
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    (void)remote_id;
    return *handle ? hib_arena_printf(arena, TIKTOK_PAGE "/@%s", handle) : TIKTOK_PAGE "/";
}

const HibNetwork hib_tiktok = {
    .name = "tiktok",
    .title = HIB_TIKTOK_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .needs_url = true, /* photos */
    .limits = limits,
    .authorize_url = hib_tiktok_authorize_url,
    .exchange = hib_tiktok_exchange,
    .refresh = hib_tiktok_refresh,
    .new_handle = new_handle,
    .next_step = next_step,
    .run_step = run_step,
    .find = find,
    .check = hib_tiktok_check,
    .max_read = 20,
    .read_posts = hib_tiktok_read_posts,
    .read_account = hib_tiktok_read_account,
    .read_options = hib_tiktok_read_options,
    .hook = hib_tiktok_hook,
    .profile_url = profile_url,
};
