/* The dashboard's rows: from the roll-ups alone. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "measure/measure_private.h"
#include "measure/overview.sql.h"
#include "measure/reading.sql.h"
#include "team/team.h"

/* Every day of the span present, in order, sums over the accounts. */
typedef struct {
    HibMeasureDay *days;
    size_t n;
    HibInstant followers_at; /* of the oldest count in the last day's sum */
} Span;

static Span
empty_span(HibArena *arena, int64_t first, size_t n)
{
    Span span = {hib_arena_array(arena, HibMeasureDay, n), n, 0};
    for (size_t i = 0; i < n; i++)
        span.days[i].day = hib_measure_day_shift(first, (int)i);
    return span;
}

static HibMeasureDay *
find_day(Span span, int64_t day)
{
    size_t low = 0, high = span.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (span.days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < span.n && span.days[low].day == day ? &span.days[low] : NULL;
}

typedef struct {
    int64_t followers, day;
    HibInstant at;
} Followers;

static void
keep_followers(HibArena *arena, GHashTable *into, const char *account, Followers followers)
{
    Followers *kept = hib_arena_new0(arena, Followers);
    *kept = followers;
    g_hash_table_insert(into, (gpointer)account, kept);
}

static HibInstant
sum_followers(GHashTable *latest, HibMeasureDay *day)
{
    HibInstant oldest = HIB_NEVER;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, latest);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Followers *one = value;
        day->followers += one->followers;
        day->has_followers = true;
        oldest = MIN(oldest, one->at);
    }
    return day->has_followers ? oldest : 0;
}

/* Followers of several accounts add up only when each one's last reading is carried to the days between. `firsts`: accounts read for the first
 * time in a span. */
static bool
fill_followers(HibDb *db, Span *span, const char *account, GHashTable *firsts, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlMeasureFollowersBefore *earlier = NULL;
    HibSqlMeasureFollowersDays *rows = NULL;
    size_t n_earlier = 0, n_rows = 0, row = 0;
    const int64_t from = span->days[0].day;
    if (!hib_sql_measure_followers_before(db, from, account, &earlier, &n_earlier, error) ||
        !hib_sql_measure_followers_days(db, from,
                                        hib_measure_day_shift(span->days[span->n - 1].day, 1),
                                        account, &rows, &n_rows, error))
        return false;
    g_autoptr(GHashTable) latest =
        g_hash_table_new(g_str_hash, g_str_equal); /* account → Followers */
    for (size_t i = 0; i < n_earlier; i++)
        keep_followers(arena, latest, earlier[i].account_id,
                       (Followers){earlier[i].followers, 0, earlier[i].followers_as_of});
    for (size_t i = 0; i < span->n; i++) {
        for (; row < n_rows && rows[row].day <= span->days[i].day; row++) {
            Followers now = {rows[row].followers, rows[row].day, rows[row].followers_as_of};
            if (!g_hash_table_contains(latest, rows[row].account_id))
                keep_followers(arena, firsts, rows[row].account_id, now);
            keep_followers(arena, latest, rows[row].account_id, now);
        }
        span->followers_at = sum_followers(latest, &span->days[i]);
    }
    return true;
}

/* An account that joined the others did not gain its followers that day: it had them already, so the days before count its first reading too.
 * Days on which nobody was read stay unknown. */
static void
carry_back(Span span, GHashTable *firsts)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, firsts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Followers *first = value;
        for (size_t i = 0; i < span.n && span.days[i].day < first->day; i++)
            if (span.days[i].has_followers)
                span.days[i].followers += first->followers;
    }
}

static int64_t *
number_of(HibMeasureDay *day, int64_t metric)
{
    const char *slug = hib_metric_of_id((int)metric)->slug;
    const int at = hib_measure_metric(slug);
    if (at >= 0)
        return &day->gained[at];
    return g_str_equal(slug, "published") ? &day->posts
           : g_str_equal(slug, "saves")   ? &day->saves
                                          : &day->shares;
}

