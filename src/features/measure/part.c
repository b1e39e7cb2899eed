/* Cells by hour and by day; days are put together to weeks and months at the end. */
#include "measure/part.h"
#include "measure/measure.h"
#include "networks/network.h"
#include <string.h>

enum { PUBLISHED = 119 };

typedef struct {
    HibPartKind part;
    HibGrain grain;
    uint8_t metric;
    int64_t at; /* of a day before the end: days since 1970-01-01 */
    const char *name, *account;
} Key;
typedef struct {
    Key key;
    int64_t value;
} Cell;
struct HibParts {
    HibArena *arena;
    GHashTable *texts; /* the one copy of a name: keys are compared by it */
    GHashTable *cells; /* Key → Cell, both the same */
};

static guint
key_hash(gconstpointer data)
{
    const Key *key = data;
    uint64_t hash = (uint64_t)key->at * 0x9E3779B97F4A7C15U;
    hash ^= (uint64_t)(guintptr)key->name * 31 + (uint64_t)(guintptr)key->account +
            ((uint64_t)key->metric << 40) + ((uint64_t)key->part << 50) +
            ((uint64_t)key->grain << 54);
    hash *= 0xBF58476D1CE4E5B9U;
    return (guint)(hash ^ hash >> 32);
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    const Key *x = a, *y = b;
    return x->at == y->at && x->metric == y->metric && x->part == y->part && x->grain == y->grain &&
           x->name == y->name && x->account == y->account;
}

HibParts *
hib_parts_new(void)
{
    HibParts *parts = g_new0(HibParts, 1);
    parts->arena = hib_arena_new();
    parts->texts = g_hash_table_new(g_str_hash, g_str_equal);
    parts->cells = g_hash_table_new(key_hash, key_equal);
    return parts;
}

void
hib_parts_free(HibParts *parts)
{
    if (!parts)
        return;
    g_hash_table_unref(parts->cells);
    g_hash_table_unref(parts->texts);
    hib_arena_free(parts->arena);
    g_free(parts);
}

static const char *
text_of(HibParts *parts, const char *text)
{
    const char *kept = g_hash_table_lookup(parts->texts, text);
    if (kept)
        return kept;
    kept = hib_arena_strdup(parts->arena, text);
    g_hash_table_add(parts->texts, (gpointer)kept);
    return kept;
}

static void
add(HibParts *parts, HibArena *arena, const Key *key, int64_t value)
{
    Cell *cell = g_hash_table_lookup(parts->cells, key);
    if (!cell) {
        cell = hib_arena_new0(arena, Cell);
        cell->key = *key;
        g_hash_table_add(parts->cells, cell);
    }
    cell->value += value;
}

typedef struct {
    const char *account;
    HibGrain grain; /* hour or day */
    int sign;
} Counting;

/* Under one name. Days and hours look alike but for what they count by. */
static void
count(HibParts *parts, const Counting *how, HibPartKind part, const char *name,
      const HibDayChange *changes, size_t n)
{
    Key key = {.part = part,
               .grain = how->grain,
               .name = text_of(parts, name),
               .account = text_of(parts, how->account)};
    for (size_t i = 0; i < n; i++) {
        key.at = changes[i].day;
        key.metric = changes[i].metric;
        add(parts, parts->arena, &key, how->sign * changes[i].change);
    }
}

static void
count_all(HibParts *parts, const Counting *how, const HibLabels *labels,
          const HibDayChange *changes, size_t n)
{
    if (!n || !labels->network)
        return;
    count(parts, how, HIB_PART_NETWORK, labels->network, changes, n);
    count(parts, how, HIB_PART_FORMAT, hib_net_format_name((HibNetFormat)labels->format), changes,
          n);
    if (labels->campaign)
        count(parts, how, HIB_PART_CAMPAIGN, labels->campaign, changes, n);
    g_auto(GStrv) tags = g_strsplit(labels->tags ? labels->tags : "", "\n", -1);
    for (size_t i = 0; tags[i]; i++)
        count(parts, how, HIB_PART_TAG, tags[i], changes, n);
}

