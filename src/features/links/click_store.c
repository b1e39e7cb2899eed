/* From the spool into the store, each click once: a workspace's part of a batch, what it adds up to, how far it came and what is told of it are one transaction. A crash repeats a batch, and
 * what is repeated lies before the mark. */
#include "links/click_store.h"
#include "base/json.h"
#include "links/click.sql.h"
#include "store/events.h"
#include <string.h>

typedef struct {
    const HibClick **clicks;
    size_t n;
    const uint32_t *places; /* of each in the spool */
} Part;

typedef struct {
    char link[37];
    HibInstant hour;
    const char *network;
    HibLinkCount count;
} Hour;

static guint
hour_hash(const void *key)
{
    const Hour *hour = key;
    return g_str_hash(hour->link) ^ (guint)(hour->hour / HIB_HOUR) * 31 ^ g_str_hash(hour->network);
}

static gboolean
hour_equal(const void *a, const void *b)
{
    const Hour *one = a, *two = b;
    return one->hour == two->hour && g_str_equal(one->link, two->link) &&
           g_str_equal(one->network, two->network);
}

static Hour *
hour_of(HibArena *arena, GHashTable *hours, const HibClick *click)
{
    Hour key = {.hour = click->at - click->at % HIB_HOUR, .network = click->network};
    hib_click_id(click->link, key.link);
    Hour *found = g_hash_table_lookup(hours, &key);
    if (found)
        return found;
    found = hib_arena_new0(arena, Hour);
    *found = key;
    g_hash_table_add(hours, found);
    return found;
}

/* Is it the visitor's first on the day? Many clicks of one are asked about once. */
static bool
is_first(HibDb *db, GHashTable *seen, const char *link, const HibClick *click, bool *ret,
         GError **error)
{
    int64_t added = 0, day = click->at / HIB_DAY;
    char *key =
        hib_arena_printf(hib_db_arena(db), "%s/%" G_GINT64_FORMAT "/%" G_GINT64_MODIFIER "x", link,
                         day, click->visitor);
    *ret = false;
    if (!g_hash_table_add(seen, key))
        return true;
    if (!hib_sql_click_visitor_add(db, link, day, (int64_t)click->visitor, &added, error))
        return false;
    *ret = added > 0;
    return true;
}

static HibSqlClickAddIn
row_of(HibArena *arena, const HibClick *click, const char *link)
{
    static const uint8_t nobody[16];
    char contact[37];
    hib_click_id(click->contact, contact);
    bool has_contact = memcmp(click->contact, nobody, 16) != 0;
    return (HibSqlClickAddIn){.id = click->id,
                              .at = click->at,
                              .link_id = link,
                              .network = click->network,
                              .referrer = click->referrer,
                              .device = click->device,
                              .language = click->language,
                              .is_bot = click->is_bot,
                              .visitor = (int64_t)click->visitor,
                              .contact_id = has_contact ? hib_arena_strdup(arena, contact) : NULL};
}

static bool
write_hours(HibDb *db, GHashTable *hours, GError **error)
{
    GHashTableIter iter;
    void *key;
    size_t n = 0;
    HibSqlClickHourAddIn *rows =
        hib_arena_array(hib_db_arena(db), HibSqlClickHourAddIn, g_hash_table_size(hours) + 1);
    g_hash_table_iter_init(&iter, hours);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const Hour *hour = key;
        rows[n++] = (HibSqlClickHourAddIn){.link_id = hour->link,
                                           .hour = hour->hour,
                                           .network = hour->network,
                                           .clicks = hour->count.clicks,
                                           .visitors = hour->count.visitors,
                                           .bots = hour->count.bots,
                                           .floods = hour->count.floods};
    }
    return hib_sql_click_hour_add_many(db, rows, n, error);
}

