/* How searching for hashtags stands, over HTTP. */
#include "engage/engage.h"
#include "http/call.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

static int
fault_of(const HibUgcSearch *search)
{
    static const char *const names[] = {
        "", "no_account", "too_many_tags", "day_full", "rate_limited", "refused", "unreachable"};
    if (!search->account)
        return 1;
    for (int i = 2; search->row.fault && i < (int)G_N_ELEMENTS(names); i++)
        if (g_str_equal(names[i], search->row.fault))
            return i;
    return 0;
}

static const char *
account_of(const HibAccount *accounts, size_t n, const char *network)
{
    for (size_t i = 0; i < n; i++)
        if (accounts[i].state == HIB_ACCOUNT_OK && g_str_equal(accounts[i].network, network))
            return accounts[i].id;
    return NULL;
}

static HibApiUgcSearchNetwork
network_to_api(const HibNetwork *network, const char *account, bool is_on)
{
    const HibNetSearchRule *rule = network->limits()->search;
    const char *currency = network->limits()->currency;
    return (HibApiUgcSearchNetwork){.network = network->name,
                                    .account_id = account,
                                    .has_account_id = account != NULL,
                                    .is_on = is_on,
                                    .every_s = rule->every_s,
                                    .posts = rule->posts,
                                    .days = rule->days,
                                    .tags = rule->tags,
                                    .price_micros = rule->price_micros,
                                    .currency = currency ? currency : "",
                                    .has_author = rule->has_author,
                                    .answer = (int)rule->answer,
                                    .source = rule->source,
                                    .as_of = rule->as_of};
}

static HibApiUgcSearch
search_to_api(const HibUgcSearch *search, const char *today)
{
    const HibSqlUgcSearchList *row = &search->row;
    bool is_known = row->account_id != NULL;
    return (HibApiUgcSearch){.network = search->network,
                             .tag = search->tag,
                             .searched_at = row->searched_at,
                             .has_searched_at = row->has_searched_at,
                             .next_at = row->next_at,
                             .has_next_at = is_known,
                             .n_found = row->n_found,
                             .n_today = is_known && g_str_equal(row->day, today) ? row->n_day : 0,
                             .fault = fault_of(search),
                             .said = is_known ? row->said : ""};
}

bool
hib_on_list_ugc_searches(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibUgcSetting setting;
    HibUgcSearch *searches;
    HibAccount *accounts;
    size_t n, n_accounts;
    if (!hib_ugc_setting(db, &setting, error) || !hib_ugc_searches(db, &searches, &n, error) ||
        !hib_accounts_list(db, &accounts, &n_accounts, error))
        return false;
    HibApiUgcSearchList out = {0};
    size_t most = 0;
    for (const HibNetwork *const *at = hib_networks; *at; at++)
        most++;
    out.networks = hib_arena_array(arena, HibApiUgcSearchNetwork, most);
    out.without = hib_arena_array(arena, const char *, most);
    out.searches = hib_arena_array(arena, HibApiUgcSearch, n + 1);
    g_auto(GStrv) on = g_strsplit(setting.networks, " ", -1);
    for (const HibNetwork *const *at = hib_networks; *at; at++)
        if ((*at)->limits()->search)
            out.networks[out.n_networks++] =
                network_to_api(*at, account_of(accounts, n_accounts, (*at)->name),
                               g_strv_contains((const char *const *)on, (*at)->name));
        else
            out.without[out.n_without++] = (*at)->name;
    const char *today = hib_ugc_utc_day(db);
    for (size_t i = 0; i < n; i++)
        out.searches[out.n_searches++] = search_to_api(&searches[i], today);
    return hib_reply_ugc_search_list(call, 200, &out);
}
