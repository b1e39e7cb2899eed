/* Pictures and videos as a network takes them. The network's rules (rules/networks) said in media/'s words; media/ then gives the medium as
 * it is, or a version that fits, which a job may still have to make. The same wish always names the same version, so that what was made when
 * the post was scheduled is found again when it goes out. */
#include "base/error.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"

#define COVER_SIDE 1920 /* a picture that stands for a video, where the network fetches one */

static const HibNetMediaSpec *
rules_of(const HibNetFormatLimits *form, const char *mime)
{
    if (g_str_has_prefix(mime, "video/"))
        return &form->video;
    return g_str_equal(mime, "image/gif") && form->gif.types ? &form->gif : &form->image;
}

/* A browser's format plays what browsers play; in MP4 every network takes the same two. */
static void
add_codecs(const HibNetMediaSpec *rules, HibMediaSpec *out)
{
    for (size_t i = 0; rules->types && rules->types[i]; i++)
        if (g_str_equal(rules->types[i], "video/webm"))
            return;
    out->videos[0] = "h264";
    out->videos[1] = "hevc";
    out->audios[0] = "aac";
}

const HibPostCrop *
hib_publish_crop(const HibPostMedia *media, const HibNetwork *network)
{
    return g_strcmp0(media->mime, "image/gif") == 0 ? NULL : hib_plan_crop(media, network->name);
}

static void
add_crop(const HibPostMedia *media, const HibNetwork *network, HibMediaSpec *out)
{
    const HibPostCrop *crop = hib_publish_crop(media, network);
    if (!crop)
        return;
    out->crop_x = crop->x;
    out->crop_y = crop->y;
    out->crop_width = crop->width;
    out->crop_height = crop->height;
}

static HibMediaSpec
spec_of(const HibNetFormatLimits *form, const HibPostMedia *media, const HibNetwork *network)
{
    const HibNetMediaSpec *rules = rules_of(form, media->mime ? media->mime : "");
    HibMediaSpec out = {.max_bytes = rules->max_bytes,
                        .max_bitrate = rules->max_bitrate,
                        .min_width = rules->min_width,
                        .max_width = rules->max_width,
                        .min_height = rules->min_height,
                        .max_height = rules->max_height,
                        .min_ratio = rules->min_ratio,
                        .max_ratio = rules->max_ratio,
                        .min_duration_ms = rules->min_ms,
                        .max_duration_ms = rules->max_ms,
                        .min_fps = rules->min_fps,
                        .max_fps = rules->max_fps,
                        .focus_x = media->has_focus ? media->focus_x : 0,
                        .focus_y = media->has_focus ? media->focus_y : 0};
    for (size_t i = 0; rules->types && rules->types[i] && i + 1 < G_N_ELEMENTS(out.mimes); i++)
        out.mimes[i] = rules->types[i];
    if (rules == &form->video)
        add_codecs(rules, &out);
    add_crop(media, network, &out);
    return out;
}

/* Not looked at yet: asked again soon. Any other refusal is the post's. */
static bool
fit(HibDb *db, const HibServices *services, const char *media, const HibMediaSpec *spec,
    HibRendition **ret, GError **error)
{
    GError *fault = NULL;
    HibMedia *stored;
    *ret = NULL;
    if (hib_media_fit(db, services, media, spec, ret, &fault))
        return true;
    bool is_waiting = g_str_equal(hib_error_reason(fault), "media.not_ready") &&
                      hib_media_get(db, media, &stored, NULL) && stored->state == HIB_MEDIA_WORKING;
    if (is_waiting) {
        g_error_free(fault);
        return true;
    }
    g_propagate_error(error, fault);
    return false;
}

bool
hib_publish_fit(HibDb *db, const HibServices *services, const HibNetwork *network,
                HibNetFormat format, const HibPostMedia *media, HibRendition **ret, GError **error)
{
    const HibNetFormatLimits *form = hib_net_format(network->limits(), format);
    if (!form) {
        hib_error_set(error, HIB_ERROR_INVALID, "post.format", "no such form");
        return false;
    }
    const HibMediaSpec spec = spec_of(form, media, network);
    return fit(db, services, media->media_id, &spec, ret, error);
}