/* Screens count every click; a person's timeline wants only those on links made for one. */
static bool
tell(HibDb *db, const char *event, const HibSqlClickAddIn *rows, size_t n, bool only_personal,
     GError **error)
{
    HibInstant first = HIB_NEVER, last = 0;
    size_t told = 0;
    for (size_t i = 0; i < n; i++) {
        if (only_personal && !rows[i].contact_id)
            continue;
        first = MIN(first, rows[i].at);
        last = MAX(last, rows[i].at);
        told++;
    }
    if (!told)
        return true;
    cJSON *data = cJSON_CreateObject();
    cJSON_AddNumberToObject(data, "clicks", (double)told);
    cJSON_AddNumberToObject(data, "first_at", (double)first);
    cJSON_AddNumberToObject(data, "last_at", (double)last);
    return hib_event_emit(db, event, NULL, hib_json_print(hib_db_arena(db), data), error);
}

static bool
write_part(HibDb *db, const Part *part, size_t from, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    g_autoptr(GHashTable) hours = g_hash_table_new(hour_hash, hour_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    HibSqlClickAddIn *rows = hib_arena_array(arena, HibSqlClickAddIn, part->n + 1);
    size_t n = 0;
    for (size_t i = from; i < part->n; i++) {
        const HibClick *click = part->clicks[i];
        Hour *hour = hour_of(arena, hours, click);
        bool first = false;
        if (click->is_flood) { /* only counted: rows without end are what a flood is after */
            hour->count.floods++;
            continue;
        }
        if (!click->is_bot && !is_first(db, seen, hour->link, click, &first, error))
            return false;
        hour->count.bots += click->is_bot;
        hour->count.clicks += !click->is_bot;
        hour->count.visitors += first;
        rows[n++] = row_of(arena, click, hour->link);
    }
    return hib_sql_click_add_many(db, rows, n, error) && write_hours(db, hours, error) &&
           tell(db, "link.clicked", rows, n, false, error) &&
           tell(db, "link.clicked_by_contact", rows, n, true, error);
}

static bool
take_part(HibStore *store, const char *workspace, const char *spool, const Part *part,
          uint32_t next, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, workspace);
    HibSqlClickSpoolDone *done;
    size_t from = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_click_spool_done(db, spool, &done, error))
        return false;
    while (done && from < part->n && part->places[from] < done->done)
        from++;
    return from == part->n || (write_part(db, part, from, error) &&
                               hib_sql_click_spool_set(db, spool, next, hib_db_now(db), error) &&
                               hib_tx_commit(tx, error));
}

bool
hib_clicks_take(HibStore *store, const char *spool, uint32_t from, const HibClick *clicks, size_t n,
                GError **error)
{
    g_autofree bool *is_taken = g_new0(bool, n + 1);
    g_autofree const HibClick **mine = g_new(const HibClick *, n + 1);
    g_autofree uint32_t *places = g_new(uint32_t, n + 1);
    for (size_t first = 0; first < n; first++) {
        Part part = {.clicks = mine, .places = places};
        char workspace[37];
        if (is_taken[first])
            continue;
        for (size_t i = first; i < n; i++)
            if (memcmp(clicks[i].workspace, clicks[first].workspace, 16) == 0) {
                is_taken[i] = true;
                places[part.n] = from + (uint32_t)i;
                mine[part.n++] = &clicks[i];
            }
        hib_click_id(clicks[first].workspace, workspace);
        if (!take_part(store, workspace, spool, &part, from + (uint32_t)n, error))
            return false;
    }
    return true;
}

/* --- the day's salt ------------------------------------------------------------------------------------------------ */
bool
hib_clicks_salt(HibStore *store, int64_t day, const char *proposed, char out[65], GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    HibSqlClickSalt *row;
    if (!hib_sql_click_salt_add(db, day, proposed, error) ||
        !hib_sql_click_salt(db, day, &row, error))
        return false;
    g_strlcpy(out, row ? row->salt : proposed, 65);
    return true;
}

/* One day's grace for clicks that still lie in a spool. */
bool
hib_clicks_sweep(HibStore *store, HibInstant now, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    int64_t day = now / HIB_DAY, n_touches;
    return hib_sql_click_sweep_touches(db, now, HIB_DAY, &n_touches, error) &&
           hib_sql_click_sweep_salts(db, day, error) &&
           hib_sql_click_sweep_visitors(db, day - 1, error) &&
           hib_sql_click_sweep_spools(db, now - 30 * HIB_DAY, error);
}