static bool
read_days(HibDb *db, Span *span, const char *account, GHashTable *firsts, GError **error)
{
    HibSqlMeasureSums *rows = NULL;
    size_t n = 0;
    int64_t until = hib_measure_day_shift(span->days[span->n - 1].day, 1);
    if (!hib_sql_measure_sums(db, span->days[0].day, until, account, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibMeasureDay *day = find_day(*span, rows[i].day);
        if (day)
            *number_of(day, rows[i].metric) += rows[i].value;
    }
    return fill_followers(db, span, account, firsts, error);
}

static bool
mean_of(const HibSqlMeasurePostsBetween *posts, size_t n, double *ret)
{
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < n; i++)
        if (posts[i].has_as_of) {
            sum += (double)posts[i].engagements;
            counted++;
        }
    *ret = counted ? sum / (double)counted : 0;
    return counted > 0;
}

static void
mark_apart(HibMeasureCell *cells, double mean)
{
    HibMeanInterval means[7 * 24];
    bool is_apart[7 * 24];
    for (int i = 0; i < 7 * 24; i++)
        means[i] = cells[i].engagements;
    hib_tell_apart(means, 7 * 24, mean, is_apart);
    for (int i = 0; i < 7 * 24; i++)
        cells[i].is_apart = is_apart[i];
}

/* Posts old enough to be compared, by the weekday and hour they went out. */
static HibMeasureCell *
heat_cells(HibArena *arena, const HibZone *zone, const HibSqlMeasurePostsBetween *posts, size_t n)
{
    HibMeasureCell *cells = hib_arena_array(arena, HibMeasureCell, 7 * 24);
    size_t begins[7 * 24 + 1] = {0}, filled[7 * 24] = {0}; /* where the values of each cell lie */
    int *cell_of = hib_arena_array(arena, int, n + 1);
    double *values = hib_arena_array(arena, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        cell_of[i] = -1;
        if (!posts[i].has_engagements_48)
            continue;
        const HibWall wall = hib_wall_at(zone, posts[i].published_at);
        cell_of[i] = (wall.weekday - 1) * 24 + wall.hour;
        begins[cell_of[i] + 1]++;
    }
    for (int cell = 0; cell < 7 * 24; cell++)
        begins[cell + 1] += begins[cell];
    for (size_t i = 0; i < n; i++)
        if (cell_of[i] >= 0)
            values[begins[cell_of[i]] + filled[cell_of[i]]++] = (double)posts[i].engagements_48;
    for (int cell = 0; cell < 7 * 24; cell++)
        cells[cell] =
            (HibMeasureCell){cell / 24 + 1, cell % 24,
                             hib_mean_interval(values + begins[cell], filled[cell]), false};
    mark_apart(cells, hib_mean_interval(values, begins[7 * 24]).mean);
    return cells;
}

bool
hib_measure_overview(HibDb *db, const HibZone *zone, int n_days, const char *account,
                     HibMeasureOverview *ret, GError **error)
{
    return hib_measure_period(db, zone, hib_day_start(zone, hib_db_now(db), 1 - n_days), n_days,
                              account, ret, error);
}

