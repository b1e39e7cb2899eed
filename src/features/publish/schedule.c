/* What a post must satisfy before it may be scheduled: every variant within its network's limits, every account able to send.
 * The limits are the network's own data; nothing of them is written here. */
#include "publish/schedule.h"
#include "base/error.h"
#include "networks/check.h"
#include <string.h>

/* Where in the post as the contract names it: "/text" is a variant's, "/media/0" the post's own. */
static const char *
pointer_of(HibArena *arena, const HibNetProblem *problem, size_t variant)
{
    if (g_str_has_prefix(problem->pointer, "/media"))
        return hib_arena_printf(arena, "/images%s", problem->pointer + strlen("/media"));
    return hib_arena_printf(arena, "/variants/%zu%s", variant, problem->pointer);
}

static void
refuse(HibArena *arena, const HibNetProblem *problem, const HibNetwork *network, size_t variant,
       GError **error)
{
    g_autofree char *limit = g_strdup_printf("%.10g", problem->limit);
    g_autofree char *bytes = g_strdup_printf("%d", network->limits()->max_bytes);
    GError *refused = NULL;
    hib_error_set_at(&refused, HIB_ERROR_INVALID, problem->reason,
                     pointer_of(arena, problem, variant), "%s: %s, limit %s", network->title,
                     problem->reason, limit);
    hib_error_set_detail(refused, "limit", limit);
    hib_error_set_detail(refused, "network", network->title);
    hib_error_set_detail(refused, "bytes", bytes);
    g_propagate_error(error, refused);
}

static HibNetPost
net_post(HibArena *arena, const HibPost *post, size_t variant)
{
    HibNetMedia *media = hib_arena_array(arena, HibNetMedia, post->n_images + 1);
    for (size_t i = 0; i < post->n_images; i++)
        media[i] = (HibNetMedia){.mime = post->images[i].mime,
                                 .alt = post->images[i].alt ? post->images[i].alt : "",
                                 .bytes = post->images[i].bytes,
                                 .width = post->images[i].width,
                                 .height = post->images[i].height};
    return (HibNetPost){.text = hib_plan_text_for(post, post->variants[variant].account_id),
                        .media = media,
                        .n_media = post->n_images};
}

bool
hib_schedule_check_variant(HibArena *arena, const HibPost *post, size_t variant,
                           const HibNetwork *network, GError **error)
{
    HibNetPost sent = net_post(arena, post, variant);
    HibNetProblem problem;
    if (!hib_net_check(arena, network, &sent, &problem, 1))
        return true;
    refuse(arena, &problem, network, variant, error);
    return false;
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
        if (!hib_schedule_check_variant(hib_db_arena(db), post, i, network, error))
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
