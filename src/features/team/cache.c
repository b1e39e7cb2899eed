/* What the process remembers: who calls, for cached replies, and how many passwords are being hashed.
 *
 * A remembered caller is believed for 30 seconds at most and only while the workspace's version stands, so a change of role by any
 * process is seen at once. Sign-outs and changes of a person drop everything: they are rare, and looking a caller up
 * again costs one statement. The epoch closes the gap between reading the store and remembering what was read. */
#include "team/team_private.h"
#include <string.h>

#define MOST_CALLERS 8192
#define MOST_HASHING 2
#define HASH_WAIT (5 * HIB_SECOND)

typedef struct {
    char *person, *session, *token, *role, *locale, *csrf;
    unsigned scopes;
    uint64_t version;
    HibInstant until;
} Caller;

struct HibTeamCache {
    HibStore *store;
    GMutex lock;
    GHashTable *callers; /* hash of the credential + workspace → Caller */
    uint64_t epoch;
    GMutex gate;
    GCond gate_free;
    int n_hashing;
};

static void
caller_free(void *data)
{
    Caller *caller = data;
    g_free(caller->person);
    g_free(caller->session);
    g_free(caller->token);
    g_free(caller->role);
    g_free(caller->locale);
    g_free(caller->csrf);
    g_free(caller);
}

static void
on_event(const HibEvent *event, void *data)
{
    if (g_str_has_prefix(event->kind, "member.") || g_str_has_prefix(event->kind, "session.") ||
        g_str_has_prefix(event->kind, "token."))
        hib_team_cache_drop(data);
}

HibTeamCache *
hib_team_cache_new(HibStore *store)
{
    HibTeamCache *cache = g_new0(HibTeamCache, 1);
    cache->store = store;
    g_mutex_init(&cache->lock);
    g_mutex_init(&cache->gate);
    g_cond_init(&cache->gate_free);
    cache->callers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, caller_free);
    hib_events_listen(store, on_event, cache);
    return cache;
}

void
hib_team_cache_free(HibTeamCache *cache)
{
    if (!cache)
        return;
    g_hash_table_unref(cache->callers);
    g_mutex_clear(&cache->lock);
    g_mutex_clear(&cache->gate);
    g_cond_clear(&cache->gate_free);
    g_free(cache);
}

static char *
key_of(const char *hash, const char *workspace)
{
    return g_strconcat(hash, "/", workspace ? workspace : "", NULL);
}

static uint64_t
version_of(HibTeamCache *cache, const char *workspace)
{
    return workspace ? hib_store_version(cache->store, workspace) : 0;
}

bool
hib_team_cache_find(HibTeamCache *cache, HibArena *arena, const char *hash, const char *workspace,
                    HibCaller *ret)
{
    if (!cache)
        return false;
    g_autofree char *key = key_of(hash, workspace);
    HibInstant now = hib_clock_now(hib_store_clock(cache->store));
    uint64_t version = version_of(cache, workspace);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->lock);
    const Caller *caller = g_hash_table_lookup(cache->callers, key);
    if (!caller || caller->until <= now || caller->version != version)
        return false;
    *ret = (HibCaller){
        .person = hib_arena_strdup(arena, caller->person),
        .session = hib_arena_strdup(arena, caller->session),
        .token = hib_arena_strdup(arena, caller->token),
        .role = hib_arena_strdup(arena, caller->role),
        .locale = hib_arena_strdup(arena, caller->locale),
        .csrf = hib_arena_strdup(arena, caller->csrf),
        .scopes = caller->scopes,
    };
    return true;
}

HibTeamMark
hib_team_cache_mark(HibTeamCache *cache, const char *workspace)
{
    if (!cache)
        return (HibTeamMark){0};
    uint64_t version = version_of(cache, workspace);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->lock);
    return (HibTeamMark){.epoch = cache->epoch, .version = version};
}

void
hib_team_cache_keep(HibTeamCache *cache, HibTeamMark mark, const char *hash, const char *workspace,
                    const HibTeamKnown *known)
{
    if (!cache || !known->good_until)
        return;
    Caller *caller = g_new0(Caller, 1);
    caller->person = g_strdup(known->caller.person);
    caller->session = g_strdup(known->caller.session);
    caller->token = g_strdup(known->caller.token);
    caller->role = g_strdup(known->caller.role);
    caller->locale = g_strdup(known->caller.locale);
    caller->csrf = g_strdup(known->caller.csrf);
    caller->scopes = known->caller.scopes;
    caller->version = mark.version;
    caller->until = known->good_until;
    char *key = key_of(hash, workspace);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->lock);
    if (mark.epoch != cache->epoch) {
        caller_free(caller);
        g_free(key);
        return;
    }
    if (g_hash_table_size(cache->callers) >= MOST_CALLERS)
        g_hash_table_remove_all(cache->callers);
    g_hash_table_replace(cache->callers, key, caller);
}

void
hib_team_cache_drop(HibTeamCache *cache)
{
    if (!cache)
        return;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->lock);
    cache->epoch++;
    g_hash_table_remove_all(cache->callers);
}

bool
hib_team_gate_enter(HibTeamCache *cache, GError **error)
{
    if (!cache)
        return true;
    gint64 until = hib_monotonic_us() + HASH_WAIT;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->gate);
    while (cache->n_hashing >= MOST_HASHING) {
        if (g_cond_wait_until(&cache->gate_free, &cache->gate, until))
            continue;
        hib_error_set(error, HIB_ERROR_BUSY, "http.busy", "too many sign-ins at once");
        return false;
    }
    cache->n_hashing++;
    return true;
}

void
hib_team_gate_leave(HibTeamCache *cache)
{
    if (!cache)
        return;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&cache->gate);
    cache->n_hashing--;
    g_cond_signal(&cache->gate_free);
}
