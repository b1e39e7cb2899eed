/* Media before the post: each is started, sent in segments, finished, waited for while X converts it, and given its alternative text.
 *
 * Nobody sees any of it, so each step may be repeated: a segment under the same number replaces itself. What is known of each medium
 * stands in progress.media: {id, n: segments sent, fin, wait: X still converts, alt, until: when X forgets it (epoch s)}. */
#include "networks/x_private.h"

#include <string.h>

static const cJSON *
medium_of(const cJSON *progress, size_t i)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(progress, "media"), (int)i);
}

static int
number(const cJSON *entry, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(entry, key);
    return cJSON_IsNumber(item) ? item->valueint : 0;
}

static int
segments_of(const HibNetMedia *media)
{
    return (int)((media->bytes + HIB_X_SEGMENT_BYTES - 1) / HIB_X_SEGMENT_BYTES);
}

static bool
wants_alt(const HibNetPost *post, const HibNetMedia *media)
{
    return post->format != HIB_FORMAT_MESSAGE && media->kind != HIB_NET_VIDEO && media->alt &&
           *media->alt;
}

XNext
hib_x_next(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetPost *post = sending->post;
    for (size_t i = 0; i < post->n_media; i++) {
        const cJSON *entry = medium_of(progress, i);
        XNext next = {
            .medium = i, .segment = number(entry, "n"), .n_segments = segments_of(&post->media[i])};
        next.stage = X_PUBLISH;
        if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(entry, "id")))
            next.stage = X_START;
        else if (next.segment < next.n_segments)
            next.stage = X_SEGMENT;
        else if (!number(entry, "fin"))
            next.stage = X_FINISH;
        else if (number(entry, "wait"))
            next.stage = X_STATUS;
        else if (wants_alt(post, &post->media[i]) && !number(entry, "alt"))
            next.stage = X_ALT;
        if (next.stage != X_PUBLISH)
            return next;
    }
    return (XNext){.stage = X_PUBLISH, .medium = post->n_media};
}

bool
hib_x_add_media(const HibNetSending *sending, cJSON *array)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    for (size_t i = 0; i < sending->post->n_media; i++) {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(medium_of(progress, i), "id");
        if (!cJSON_IsString(id) || !hib_x_is_id(id->valuestring))
            return false;
        cJSON_AddItemToArray(array, cJSON_CreateString(id->valuestring));
    }
    return true;
}

bool
hib_x_has_expired(const HibNetSending *sending, HibInstant now)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    for (size_t i = 0; i < sending->post->n_media; i++) {
        const cJSON *until = cJSON_GetObjectItemCaseSensitive(medium_of(progress, i), "until");
        if (!cJSON_IsNumber(until) || until->valuedouble * (double)HIB_SECOND <= (double)now)
            return true;
    }
    return false;
}

/* --- the steps ------------------------------------------------------------------------------------------------ */
/* Sets one or two numbers of a medium in the progress, and its id; the entry is made when it is not there. */
static void
keep(const HibNetContext *net, HibNetSending *sending, size_t i, const char *id, const char *key,
     int64_t value, const char *key2, int64_t value2)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *all = cJSON_GetObjectItemCaseSensitive(progress, "media");
    if (!cJSON_IsArray(all)) {
        cJSON_DeleteItemFromObjectCaseSensitive(progress, "media");
        all = cJSON_AddArrayToObject(progress, "media");
    }
    cJSON *entry = cJSON_GetArrayItem(all, (int)i);
    if (!entry) {
        entry = cJSON_CreateObject();
        cJSON_AddItemToArray(all, entry);
    }
    if (id)
        cJSON_AddStringToObject(entry, "id", id);
    cJSON_DeleteItemFromObjectCaseSensitive(entry, key);
    cJSON_AddNumberToObject(entry, key, (double)value);
    if (key2) {
        cJSON_DeleteItemFromObjectCaseSensitive(entry, key2);
        cJSON_AddNumberToObject(entry, key2, (double)value2);
    }
    sending->progress = hib_net_progress_text(net->arena, progress);
}

/* A file X could not convert is uploaded anew when a person tries again. */
static void
forget(const HibNetContext *net, HibNetSending *sending, size_t i)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON_DeleteItemFromArray(cJSON_GetObjectItemCaseSensitive(progress, "media"), (int)i);
    sending->progress = hib_net_progress_text(net->arena, progress);
}

static const char *
id_of(const HibNetContext *net, const HibNetSending *sending, size_t i)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *id = hib_net_progress_get(net->arena, medium_of(progress, i), "id");
    return id && hib_x_is_id(id) ? id : "0";
}

static HibNetResult
start(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, size_t i)
{
    static const char *const categories[][2] = {[HIB_NET_IMAGE] = {"tweet_image", "dm_image"},
                                                [HIB_NET_GIF] = {"tweet_gif", "dm_gif"},
                                                [HIB_NET_VIDEO] = {"tweet_video", "dm_video"}};
    const HibNetMedia *media = &sending->post->media[i];
    HibJson in = {0};
    HibJson data = {0};
    const char *id = NULL;
    int64_t life_s = 86400;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "media_type", media->mime);
    cJSON_AddNumberToObject(body, "total_bytes", (double)media->bytes);
    cJSON_AddStringToObject(body, "media_category",
                            categories[media->kind][sending->post->format == HIB_FORMAT_MESSAGE]);
    HibNetResult said =
        hib_x_post(net, grant, HIB_CALL_PREPARE, "/2/media/upload/initialize", body, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_object(in, "data", &data, NULL) ||
        !hib_json_text(data, "id", &id, NULL) || !hib_x_is_id(id))
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "X did not name the upload");
    (void)hib_json_opt_int(data, "expires_after_secs", &life_s, NULL);
    keep(net, sending, i, id, "n", 0, "until", hib_clock_now(net->clock) / HIB_SECOND + life_s);
    return said;
}

