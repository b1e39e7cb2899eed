/* Instagram and Threads publish through containers: each picture and video becomes one, a carousel one more over them; when it is ready it
 * is published, and only that has an effect.
 *
 * The container's id is stored before it is published and answers afterwards whether it was (PUBLISHED), so an unknown outcome is never
 * guessed. Progress: {"children": ids of ready parts, "current": the one being made ready, "where": where its video is uploaded to,
 * "uploaded": true, "container": the ready whole, "media": what it became, "asked": how often, "unfetched": how often the network could
 * not fetch a medium from us}. */
#include "networks/meta.h"

#include <string.h>

#define FETCHES                                                                                    \
    6 /* with the dispatcher's pauses: twenty minutes in which we were not to be reached */

static bool
is_carousel(const HibNetPost *post)
{
    return post->format == HIB_FORMAT_POST && post->n_media > 1;
}

bool
hib_meta_is_uploaded(const HibNetMedia *media)
{
    return media->kind == HIB_NET_VIDEO && !media->url;
}

static int
n_children(const cJSON *progress)
{
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(progress, "children"));
}

static bool
has(const cJSON *progress, const char *key)
{
    return cJSON_HasObjectItem(progress, key);
}

/* The medium of the container being made; NULL: the carousel's own, or a text. */
static const HibNetMedia *
current_medium(const HibNetPost *post, const cJSON *progress)
{
    size_t at = is_carousel(post) ? (size_t)n_children(progress) : 0;
    return at < post->n_media ? &post->media[at] : NULL;
}

HibNetStep
hib_meta_container_step(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const HibNetPost *post = sending->post;
    int of = is_carousel(post) ? (int)post->n_media + 1 : 0, at = of ? n_children(progress) + 1 : 0;
    if (has(progress, "media"))
        return (HibNetStep){HIB_NET_STEP_CONFIRM, "confirm", 0, 0};
    if (has(progress, "container"))
        return (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
    if (!has(progress, "current"))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "container", at, of};
    const HibNetMedia *media = current_medium(post, progress);
    if (media && hib_meta_is_uploaded(media) && !has(progress, "uploaded"))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload", at, of};
    return (HibNetStep){HIB_NET_STEP_PREPARE, "process", at, of};
}

static void
drop_current(cJSON *progress)
{
    static const char *const names[] = {"current", "where", "uploaded", "asked"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(progress, names[i]);
}

/* The network could not fetch a medium: with a new container once more, and a few times more, then a person looks at what it says. */
static HibNetResult
count_fetch(HibNetResult said, cJSON *progress)
{
    bool is_unfetched =
        g_str_has_suffix(said.code, "2207052") || g_str_has_suffix(said.code, "2207003");
    if (said.class == HIB_NET_OK || !is_unfetched)
        return said;
    const cJSON *before = cJSON_GetObjectItemCaseSensitive(progress, "unfetched");
    int n = cJSON_IsNumber(before) ? before->valueint + 1 : 1;
    cJSON_DeleteItemFromObjectCaseSensitive(progress, "unfetched");
    said.class = n < FETCHES ? HIB_NET_RETRY_SAME : HIB_NET_FIX_CONTENT;
    if (n < FETCHES) /* begins anew when it is tried again */
        cJSON_AddNumberToObject(progress, "unfetched", n);
    return said;
}

/* --- create ---------------------------------------------------------------------------------------------------------------------------- */
static const char *
ids_of(HibArena *arena, const cJSON *progress)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(progress, "children");
    for (const cJSON *id = children ? children->child : NULL; id; id = id->next)
        g_string_append_printf(ids, "%s%s", ids->len ? "," : "",
                               cJSON_IsString(id) ? id->valuestring : "");
    return hib_arena_strdup(arena, ids->str);
}

