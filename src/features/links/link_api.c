/* Short links over HTTP. */
#include "api.gen.h"
#include "base/error.h"
#include "http/call.h"
#include "links/links_private.h"
#include "links/qr.h"
#include <string.h>

#define QR_SIZE 512

static HibApiLinkCount
count_out(const HibLinkCount *count)
{
    return (HibApiLinkCount){.clicks = count->clicks,
                             .visitors = count->visitors,
                             .bots = count->bots,
                             .floods = count->floods};
}

static bool
is_ended(const HibShortLink *link, HibInstant now)
{
    return (link->expires_at && link->expires_at <= now) ||
           (link->click_limit && link->count.clicks >= link->click_limit);
}

static HibApiLink
link_out(HibCall *call, const HibShortLink *link)
{
    HibArena *arena = hib_call_arena(call);
    HibApiLinkVariant *variants = hib_arena_array(arena, HibApiLinkVariant, link->n_variants + 1);
    for (size_t i = 0; i < link->n_variants; i++)
        variants[i] = (HibApiLinkVariant){.network = link->variants[i].network,
                                          .target = link->variants[i].target};
    return (HibApiLink){.id = link->id,
                        .code = link->code,
                        .url = hib_links_url(arena, hib_call_context(call), link->code),
                        .target = link->target,
                        .title = link->title,
                        .ios_url = link->ios_url,
                        .has_ios_url = link->ios_url != NULL,
                        .android_url = link->android_url,
                        .has_android_url = link->android_url != NULL,
                        .expires_at = link->expires_at,
                        .has_expires_at = link->expires_at != 0,
                        .click_limit = link->click_limit,
                        .has_click_limit = link->click_limit != 0,
                        .ended_url = link->ended_url,
                        .has_ended_url = link->ended_url != NULL,
                        .variants = variants,
                        .n_variants = link->n_variants,
                        .post_id = link->post_id,
                        .has_post_id = link->post_id != NULL,
                        .account_id = link->account_id,
                        .has_account_id = link->account_id != NULL,
                        .network = link->network,
                        .has_network = link->network != NULL,
                        .campaign_id = link->campaign_id,
                        .has_campaign_id = link->campaign_id != NULL,
                        .created_at = link->created_at,
                        .is_archived = link->archived_at != 0,
                        .is_ended = is_ended(link, hib_db_now(hib_call_db(call))),
                        .version = link->version,
                        .count = count_out(&link->count)};
}

static bool
reply_link(HibCall *call, int status, const HibShortLink *link)
{
    const HibApiLink out = link_out(call, link);
    return hib_reply_link(call, status, &out);
}