static HibNetResult
send_segment(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, XNext next)
{
    const HibNetMedia *media = &sending->post->media[next.medium];
    int64_t from = (int64_t)next.segment * HIB_X_SEGMENT_BYTES;
    int64_t n = MIN((int64_t)HIB_X_SEGMENT_BYTES, media->bytes - from);
    const char *const pairs[] = {"segment_index", hib_arena_printf(net->arena, "%d", next.segment),
                                 NULL};
    HibNetMultipart body;
    hib_net_multipart(net->arena, pairs, "media", "segment", media, from, n, &body);
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/2/media/upload/%s/append",
                                hib_x_base(net, grant->service), id_of(net, sending, next.medium)),
        .bearer = grant->access,
        .content_type = body.content_type,
        .parts = body.parts,
        .n_parts = body.n_parts,
        .total_ms = 120000};
    HibNetResult said = hib_net_call(net, &request, hib_x_read, NULL, NULL);
    if (said.class == HIB_NET_OK)
        keep(net, sending, next.medium, NULL, "n", next.segment + 1, NULL, 0);
    return said;
}

/* What finishing and asking both answer: ready, still converting (WAIT_ASYNC), or refused. */
static HibNetResult
read_state(const HibNetContext *net, HibNetSending *sending, size_t i, HibNetResult said,
           HibJson in)
{
    HibJson data = {0};
    HibJson info = {0};
    HibJson fault = {0};
    const char *state = "succeeded"; /* no processing_info: nothing to convert */
    const char *why = "X could not convert the file";
    int64_t again_s = 5;
    int64_t life_s = 0;
    if (!cJSON_IsObject(in.value) || !hib_json_object(in, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "X did not say how the upload stands");
    if (hib_json_opt_object(data, "processing_info", &info, NULL) && info.value) {
        (void)hib_json_opt_text(info, "state", &state, NULL);
        (void)hib_json_opt_int(info, "check_after_secs", &again_s, NULL);
        if (hib_json_opt_object(info, "error", &fault, NULL) && fault.value)
            (void)hib_json_opt_text(fault, "message", &why, NULL);
    }
    HibInstant now = hib_clock_now(net->clock);
    bool is_waiting = !strcmp(state, "pending") || !strcmp(state, "in_progress");
    keep(net, sending, i, NULL, "fin", 1, "wait", is_waiting);
    if (hib_json_opt_int(data, "expires_after_secs", &life_s, NULL) && life_s > 0)
        keep(net, sending, i, NULL, "until", now / HIB_SECOND + life_s, NULL, 0);
    if (!strcmp(state, "failed")) {
        forget(net, sending, i);
        said.class = HIB_NET_FIX_CONTENT;
        said.code = "InvalidMedia";
        said.message = hib_net_clean(net->arena, why);
    } else if (is_waiting) {
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = now + CLAMP(again_s, 1, 600) * HIB_SECOND;
    }
    return said;
}

static HibNetResult
ask_state(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, size_t i)
{
    HibJson in = {0};
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/2/media/upload?command=STATUS&media_id=%s",
                                hib_x_base(net, grant->service), id_of(net, sending, i)),
        .bearer = grant->access};
    HibNetResult said = hib_net_call(net, &request, hib_x_read, NULL, &in);
    return said.class == HIB_NET_OK ? read_state(net, sending, i, said, in) : said;
}

/* An upload that was finished before, without an answer, is refused the second time: then its state says what became of it. */
static HibNetResult
finish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, size_t i)
{
    HibJson in = {0};
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/2/media/upload/%s/finalize",
                                hib_x_base(net, grant->service), id_of(net, sending, i)),
        .bearer = grant->access,
        .total_ms = 60000};
    HibNetResult said = hib_net_call(net, &request, hib_x_read, NULL, &in);
    if (said.class == HIB_NET_OK)
        return read_state(net, sending, i, said, in);
    if (said.class != HIB_NET_FIX_CONTENT)
        return said;
    HibNetResult state = ask_state(net, grant, sending, i);
    return state.class == HIB_NET_FIX_CONTENT ? said : state; /* not told just now: asked again */
}

static HibNetResult
describe(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, size_t i)
{
    HibJson in = {0};
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "id", id_of(net, sending, i));
    cJSON *alt = cJSON_AddObjectToObject(cJSON_AddObjectToObject(body, "metadata"), "alt_text");
    cJSON_AddStringToObject(alt, "text", sending->post->media[i].alt);
    HibNetResult said = hib_x_post(net, grant, HIB_CALL_PREPARE, "/2/media/metadata", body, &in);
    if (said.class == HIB_NET_OK)
        keep(net, sending, i, NULL, "alt", 1, NULL, 0);
    return said;
}

HibNetResult
hib_x_upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, XNext next)
{
    switch (next.stage) {
    case X_START:
        return start(net, grant, sending, next.medium);
    case X_SEGMENT:
        return send_segment(net, grant, sending, next);
    case X_FINISH:
        return finish(net, grant, sending, next.medium);
    case X_STATUS:
        return ask_state(net, grant, sending, next.medium);
    case X_ALT:
    case X_PUBLISH:
        break;
    }
    return describe(net, grant, sending, next.medium);
}