/* --- the table ------------------------------------------------------------------------------------------------------ */
static char *
location_or_null(const char *url)
{
    return url ? hib_link_location(url) : NULL;
}

static bool
is_own(HibArena *arena, const HibSqlClickTable *row)
{
    g_auto(GStrv) hosts = g_strsplit(row->hosts ? row->hosts : "", "\n", -1);
    const HibUtm utm = {.hosts = (const char *const *)hosts,
                        .n_hosts = row->hosts && *row->hosts ? g_strv_length(hosts) : 0};
    return hib_utm_is_own(&utm, row->target);
}

/* The variants of all rows are in the rows' own order of ids only by chance: they are looked for by name. */
static void
put_row(HibTable *table, HibArena *arena, const HibSqlClickTable *row, GHashTable *variants)
{
    HibTableEntry *entry = g_new0(HibTableEntry, 1);
    const GPtrArray *own = g_hash_table_lookup(variants, row->id);
    entry->code = g_strdup(row->code);
    hib_click_key(row->workspace_id, entry->workspace);
    hib_click_key(row->id, entry->link);
    entry->location = hib_link_location(row->target);
    entry->ios = location_or_null(row->ios_url);
    entry->android = location_or_null(row->android_url);
    entry->ended = location_or_null(row->ended_url);
    entry->expires_at = row->has_expires_at ? row->expires_at : 0;
    entry->click_limit = row->has_click_limit ? row->click_limit : 0;
    entry->n_clicks = row->has_clicks ? row->clicks : 0;
    entry->is_archived = row->has_archived_at;
    entry->passes_click = is_own(arena, row);
    g_strlcpy(entry->network, row->network ? row->network : "", sizeof entry->network);
    entry->n_variants = own ? own->len : 0;
    entry->variants = g_new0(HibTableVariant, entry->n_variants + 1);
    for (size_t i = 0; i < entry->n_variants; i++) {
        const HibSqlClickTableVariant *variant = own->pdata[i];
        g_strlcpy(entry->variants[i].network, variant->network, sizeof entry->variants[i].network);
        entry->variants[i].location = hib_link_location(variant->target);
    }
    hib_table_put(table, entry);
}

static void
put_rows(HibTable *table, HibArena *arena, const HibSqlClickTable *rows, size_t n,
         const HibSqlClickTableVariant *variants, size_t n_variants)
{
    g_autoptr(GHashTable) by_link =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (size_t i = 0; i < n_variants; i++) {
        GPtrArray *own = g_hash_table_lookup(by_link, variants[i].link_id);
        if (!own)
            g_hash_table_insert(by_link, (void *)(uintptr_t)variants[i].link_id,
                                own = g_ptr_array_new());
        g_ptr_array_add(own, (void *)(uintptr_t)&variants[i]);
    }
    for (size_t i = n; i > 0; i--) /* the newest last */
        put_row(table, arena, &rows[i - 1], by_link);
}

bool
hib_clicks_table_since(HibStore *store, HibTable *table, HibInstant since, HibInstant *ret_newest,
                       GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    HibSqlClickTable *rows;
    HibSqlClickTableVariant *variants;
    size_t n, n_variants;
    if (!hib_sql_click_table(db, since, HIB_TABLE_MOST, &rows, &n, error) ||
        !hib_sql_click_table_variants(db, since, &variants, &n_variants, error))
        return false;
    put_rows(table, arena, rows, n, variants, n_variants);
    if (n)
        *ret_newest = MAX(*ret_newest, rows[0].updated_at);
    return true;
}

bool
hib_clicks_table_code(HibDb *db, HibTable *table, const char *code, bool *ret_is_known,
                      GError **error)
{
    HibSqlClickTable *row;
    HibSqlClickTableVariant *variants;
    size_t n_variants;
    if (!hib_sql_click_table_of(db, code, &row, error) ||
        !hib_sql_click_table_variants_of(db, code, &variants, &n_variants, error))
        return false;
    *ret_is_known = row != NULL;
    if (row)
        put_rows(table, hib_db_arena(db), row, 1, variants, n_variants);
    return true;
}
