/* What the networks of this build take: numbers from rules/, with source and date. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "base/error.h"
#include "base/json.h"
#include "http/call.h"

static size_t
n_networks(void)
{
    size_t n = 0;
    while (hib_networks[n])
        n++;
    return n;
}

/* --- limits ----------------------------------------------------------------------------------------- */
static bool
fill_spec(HibArena *arena, const HibNetMediaSpec *spec, HibApiMediaSpec *out)
{
    if (!spec->types)
        return false;
    size_t n = g_strv_length((char **)(uintptr_t)spec->types);
    const char **types = hib_arena_array(arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        types[i] = spec->types[i];
    *out = (HibApiMediaSpec){
        .types = types,
        .n_types = n,
        .max_bytes = spec->max_bytes,
        .min_width = spec->min_width,
        .max_width = spec->max_width,
        .min_height = spec->min_height,
        .max_height = spec->max_height,
        .min_ratio = spec->min_ratio,
        .max_ratio = spec->max_ratio,
        .min_ms = spec->min_ms,
        .max_ms = spec->max_ms,
        .min_fps = spec->min_fps,
        .max_fps = spec->max_fps,
        .max_bitrate = spec->max_bitrate,
    };
    return true;
}

static void
fill_format(HibArena *arena, const HibNetFormatLimits *form, HibApiNetworkFormat *out)
{
    *out = (HibApiNetworkFormat){
        .format = (int)form->format,
        .min_media = form->min_media,
        .max_media = form->max_media,
        .max_videos = form->max_videos,
        .can_mix = form->can_mix,
        .needs_title = form->needs_title,
        .needs_text = form->needs_text,
        .can_be_bare = form->can_be_bare,
        .max_text = form->max_text,
        .has_safe = form->safe_top || form->safe_bottom || form->safe_left || form->safe_right,
        .safe = {form->safe_top, form->safe_bottom, form->safe_left, form->safe_right},
    };
    out->has_image = fill_spec(arena, &form->image, &out->image);
    out->has_gif = fill_spec(arena, &form->gif, &out->gif);
    out->has_video = fill_spec(arena, &form->video, &out->video);
}

/* Whether a post of its own can have this form: YouTube's "post" is a comment, which stands under something. */
static bool
is_offered(const HibNetwork *network, HibNetFormat format)
{
    const char *reason = NULL, *pointer = NULL;
    const HibNetPost post = {.format = format, .text = "x"};
    return !network->check || network->check(&post, &reason, &pointer) ||
           !g_str_equal(reason, "post.format");
}

static void
fill_lists(HibArena *arena, const HibNetwork *network, const HibNetLimits *limits,
           HibApiNetworkInfo *out)
{
    HibApiNetworkFormat *formats =
        hib_arena_array(arena, HibApiNetworkFormat, (size_t)limits->n_formats);
    for (int i = 0; i < limits->n_formats; i++)
        if (is_offered(network, limits->formats[i].format))
            fill_format(arena, &limits->formats[i], &formats[out->n_formats++]);
    out->formats = formats;

    HibApiNetworkQuota *quotas =
        hib_arena_array(arena, HibApiNetworkQuota, (size_t)limits->n_quotas);
    for (int i = 0; i < limits->n_quotas; i++)
        quotas[i] =
            (HibApiNetworkQuota){limits->quotas[i].name, limits->quotas[i].limit,
                                 limits->quotas[i].window_s, limits->quotas[i].is_per_recipient};
    out->quotas = quotas;
    out->n_quotas = (size_t)limits->n_quotas;

    HibJson all = {0};
    const char *text = hib_arena_printf(arena, "{\"options\":%s}", limits->options);
    if (!hib_json_parse(arena, text, strlen(text), &all, NULL) ||
        !hib_json_array(all, "options", &all, NULL))
        return;
    out->options = hib_arena_array(arena, const char *, hib_json_count(all));
    for (HibJson one = hib_json_first(all); one.value; one = hib_json_next(all, one))
        out->options[out->n_options++] = hib_json_print(arena, cJSON_Duplicate(one.value, true));
}

static void
info_of(HibArena *arena, const HibServices *services, const HibNetwork *network,
        const HibNetLimits *limits, HibApiNetworkInfo *out)
{
    *out = (HibApiNetworkInfo){
        .name = network->name,
        .title = network->title,
        .auth = (int)network->auth,
        .has_service = network->has_service,
        .needs_app = hib_app_is_needed(network),
        .needs_url = network->needs_url,
        .has_practice = hib_accounts_practice(services, network->name) != NULL,
        .has_hook = network->hook != NULL,
        .can_remove = network->can_remove,
        .can_edit = network->edit != NULL,
        .can_reply = network->can_reply,
        .can_message = network->can_message,
        .default_service = limits->default_service,
        .unit = (int)limits->unit,
        .max_text = limits->max_text,
        .max_bytes = limits->max_bytes,
        .max_title = limits->max_title,
        .max_alt = limits->max_alt,
        .max_hashtags = limits->max_hashtags,
        .max_mentions = limits->max_mentions,
        .max_links = limits->max_links,
        .max_thread = limits->max_thread,
        .edit_s = limits->edit_s,
        .has_price = limits->currency != NULL,
        .price = {limits->price_post_micros, limits->price_link_micros, limits->price_reply_micros,
                  limits->price_message_micros, limits->price_alt_micros, limits->currency},
        .source = limits->source,
        .as_of = limits->as_of,
    };
    fill_lists(arena, network, limits, out);
}

bool
hib_on_list_networks(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    size_t n = n_networks();
    HibApiNetworkInfo *rows = hib_arena_array(arena, HibApiNetworkInfo, n);
    for (size_t i = 0; i < n; i++)
        info_of(arena, hib_call_context(call), hib_networks[i], hib_networks[i]->limits(),
                &rows[i]);
    const HibApiNetworkList out = {.networks = rows, .n_networks = n};
    return hib_reply_network_list(call, 200, &out);
}

bool
hib_on_list_practice_logins(HibCall *call, const char *network, GError **error)
{
    HibPracticeLogin *rows;
    size_t n;
    if (!hib_practice_logins(hib_call_db(call), hib_call_context(call), network, &rows, &n, error))
        return false;
    HibApiPracticeLogin *out = hib_arena_array(hib_call_arena(call), HibApiPracticeLogin, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiPracticeLogin){rows[i].login, rows[i].name, rows[i].secret};
    const HibApiPracticeLoginList list = {.logins = out, .n_logins = n};
    return hib_reply_practice_login_list(call, 200, &list);
}

bool
hib_on_get_account_limits(HibCall *call, const char *account, GError **error)
{
    HibAccount *about = NULL;
    const HibNetLimits *limits = NULL;
    HibApiNetworkInfo out;
    const HibServices *services = hib_call_context(call);
    if (!hib_accounts_get(hib_call_db(call), account, &about, error) ||
        !hib_accounts_limits(hib_call_db(call), services, account, &limits, error))
        return false;
    info_of(hib_call_arena(call), services, hib_network_find(about->network), limits, &out);
    return hib_reply_network_info(call, 200, &out);
}