static HibNetResult
create(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
       HibNetSending *sending, cJSON *progress)
{
    const HibNetPost *post = sending->post;
    bool is_part = is_carousel(post) && current_medium(post, progress);
    const HibMetaCall call = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/%s/%s", kind->host(net, grant), grant->remote_id,
                                kind->create),
        .token = grant->access,
        .form = kind->form(net, grant, post, is_part ? n_children(progress) : -1,
                           is_carousel(post) && !is_part ? ids_of(net->arena, progress) : NULL)};
    HibJson in;
    const char *body;
    HibNetResult said = hib_meta_call_text(net, &call, &in, &body);
    if (said.class != HIB_NET_OK)
        return count_fetch(said, progress);
    const char *id = hib_meta_id(in, "id", body);
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the network did not name the container");
    const char *where = hib_meta_text(in, "uri");
    hib_meta_put(progress, "current", id);
    hib_meta_put(progress, "where", where);
    hib_meta_put(progress, "uploaded", NULL);
    cJSON_DeleteItemFromObjectCaseSensitive(progress, "asked");
    return said;
}

/* --- upload ------------------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
ask(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant, const char *id,
    const char *fields, HibJson *ret)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url =
                                  hib_arena_printf(net->arena, "%s/%s", kind->host(net, grant), id),
                              .token = grant->access,
                              .form = hib_net_form(net->arena, "fields", fields, NULL)};
    return hib_meta_call(net, &call, ret);
}

static HibNetResult
upload(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
       HibNetSending *sending, cJSON *progress)
{
    const HibNetMedia *media = current_medium(sending->post, progress);
    const char *id = hib_net_progress_get(net->arena, progress, "current");
    const char *where = hib_net_progress_get(net->arena, progress, "where");
    int64_t from = 0;
    HibJson in;
    /* What arrived of a call that was cut is not sent twice; a network that does not say gets it all. */
    if (ask(kind, net, grant, id, "video_status", &in).class == HIB_NET_OK)
        from = hib_meta_int(in, "video_status.uploading_phase.bytes_transferred",
                            hib_meta_int(in, "video_status.uploading_phase.bytes_transfered", 0));
    HibNetResult said = from >= media->bytes
                            ? hib_meta_ok()
                            : hib_meta_upload(net, grant, where, media, MAX(from, 0));
    if (said.class == HIB_NET_OK)
        hib_meta_put(progress, "uploaded", "yes");
    return said;
}

/* --- ready? -------------------------------------------------------------------------------------------------------------------------------- */
/* A ready part joins the children, the ready whole is what will be published. */
static void
move_on(const HibNetPost *post, cJSON *progress)
{
    cJSON *id = cJSON_DetachItemFromObjectCaseSensitive(progress, "current");
    drop_current(progress);
    if (!is_carousel(post) || !current_medium(post, progress)) {
        cJSON_AddItemToObject(progress, "container", id);
        return;
    }
    cJSON *children = cJSON_GetObjectItemCaseSensitive(progress, "children");
    if (!children)
        children = cJSON_AddArrayToObject(progress, "children");
    cJSON_AddItemToArray(children, id);
}

/* What a failed container says: a subcode in a sentence (Instagram), a word (Threads). */
static HibNetResult
why_failed(const HibNetContext *net, const char *why)
{
    const char *at = strstr(why, "2207");
    int64_t subcode = at                                         ? g_ascii_strtoll(at, NULL, 10)
                      : !strcmp(why, "FAILED_DOWNLOADING_VIDEO") ? 2207052
                                                                 : 0;
    HibNetClass class = HIB_NET_FIX_CONTENT;
    if (subcode >= 2207000 && subcode <= 2207999)
        class = hib_meta_class(HIB_CALL_PREPARE, 400, 0, subcode, false);
    else if (!strcmp(why, "UNKNOWN"))
        class = HIB_NET_NEW_HANDLE;
    return hib_net_say(class,
                       subcode ? hib_arena_printf(net->arena, "%" G_GINT64_FORMAT, subcode)
                               : "ContainerFailed",
                       hib_net_clean(net->arena, why));
}

