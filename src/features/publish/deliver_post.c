/* What a delivery sends: its row and, where there are any, its pictures and videos, as the connector takes them. Everything that the
 * network sees comes from here and is the same each time, so that a repeat is identical. */
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "publish/publish_private.h"

#define URL_LIFE (6 * HIB_HOUR)

/* One picture or video, opened when the network first asks for a piece of it. */
typedef struct {
    HibDb *db;
    const HibServices *services;
    const char *id; /* of the media or of its version */
    HibBlobReader *reader;
} Source;

static void
drop_source(void *data)
{
    g_clear_pointer(&((Source *)data)->reader, hib_blob_reader_close);
}

static int64_t
read_source(void *data, int64_t offset, void *into, size_t n)
{
    Source *source = data;
    size_t got = 0;
    g_autoptr(GError) error = NULL;
    bool is_open = source->reader || hib_media_open(source->db, source->services, source->id,
                                                    &source->reader, &error);
    if (is_open && hib_blob_reader_read(source->reader, offset, into, n, &got, &error))
        return (int64_t)got;
    hib_log_error(HIB_WARN, "publish.media_unreadable", error, "media", source->id, NULL);
    return -1;
}

HibNetMedia
hib_deliver_medium(const HibPostMedia *media, const HibNetwork *network)
{
    const HibPostCrop *crop = hib_publish_crop(media, network);
    const char *mime = media->mime ? media->mime : "";
    return (HibNetMedia){.kind = g_str_has_prefix(mime, "video/") ? HIB_NET_VIDEO
                                 : g_str_equal(mime, "image/gif") ? HIB_NET_GIF
                                                                  : HIB_NET_IMAGE,
                         .mime = mime,
                         .alt = media->alt ? media->alt : "",
                         .sha256 = media->sha256,
                         .bytes = media->bytes,
                         .duration_ms = media->duration_ms,
                         .width = crop ? (int)(crop->width * media->width + 0.5) : media->width,
                         .height = crop ? (int)(crop->height * media->height + 0.5) : media->height,
                         .cover_ms = media->has_cover ? media->cover_ms : -1};
}

/* What was made, or the medium itself; the words are the person's. */
static void
open_version(HibDb *db, const HibServices *services, const HibRendition *version, HibNetMedia *out)
{
    HibArena *arena = hib_db_arena(db);
    Source *source = hib_arena_new0(arena, Source);
    *source = (Source){.db = db, .services = services, .id = version->id};
    hib_arena_defer(arena, drop_source, source);
    out->kind = version->facts.kind == HIB_MEDIA_VIDEO ? HIB_NET_VIDEO
                : version->facts.kind == HIB_MEDIA_GIF ? HIB_NET_GIF
                                                       : HIB_NET_IMAGE;
    out->mime = version->facts.mime;
    out->sha256 = version->sha256;
    out->bytes = version->facts.bytes;
    out->width = version->facts.width;
    out->height = version->facts.height;
    out->duration_ms = version->facts.duration_ms;
    out->read = read_source;
    out->source = source;
}

/* Where networks fetch: for as long as they may take. Without an address of our own the connector is told that there is none. */
static bool
find_url(HibDb *db, const HibServices *services, const HibRendition *version, bool is_near,
         const char **ret, GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (hib_media_public_url(db, services, version->id, is_near, hib_db_now(db) + URL_LIFE, ret,
                             &fault))
        return true;
    *ret = NULL;
    if (g_str_equal(hib_error_reason(fault), "media.not_public"))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* A version that could not be made says why; *ret_ready false while it is being made. */
static bool
is_made(const HibRendition *version, bool *ret_ready, GError **error)
{
    *ret_ready = version && version->state == HIB_MEDIA_READY;
    if (!version || version->state == HIB_MEDIA_READY || version->state == HIB_MEDIA_WORKING)
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "post.media_unfit", "%s: %s of %s",
                  version->reason ? version->reason : "cancelled",
                  version->actual ? version->actual : "", version->limit ? version->limit : "");
    return false;
}

/* Which of the post's media this delivery shows. */
static void
media_of(const HibPost *post, const HibDeliverWork *work, const HibPostMedia **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    if (work->kind == HIB_KIND_POST) {
        *ret = post->media;
        *ret_n = post->n_media;
    }
    for (size_t i = 0; work->kind == HIB_KIND_THREAD && i < post->n_variants; i++) {
        const HibPostVariant *variant = &post->variants[i];
        if (!g_str_equal(variant->account_id, work->account_id) ||
            (size_t)work->part > variant->n_thread)
            continue;
        *ret = variant->thread[work->part - 1].media;
        *ret_n = variant->thread[work->part - 1].n_media;
    }
}

