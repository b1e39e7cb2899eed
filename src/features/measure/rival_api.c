/* Competitors over HTTP. */
#include "base/error.h"
#include "http/call.h"
#include "measure/measure_private.h"
#include "measure/rival.h"

enum { USUAL_DAYS = 28 };

static HibApiRivalFigures
as_reply(HibArena *arena, const HibRivalFigures *is)
{
    const double per_post = is->n_told ? (double)is->engagements / (double)is->n_told : 0;
    return (HibApiRivalFigures){
        .id = is->id,
        .has_id = is->id != NULL,
        .account_id = is->account_id,
        .has_account_id = is->account_id != NULL,
        .network = is->network,
        .handle = is->handle,
        .handle_before = is->handle_before,
        .has_handle_before = *is->handle_before,
        .name = is->name,
        .url = is->url,
        .has_url = is->url && *is->url,
        .state = (int)is->state,
        .reason = is->reason,
        .has_reason = *is->reason,
        .read_at = is->read_at,
        .has_read_at = is->read_at,
        .followers = is->followers,
        .has_followers = is->followers >= 0,
        .followers_is = (int)is->followers_is,
        .followers_change = is->change,
        .has_followers_change = is->change_since,
        .change_since = is->change_since ? hib_measure_day_text(arena, is->change_since) : NULL,
        .has_change_since = is->change_since,
        .n_posts = is->n_posts,
        .posts_per_week = is->days >= 1 ? (double)is->n_posts / is->days * 7 : 0,
        .has_posts_per_week = is->days >= 1,
        .per_post = per_post,
        .has_per_post = is->n_told,
        .rate = is->followers > 0 ? per_post / (double)is->followers : 0,
        .has_rate = is->n_told && is->followers > 0,
        .days = is->days,
        .is_whole = is->is_whole};
}

static HibApiRivalFigures *
all_of(HibArena *arena, const HibRivalFigures *rows, size_t n)
{
    HibApiRivalFigures *out = hib_arena_array(arena, HibApiRivalFigures, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = as_reply(arena, &rows[i]);
    return out;
}

static HibApiRivalCost *
costs_of(HibArena *arena, const HibRivalCost *rows, size_t n)
{
    HibApiRivalCost *out = hib_arena_array(arena, HibApiRivalCost, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiRivalCost){.network = rows[i].network,
                                   .most_micros = rows[i].most_micros,
                                   .account_micros = rows[i].account_micros,
                                   .post_micros = rows[i].post_micros,
                                   .spent_micros = rows[i].spent_micros,
                                   .currency = rows[i].currency,
                                   .has_currency = rows[i].currency != NULL,
                                   .posts = rows[i].posts,
                                   .fresh_days = rows[i].fresh_days,
                                   .quota = rows[i].quota,
                                   .has_quota = rows[i].quota != NULL,
                                   .takes = rows[i].takes,
                                   .source = rows[i].source,
                                   .as_of = rows[i].as_of};
    return out;
}

bool
hib_on_list_rivals(HibCall *call, const HibApiListRivalsQuery *query, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibDb *db = hib_call_db(call);
    HibRivals all;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone ||
        !hib_rivals(db, zone, query->has_days ? (int)query->days : USUAL_DAYS, &all, error))
        return false;
    HibApiRivalList list = {.from = all.from,
                            .to = all.to,
                            .most = HIB_RIVALS,
                            .own = all_of(arena, all.own, all.n_own),
                            .n_own = all.n_own,
                            .rivals = all_of(arena, all.rivals, all.n_rivals),
                            .n_rivals = all.n_rivals,
                            .networks = all.networks,
                            .n_networks = all.n_networks,
                            .costs = costs_of(arena, all.costs, all.n_costs),
                            .n_costs = all.n_costs};
    return hib_reply_rival_list(call, 200, &list);
}

bool
hib_on_list_rival_posts(HibCall *call, const char *rival, const HibApiListRivalPostsQuery *query,
                        GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibRivalPosts all;
    g_autoptr(HibZone) zone = hib_measure_zone(hib_call_db(call), error);
    if (!zone || !hib_rival_posts(hib_call_db(call), zone, rival,
                                  query->has_days ? (int)query->days : USUAL_DAYS, &all, error))
        return false;
    HibApiRivalPostList list = {.of = as_reply(arena, &all.of),
                                .engagements = all.of.engagements,
                                .posts = hib_arena_array(arena, HibApiRivalPost, all.n + 1)};
    for (; list.n_posts < all.n; list.n_posts++) {
        const HibRivalPost *one = &all.posts[list.n_posts];
        list.posts[list.n_posts] = (HibApiRivalPost){.url = one->url,
                                                     .has_url = one->url != NULL,
                                                     .published_at = one->published_at,
                                                     .engagements = one->engagements};
    }
    return hib_reply_rival_post_list(call, 200, &list);
}

bool
hib_on_create_rival(HibCall *call, const HibApiRivalDraft *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibRivals all;
    const char *id;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_rival_add(db, hib_call_context(call), in->network, in->handle, &id, error) ||
        !hib_rivals(db, zone, USUAL_DAYS, &all, error))
        return false;
    for (size_t i = 0; i < all.n_rivals; i++)
        if (g_str_equal(all.rivals[i].id, id)) {
            const HibApiRivalFigures out = as_reply(hib_call_arena(call), &all.rivals[i]);
            return hib_reply_rival_figures(call, 201, &out);
        }
    hib_error_set(error, HIB_ERROR_CONFLICT, "rival.unknown", "%s was removed just now", id);
    return false;
}

bool
hib_on_remove_rival(HibCall *call, const char *rival, GError **error)
{
    return hib_rival_remove(hib_call_db(call), rival, error) && hib_call_reply_empty(call, 204);
}