static HibNetResult
process(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
        HibNetSending *sending, cJSON *progress)
{
    const char *id = hib_net_progress_get(net->arena, progress, "current");
    HibJson in;
    HibNetResult said = ask(kind, net, grant, id,
                            hib_arena_printf(net->arena, "%s,%s", kind->status, kind->why), &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *status = hib_meta_text(in, kind->status);
    const char *why = hib_meta_text(in, kind->why);
    if (!status)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the container says no status");
    if (!strcmp(status, "ERROR")) { /* this one never becomes ready: what follows makes another */
        drop_current(progress);
        return count_fetch(why_failed(net, why ? why : ""), progress);
    }
    if (!strcmp(status, "EXPIRED"))
        return hib_net_say(HIB_NET_NEW_HANDLE, "ContainerExpired", "the container has expired");
    if (!strcmp(status, "FINISHED") || !strcmp(status, "PUBLISHED")) {
        move_on(sending->post, progress);
        return said;
    }
    said.class = HIB_NET_WAIT_ASYNC;
    said.retry_at = hib_meta_ask_again(net, hib_meta_count_ask(progress));
    return said;
}

/* --- publish ---------------------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
publish(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
        HibNetSending *sending, cJSON *progress)
{
    const char *id = hib_net_progress_get(net->arena, progress, "container");
    const HibMetaCall call = {.kind = HIB_CALL_EFFECT,
                              .method = "POST",
                              .url =
                                  hib_arena_printf(net->arena, "%s/%s/%s", kind->host(net, grant),
                                                   grant->remote_id, kind->publish),
                              .token = grant->access,
                              .form = hib_net_form(net->arena, "creation_id", id, NULL)};
    HibJson in;
    const char *body;
    HibNetResult said = hib_meta_call_text(net, &call, &in, &body);
    if (said.class != HIB_NET_OK)
        return said;
    const char *media = hib_meta_id(in, "id", body);
    if (!media)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the post");
    hib_meta_put(progress, "media", media);
    sending->published = (HibNetPublished){.remote_id = media, .url = ""};
    return said;
}

/* The post is out; its address is a courtesy. */
static HibNetResult
confirm(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
        HibNetSending *sending, cJSON *progress)
{
    const char *media = hib_net_progress_get(net->arena, progress, "media");
    HibJson in;
    HibNetResult said = ask(kind, net, grant, media, "permalink", &in);
    const char *url = said.class == HIB_NET_OK ? hib_meta_text(in, "permalink") : NULL;
    int64_t asked = url ? 0 : hib_meta_count_ask(progress);
    if (!url && asked < 3) { /* what was published a moment ago may not be readable yet */
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_meta_ask_again(net, asked);
        return said;
    }
    sending->published = (HibNetPublished){.remote_id = media, .url = url ? url : ""};
    sending->is_done = true;
    return url ? said : hib_meta_ok();
}

HibNetResult
hib_meta_container_run(const HibMetaContainers *kind, const HibNetContext *net,
                       const HibGrant *grant, HibNetSending *sending)
{
    static const struct {
        const char *step;
        HibNetResult (*run)(const HibMetaContainers *, const HibNetContext *, const HibGrant *,
                            HibNetSending *, cJSON *);
    } steps[] = {{"container", create},
                 {"upload", upload},
                 {"process", process},
                 {"publish", publish},
                 {"confirm", confirm}};
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *name = hib_meta_container_step(sending).name;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (!strcmp(steps[i].step, name)) {
            HibNetResult said = steps[i].run(kind, net, grant, sending, progress);
            sending->progress = hib_net_progress_text(net->arena, progress);
            return said;
        }
    return hib_net_say(HIB_NET_FATAL, "NoStep", "there is no such step");
}

/* --- was it published? -------------------------------------------------------------------------------------------------------------------- */
static int
count_media(HibJson row)
{
    HibJson children = hib_meta_get(row, "children.data");
    const char *type = hib_meta_text(row, "media_type");
    if (children.value)
        return (int)hib_json_count(children);
    return type && !strcmp(type, "TEXT_POST") ? 0 : 1;
}

/* The one post made since it was sent, whatever its text: the network says that this container was published. */
static int
only_new_one(HibJson data, const HibNetSending *sending)
{
    int at = -1, i = 0;
    for (HibJson row = hib_json_first(data); row.value; row = hib_json_next(data, row), i++) {
        const char *id = hib_meta_text(row, "id");
        HibInstant made = hib_meta_time(row, "timestamp");
        bool is_taken = false;
        for (size_t k = 0; id && sending->taken && sending->taken[k]; k++)
            is_taken = is_taken || g_str_equal(sending->taken[k], id);
        if (!id || is_taken || made < sending->sent_at - 2 * HIB_MINUTE ||
            made > sending->sent_at + 15 * HIB_MINUTE)
            continue;
        if (at >= 0)
            return -1;
        at = i;
    }
    return at;
}

static HibNetResult
find_media(const HibMetaContainers *kind, const HibNetContext *net, const HibGrant *grant,
           HibNetSending *sending, bool *ret_found)
{
    const HibMetaRows rows = {
        .text = kind->text, .time = "timestamp", .url = "permalink", .n_media = count_media};
    const HibMetaCall call = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/%s/%s", kind->host(net, grant), grant->remote_id,
                                kind->listed(sending->post)),
        .token = grant->access,
        .form = hib_arena_printf(
            net->arena, "%s&%s",
            hib_net_form(net->arena, "fields",
                         hib_arena_printf(net->arena,
                                          "id,%s,timestamp,permalink,media_type,children{id}",
                                          kind->text),
                         NULL),
            hib_meta_then(net, sending))};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson data = hib_meta_get(in, "data");
    int at = hib_meta_match(net->arena, &rows, grant, data, sending);
    if (at < 0 && sending->sent_at)
        at = only_new_one(data, sending);
    if (at < 0) { /* it is out, but not listed yet */
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_clock_now(net->clock) + 30 * HIB_SECOND;
        return said;
    }
    HibJson row = {.value = cJSON_GetArrayItem(data.value, at), .path = "", .arena = net->arena};
    const char *url = hib_meta_text(row, "permalink");
    sending->published =
        (HibNetPublished){.remote_id = hib_meta_text(row, "id"), .url = url ? url : ""};
    *ret_found = true;
    return said;
}

