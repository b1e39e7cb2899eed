/* What a post takes: money and quota, counted before it is scheduled and kept until it is out or given up.
 *
 * A delivery's row says what it takes, what follows it included. What waits or is being sent is reserved by that: no second account of it
 * exists that could differ. What is left is what the network last said (accounts/), less what is reserved. */
#include "base/error.h"
#include "networks/price.h"
#include "publish/cost.sql.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"

static void
add(const HibNetwork *network, const HibNetPost *post, HibPostCost *cost)
{
    const HibNetPrice price = hib_net_price(network, post);
    cost->micros += price.micros;
    cost->has_link = cost->has_link || price.has_link;
    if (price.currency)
        cost->currency = price.currency;
    if (!price.quota)
        return;
    if (!cost->quota)
        cost->quota = price.quota;
    if (price.takes < 0) {
        cost->is_estimate = true;
        cost->is_unknown = cost->followers < 0;
        cost->takes += MAX(cost->followers, 0);
    } else if (g_str_equal(cost->quota, price.quota)) {
        cost->takes += price.takes;
    }
}

HibPostCost
hib_cost_of(HibArena *arena, const HibPost *post, size_t variant, const HibNetwork *network,
            int64_t followers)
{
    const HibPostVariant *one = &post->variants[variant];
    HibPostCost cost = {.account_id = one->account_id, .network = network, .followers = followers};
    HibNetPost first = hib_schedule_post(arena, network, one->text ? one->text : post->text,
                                         post->media, post->n_media);
    first.format = one->format;
    first.options = one->options;
    first.recipient = one->recipient;
    add(network, &first, &cost);
    for (size_t i = 0; i < one->n_thread; i++) {
        HibNetPost part = hib_schedule_post(arena, network, one->thread[i].text,
                                            one->thread[i].media, one->thread[i].n_media);
        part.reply_to = "";
        add(network, &part, &cost);
    }
    if (one->first_comment) {
        HibNetPost comment = {.text = one->first_comment, .reply_to = ""};
        add(network, &comment, &cost);
    }
    return cost;
}

/* --- what is left ----------------------------------------------------------------------------------------------------------- */
/* How long the quota's window is; a calendar month counts as 31 days. 0: the network has none of that name. */
static HibDuration
window_of(const HibNetwork *network, const char *quota)
{
    const HibNetLimits *limits = network->limits();
    for (int i = 0; i < limits->n_quotas; i++)
        if (g_str_equal(limits->quotas[i].name, quota))
            return limits->quotas[i].window_s ? limits->quotas[i].window_s * HIB_SECOND
                                              : 31 * HIB_DAY;
    return 0;
}

/* The window `at` falls into: what runs now, or one of those that follow it, of which nothing is used yet. */
typedef struct {
    HibInstant from, until;
    bool is_now;
} Window;

static Window
window_at(HibInstant at, HibInstant now, HibInstant resets_at, HibDuration length)
{
    HibInstant end = resets_at > now ? resets_at : now + length;
    if (at < end)
        return (Window){0, end, true};
    HibInstant from = end + (at - end) / length * length;
    return (Window){from, from + length, false};
}

/* What the network said is left, less what waits for the same window. has_left false: it never said, or the window is so short that the
 * dispatcher simply waits for the next. */
static bool
fill_left(HibDb *db, const char *post, HibInstant at, HibPostCost *cost, GError **error)
{
    HibAccountQuota *quotas;
    HibSqlCostReserved *reserved;
    size_t n;
    HibDuration length = cost->quota ? window_of(cost->network, cost->quota) : 0;
    if (length < HIB_DAY)
        return true;
    if (!hib_accounts_quotas(db, cost->account_id, &quotas, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!g_str_equal(quotas[i].name, cost->quota) || quotas[i].limit < 0)
            continue;
        Window window = window_at(at, hib_db_now(db), quotas[i].resets_at, length);
        if (!hib_sql_cost_reserved(db, cost->account_id, cost->quota, post, window.from,
                                   window.until, &reserved, error))
            return false;
        int64_t used = window.is_now ? quotas[i].used : 0;
        cost->has_left = true;
        cost->left = MAX(quotas[i].limit - used - reserved->takes, 0);
        cost->resets_at = window.is_now ? quotas[i].resets_at : window.until;
    }
    return true;
}

