/* The part that runs: clicks are kept before their replies go (durable.c); the keeper takes the spools into the store, keeps the table of codes fresh, and throws the days' salts
 * away. A redirect asks nothing of the store. */
#include "base/id.h"
#include "base/log.h"
#include "base/secrets.h"
#include "links/durable.h"
#include "links/running.h"
#include "store/events.h"
#include "store/wait.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#define EVERY (500 * HIB_MILLISECOND)
#define FRESH_EVERY (30 * HIB_SECOND) /* should an event be missed */
#define SWEEP_EVERY HIB_HOUR
#define OVERLAP                                                                                    \
    (10 * HIB_MINUTE) /* a transaction may end later than it says it changed something */
#define BATCH 16384
#define FLOOD_SLOTS 65536
#define AGENT_SLOTS 1024
#define FLOOD_MOST 60   /* clicks of one visitor on one link in a minute */
#define BEACON_MOST 120 /* of one source to one site: an office behind one address, not a program */

typedef struct {
    uint64_t key;
    int64_t minute;
    uint32_t n;
} FloodSlot;

/* Most visitors come with a browser that was here before, and looking through its words takes longer than all else. */
typedef struct {
    char text[300];
    HibVisitAgent agent;
} AgentSlot;

typedef struct {
    int64_t day;
    char salt[65];
} Salt;

struct HibLinks {
    HibStore *store;
    HibKeys *keys;
    HibLinkDomain domain;
    HibTable *table;
    HibDurable *durable;
    HibWait wait; /* of what follows */
    Salt salts[2];
    HibInstant newest; /* the keeper's */
    bool is_ending, is_all, is_stale;
    FloodSlot *floods; /* of any thread, with the agents, under their own lock */
    AgentSlot *agents;
    pthread_mutex_t flood_lock;
    pthread_t keeper;
    uint32_t id_high;
    atomic_uint_fast32_t id_low;
    atomic_int_fast64_t n_taken;
    _Atomic HibInstant oldest_at; /* what the store did not take; 0: nothing */
    atomic_bool is_store_down;
};

/* --- who clicks ---------------------------------------------------------------------------------------------------------- */
bool
hib_links_is_ready(HibLinks *links)
{
    return hib_durable_is_ready(links->durable);
}

void
hib_links_record(HibLinks *links, const HibClick *click)
{
    hib_durable_record(links->durable, click);
}

HibTable *
hib_links_table(HibLinks *links)
{
    return links->table;
}

HibKeys *
hib_links_keys(HibLinks *links)
{
    return links->keys;
}

HibInstant
hib_links_now(HibLinks *links)
{
    return hib_clock_now(hib_store_clock(links->store));
}

int64_t
hib_links_click_id(HibLinks *links)
{
    return (int64_t)links->id_high << 32 | (int64_t)(uint32_t)atomic_fetch_add(&links->id_low, 1);
}