HibNetResult
hib_meta_container_find(const HibMetaContainers *kind, const HibNetContext *net,
                        const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *media = hib_net_progress_get(net->arena, progress, "media");
    const char *id = hib_net_progress_get(net->arena, progress, "container");
    HibJson in;
    *ret_found = media != NULL;
    if (media) { /* the answer came; only the address is missing */
        bool has_url = ask(kind, net, grant, media, "permalink", &in).class == HIB_NET_OK;
        const char *url = has_url ? hib_meta_text(in, "permalink") : NULL;
        sending->published = (HibNetPublished){.remote_id = media, .url = url ? url : ""};
        return hib_meta_ok();
    }
    if (!id)
        return hib_meta_ok(); /* nothing was ready, so nothing can have been published */
    HibNetResult said = ask(kind, net, grant, id, kind->status, &in);
    if (said.class ==
        HIB_NET_FATAL) { /* the container is gone: only a listed post proves something */
        HibNetResult listed = find_media(kind, net, grant, sending, ret_found);
        return *ret_found ? listed : said;
    }
    const char *status = said.class == HIB_NET_OK ? hib_meta_text(in, kind->status) : NULL;
    if (said.class != HIB_NET_OK)
        return said;
    if (!status)
        return hib_net_nonsense(said, HIB_CALL_READ, "the container says no status");
    return strcmp(status, "PUBLISHED") ? said : find_media(kind, net, grant, sending, ret_found);
}
