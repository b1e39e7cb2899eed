/* Attribution of a range: clicks, what was said and conversions of the store become paths, paths are credited by every method. */
#include "base/error.h"
#include "links/attribution.sql.h"
#include "links/conversion.h"

#include <string.h>

#define MOST_CLICKS 300000
#define MOST_SAID 300000
#define MOST_CONVERSIONS 100000
#define MOST_CHANNELS 24
#define MOST_PATHS 50
#define MOST_DAYS 400
#define REPLICATES 200
#define TOUCHES_REPLICATED 12000000 /* touches times replicates */
#define LEAST_REPLICATES 60
#define HALF_LIFE_DAYS 7

static const char *
channel_of(const HibSqlPathClick *click, HibAttributionDimension dimension)
{
    const char *key = dimension == HIB_BY_NETWORK    ? click->network
                      : dimension == HIB_BY_CAMPAIGN ? click->campaign_id
                      : dimension == HIB_BY_POST     ? click->post_id
                                                     : click->link_id;
    return key ? key : "";
}

/* --- what the feature that knows people tells ------------------------------------------------------------------------------- */
#define SAID "said:"

bool
hib_said_channel(const char *key, HibSaidKind *ret, const char **ret_network)
{
    if (!key || !g_str_has_prefix(key, SAID))
        return false;
    *ret = (HibSaidKind)(key[strlen(SAID)] - '0');
    *ret_network = key + strlen(SAID) + 1;
    return true;
}

typedef struct {
    HibSaid *said;
    size_t n_said;
    GHashTable *conversions; /* id → person */
    GHashTable *clicks;      /* int64_t → person */
} People;

static void
people_clear(People *people)
{
    g_clear_pointer(&people->conversions, g_hash_table_unref);
    g_clear_pointer(&people->clicks, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(People, people_clear)

static bool
read_people(HibDb *db, const HibPeople *told, HibInstant from, HibInstant to, People *ret,
            GError **error)
{
    HibWhose *whose;
    size_t n;
    ret->conversions = g_hash_table_new(g_str_hash, g_str_equal);
    ret->clicks = g_hash_table_new(g_int64_hash, g_int64_equal);
    if (!told)
        return true;
    if (!told->said(db, from, to, MOST_SAID + 1, &ret->said, &ret->n_said, error) ||
        !told->whose(db, from, to, MOST_CLICKS, &whose, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (whose[i].conversion)
            g_hash_table_insert(ret->conversions, (char *)(uintptr_t)whose[i].conversion,
                                (char *)(uintptr_t)whose[i].person);
        else
            g_hash_table_insert(ret->clicks, &whose[i].click, (char *)(uintptr_t)whose[i].person);
    return true;
}

/* Of the conversions: the one most of them have. */
static const char *
usual_currency(const HibSqlPathConversion *rows, size_t n)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    const char *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        char *key = (char *)(uintptr_t)rows[i].currency;
        const size_t count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, key)) + 1;
        g_hash_table_insert(counts, key, GSIZE_TO_POINTER(count));
        if (count > most || (count == most && strcmp(key, best) < 0)) {
            most = count;
            best = key;
        }
    }
    return best;
}

static HibGoalReached *
read_goals(HibArena *arena, const HibSqlPathConversion *rows, size_t n, const People *people,
           HibAttributed *ret)
{
    HibGoalReached *goals = hib_arena_array(arena, HibGoalReached, n + 1);
    for (size_t i = 0; i < n; i++) {
        const bool counts = g_str_equal(rows[i].currency, ret->currency);
        ret->n_other_currency += !counts;
        goals[i] = (HibGoalReached){.at = rows[i].at,
                                    .value = counts ? (double)rows[i].net_minor : 0,
                                    .has_click = rows[i].has_click_id,
                                    .click = rows[i].click_id,
                                    .visitor = rows[i].visitor,
                                    .contact = rows[i].contact_key,
                                    .person = g_hash_table_lookup(people->conversions, rows[i].id)};
    }
    return goals;
}

static HibTouch *
read_touches(HibArena *arena, const HibSqlPathClick *rows, size_t n, const People *people,
             const HibAttributionAsked *asked, GHashTable *labels)
{
    HibTouch *touches = hib_arena_array(arena, HibTouch, n + people->n_said + 1);
    for (size_t i = 0; i < n; i++) {
        touches[i] = (HibTouch){.at = rows[i].at,
                                .click = rows[i].id,
                                .day_visitor = rows[i].day_visitor,
                                .channel = channel_of(&rows[i], asked->dimension),
                                .visitor = rows[i].visitor,
                                .person = g_hash_table_lookup(people->clicks, &rows[i].id)};
        if (asked->dimension == HIB_BY_LINK)
            g_hash_table_insert(labels, (char *)(uintptr_t)rows[i].link_id,
                                (char *)(uintptr_t)rows[i].title);
    }
    for (size_t i = 0; i < people->n_said; i++) {
        const HibSaid *said = &people->said[i];
        touches[n + i] = (HibTouch){
            .at = said->at,
            .channel = hib_arena_printf(arena, SAID "%d%s", (int)said->kind, said->network),
            .person = said->person,
            .is_said = true};
    }
    return touches;
}

static int
by_conversions(const void *a, const void *b)
{
    const HibAttributionPath *x = *(HibAttributionPath *const *)a;
    const HibAttributionPath *y = *(HibAttributionPath *const *)b;
    if (x->conversions != y->conversions)
        return x->conversions < y->conversions ? 1 : -1;
    return x->nulls != y->nulls ? (x->nulls < y->nulls ? 1 : -1) : strcmp(x->key, y->key);
}