static void
new_salt(char out[65])
{
    uint8_t bytes[32];
    hib_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        g_snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* A day whose salt the store could not be asked for gets one of this process: then a visitor may count twice, but nobody is ever known. */
static void
key_of(HibLinks *links, int64_t day, uint8_t ret[16])
{
    hib_wait_lock(&links->wait);
    Salt *salt = &links->salts[day & 1];
    if (salt->day != day) {
        salt->day = day;
        new_salt(salt->salt);
    }
    for (size_t i = 0; i < 16; i++)
        ret[i] = (uint8_t)(g_ascii_xdigit_value(salt->salt[2 * i]) << 4 |
                           g_ascii_xdigit_value(salt->salt[2 * i + 1]));
    hib_wait_unlock(&links->wait);
}

uint64_t
hib_links_visitor(HibLinks *links, HibArena *arena, HibInstant now, const char *client,
                  const char *agent)
{
    uint8_t key[16];
    key_of(links, now / HIB_DAY, key);
    const size_t n_client = strlen(client) + 1, n_agent = agent ? strlen(agent) : 0;
    char *both = hib_arena_array(arena, char, n_client + n_agent + 1);
    memcpy(both, client, n_client);
    if (n_agent)
        memcpy(both + n_client, agent, n_agent);
    return hib_keyed_hash(key, both, n_client + n_agent);
}

HibVisitAgent
hib_links_agent(HibLinks *links, const char *agent)
{
    size_t n = agent ? strlen(agent) : 0;
    if (!n || n >= sizeof links->agents->text)
        return hib_visit_agent(agent);
    AgentSlot *slot = &links->agents[g_str_hash(agent) % AGENT_SLOTS];
    pthread_mutex_lock(&links->flood_lock);
    if (memcmp(slot->text, agent, n + 1) != 0) {
        memcpy(slot->text, agent, n + 1);
        slot->agent = hib_visit_agent(agent);
    }
    HibVisitAgent out = slot->agent;
    pthread_mutex_unlock(&links->flood_lock);
    return out;
}

/* Counts one more; is it more than `most` within the minute? */
static bool
is_over(HibLinks *links, uint64_t key, HibInstant at, uint32_t most)
{
    const int64_t minute = at / HIB_MINUTE;
    FloodSlot *slot = &links->floods[key % FLOOD_SLOTS];
    pthread_mutex_lock(&links->flood_lock);
    if (slot->key != key || slot->minute != minute)
        *slot = (FloodSlot){.key = key, .minute = minute};
    bool is_flood = ++slot->n > most;
    pthread_mutex_unlock(&links->flood_lock);
    return is_flood;
}

bool
hib_links_is_flood(HibLinks *links, const HibClick *click)
{
    uint64_t key;
    memcpy(&key, click->link + 8, sizeof key);
    return is_over(links, key ^ click->visitor, click->at, FLOOD_MOST);
}

bool
hib_links_is_beacon_flood(HibLinks *links, HibArena *arena, const char *site, const char *client)
{
    const HibInstant now = hib_links_now(links);
    return is_over(links, hib_links_visitor(links, arena, now, client, site), now, BEACON_MOST);
}

/* --- into the store ------------------------------------------------------------------------------------------------------ */
/* False: the store does not take them now. */
static bool
take_file(HibLinks *links, const HibSpoolFile *file, uint32_t *taken, GError **error)
{
    g_autofree HibClick *clicks = g_new(HibClick, BATCH);
    for (;;) {
        size_t n = hib_spool_read(file, *taken, clicks, BATCH);
        if (!n)
            return true;
        if (!hib_clicks_take(links->store, file->name, *taken, clicks, n, error)) {
            atomic_store(&links->oldest_at, clicks[0].at);
            return false;
        }
        atomic_store(&links->oldest_at, 0);
        *taken += (uint32_t)n;
        atomic_fetch_add(&links->n_taken, (int64_t)n);
    }
}

/* How far each file came is the store's to say; `seen` only spares reading the live one from its start. */
static bool
take_spool(HibLinks *links, HibSpool *spool, GHashTable *seen, GError **error)
{
    HibSpoolFile *files = hib_spool_files(spool);
    bool ok = true;
    for (HibSpoolFile *file = files; file->path && ok; file++) {
        uint32_t taken = GPOINTER_TO_UINT(g_hash_table_lookup(seen, file->name));
        ok = take_file(links, file, &taken, error);
        g_hash_table_replace(seen, g_strdup(file->name), GUINT_TO_POINTER(taken));
        if (ok && !file->is_live) {
            hib_spool_drop(spool, file);
            g_hash_table_remove(seen, file->name);
        }
    }
    hib_spool_files_free(files);
    return ok;
}

static void
take_all(HibLinks *links, GHashTable *seen)
{
    g_autoptr(GError) error = NULL;
    bool ok = take_spool(links, hib_durable_spool(links->durable), seen, &error);
    bool was = atomic_exchange(&links->is_store_down, !ok);
    if (!ok && !was)
        hib_log(HIB_ALARM, "links.not_taken", "why", error->message, NULL);
}

/* --- keeping ---------------------------------------------------------------------------------------------------------------- */
static void
refresh(HibLinks *links, bool all)
{
    g_autoptr(GError) error = NULL;
    HibInstant since = all ? 0 : links->newest - OVERLAP;
    if (!hib_clicks_table_since(links->store, links->table, since, &links->newest, &error))
        hib_log(HIB_WARN, "links.table_stale", "why", error->message, NULL);
}

static void
keep_salts(HibLinks *links)
{
    for (int64_t i = 0; i < 2; i++) {
        int64_t day = hib_links_now(links) / HIB_DAY + i;
        Salt salt = {.day = day};
        char proposed[65];
        hib_wait_lock(&links->wait);
        bool is_there = links->salts[day & 1].day == day;
        hib_wait_unlock(&links->wait);
        new_salt(proposed);
        if (is_there || !hib_clicks_salt(links->store, day, proposed, salt.salt, NULL))
            continue;
        hib_wait_lock(&links->wait);
        links->salts[day & 1] = salt;
        hib_wait_unlock(&links->wait);
    }
}

static void *
run_keeper(void *data)
{
    HibLinks *links = data;
    setpriority(PRIO_PROCESS, 0, 10); /* of this thread: the store can wait, visitors do not */
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int64_t fresh_at = 0, swept_at = 0;
    for (;;) {
        int64_t now = hib_monotonic_us();
        hib_wait_lock(&links->wait);
        bool is_stale = links->is_stale, all = links->is_all, is_ending = links->is_ending;
        links->is_stale = links->is_all = false;
        hib_wait_unlock(&links->wait);
        take_all(links, seen);
        if (is_ending)
            return NULL;
        if (is_stale || now >= fresh_at) {
            refresh(links, all);
            fresh_at = now + FRESH_EVERY;
        }
        keep_salts(links);
        if (now >= swept_at) {
            hib_clicks_sweep(links->store, hib_links_now(links), NULL);
            swept_at = now + SWEEP_EVERY;
        }
        hib_wait_lock(&links->wait);
        while (!links->is_stale && !links->is_ending && hib_wait_until(&links->wait, now + EVERY))
            ;
        hib_wait_unlock(&links->wait);
    }
}

static void
on_event(const HibEvent *event, void *data)
{
    HibLinks *links = data;
    bool is_hosts = g_str_equal(event->kind, "kit.changed");
    if (!is_hosts && !g_str_equal(event->kind, "link.changed"))
        return;
    hib_wait_lock(&links->wait);
    links->is_stale = true;
    links->is_all = links->is_all || is_hosts;
    hib_wait_wake(&links->wait);
    hib_wait_unlock(&links->wait);
}

static void
keep_domain(HibLinks *links)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(links->store, arena, NULL);
    g_autoptr(GError) error = NULL;
    if (!hib_links_keep_domain(db, &links->domain, &error))
        hib_log(HIB_WARN, "links.domain_not_kept", "why", error->message, NULL);
}