/* --- counted one after the other ------------------------------------------------------------------------------------------ */
/* A quota of an account: what the network said, and what is taken of each of its windows. */
typedef struct {
    HibDuration length;
    bool is_limited;
    int64_t used, limit;
    HibInstant resets_at;
    GHashTable *taken; /* start of the window → Taken */
} Page;
typedef struct {
    HibInstant from;
    int64_t n;
} Taken;

static void
free_page(void *data)
{
    Page *page = data;
    g_hash_table_unref(page->taken);
    g_free(page);
}

GHashTable *
hib_cost_book_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_page);
}

static bool
open_page(HibDb *db, GHashTable *book, const HibPostCost *cost, Page **ret, GError **error)
{
    HibAccountQuota *quotas;
    size_t n;
    g_autofree char *name = g_strconcat(cost->account_id, " ", cost->quota, NULL);
    *ret = g_hash_table_lookup(book, name);
    if (*ret)
        return true;
    if (!hib_accounts_quotas(db, cost->account_id, &quotas, &n, error))
        return false;
    Page *page = g_new0(Page, 1);
    page->length = window_of(cost->network, cost->quota);
    page->taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    for (size_t i = 0; i < n && page->length >= HIB_DAY; i++) {
        if (!g_str_equal(quotas[i].name, cost->quota) || quotas[i].limit < 0)
            continue;
        page->is_limited = true;
        page->used = quotas[i].used;
        page->limit = quotas[i].limit;
        page->resets_at = quotas[i].resets_at;
    }
    g_hash_table_insert(book, g_steal_pointer(&name), page);
    *ret = page;
    return true;
}

bool
hib_cost_book_add(HibDb *db, GHashTable *book, HibInstant at, HibPostCost *cost, GError **error)
{
    Page *page;
    HibSqlCostReserved *reserved;
    if (!cost->quota)
        return true;
    if (!open_page(db, book, cost, &page, error))
        return false;
    if (!page->is_limited)
        return true;
    const Window window = window_at(at, hib_db_now(db), page->resets_at, page->length);
    Taken *taken = g_hash_table_lookup(page->taken, &window.from);
    if (!taken) {
        if (!hib_sql_cost_reserved(db, cost->account_id, cost->quota, "", window.from, window.until,
                                   &reserved, error))
            return false;
        taken = g_new0(Taken, 1);
        *taken = (Taken){window.from, reserved->takes + (window.is_now ? page->used : 0)};
        g_hash_table_insert(page->taken, &taken->from, taken);
    }
    cost->has_left = true;
    cost->left = MAX(page->limit - taken->n, 0);
    cost->resets_at = window.is_now ? page->resets_at : window.until;
    taken->n += cost->takes;
    return true;
}

bool
hib_publish_costs(HibDb *db, const HibPost *post, HibInstant at, HibPostCost **ret, GError **error)
{
    *ret = hib_arena_array(hib_db_arena(db), HibPostCost, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++) {
        HibAccount *account;
        if (!hib_accounts_get(db, post->variants[i].account_id, &account, error))
            return false;
        const HibNetwork *network = hib_network_find(account->network);
        if (!network)
            continue;
        (*ret)[i] = hib_cost_of(hib_db_arena(db), post, i, network,
                                account->has_followers ? account->followers : -1);
        if (!fill_left(db, post->id, at, &(*ret)[i], error))
            return false;
    }
    return true;
}

bool
hib_cost_check(const HibPostCost *cost, size_t variant, GError **error)
{
    if (!cost->has_left || cost->takes <= cost->left)
        return true;
    g_autofree char *pointer = g_strdup_printf("/variants/%zu", variant);
    g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT, cost->left);
    g_autofree char *takes = g_strdup_printf("%" G_GINT64_FORMAT, cost->takes);
    GError *refused = NULL;
    hib_error_set_at(&refused, HIB_ERROR_CONFLICT, "publish.quota_short", pointer,
                     "takes %s of %s, %s are left", takes, cost->quota, left);
    if (cost->resets_at)
        hib_error_set_retry_at(refused, cost->resets_at);
    hib_error_set_detail(refused, "network", cost->network->title);
    hib_error_set_detail(refused, "left", left);
    hib_error_set_detail(refused, "takes", takes);
    g_propagate_error(error, refused);
    return false;
}

bool
hib_cost_keep(HibDb *db, const char *delivery, const HibPostCost *cost, GError **error)
{
    if (!cost->micros && !cost->takes)
        return true;
    return hib_sql_cost_keep(db, delivery, cost->micros, cost->currency, cost->quota, cost->takes,
                             error);
}
