/* What a post must satisfy before it may be scheduled: every variant within its network's limits, every account able to send.
 * The limits are the network's own data; nothing of them is written here. */
#include "publish/schedule.h"
#include "base/error.h"
#include <string.h>

/* Spaces, and what has no width of its own: joiners, marks of direction, variation selectors, Hangul fillers. */
static bool
is_seen(gunichar c)
{
    static const gunichar fillers[] = {0x115f, 0x1160, 0x3164, 0xffa0};
    for (size_t i = 0; i < G_N_ELEMENTS(fillers); i++)
        if (c == fillers[i])
            return false;
    return !g_unichar_isspace(c) && !g_unichar_iscntrl(c) &&
           g_unichar_type(c) != G_UNICODE_FORMAT && !(c >= 0xfe00 && c <= 0xfe0f);
}

/* Nothing in it that a reader would see. */
static bool
is_blank(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (is_seen(g_utf8_get_char(at)))
            return false;
    return true;
}

static bool
refuse(GError **error, const char *reason, int64_t limit, const char *network, const char *format,
       size_t at)
{
    g_autofree char *pointer = NULL, *number = g_strdup_printf("%" G_GINT64_FORMAT, limit);
    GError *refused = NULL;
    pointer = g_strdup_printf(format[0] == 'v'   ? "/variants/%zu/text"
                              : format[0] == 'a' ? "/images/%zu/alt"
                                                 : "/images/%zu",
                              at);
    hib_error_set_at(&refused, HIB_ERROR_INVALID, reason, pointer, "%s: %s, limit %s", network,
                     reason, number);
    hib_error_set_detail(refused, "limit", number);
    hib_error_set_detail(refused, "network", network);
    g_propagate_error(error, refused);
    return false;
}

/* Both limits are told: a text of few characters can be too many bytes. */
static bool
refuse_length(GError **error, const HibNetwork *network, size_t variant)
{
    GError *refused = NULL;
    g_autofree char *bytes = g_strdup_printf("%d", network->limits()->max_bytes);
    refuse(&refused, "post.over_limit", network->limits()->max_graphemes, network->title, "variant",
           variant);
    hib_error_set_detail(refused, "bytes", bytes);
    g_propagate_error(error, refused);
    return false;
}

static bool
is_type_allowed(const HibNetLimits *limits, const char *mime)
{
    for (const char *const *type = limits->image_types; mime && type && *type; type++)
        if (g_str_equal(*type, mime))
            return true;
    return false;
}

static bool
check_images(const HibPost *post, const HibNetwork *network, GError **error)
{
    const HibNetLimits *limits = network->limits();
    if (post->n_images > (size_t)limits->max_images)
        return refuse(error, "post.too_many_images", limits->max_images, network->title, "image",
                      (size_t)limits->max_images);
    for (size_t i = 0; i < post->n_images; i++) {
        const HibPostImage *image = &post->images[i];
        if (!is_type_allowed(limits, image->mime))
            return refuse(error, "post.image_type", 0, network->title, "image", i);
        if (image->bytes > limits->max_image_bytes)
            return refuse(error, "post.image_too_large", limits->max_image_bytes, network->title,
                          "image", i);
        if (image->alt && network->count(image->alt).graphemes > limits->max_alt_graphemes)
            return refuse(error, "post.alt_too_long", limits->max_alt_graphemes, network->title,
                          "alt", i);
    }
    return true;
}

bool
hib_schedule_check_variant(const HibPost *post, size_t variant, const HibNetwork *network,
                           GError **error)
{
    const char *text = hib_plan_text_for(post, post->variants[variant].account_id);
    if (!post->n_images && is_blank(text))
        return refuse(error, "post.empty", 0, network->title, "variant", variant);
    if (network->count(text).is_over)
        return refuse_length(error, network, variant);
    return check_images(post, network, error);
}

static bool
check_account(HibDb *db, const HibPost *post, size_t variant, HibAccount **ret, GError **error)
{
    const char *pointer = hib_arena_printf(hib_db_arena(db), "/variants/%zu/account_id", variant);
    g_autoptr(GError) failed = NULL;
    if (!hib_accounts_get(db, post->variants[variant].account_id, ret, &failed)) {
        hib_error_set_pointer(failed, pointer);
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if ((*ret)->state == HIB_ACCOUNT_OK)
        return true;
    hib_error_set_at(error, HIB_ERROR_CONFLICT, "accounts.needs_reconnect", pointer,
                     "account %s needs a person", (*ret)->id);
    return false;
}

bool
hib_schedule_check(HibDb *db, const HibPost *post, HibAccount ***ret_accounts, GError **error)
{
    HibAccount **accounts = hib_arena_array(hib_db_arena(db), HibAccount *, post->n_variants + 1);
    if (!post->n_variants) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.no_account", "/variants",
                         "no account chosen");
        return false;
    }
    for (size_t i = 0; i < post->n_variants; i++) {
        if (!check_account(db, post, i, &accounts[i], error))
            return false;
        const HibNetwork *network = hib_network_find(accounts[i]->network);
        if (!network) {
            hib_error_set(error, HIB_ERROR_INVALID, "accounts.network_unknown",
                          "no connector for %s", accounts[i]->network);
            return false;
        }
        if (!hib_schedule_check_variant(post, i, network, error))
            return false;
    }
    *ret_accounts = accounts;
    return true;
}

bool
hib_schedule_check_time(HibInstant at, HibInstant now, GError **error)
{
    if (at >= now - HIB_SCHEDULE_SLACK)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.time_past", "/at", "the time is over already");
    return false;
}