bool
hib_on_list_links(HibCall *call, const HibApiListLinksQuery *in, GError **error)
{
    const HibServices *services = hib_call_context(call);
    const HibLinkQuery query = {.words = in->has_words ? in->words : NULL,
                                .post = in->has_post ? in->post : NULL,
                                .campaign = in->has_campaign ? in->campaign : NULL,
                                .is_archived = in->has_archived && in->archived,
                                .limit = in->has_limit ? (int)in->limit : 0,
                                .cursor = in->has_cursor ? in->cursor : NULL};
    HibShortLink *rows;
    size_t n;
    const char *next;
    if (!hib_links_list(hib_call_db(call), &query, &rows, &n, &next, error))
        return false;
    HibApiLink *out = hib_arena_array(hib_call_arena(call), HibApiLink, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = link_out(call, &rows[i]);
    HibLinksHealth health = hib_links_health(services->links);
    const HibApiLinkList list = {.links = out,
                                 .n_links = n,
                                 .next = next,
                                 .has_next = next != NULL,
                                 .base = hib_links_url(hib_call_arena(call), services, ""),
                                 .health = {.waiting = health.n_waiting,
                                            .held = health.n_held,
                                            .lost = health.n_lost,
                                            .is_failing = health.is_failing,
                                            .is_store_down = health.is_store_down}};
    return hib_reply_link_list(call, 200, &list);
}

static const HibLinkVariant *
variants_in(HibArena *arena, const HibApiLinkVariant *in, size_t n)
{
    HibLinkVariant *out = hib_arena_array(arena, HibLinkVariant, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibLinkVariant){in[i].network, in[i].target};
    return out;
}

static const char *
given(bool has, const char *text)
{
    return has && *text ? text : NULL;
}

bool
hib_on_create_link(HibCall *call, const HibApiLinkDraft *in, GError **error)
{
    const HibShortLink link = {.code = given(in->has_code, in->code),
                               .target = in->target,
                               .title = in->has_title ? in->title : "",
                               .ios_url = given(in->has_ios_url, in->ios_url),
                               .android_url = given(in->has_android_url, in->android_url),
                               .expires_at = in->has_expires_at ? in->expires_at : 0,
                               .click_limit = in->has_click_limit ? in->click_limit : 0,
                               .ended_url = given(in->has_ended_url, in->ended_url),
                               .campaign_id = given(in->has_campaign_id, in->campaign_id),
                               .variants =
                                   variants_in(hib_call_arena(call), in->variants, in->n_variants),
                               .n_variants = in->n_variants};
    HibShortLink *made;
    return hib_links_add(hib_call_db(call), hib_call_context(call), &link, &made, error) &&
           reply_link(call, 201, made);
}

bool
hib_on_get_link(HibCall *call, const char *link, GError **error)
{
    HibShortLink *found;
    return hib_links_get(hib_call_db(call), link, &found, error) && reply_link(call, 200, found);
}

bool
hib_on_change_link(HibCall *call, const char *link, const HibApiLinkChange *in, GError **error)
{
    const HibShortLink after = {.id = link,
                                .version = in->version,
                                .target = in->target,
                                .title = in->title,
                                .ios_url = given(in->has_ios_url, in->ios_url),
                                .android_url = given(in->has_android_url, in->android_url),
                                .expires_at = in->has_expires_at ? in->expires_at : 0,
                                .click_limit = in->has_click_limit ? in->click_limit : 0,
                                .ended_url = given(in->has_ended_url, in->ended_url),
                                .campaign_id = given(in->has_campaign_id, in->campaign_id),
                                .variants =
                                    variants_in(hib_call_arena(call), in->variants, in->n_variants),
                                .n_variants = in->n_variants};
    HibShortLink *changed;
    return hib_links_change(hib_call_db(call), hib_call_context(call), &after, &changed, error) &&
           reply_link(call, 200, changed);
}

bool
hib_on_archive_link(HibCall *call, const char *link, const HibApiLinkArchive *in, GError **error)
{
    HibShortLink *changed;
    return hib_links_archive(hib_call_db(call), hib_call_context(call), link, in->is_archived,
                             &changed, error) &&
           reply_link(call, 200, changed);
}

/* --- clicks ------------------------------------------------------------------------------------------------------------ */
static HibApiLinkClicks
clicks_out(HibArena *arena, const HibLinkClicks *clicks)
{
    HibApiLinkHour *hours = hib_arena_array(arena, HibApiLinkHour, clicks->n_hours + 1);
    HibApiLinkNetwork *networks = hib_arena_array(arena, HibApiLinkNetwork, clicks->n_networks + 1);
    for (size_t i = 0; i < clicks->n_hours; i++)
        hours[i] = (HibApiLinkHour){.at = clicks->hours[i].at,
                                    .count = count_out(&clicks->hours[i].count)};
    for (size_t i = 0; i < clicks->n_networks; i++)
        networks[i] = (HibApiLinkNetwork){.network = clicks->networks[i].network,
                                          .count = count_out(&clicks->networks[i].count)};
    return (HibApiLinkClicks){.hours = hours,
                              .n_hours = clicks->n_hours,
                              .networks = networks,
                              .n_networks = clicks->n_networks,
                              .devices = {.other = clicks->devices[HIB_DEVICE_OTHER],
                                          .phone = clicks->devices[HIB_DEVICE_PHONE],
                                          .tablet = clicks->devices[HIB_DEVICE_TABLET],
                                          .desktop = clicks->devices[HIB_DEVICE_DESKTOP]},
                              .referrers = {.none = clicks->referrers[HIB_REFERRER_NONE],
                                            .social = clicks->referrers[HIB_REFERRER_SOCIAL],
                                            .search = clicks->referrers[HIB_REFERRER_SEARCH],
                                            .mail = clicks->referrers[HIB_REFERRER_MAIL],
                                            .chat = clicks->referrers[HIB_REFERRER_CHAT],
                                            .other = clicks->referrers[HIB_REFERRER_OTHER]}};
}

bool
hib_on_get_link_clicks(HibCall *call, const char *link, const HibApiGetLinkClicksQuery *in,
                       GError **error)
{
    HibDb *db = hib_call_db(call);
    HibShortLink *found;
    HibLinkClicks clicks;
    HibInstant to = in->has_to ? in->to : hib_db_now(db) + HIB_HOUR;
    HibInstant from = in->has_from ? in->from : to - 30 * HIB_DAY;
    if (from >= to || to - from > 400 * HIB_DAY) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "links.bad_range", "/from", "no range");
        return false;
    }
    if (!hib_links_get(db, link, &found, error) ||
        !hib_links_clicks(db, link, from, to, &clicks, error))
        return false;
    const HibApiLinkClicks out = clicks_out(hib_call_arena(call), &clicks);
    return hib_reply_link_clicks(call, 200, &out);
}

bool
hib_on_get_link_qr(HibCall *call, const char *link, const HibApiGetLinkQrQuery *in, GError **error)
{
    HibShortLink *found;
    int size = in->has_size ? (int)in->size : QR_SIZE;
    bool is_png = in->has_format && in->format == HIB_API_GET_LINK_QR_QUERY_FORMAT_PNG;
    if (!hib_links_get(hib_call_db(call), link, &found, error))
        return false;
    const char *url = hib_links_url(hib_call_arena(call), hib_call_context(call), found->code);
    char *svg = is_png ? NULL : hib_qr_svg(url, size);
    g_autoptr(GBytes) bytes = is_png ? hib_qr_png(url, size)
                              : svg  ? g_bytes_new_take(svg, strlen(svg))
                                     : NULL;
    if (!bytes) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "no QR code of %s", url);
        return false;
    }
    hib_call_set_header(call, "Content-Disposition",
                        hib_arena_printf(hib_call_arena(call), "attachment; filename=\"%s.%s\"",
                                         found->code, is_png ? "png" : "svg"));
    return hib_call_reply_bytes(call, 200, is_png ? "image/png" : "image/svg+xml", bytes,
                                "private, max-age=300");
}
