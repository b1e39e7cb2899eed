/* Kept replies: a prepared response by (who, role, language, URL), valid while the workspace's version stands.
 *
 * Two generations bound the memory without a list of uses: what is asked for moves to the young one; when that is full the
 * old one goes. An entry also ages out after ten seconds, because some replies (today's queue) depend on the clock. */
#include "base/time.h"
#include "http/server_private.h"

#include <string.h>

#define GENERATION_BYTES (16 * 1024 * 1024)
#define AGE_US (10 * HIB_SECOND)
#define ENTRY_BYTES 1024 /* headers and bookkeeping */

typedef struct {
    uint64_t version;
    int64_t made_us;
    char *etag;
    size_t n;
    struct MHD_Response *full, *unchanged;
} Entry;

struct HibReplyCache {
    pthread_mutex_t lock;
    GHashTable *young, *old; /* key → Entry */
    size_t young_bytes;
};

static void
entry_free(void *data)
{
    Entry *entry = data;
    MHD_destroy_response(entry->full);
    MHD_destroy_response(entry->unchanged);
    g_free(entry->etag);
    g_free(entry);
}

static GHashTable *
generation_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
}

HibReplyCache *
hib_reply_cache_new(void)
{
    HibReplyCache *cache = g_new0(HibReplyCache, 1);
    pthread_mutex_init(&cache->lock, NULL);
    cache->young = generation_new();
    cache->old = generation_new();
    return cache;
}

void
hib_reply_cache_free(HibReplyCache *cache)
{
    if (cache == NULL)
        return;
    g_hash_table_unref(cache->young);
    g_hash_table_unref(cache->old);
    pthread_mutex_destroy(&cache->lock);
    g_free(cache);
}

/* No part can hold a line end, so no two callers share a key. */
static char *
key_of(HibCall *call)
{
    const HibCaller *c = &call->caller;
    return g_strconcat(c->person != NULL ? c->person : "", "\n", c->token != NULL ? c->token : "",
                       "\n", c->role != NULL ? c->role : "", "\n", hib_call_locale(call), "\n",
                       call->uri, NULL);
}

static void
put(HibReplyCache *cache, char *key, Entry *entry)
{
    size_t bytes = entry->n + ENTRY_BYTES;
    if (cache->young_bytes + bytes > GENERATION_BYTES) {
        g_hash_table_unref(cache->old);
        cache->old = cache->young;
        cache->young = generation_new();
        cache->young_bytes = 0;
    }
    cache->young_bytes += bytes;
    g_hash_table_replace(cache->young, key, entry);
}

static Entry *
find(HibReplyCache *cache, const char *key)
{
    Entry *entry = g_hash_table_lookup(cache->young, key);
    void *old_key = NULL;
    void *old_entry = NULL;
    if (entry != NULL || !g_hash_table_steal_extended(cache->old, key, &old_key, &old_entry))
        return entry;
    put(cache, old_key, old_entry);
    return old_entry;
}

bool
hib_etag_matches(const char *if_none_match, const char *etag)
{
    if (if_none_match == NULL || etag == NULL)
        return false;
    return strcmp(if_none_match, "*") == 0 || strstr(if_none_match, etag) != NULL;
}

bool
hib_reply_cache_answer(HibReplyCache *cache, HibCall *call)
{
    uint64_t version = hib_store_version(call->server->options.store, call->workspace);
    g_autofree char *key = key_of(call);
    bool is_answered = false;
    pthread_mutex_lock(&cache->lock);
    const Entry *entry = find(cache, key);
    if (entry != NULL && entry->version == version &&
        hib_monotonic_us() - entry->made_us < AGE_US) {
        bool is_same = hib_etag_matches(hib_call_header(call, "If-None-Match"), entry->etag);
        is_answered = MHD_queue_response(call->connection, is_same ? 304 : 200,
                                         is_same ? entry->unchanged : entry->full) == MHD_YES;
    }
    pthread_mutex_unlock(&cache->lock);
    return is_answered;
}

static struct MHD_Response *
unchanged_response(const HibCall *call, const char *etag)
{
    struct MHD_Response *response = hib_response_taking(g_strdup(""), 0);
    MHD_add_response_header(response, "ETag", etag);
    MHD_add_response_header(response, "Cache-Control", HIB_CACHE_ASK);
    hib_response_secure(call->server, response);
    return response;
}

void
hib_reply_cache_keep(HibReplyCache *cache, HibCall *call, const char *etag, const char *text,
                     size_t n)
{
    if (n > GENERATION_BYTES / 8)
        return;
    Entry *entry = g_new0(Entry, 1);
    entry->version = call->version;
    entry->made_us = hib_monotonic_us();
    entry->etag = g_strdup(etag);
    entry->n = n;
    entry->full = hib_response_taking(g_memdup2(text, n), n);
    MHD_add_response_header(entry->full, "Content-Type", "application/json");
    MHD_add_response_header(entry->full, "Cache-Control", HIB_CACHE_ASK);
    MHD_add_response_header(entry->full, "ETag", etag);
    hib_response_secure(call->server, entry->full);
    entry->unchanged = unchanged_response(call, etag);
    char *key = key_of(call);
    pthread_mutex_lock(&cache->lock);
    put(cache, key, entry);
    pthread_mutex_unlock(&cache->lock);
}
