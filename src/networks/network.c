/* The list of networks this build knows, the names of things in the contract, and how a text counts. */
#include "networks/network.h"
#include "networks/bluesky.h"
#include "networks/facebook.h"
#include "networks/instagram.h"
#include "networks/line.h"
#include "networks/mastodon.h"
#include "networks/threads.h"
#include "networks/tiktok.h"
#include "networks/x.h"
#include "networks/youtube.h"
#include "text/count.h"
#include "text/mastodon.h"
#include "text/threads_count.h"
#include "text/weighted.h"

#include <string.h>

const HibNetwork *const hib_networks[] = {
    &hib_bluesky, &hib_facebook, &hib_instagram, &hib_line,    &hib_mastodon,
    &hib_threads, &hib_tiktok,   &hib_x,         &hib_youtube, NULL,
};

const HibNetwork *
hib_network_find(const char *name)
{
    for (size_t i = 0; name && hib_networks[i]; i++)
        if (!strcmp(hib_networks[i]->name, name))
            return hib_networks[i];
    return NULL;
}

const char *
hib_net_class_name(HibNetClass class)
{
    static const char *const names[] = {
        [HIB_NET_OK] = "ok",
        [HIB_NET_RETRY_SAME] = "retry_same",
        [HIB_NET_RETRY_AFTER] = "retry_after",
        [HIB_NET_RECONCILE] = "reconcile",
        [HIB_NET_REFRESH_AUTH] = "refresh_auth",
        [HIB_NET_REAUTH_HUMAN] = "reauth_human",
        [HIB_NET_WAIT_ASYNC] = "wait_async",
        [HIB_NET_NEW_HANDLE] = "new_handle",
        [HIB_NET_QUOTA] = "quota",
        [HIB_NET_FIX_CONTENT] = "fix_content",
        [HIB_NET_BLOCKED] = "blocked",
        [HIB_NET_FATAL] = "fatal",
    };
    return (unsigned)class < G_N_ELEMENTS(names) ? names[class] : "fatal";
}

const char *
hib_net_format_name(HibNetFormat format)
{
    static const char *const names[] = {"post",  "reel",      "story",      "video",
                                        "short", "broadcast", "narrowcast", "message"};
    return (unsigned)format < G_N_ELEMENTS(names) ? names[format] : "post";
}

const char *
hib_net_unit_name(HibTextUnit unit)
{
    static const char *const names[] = {"graphemes", "weighted", "chars",   "utf16",
                                        "bytes",     "threads",  "mastodon"};
    return (unsigned)unit < G_N_ELEMENTS(names) ? names[unit] : "chars";
}

const HibNetFormatLimits *
hib_net_format(const HibNetLimits *limits, HibNetFormat format)
{
    for (int i = 0; i < limits->n_formats; i++)
        if (limits->formats[i].format == format)
            return &limits->formats[i];
    return NULL;
}

int
hib_net_units(HibTextUnit unit, const char *text)
{
    if (unit == HIB_UNIT_WEIGHTED)
        return (int)MIN(hib_text_weighted(text).weight, (size_t)INT32_MAX);
    HibTextCount count = hib_text_count(text);
    size_t used = count.code_points;
    if (unit == HIB_UNIT_THREADS)
        used = hib_text_threads(text);
    else if (unit == HIB_UNIT_GRAPHEMES)
        used = count.graphemes;
    else if (unit == HIB_UNIT_UTF16)
        used = count.utf16_units;
    else if (unit == HIB_UNIT_BYTES)
        used = count.bytes;
    else if (unit == HIB_UNIT_MASTODON)
        used = hib_text_mastodon(text);
    return (int)MIN(used, (size_t)INT32_MAX);
}

HibNetCount
hib_net_count_in(const HibNetLimits *limits, HibNetFormat format, const char *text)
{
    const HibNetFormatLimits *form = hib_net_format(limits, format);
    HibNetCount out = {.used = hib_net_units(limits->unit, text),
                       .max = form && form->max_text ? form->max_text : limits->max_text,
                       .bytes = (int)MIN(strlen(text), (size_t)INT32_MAX),
                       .max_bytes = limits->max_bytes};
    out.is_over = (out.max && out.used > out.max) || (out.max_bytes && out.bytes > out.max_bytes);
    return out;
}

HibNetCount
hib_net_count(const HibNetwork *network, HibNetFormat format, const char *text)
{
    return hib_net_count_in(network->limits(), format, text);
}

const HibNetLimits *
hib_net_limits_of(HibArena *arena, const HibNetwork *network, const char *extra)
{
    return network->limits_of && extra && *extra ? network->limits_of(arena, extra)
                                                 : network->limits();
}