bool
hib_measure_period(HibDb *db, const HibZone *zone, HibInstant from, int n_days, const char *account,
                   HibMeasureOverview *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    *ret = (HibMeasureOverview){.from = hib_day_start(zone, from, 0),
                                .to = hib_day_start(zone, from, n_days),
                                .n_days = (size_t)n_days};
    HibInstant before = hib_day_start(zone, from, -n_days);
    Span span = empty_span(arena, hib_measure_day(zone, ret->from), (size_t)n_days);
    Span earlier = empty_span(arena, hib_measure_day(zone, before), (size_t)n_days);
    HibSqlMeasurePostsBetween *posts = NULL, *old = NULL;
    size_t n_posts = 0, n_old = 0;
    HibSqlMeasureNewest *newest = NULL;
    HibSqlMeasureFirstDay *first = NULL;
    g_autoptr(GHashTable) firsts =
        g_hash_table_new(g_str_hash, g_str_equal); /* account → Followers */
    if (!read_days(db, &earlier, account, firsts, error) ||
        !read_days(db, &span, account, firsts, error) ||
        !hib_sql_measure_posts_between(db, ret->from, ret->to, account, &posts, &n_posts, error) ||
        !hib_sql_measure_posts_between(db, before, ret->from, account, &old, &n_old, error) ||
        !hib_sql_measure_newest(db, account, &newest, error) ||
        !hib_sql_measure_first_day(db, account, &first, error))
        return false;
    carry_back(earlier, firsts);
    carry_back(span, firsts);
    ret->days = span.days;
    ret->before = earlier.days;
    ret->followers_at = span.followers_at;
    ret->has_before = first && first->day <= earlier.days[0].day;
    ret->has_per_post = mean_of(posts, n_posts, &ret->per_post);
    ret->has_per_post_before = ret->has_before && mean_of(old, n_old, &ret->per_post_before);
    ret->has_newest = newest && newest->has_as_of;
    ret->newest = ret->has_newest ? newest->as_of : 0;
    ret->cells = heat_cells(arena, zone, posts, n_posts);
    return true;
}

bool
hib_measure_best(HibDb *db, const HibMeasureOverview *overview, const char *account, int most,
                 HibMeasureBest **ret, size_t *ret_n, GError **error)
{
    HibSqlMeasureBest *rows = NULL;
    if (!hib_sql_measure_best(db, overview->from, overview->to, account, most, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMeasureBest, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMeasureBest){
            .delivery = rows[i].delivery_id,
            .account = rows[i].account_id,
            .post = rows[i].post_id,
            .published_at = rows[i].published_at,
            .values = {rows[i].likes, rows[i].reposts, rows[i].replies, rows[i].quotes},
            .engagements = rows[i].engagements,
        };
    return true;
}

bool
hib_measure_curve(HibDb *db, const char *delivery, HibMeasureCurve **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlMeasurePost *post = NULL;
    HibReading *rows = NULL;
    size_t n = 0;
    *ret = NULL;
    if (!hib_sql_measure_post_get(db, delivery, &post, error))
        return false;
    if (!post)
        return true;
    if (!hib_measure_readings(db, delivery, &rows, &n, error))
        return false;
    HibMeasureCurve *curve = hib_arena_new0(arena, HibMeasureCurve);
    *curve = (HibMeasureCurve){post->as_of,
                               post->next_read_at,
                               post->has_as_of,
                               post->has_next_read_at,
                               post->is_gone,
                               hib_arena_array(arena, HibMeasureReading, n + 1),
                               n};
    for (size_t i = 0; i < n; i++)
        curve->readings[i] =
            (HibMeasureReading){hib_metric_of_id(rows[i].metric)->slug, rows[i].as_of,
                                rows[i].value, (HibMetricState)rows[i].state};
    *ret = curve;
    return true;
}

bool
hib_measure_source(HibDb *db, const char *account, const char **ret_source, bool *ret_is_partial,
                   GError **error)
{
    HibAccount *accounts = NULL;
    size_t n = 0;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    g_autoptr(GString) names = g_string_new(NULL);
    *ret_is_partial = false;
    for (size_t i = 0; i < n; i++) {
        if (account && !g_str_equal(account, accounts[i].id))
            continue;
        const char *name = accounts[i].is_practice ? "practice" : accounts[i].network;
        if (!strstr(names->str, name))
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
        *ret_is_partial |= accounts[i].state != HIB_ACCOUNT_OK;
    }
    *ret_source = hib_arena_strdup(hib_db_arena(db), names->str);
    return true;
}
