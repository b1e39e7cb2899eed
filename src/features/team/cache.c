/* What the process remembers: who calls, for cached replies, and how many passwords are being hashed.
 *
 * A remembered caller is believed for 30 seconds at most and only while the workspace's version stands, so a change of role by any
 * process is seen at once. Sign-outs and changes of a person drop everything: they are rare, and looking a caller up
 * again costs one statement. The epoch closes the gap between reading the store and remembering what was read. */
#include "store/wait.h"
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
    HibWait lock;        /* of callers and epoch */
    GHashTable *callers; /* hash of the credential + workspace → Caller */
    uint64_t epoch;
    HibWait gate; /* of n_hashing */
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
    hib_wait_init(&cache->lock);
    hib_wait_init(&cache->gate);
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
    hib_wait_clear(&cache->lock);
    hib_wait_clear(&cache->gate);
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

static HibCaller
copy_of(const Caller *caller, HibArena *arena)
{
    return (HibCaller){
        .person = hib_arena_strdup(arena, caller->person),
        .session = hib_arena_strdup(arena, caller->session),
        .token = hib_arena_strdup(arena, caller->token),
        .role = hib_arena_strdup(arena, caller->role),
        .locale = hib_arena_strdup(arena, caller->locale),
        .csrf = hib_arena_strdup(arena, caller->csrf),
        .scopes = caller->scopes,
    };
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
    hib_wait_lock(&cache->lock);
    const Caller *caller = g_hash_table_lookup(cache->callers, key);
    bool is_known = caller && caller->until > now && caller->version == version;
    if (is_known)
        *ret = copy_of(caller, arena);
    hib_wait_unlock(&cache->lock);
    return is_known;
}

HibTeamMark
hib_team_cache_mark(HibTeamCache *cache, const char *workspace)
{
    if (!cache)
        return (HibTeamMark){0};
    uint64_t version = version_of(cache, workspace);
    hib_wait_lock(&cache->lock);
    HibTeamMark mark = {.epoch = cache->epoch, .version = version};
    hib_wait_unlock(&cache->lock);
    return mark;
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
    hib_wait_lock(&cache->lock);
    bool is_current = mark.epoch == cache->epoch;
    if (is_current && g_hash_table_size(cache->callers) >= MOST_CALLERS)
        g_hash_table_remove_all(cache->callers);
    if (is_current)
        g_hash_table_replace(cache->callers, key, caller);
    hib_wait_unlock(&cache->lock);
    if (is_current)
        return;
    caller_free(caller);
    g_free(key);
}

void
hib_team_cache_drop(HibTeamCache *cache)
{
    if (!cache)
        return;
    hib_wait_lock(&cache->lock);
    cache->epoch++;
    g_hash_table_remove_all(cache->callers);
    hib_wait_unlock(&cache->lock);
}

bool
hib_team_gate_enter(HibTeamCache *cache, GError **error)
{
    if (!cache)
        return true;
    int64_t until_us = hib_monotonic_us() + HASH_WAIT;
    hib_wait_lock(&cache->gate);
    bool is_in_time = true;
    while (cache->n_hashing >= MOST_HASHING && is_in_time)
        is_in_time = hib_wait_until(&cache->gate, until_us);
    bool is_free = cache->n_hashing < MOST_HASHING;
    cache->n_hashing += is_free;
    hib_wait_unlock(&cache->gate);
    if (!is_free)
        hib_error_set(error, HIB_ERROR_BUSY, "http.busy", "too many sign-ins at once");
    return is_free;
}

void
hib_team_gate_leave(HibTeamCache *cache)
{
    if (!cache)
        return;
    hib_wait_lock(&cache->gate);
    cache->n_hashing--;
    hib_wait_wake(&cache->gate);
    hib_wait_unlock(&cache->gate);
}
