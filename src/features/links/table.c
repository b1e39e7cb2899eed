/* Codes in memory: see table.h. */
#include "links/table.h"
#include "links/click_store.h"
#include <pthread.h>
#include <string.h>

struct HibTable {
    pthread_mutex_t lock;
    GHashTable *by_code;
};

void
hib_table_entry_free(HibTableEntry *entry)
{
    if (!entry)
        return;
    for (size_t i = 0; i < entry->n_variants; i++)
        g_free(entry->variants[i].location);
    g_free(entry->variants);
    g_free(entry->code);
    g_free(entry->location);
    g_free(entry->ios);
    g_free(entry->android);
    g_free(entry->ended);
    g_free(entry);
}

static void
entry_free(void *entry)
{
    hib_table_entry_free(entry);
}

HibTable *
hib_table_new(void)
{
    HibTable *table = g_new0(HibTable, 1);
    pthread_mutex_init(&table->lock, NULL);
    table->by_code = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    return table;
}

void
hib_table_free(HibTable *table)
{
    if (!table)
        return;
    g_hash_table_unref(table->by_code);
    pthread_mutex_destroy(&table->lock);
    g_free(table);
}

void
hib_table_put(HibTable *table, HibTableEntry *entry)
{
    pthread_mutex_lock(&table->lock);
    const HibTableEntry *before = g_hash_table_lookup(table->by_code, entry->code);
    if (before)
        entry->n_clicks = MAX(entry->n_clicks, before->n_clicks);
    else if (g_hash_table_size(table->by_code) >=
             HIB_TABLE_MOST) { /* any one: it comes back when it is asked for */
        GHashTableIter iter;
        g_hash_table_iter_init(&iter, table->by_code);
        if (g_hash_table_iter_next(&iter, NULL, NULL))
            g_hash_table_iter_remove(&iter);
    }
    g_hash_table_replace(table->by_code, entry->code, entry);
    pthread_mutex_unlock(&table->lock);
}

int64_t
hib_table_size(HibTable *table)
{
    pthread_mutex_lock(&table->lock);
    int64_t n = g_hash_table_size(table->by_code);
    pthread_mutex_unlock(&table->lock);
    return n;
}

/* --- which way ----------------------------------------------------------------------------------------------------- */
static bool
is_ended(const HibTableEntry *entry, HibInstant now)
{
    return entry->is_archived || (entry->expires_at && entry->expires_at <= now) ||
           (entry->click_limit && entry->n_clicks >= entry->click_limit);
}

static const char *
target_of(const HibTableEntry *entry, const char *network)
{
    for (size_t i = 0; i < entry->n_variants; i++)
        if (g_str_equal(entry->variants[i].network, network))
            return entry->variants[i].location;
    return entry->location;
}

static bool
is_web(const char *url)
{
    return g_str_has_prefix(url, "http:") || g_str_has_prefix(url, "https:");
}

/* Chrome's own way to an app with the web behind it. */
static char *
intent_of(const char *app, const char *web)
{
    const char *rest = strstr(app, "://");
    g_autofree char *fallback = g_uri_escape_string(web, NULL, FALSE);
    return g_strdup_printf("intent%s#Intent;scheme=%.*s;S.browser_fallback_url=%s;end", rest,
                           (int)(rest - app), app, fallback);
}

static void
choose(const HibTableEntry *entry, const HibWayAsk *ask, HibWay *ret)
{
    const char *web = target_of(entry, ret->click.network);
    const char *app = ask->os == HIB_OS_IOS       ? entry->ios
                      : ask->os == HIB_OS_ANDROID ? entry->android
                                                  : NULL;
    ret->kind = HIB_WAY_TARGET;
    ret->passes_click = entry->passes_click;
    if (!app || ask->is_web) {
        ret->location = g_strdup(web);
    } else if (is_web(app)) {
        ret->location = g_strdup(app);
        ret->passes_click = false;
    } else if (ask->os == HIB_OS_ANDROID) {
        ret->location = intent_of(app, web);
        ret->passes_click = false;
    } else {
        ret->kind = HIB_WAY_APP;
        ret->location = g_strdup(app);
        ret->web = g_strdup(web);
    }
}

static void
set_network(HibClick *click, const HibTableEntry *entry, const HibWayAsk *ask)
{
    const char *network = ask->network      ? ask->network
                          : *entry->network ? entry->network
                                            : ask->seen_on;
    g_strlcpy(click->network, network, sizeof click->network);
}

void
hib_table_way(HibTable *table, const char *code, const HibWayAsk *ask, HibWay *ret)
{
    *ret = (HibWay){.kind = HIB_WAY_UNKNOWN};
    pthread_mutex_lock(&table->lock);
    HibTableEntry *entry = g_hash_table_lookup(table->by_code, code);
    if (entry) {
        memcpy(ret->click.workspace, entry->workspace, 16);
        memcpy(ret->click.link, entry->link, 16);
        set_network(&ret->click, entry, ask);
        if (is_ended(entry, ask->now)) {
            ret->kind = HIB_WAY_ENDED;
            ret->location = g_strdup(entry->ended);
        } else {
            choose(entry, ask, ret);
        }
    }
    pthread_mutex_unlock(&table->lock);
}

void
hib_table_count(HibTable *table, const char *code)
{
    pthread_mutex_lock(&table->lock);
    HibTableEntry *entry = g_hash_table_lookup(table->by_code, code);
    if (entry)
        entry->n_clicks++;
    pthread_mutex_unlock(&table->lock);
}

void
hib_way_clear(HibWay *way)
{
    g_clear_pointer(&way->location, g_free);
    g_clear_pointer(&way->web, g_free);
}
