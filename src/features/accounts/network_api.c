/* What the networks of this build take, and how a text counts on each: numbers from rules/, with source and date. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "base/error.h"
#include "http/call.h"

static size_t
n_networks(void)
{
    size_t n = 0;
    while (hib_networks[n])
        n++;
    return n;
}

static void
info_of(HibArena *arena, const HibNetwork *network, HibApiNetworkInfo *out)
{
    const HibNetLimits *limits = network->limits();
    size_t n = 0;
    const HibNetFormatLimits *form = &limits->formats[0];
    while (form->image.types && form->image.types[n])
        n++;
    const char **types = hib_arena_array(arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        types[i] = form->image.types[i];
    *out = (HibApiNetworkInfo){
        .name = network->name,
        .title = network->title,
        .max_graphemes = limits->max_text,
        .max_bytes = limits->max_bytes,
        .max_images = form->max_media,
        .max_image_bytes = form->image.max_bytes,
        .max_alt_graphemes = limits->max_alt,
        .image_types = types,
        .n_image_types = n,
        .source = limits->source,
        .as_of = limits->as_of,
    };
}

bool
hib_on_list_networks(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    size_t n = n_networks();
    HibApiNetworkInfo *rows = hib_arena_array(arena, HibApiNetworkInfo, n);
    for (size_t i = 0; i < n; i++)
        info_of(arena, hib_networks[i], &rows[i]);
    const HibApiNetworkList out = {.networks = rows, .n_networks = n};
    return hib_reply_network_list(call, 200, &out);
}

static void
count_on(const HibNetwork *network, const char *text, HibApiTextCount *out)
{
    HibNetCount count = hib_net_count(network, HIB_FORMAT_POST, text);
    *out = (HibApiTextCount){
        .network = network->name,
        .graphemes = count.used,
        .bytes = count.bytes,
        .max_graphemes = count.max,
        .max_bytes = count.max_bytes,
        .is_over = count.is_over,
    };
}

/* Without `networks`: on each there is. */
bool
hib_on_count_text(HibCall *call, const HibApiCountText *in, GError **error)
{
    size_t n = in->has_networks ? in->n_networks : n_networks();
    HibApiTextCount *rows = hib_arena_array(hib_call_arena(call), HibApiTextCount, n);
    for (size_t i = 0; i < n; i++) {
        const HibNetwork *network =
            in->has_networks ? hib_network_find(in->networks[i]) : hib_networks[i];
        if (!network) {
            g_autofree char *at = g_strdup_printf("/networks/%zu", i);
            hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.network_unknown", at,
                             "no network %s", in->networks[i]);
            return false;
        }
        count_on(network, in->text, &rows[i]);
    }
    const HibApiCountList out = {.counts = rows, .n_counts = n};
    return hib_reply_count_list(call, 200, &out);
}