void
hib_parts_change(HibParts *parts, const HibLabels *labels, const char *account,
                 const HibDayChange *before, size_t n_before, const HibDayChange *after,
                 size_t n_after)
{
    size_t same = 0;
    while (same < MIN(n_before, n_after) && before[same].day == after[same].day &&
           before[same].metric == after[same].metric && before[same].change == after[same].change)
        same++;
    count_all(parts, &(Counting){account, HIB_GRAIN_DAY, -1}, labels, before + same,
              n_before - same);
    count_all(parts, &(Counting){account, HIB_GRAIN_DAY, 1}, labels, after + same, n_after - same);
}

void
hib_parts_hours(HibParts *parts, const HibLabels *labels, const char *account,
                const HibHourChange *hours, size_t n, int sign)
{
    g_autofree HibDayChange *changes = g_new(HibDayChange, n + 1);
    for (size_t i = 0; i < n; i++)
        changes[i] = (HibDayChange){hours[i].hour, hours[i].change, hours[i].metric};
    count_all(parts, &(Counting){account, HIB_GRAIN_HOUR, sign}, labels, changes, n);
}

void
hib_parts_published(HibParts *parts, const HibLabels *labels, const char *account,
                    const HibWallParts *at, int64_t first_hour, int sign)
{
    const HibDayChange day = {at->ordinal, 1, PUBLISHED}, hour = {at->hour, 1, PUBLISHED};
    count_all(parts, &(Counting){account, HIB_GRAIN_DAY, sign}, labels, &day, 1);
    count_all(parts, &(Counting){account, HIB_GRAIN_HOUR, sign}, labels, &hour,
              at->hour >= first_hour);
}

static int64_t
day_number(int64_t ordinal)
{
    return hib_measure_day(hib_zone_utc(), ordinal * HIB_DAY);
}

/* The day's own number, its week's Monday, its month's first day; an hour as it is. */
static void
spread(HibParts *parts, HibArena *arena, const Cell *day)
{
    if (day->key.grain == HIB_GRAIN_HOUR) {
        add(parts, arena, &day->key, day->value);
        return;
    }
    const int64_t ordinal = day->key.at, monday = (ordinal + 3) % 7, number = day_number(ordinal);
    const int64_t at[] = {0, number, day_number(ordinal - monday), number / 100 * 100 + 1};
    for (HibGrain grain = HIB_GRAIN_DAY; grain <= HIB_GRAIN_MONTH; grain++) {
        Key key = day->key;
        key.grain = grain;
        key.at = at[grain];
        add(parts, arena, &key, day->value);
    }
}

static int
by_key(const void *a, const void *b)
{
    const HibPartRow *x = a, *y = b;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    const int by_name = strcmp(x->name, y->name);
    if (by_name)
        return by_name;
    if (x->metric != y->metric)
        return x->metric < y->metric ? -1 : 1;
    if (x->grain != y->grain)
        return x->grain < y->grain ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return strcmp(x->account, y->account);
}

HibPartRow *
hib_parts_rows(HibParts *parts, HibArena *arena, size_t *ret_n)
{
    guint n = 0;
    g_autofree gpointer *days = g_hash_table_get_keys_as_array(parts->cells, &n);
    g_hash_table_remove_all(parts->cells);
    for (guint i = 0; i < n; i++)
        spread(parts, parts->arena, days[i]);
    g_autofree gpointer *cells = g_hash_table_get_keys_as_array(parts->cells, &n);
    HibPartRow *rows = hib_arena_array(arena, HibPartRow, n + 1);
    *ret_n = 0;
    for (guint i = 0; i < n; i++) {
        const Cell *cell = cells[i];
        if (cell->value)
            rows[(*ret_n)++] =
                (HibPartRow){cell->key.part,   hib_arena_strdup(arena, cell->key.name),
                             cell->key.metric, cell->key.grain,
                             cell->key.at,     hib_arena_strdup(arena, cell->key.account),
                             cell->value};
    }
    g_hash_table_remove_all(parts->cells);
    qsort(rows, *ret_n, sizeof *rows, by_key); /* rows of the table's own order are written fast */
    return rows;
}