/* --- begin and end ---------------------------------------------------------------------------------------------------------- */
HibLinks *
hib_links_open(HibStore *store, HibKeys *keys, const char *folder, const HibLinkDomain *domain,
               GError **error)
{
    HibDurable *durable = hib_durable_open(folder, error);
    if (!durable)
        return NULL;
    HibLinks *links = g_new0(HibLinks, 1);
    links->store = store;
    links->keys = keys;
    links->durable = durable;
    links->domain = (HibLinkDomain){g_strdup(domain->base_url), g_strdup(domain->short_url)};
    links->table = hib_table_new();
    links->floods = g_new0(FloodSlot, FLOOD_SLOTS);
    links->agents = g_new0(AgentSlot, AGENT_SLOTS);
    hib_random_bytes(&links->id_high, sizeof links->id_high);
    links->id_high &= INT32_MAX;
    pthread_mutex_init(&links->flood_lock, NULL);
    hib_wait_init(&links->wait);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    keep_domain(links);
    take_all(links, seen); /* before the table counts what a limit has left */
    keep_salts(links);
    refresh(links, true);
    pthread_create(&links->keeper, NULL, run_keeper, links);
    hib_events_listen(store, on_event, links);
    return links;
}

void
hib_links_close(HibLinks *links)
{
    if (!links)
        return;
    hib_events_unlisten(links->store, on_event, links);
    hib_durable_end(links->durable);
    hib_wait_lock(&links->wait);
    links->is_ending = true;
    hib_wait_wake(&links->wait);
    hib_wait_unlock(&links->wait);
    pthread_join(links->keeper, NULL);
    hib_durable_close(links->durable);
    hib_table_free(links->table);
    g_free(links->floods);
    g_free(links->agents);
    g_free((char *)(uintptr_t)links->domain.base_url);
    g_free((char *)(uintptr_t)links->domain.short_url);
    pthread_mutex_destroy(&links->flood_lock);
    hib_wait_clear(&links->wait);
    g_free(links);
}

const HibLinkDomain *
hib_links_domain(HibLinks *links)
{
    return &links->domain;
}

void
hib_links_fresh(HibLinks *links, HibDb *db, const char *code)
{
    bool is_known;
    if (links)
        hib_clicks_table_code(db, links->table, code, &is_known, NULL);
}

HibLinksHealth
hib_links_health(HibLinks *links)
{
    if (!links)
        return (HibLinksHealth){0};
    HibDurableState state;
    hib_durable_state(links->durable, &state);
    HibLinksHealth out = {.n_waiting = MAX(0, state.n_spooled - atomic_load(&links->n_taken)),
                          .n_held = state.n_held,
                          .n_lost = state.n_lost,
                          .is_failing = state.is_failing,
                          .is_store_down = atomic_load(&links->is_store_down),
                          .n_codes = hib_table_size(links->table),
                          .oldest_at = atomic_load(&links->oldest_at),
                          .failed_at = state.failed_at};
    g_strlcpy(out.failure, state.failure, sizeof out.failure);
    return out;
}
