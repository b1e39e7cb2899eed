/* What looking at others takes: money for what a network charges for each account and post read, and units of its quota. Prices and quotas are data (rules/networks). */
#include "accounts/accounts.h"
#include "measure/measure_private.h"
#include "measure/rival.h"
#include "measure/rival.sql.h"

bool
hib_rival_may_look(HibDb *db, const HibNetwork *network, const char *via, HibInstant *ret_at,
                   GError **error)
{
    const HibNetRivalRule *rule = network->limits()->rival;
    *ret_at = 0;
    return !rule || !rule->quota ||
           hib_accounts_quota_room(db, via, rule->quota, rule->takes, ret_at, error);
}

bool
hib_rival_count_look(HibDb *db, const HibNetwork *network, const char *via,
                     const HibNetRival *rival, GError **error)
{
    const HibNetRivalRule *rule = network->limits()->rival;
    if (rule && rule->quota && !hib_accounts_quota_take(db, via, rule->quota, rule->takes, error))
        return false;
    const int64_t micros = rule ? rival->n_accounts_read * rule->price_account_micros +
                                      rival->n_posts_read * rule->price_post_micros
                                : 0;
    if (!micros)
        return true;
    g_autoptr(HibZone) utc = hib_zone_utc();
    return hib_sql_rival_cost_add(db, network->name, hib_measure_day(utc, hib_db_now(db)),
                                  rival->n_accounts_read, rival->n_posts_read, micros, error);
}

static bool
cost_of(HibDb *db, const HibNetwork *network, HibInstant from, HibRivalCost *ret, GError **error)
{
    const HibNetRivalRule *rule = network->limits()->rival;
    HibSqlRivalCostSum *sum;
    g_autoptr(HibZone) utc = hib_zone_utc();
    *ret = (HibRivalCost){.network = network->name,
                          .currency = network->limits()->currency,
                          .quota = rule->quota,
                          .source = rule->source,
                          .as_of = rule->as_of,
                          .posts = rule->posts,
                          .fresh_days = rule->fresh_days,
                          .takes = rule->takes,
                          .account_micros = rule->price_account_micros,
                          .post_micros = rule->price_post_micros,
                          .most_micros =
                              rule->price_account_micros + rule->posts * rule->price_post_micros};
    if (!hib_sql_rival_cost_sum(db, network->name, hib_measure_day(utc, from), &sum, error))
        return false;
    ret->spent_micros = sum->micros;
    return true;
}

bool
hib_rival_costs(HibDb *db, HibInstant from, HibRivalCost **ret, size_t *ret_n, GError **error)
{
    size_t n = 0;
    while (hib_networks[n])
        n++;
    *ret = hib_arena_array(hib_db_arena(db), HibRivalCost, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (hib_networks[i]->limits()->rival &&
            !cost_of(db, hib_networks[i], from, &(*ret)[(*ret_n)++], error))
            return false;
    return true;
}