/* A path as it is shown: the same channel twice in a row stands once, the last dozen count. */
static void
shorten(const HibPaths *paths, size_t p, HibAttributionPath *ret)
{
    const uint32_t start = paths->starts[p];
    uint32_t n = 0;
    *ret = (HibAttributionPath){0};
    for (uint32_t i = paths->starts[p + 1]; i-- > start && n < HIB_ATTRIBUTION_STEPS;)
        if (n == 0 || ret->channels[HIB_ATTRIBUTION_STEPS - n] != paths->touches[i])
            ret->channels[HIB_ATTRIBUTION_STEPS - ++n] = paths->touches[i];
    memmove(ret->channels, ret->channels + HIB_ATTRIBUTION_STEPS - n, n * sizeof(int64_t));
    ret->n = n;
}

static void
gather_paths(HibArena *arena, HibAttributed *ret)
{
    const HibPaths *paths = &ret->journeys.paths;
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_autoptr(GString) key = g_string_new(NULL);
    for (size_t p = 0; p < paths->n_paths; p++) {
        HibAttributionPath one;
        shorten(paths, p, &one);
        g_string_truncate(key, 0);
        for (size_t i = 0; i < one.n; i++)
            g_string_append_printf(key, "%d ", (int)one.channels[i]);
        HibAttributionPath *path = g_hash_table_lookup(known, key->str);
        if (!path) {
            path = hib_arena_new0(arena, HibAttributionPath);
            *path = one;
            path->key = hib_arena_strdup(arena, key->str);
            g_hash_table_insert(known, (char *)(uintptr_t)path->key, path);
            g_ptr_array_add(all, path);
        }
        path->conversions += paths->conversions[p];
        path->nulls += paths->nulls[p];
        path->value += paths->revenue[p];
    }
    g_ptr_array_sort(all, by_conversions);
    ret->n_paths = MIN(all->len, MOST_PATHS);
    ret->paths = hib_arena_array(arena, HibAttributionPath *, ret->n_paths + 1);
    for (size_t i = 0; i < ret->n_paths; i++)
        ret->paths[i] = all->pdata[i];
}

/* How many drawn samples there is time for. */
static int
replicates_of(const HibPaths *paths)
{
    const int64_t n = MAX((int64_t)paths->starts[paths->n_paths], 1);
    return (int)CLAMP(TOUCHES_REPLICATED / n, LEAST_REPLICATES, REPLICATES);
}

static bool
credit(HibArena *arena, HibAttributed *ret, GHashTable *labels, GError **error)
{
    const HibJourneys *journeys = &ret->journeys;
    const HibAttributionOptions options = {.half_life = HALF_LIFE_DAYS,
                                           .level = 0.95,
                                           .replicates = replicates_of(&journeys->paths),
                                           .pairs = 200,
                                           .seed = 1};
    if (!hib_attribute(arena, &journeys->paths, &options, &ret->credits)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "paths that do not fit");
        return false;
    }
    ret->labels = hib_arena_array(arena, const char *, journeys->paths.n_channels + 1);
    for (size_t c = 0; c < journeys->paths.n_channels; c++)
        if (journeys->channels[c])
            ret->labels[c] = g_hash_table_lookup(labels, journeys->channels[c]);
    gather_paths(arena, ret);
    return true;
}

bool
hib_links_attribute(HibDb *db, const HibServices *services, const HibAttributionAsked *asked,
                    HibAttributed *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlPathClick *clicks;
    HibSqlPathConversion *conversions;
    HibSite site;
    size_t n_clicks;
    size_t n;
    g_autoptr(GHashTable) labels = g_hash_table_new(g_str_hash, g_str_equal);
    *ret = (HibAttributed){0};
    if (asked->to <= asked->from || asked->to - asked->from > MOST_DAYS * HIB_DAY) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_range", "?to", "not a range");
        return false;
    }
    if (!hib_site_get(db, services, &site, error))
        return false;
    const HibDuration window = site.window_days * HIB_DAY;
    if (!hib_sql_path_clicks(db, asked->from - window, asked->to, MOST_CLICKS + 1, &clicks,
                             &n_clicks, error) ||
        !hib_sql_path_conversions(db, asked->from, asked->to, asked->kind, MOST_CONVERSIONS + 1,
                                  &conversions, &n, error))
        return false;
    g_auto(People) people = {0};
    if (!read_people(db, site.counts_said ? services->people : NULL, asked->from - window,
                     asked->to, &people, error))
        return false;
    ret->window_days = site.window_days;
    ret->is_cut =
        n_clicks > MOST_CLICKS || n > MOST_CONVERSIONS || people.n_said > (size_t)MOST_SAID;
    people.n_said = MIN(people.n_said, (size_t)MOST_SAID);
    n_clicks = MIN(n_clicks, MOST_CLICKS);
    n = MIN(n, MOST_CONVERSIONS);
    ret->n_conversions = (int64_t)n;
    ret->currency = asked->currency ? asked->currency : usual_currency(conversions, n);
    HibGoalReached *goals = read_goals(arena, conversions, n, &people, ret);
    HibTouch *touches = read_touches(arena, clicks, n_clicks, &people, asked, labels);
    hib_journeys(arena, touches, n_clicks + people.n_said, goals, n, window, MOST_CHANNELS,
                 &ret->journeys);
    return credit(arena, ret, labels, error);
}