bool
hib_publish_fit_cover(HibDb *db, const HibServices *services, const HibNetwork *network,
                      const HibPostMedia *media, HibRendition **ret, GError **error)
{
    HibMediaSpec spec = {.mimes = {"image/jpeg"},
                         .max_width = COVER_SIDE,
                         .max_height = COVER_SIDE,
                         .max_bytes = 1000000,
                         .is_cover = true,
                         .cover_at_ms = media->has_cover ? media->cover_ms : 0};
    add_crop(media, network, &spec);
    return fit(db, services, media->media_id, &spec, ret, error);
}

/* --- networks that fetch ---------------------------------------------------------------------------------------------------------- */
/* Networks that fetch may take uploads too (Instagram: videos): their connector knows, by a post whose media have no address. */
static bool
must_fetch(HibArena *arena, const HibNetwork *network, const HibPost *post, HibNetFormat format)
{
    const char *reason = NULL, *pointer = NULL;
    HibNetMedia *list = hib_arena_array(arena, HibNetMedia, post->n_media + 1);
    for (size_t i = 0; i < post->n_media; i++)
        list[i] = hib_deliver_medium(&post->media[i], network);
    const HibNetPost bare = {
        .format = format, .text = "", .media = list, .n_media = post->n_media, .recipient = ""};
    return network->needs_url &&
           (!network->check || (!network->check(&bare, &reason, &pointer) &&
                                g_str_equal(reason, "post.media_unreachable")));
}

bool
hib_schedule_unreachable(HibDb *db, const HibServices *services, const HibPost *post,
                         HibPostProblem *ret_problem, bool *ret, GError **error)
{
    *ret = false;
    for (size_t i = 0; post->n_media && i < post->n_variants; i++) {
        HibAccount *account;
        const char *url;
        g_autoptr(GError) fault = NULL;
        if (!hib_accounts_get(db, post->variants[i].account_id, &account, error))
            return false;
        const HibNetwork *network = hib_network_find(account->network);
        if (!network || !must_fetch(hib_db_arena(db), network, post, post->variants[i].format) ||
            hib_media_public_url(db, services, post->media[0].media_id, account->is_practice,
                                 hib_db_now(db) + HIB_HOUR, &url, &fault) ||
            !g_str_equal(hib_error_reason(fault), "media.not_public"))
            continue;
        *ret = true;
        *ret_problem = (HibPostProblem){.reason = "media.not_public",
                                        .pointer = "/media",
                                        .network = network,
                                        .account_id = account->id};
        return true;
    }
    return true;
}

/* --- ahead of time ------------------------------------------------------------------------------------------------------------- */
static bool
fit_all(HibDb *db, const HibServices *services, const HibNetwork *network, HibNetFormat format,
        const HibPostMedia *media, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        HibRendition *made;
        g_autoptr(GError) fault = NULL;
        bool is_begun =
            hib_publish_fit(db, services, network, format, &media[i], &made, &fault) &&
            (!network->needs_url || !media[i].mime || !g_str_has_prefix(media[i].mime, "video/") ||
             hib_publish_fit_cover(db, services, network, &media[i], &made, &fault));
        /* What cannot be made is told where it matters: by the delivery. */
        if (!is_begun && !hib_error_is(fault, HIB_ERROR_INVALID) &&
            !hib_error_is(fault, HIB_ERROR_CONFLICT) && !hib_error_is(fault, HIB_ERROR_GONE) &&
            !hib_error_is(fault, HIB_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
    }
    return true;
}

/* Twice: the versions that are there, or being made, are found. */
bool
hib_publish_fit_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibPost *post;
    g_autoptr(GError) gone = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_plan_get(db, job->subject, false, &post, &gone))
        return hib_error_is(gone, HIB_ERROR_NOT_FOUND) ||
               (g_propagate_error(error, g_steal_pointer(&gone)), false);
    for (size_t i = 0; i < post->n_variants; i++) {
        const HibPostVariant *variant = &post->variants[i];
        HibAccount *account;
        if (!hib_accounts_find(db, variant->account_id, &account, error))
            return false;
        const HibNetwork *network = account ? hib_network_find(account->network) : NULL;
        if (!network)
            continue;
        if (!fit_all(db, context, network, variant->format, post->media, post->n_media, error))
            return false;
        for (size_t k = 0; k < variant->n_thread; k++)
            if (!fit_all(db, context, network, HIB_FORMAT_POST, variant->thread[k].media,
                         variant->thread[k].n_media, error))
                return false;
    }
    return true;
}
