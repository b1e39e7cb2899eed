/* Own accounts and those of others, by the same measure over the same days. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "measure/measure_private.h"
#include "measure/rival.h"
#include "measure/rival.sql.h"
#include "networks/network_optional.h"

#include <math.h>

static HibRivalFollowers
told(const char *network, int64_t followers, bool is_hidden)
{
    const HibNetwork *known = hib_network_find(network);
    const HibNetRivalRule *rule = known ? known->limits()->rival : NULL;
    if (is_hidden)
        return HIB_RIVAL_HIDDEN;
    if (followers < 0)
        return HIB_RIVAL_UNTOLD;
    return rule && rule->rounded_from && followers >= rule->rounded_from ? HIB_RIVAL_ROUNDED
                                                                         : HIB_RIVAL_EXACT;
}

/* What is known of the period: from where every post is read until the newest look. */
typedef struct {
    HibInstant begin, end;
} Covered;

static Covered
covered(const HibSqlRivalRow *row, HibInstant from, HibInstant to)
{
    return (Covered){MIN(MAX(from, row->covers_from), row->read_at), MIN(to, row->read_at)};
}

static bool
of_rival(HibDb *db, const HibZone *zone, const HibSqlRivalRow *row, HibInstant from, HibInstant to,
         HibRivalFigures *ret, GError **error)
{
    HibSqlRivalPosts *posts;
    HibSqlRivalFirstDay *first;
    const Covered is = covered(row, from, to);
    *ret = (HibRivalFigures){.id = row->id,
                             .network = row->network,
                             .handle = row->handle,
                             .handle_before = row->handle_before,
                             .name = row->name,
                             .url = row->url,
                             .reason = row->reason,
                             .state = (HibRivalState)row->state,
                             .read_at = row->read_at,
                             .followers = row->has_followers ? row->followers : -1};
    ret->followers_is = told(row->network, ret->followers, row->hides_followers);
    if (!hib_sql_rival_posts(db, row->id, is.begin, is.end + 1, &posts, error) ||
        !hib_sql_rival_first_day(db, row->id, hib_measure_day(zone, from), &first, error))
        return false;
    ret->n_posts = ret->n_told = posts->posts;
    ret->engagements = posts->engagements;
    ret->days = (double)MAX(is.end - is.begin, 0) / (double)HIB_DAY;
    ret->is_whole = is.begin == from && to - is.end < 2 * HIB_DAY;
    if (first && row->has_followers && first->day != hib_measure_day(zone, row->read_at)) {
        ret->change = row->followers - first->followers;
        ret->change_since = first->day;
    }
    return true;
}

static bool
of_own(HibDb *db, const HibZone *zone, const HibAccount *account, HibInstant from, HibInstant to,
       HibRivalFigures *ret, GError **error)
{
    HibSqlRivalOwnPosts *posts;
    HibDaily daily;
    const int64_t first = hib_measure_day(zone, from);
    *ret = (HibRivalFigures){.account_id = account->id,
                             .network = account->network,
                             .handle = account->handle,
                             .handle_before = "",
                             .name = account->display_name,
                             .url = account->url,
                             .reason = "",
                             .followers = account->has_followers ? account->followers : -1,
                             .read_at = account->has_checked_at ? account->checked_at : 0,
                             .days = (double)(to - from) / (double)HIB_DAY,
                             .is_whole = true};
    ret->followers_is = told(account->network, ret->followers, false);
    if (!hib_sql_rival_own_posts(db, from, to, account->id, &posts, error) ||
        !hib_measure_daily(db, zone, "followers", account->id, first, hib_measure_day(zone, to),
                           &daily, error))
        return false;
    ret->n_posts = posts->posts;
    ret->n_told = posts->told;
    ret->engagements = posts->engagements;
    for (size_t i = 0; account->has_followers && !ret->change_since && i < daily.n; i++)
        if (!isnan(daily.values[i])) {
            ret->change = account->followers - (int64_t)daily.values[i];
            ret->change_since = hib_measure_day_shift(daily.first, (int)i);
        }
    return true;
}

static void
take_networks(HibArena *arena, HibRivals *ret)
{
    size_t n = 0;
    while (hib_networks[n])
        n++;
    ret->networks = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (hib_net_optional(hib_networks[i])->read_rival)
            ret->networks[ret->n_networks++] = hib_networks[i]->name;
}

bool
hib_rivals(HibDb *db, const HibZone *zone, int days, HibRivals *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibAccount *accounts;
    HibSqlRivalRow *rows;
    *ret = (HibRivals){.to = hib_db_now(db)};
    ret->from = hib_day_start(zone, ret->to, 1 - days);
    take_networks(arena, ret);
    if (!hib_accounts_list(db, &accounts, &ret->n_own, error) ||
        !hib_sql_rival_list(db, &rows, &ret->n_rivals, error) ||
        !hib_rival_costs(db, ret->from, &ret->costs, &ret->n_costs, error))
        return false;
    ret->own = hib_arena_array(arena, HibRivalFigures, ret->n_own + 1);
    ret->rivals = hib_arena_array(arena, HibRivalFigures, ret->n_rivals + 1);
    for (size_t i = 0; i < ret->n_own; i++)
        if (!of_own(db, zone, &accounts[i], ret->from, ret->to, &ret->own[i], error))
            return false;
    for (size_t i = 0; i < ret->n_rivals; i++)
        if (!of_rival(db, zone, &rows[i], ret->from, ret->to, &ret->rivals[i], error))
            return false;
    return true;
}

bool
hib_rival_posts(HibDb *db, const HibZone *zone, const char *id, int days, HibRivalPosts *ret,
                GError **error)
{
    HibSqlRivalRow *row;
    HibSqlRivalPostList *posts;
    const HibInstant to = hib_db_now(db), from = hib_day_start(zone, to, 1 - days);
    if (!hib_sql_rival_get(db, id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "rival.unknown", "%s", id);
        return false;
    }
    const Covered is = covered(row, from, to);
    if (!of_rival(db, zone, row, from, to, &ret->of, error) ||
        !hib_sql_rival_post_list(db, id, is.begin, is.end + 1, HIB_RIVAL_POSTS, &posts, &ret->n,
                                 error))
        return false;
    ret->posts = hib_arena_array(hib_db_arena(db), HibRivalPost, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->posts[i] = (HibRivalPost){
            hib_net_rival_post_url(hib_db_arena(db), row->network, row->url, posts[i].remote_id),
            posts[i].published_at, posts[i].engagements};
    return true;
}