/* The address of a medium, and of the picture that stands for a video. */
static bool
add_urls(HibDb *db, const HibServices *services, const HibNetwork *network,
         const HibPostMedia *media, const HibRendition *version, bool is_near, HibNetMedia *out,
         bool *ret_ready, GError **error)
{
    HibRendition *cover;
    if (!find_url(db, services, version, is_near, &out->url, error))
        return false;
    if (out->kind != HIB_NET_VIDEO || !out->url)
        return true;
    return hib_publish_fit_cover(db, services, network, media, &cover, error) &&
           is_made(cover, ret_ready, error) &&
           (!*ret_ready || find_url(db, services, cover, is_near, &out->preview_url, error));
}

bool
hib_deliver_media(HibDb *db, const HibServices *services, HibDeliverWork *work,
                  const HibNetwork *network, bool wants_content, HibNetPost *out, bool *ret_ready,
                  GError **error)
{
    HibPost *post;
    HibAccount *account;
    const HibPostMedia *media;
    size_t n;
    *ret_ready = true;
    if (work->n_media == 0)
        return true;
    if (!hib_plan_get(db, work->post_id, true, &post, error) ||
        !hib_accounts_find(db, work->account_id, &account, error))
        return false;
    media_of(post, work, &media, &n);
    HibNetMedia *list = hib_arena_array(hib_db_arena(db), HibNetMedia, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibRendition *version;
        bool is_ready;
        list[i] = hib_deliver_medium(&media[i], network);
        if (!wants_content)
            continue;
        if (!hib_publish_fit(db, services, network, work->format, &media[i], &version, error) ||
            !is_made(version, &is_ready, error))
            return false;
        if (is_ready) {
            open_version(db, services, version, &list[i]);
            if (network->needs_url &&
                !add_urls(db, services, network, &media[i], version,
                          account && account->is_practice, &list[i], &is_ready, error))
                return false;
        }
        *ret_ready = *ret_ready && is_ready;
    }
    out->media = list;
    out->n_media = n;
    work->n_media = (int)n;
    return true;
}

bool
hib_deliver_prepare(HibDb *db, const HibServices *services, HibDeliverWork *work,
                    const HibNetwork *network, HibNetPost *post, HibNetSending *sending,
                    GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    HibDuration life = network->limits()->handle_life_s * HIB_SECOND;
    /* Nothing is out under it while it waits: one that the network has forgotten is made anew. */
    bool is_stale = work->state == HIB_DELIVERY_WAITING && life && work->handle_at &&
                    now >= work->handle_at + life;
    if (!work->created_at)
        work->created_at = now;
    if (!work->remote_key || is_stale) {
        HibNetContext net = {
            .http = services->http, .arena = arena, .clock = hib_store_clock(hib_db_store(db))};
        work->remote_key = network->new_handle(&net);
        work->handle_at = now;
        work->progress = "{}";
    }
    const char **langs = hib_arena_array(arena, const char *, 2);
    langs[0] = work->lang ? work->lang : hib_deliver_lang(work->text);
    *post = (HibNetPost){.format = work->format,
                         .text = work->text,
                         .title = work->title,
                         .langs = langs[0] ? langs : NULL,
                         .disclosure = work->disclosure,
                         .options = work->options,
                         .reply_to = work->reply_to,
                         .reply_root = work->reply_root,
                         .recipient = work->recipient,
                         .reply_token = work->reply_token,
                         .created_at = work->created_at};
    *sending = (HibNetSending){.handle = work->remote_key,
                               .progress = work->progress,
                               .post = post,
                               .sent_at = work->sent_at};
    return true;
}

static void
add(GString *all, const char *name, const char *value)
{
    if (value)
        g_string_append_printf(all, "\n%s %s", name, value);
}

const char *
hib_deliver_fingerprint(HibArena *arena, const HibNetPost *post)
{
    g_autoptr(GString) all = g_string_new(post->text);
    for (const char *const *lang = post->langs; lang && *lang; lang++)
        add(all, "lang", *lang);
    add(all, "format", hib_net_format_name(post->format));
    add(all, "title", post->title);
    add(all, "options", post->options);
    add(all, "recipient", post->recipient);
    add(all, "reply", post->reply_to);
    for (size_t i = 0; i < post->n_media; i++)
        g_string_append_printf(all, "\nmedia %s %s", post->media[i].sha256, post->media[i].alt);
    return hib_sha256_hex(arena, all->str, all->len);
}
