/* Readings stored, with their roll-ups in the same transaction.
 *
 * The usual reading is newer than all before it: it is worked out in memory and written in batches. One that comes late looks at its stored neighbours, and its post is
 * worked out again from all its readings. */
#include "base/error.h"
#include "measure/measure_private.h"
#include "measure/reading.sql.h"
#include "team/team.h"
#include <string.h>

typedef struct {
    HibDb *db;
    HibZone *zone;
    GArray *snapshots;  /* HibSqlMeasureSnapshotAddIn */
    GArray *posts;      /* HibSqlMeasurePostSetIn */
    GArray *followers;  /* HibSqlMeasureDayFollowersIn */
    GPtrArray *days;    /* HibSqlMeasureDayAddIn *, in the arena */
    GHashTable *day_of; /* "day account" → the same */
} Writing;

static void
writing_init(Writing *w, HibDb *db, HibZone *zone)
{
    *w = (Writing){.db = db, .zone = zone};
    w->snapshots = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasureSnapshotAddIn));
    w->posts = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasurePostSetIn));
    w->followers = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasureDayFollowersIn));
    w->days = g_ptr_array_new();
    w->day_of = g_hash_table_new(g_str_hash, g_str_equal);
}

static void
writing_clear(Writing *w)
{
    if (!w->db)
        return;
    g_array_unref(w->snapshots);
    g_array_unref(w->posts);
    g_array_unref(w->followers);
    g_ptr_array_unref(w->days);
    g_hash_table_unref(w->day_of);
    hib_zone_unref(w->zone);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writing, writing_clear)

HibZone *
hib_measure_zone(HibDb *db, GError **error)
{
    HibWorkspace *workspace = NULL;
    if (!hib_team_workspace(db, &workspace, error))
        return NULL;
    HibZone *zone = hib_zone_open(workspace->zone);
    return zone ? zone : hib_zone_ref(hib_zone_utc());
}

static HibSqlMeasureDayAddIn *
day_row(Writing *w, const char *account, HibInstant at)
{
    HibArena *arena = hib_db_arena(w->db);
    int64_t day = hib_measure_day(w->zone, at);
    char key[80];
    g_snprintf(key, sizeof key, "%d %s", (int)day, account);
    HibSqlMeasureDayAddIn *row = g_hash_table_lookup(w->day_of, key);
    if (row)
        return row;
    row = hib_arena_new0(arena, HibSqlMeasureDayAddIn);
    row->day = day;
    row->account = account;
    g_hash_table_insert(w->day_of, hib_arena_strdup(arena, key), row);
    g_ptr_array_add(w->days, row);
    return row;
}

static void
count_gain(Writing *w, const char *account, HibInstant at, int metric, int64_t change)
{
    HibSqlMeasureDayAddIn *row = day_row(w, account, at);
    int64_t *const at_metric[HIB_MEASURE_N] = {&row->likes, &row->reposts, &row->replies,
                                               &row->quotes};
    *at_metric[metric] += change;
}

static bool
flush(Writing *w, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, TRUE, sizeof(HibSqlMeasureDayAddIn));
    for (guint i = 0; i < w->days->len; i++)
        g_array_append_vals(days, w->days->pdata[i], 1);
    return hib_sql_measure_snapshot_add_many(w->db, (const void *)w->snapshots->data,
                                             w->snapshots->len, error) &&
           hib_sql_measure_post_set_many(w->db, (const void *)w->posts->data, w->posts->len,
                                         error) &&
           hib_sql_measure_day_add_many(w->db, (const void *)days->data, days->len, error) &&
           hib_sql_measure_day_followers_many(w->db, (const void *)w->followers->data,
                                              w->followers->len, error);
}

/* --- following a post ---------------------------------------------------------------------------------------- */
static HibInstant
published_at(const HibDelivery *delivery)
{
    return delivery->has_published_at ? delivery->published_at : delivery->due_at;
}

static bool
follow(Writing *w, const HibDelivery *delivery, const HibInstant *next_read_at, GError **error)
{
    HibInstant at = published_at(delivery);
    int64_t added = 0;
    if (!hib_sql_measure_post_add(w->db, delivery->id, delivery->account_id, delivery->post_id, at,
                                  next_read_at, &added, error))
        return false;
    if (added)
        day_row(w, delivery->account_id, at)->posts++;
    return true;
}

bool
hib_measure_follow(HibDb *db, const HibDelivery *delivery, const HibZone *zone,
                   const HibInstant *next_read_at, GError **error)
{
    g_auto(Writing) w = {0};
    writing_init(&w, db, hib_zone_ref((HibZone *)zone));
    return follow(&w, delivery, next_read_at, error) && flush(&w, error);
}

static bool
post_of(Writing *w, const char *id, HibSqlMeasurePost **ret, GError **error)
{
    if (!hib_sql_measure_post_get(w->db, id, ret, error) || *ret)
        return *ret != NULL;
    HibDelivery *delivery = NULL;
    HibInstant now = hib_db_now(w->db);
    if (!hib_publish_get(w->db, id, &delivery, error))
        return false;
    HibInstant next = hib_measure_next_read(published_at(delivery), now);
    return follow(w, delivery, next ? &next : NULL, error) &&
           hib_sql_measure_post_get(w->db, id, ret, error) && *ret;
}

/* --- one post's readings ---------------------------------------------------------------------------------------- */
static HibMeasureRunning
running_of(const HibSqlMeasurePost *post)
{
    HibMeasureRunning running = {.published_at = post->published_at,
                                 .as_of = post->as_of,
                                 .has_as_of = post->has_as_of,
                                 .engagements_48 = post->engagements_48,
                                 .has_48 = post->has_engagements_48};
    const int64_t values[] = {post->likes, post->reposts, post->replies, post->quotes};
    const bool has[] = {post->has_likes, post->has_reposts, post->has_replies, post->has_quotes};
    for (int i = 0; i < HIB_MEASURE_N; i++) {
        running.values[i] = values[i];
        running.has[i] = has[i];
    }
    return running;
}

static void
put_post(Writing *w, const char *delivery, const HibMeasureRunning *running)
{
    HibMeasureRunning *kept = hib_arena_new0(hib_db_arena(w->db), HibMeasureRunning);
    *kept = *running;
    HibSqlMeasurePostSetIn row = {
        .delivery = delivery,
        .likes = kept->has[0] ? &kept->values[0] : NULL,
        .reposts = kept->has[1] ? &kept->values[1] : NULL,
        .replies = kept->has[2] ? &kept->values[2] : NULL,
        .quotes = kept->has[3] ? &kept->values[3] : NULL,
        .engagements = hib_measure_engagements(kept),
        .engagements_48 = kept->has_48 ? &kept->engagements_48 : NULL,
        .as_of = kept->has_as_of ? &kept->as_of : NULL,
    };
    g_array_append_val(w->posts, row);
}

static void
put_snapshot(Writing *w, const char *account, const HibSnapshot *s)
{
    HibSqlMeasureSnapshotAddIn row = {account, s->delivery ? s->delivery : "", s->metric, s->as_of,
                                      s->value};
    g_array_append_val(w->snapshots, row);
}

/* Readings newer than all that is stored, in order. */
static void
take_newer(Writing *w, const HibSqlMeasurePost *post, const HibSnapshot *const *group, size_t n)
{
    HibMeasureRunning running = running_of(post);
    for (size_t i = 0; i < n; i++) {
        const HibSnapshot *s = group[i];
        if (i && group[i - 1]->as_of == s->as_of && g_str_equal(group[i - 1]->metric, s->metric))
            continue; /* twice in one batch */
        int metric = hib_measure_metric(s->metric);
        if (metric >= 0)
            count_gain(w, post->account_id, s->as_of, metric,
                       hib_measure_take(&running, (HibMeasureMetric)metric, s->as_of, s->value));
        put_snapshot(w, post->account_id, s);
        if (i + 1 == n || group[i + 1]->as_of != s->as_of)
            hib_measure_settle(&running);
    }
    put_post(w, post->delivery_id, &running);
}

static bool
take_late_one(Writing *w, const HibSqlMeasurePost *post, const HibSnapshot *s, GError **error)
{
    HibSqlMeasureNeighbour *before = NULL, *after = NULL;
    const char *account = post->account_id;
    int64_t added = 0;
    if (!hib_sql_measure_snapshot_before(w->db, account, s->delivery, s->metric, s->as_of - 1,
                                         &before, error) ||
        !hib_sql_measure_snapshot_after(w->db, account, s->delivery, s->metric, s->as_of, &after,
                                        error) ||
        !hib_sql_measure_snapshot_add(w->db, account, s->delivery, s->metric, s->as_of, s->value,
                                      &added, error))
        return false;
    int metric = hib_measure_metric(s->metric);
    if (!added || metric < 0)
        return true;
    int64_t change = s->value - (before ? before->value : 0);
    count_gain(w, account, s->as_of, metric, change);
    if (after)
        count_gain(w, account, after->as_of, metric, -change);
    return true;
}

static int
by_time(gconstpointer a, gconstpointer b)
{
    const HibSqlMeasureSnapshotsOf *x = a, *y = b;
    return x->as_of < y->as_of ? -1 : x->as_of > y->as_of ? 1 : strcmp(x->metric, y->metric);
}

static bool
take_late(Writing *w, const HibSqlMeasurePost *post, const HibSnapshot *const *group, size_t n,
          GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!take_late_one(w, post, group[i], error))
            return false;
    HibSqlMeasureSnapshotsOf *rows = NULL;
    size_t n_rows = 0;
    if (!hib_sql_measure_snapshots_of(w->db, post->account_id, post->delivery_id, &rows, &n_rows,
                                      error))
        return false;
    qsort(rows, n_rows, sizeof *rows, by_time);
    HibMeasureRunning running = {.published_at = post->published_at};
    for (size_t i = 0; i < n_rows; i++) {
        int metric = hib_measure_metric(rows[i].metric);
        if (metric >= 0)
            hib_measure_take(&running, (HibMeasureMetric)metric, rows[i].as_of, rows[i].value);
        if (i + 1 == n_rows || rows[i + 1].as_of != rows[i].as_of)
            hib_measure_settle(&running);
    }
    put_post(w, post->delivery_id, &running);
    return true;
}

static bool
take_group(Writing *w, const HibSnapshot *const *group, size_t n, GError **error)
{
    if (!group[0]->delivery) {
        for (size_t i = 0; i < n; i++) {
            put_snapshot(w, group[i]->account, group[i]);
            HibSqlMeasureDayFollowersIn row = {hib_measure_day(w->zone, group[i]->as_of),
                                               group[i]->account, group[i]->value, group[i]->as_of};
            if (g_str_equal(group[i]->metric, "followers"))
                g_array_append_val(w->followers, row);
        }
        return true;
    }
    HibSqlMeasurePost *post = NULL;
    if (!post_of(w, group[0]->delivery, &post, error))
        return false;
    if (post->has_as_of && group[0]->as_of <= post->as_of)
        return take_late(w, post, group, n, error);
    take_newer(w, post, group, n);
    return true;
}

static int
by_subject_and_time(gconstpointer a, gconstpointer b)
{
    const HibSnapshot *x = *(const HibSnapshot *const *)a, *y = *(const HibSnapshot *const *)b;
    int order = g_strcmp0(x->delivery, y->delivery);
    if (!order && !x->delivery)
        order = g_strcmp0(x->account, y->account);
    if (!order)
        order = x->as_of < y->as_of ? -1 : x->as_of > y->as_of;
    if (!order)
        order = strcmp(x->metric, y->metric);
    return order ? order : x < y ? -1 : x > y; /* the first of two counts */
}

static bool
is_same_subject(const HibSnapshot *a, const HibSnapshot *b)
{
    return g_strcmp0(a->delivery, b->delivery) == 0 &&
           (a->delivery || g_strcmp0(a->account, b->account) == 0);
}

static bool
check_metrics(const HibSnapshot *snapshots, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const HibMetric *metric = hib_metric_find(snapshots[i].metric);
        if (metric && hib_metric_is_read(metric))
            continue;
        hib_error_set(error, HIB_ERROR_INVALID, "measure.metric_unknown", "no metric %s",
                      snapshots[i].metric);
        if (error)
            hib_error_set_detail(*error, "metric", snapshots[i].metric);
        return false;
    }
    return true;
}

bool
hib_measure_add(HibDb *db, const HibSnapshot *snapshots, size_t n, GError **error)
{
    if (!check_metrics(snapshots, n, error))
        return false;
    HibZone *zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    g_auto(Writing) w = {0};
    writing_init(&w, db, zone);
    g_autofree const HibSnapshot **sorted = g_new(const HibSnapshot *, n + 1);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &snapshots[i];
    qsort(sorted, n, sizeof *sorted, by_subject_and_time);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && is_same_subject(sorted[i], sorted[end]);)
            end++;
        if (!take_group(&w, sorted + i, end - i, error))
            return false;
    }
    return flush(&w, error) && hib_tx_commit(tx, error);
}

/* --- rebuilding ---------------------------------------------------------------------------------------------- */
bool
hib_measure_rebuild(HibDb *db, GError **error)
{
    HibZone *zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    g_auto(Writing) w = {0};
    writing_init(&w, db, zone);
    HibSqlMeasureSnapshotsAll *rows = NULL;
    size_t n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_measure_snapshots_all(db, &rows, &n, error) ||
        !hib_sql_measure_clear_days(db, error) || !hib_sql_measure_clear_posts(db, error))
        return false;
    HibSqlMeasurePublished *posts = NULL;
    size_t n_posts = 0;
    if (!hib_sql_measure_published(db, &posts, &n_posts, error))
        return false;
    for (size_t i = 0; i < n_posts; i++)
        day_row(&w, posts[i].account_id, posts[i].published_at)->posts++;
    HibSnapshot *all = hib_arena_array(hib_db_arena(db), HibSnapshot, n + 1);
    for (size_t i = 0; i < n; i++)
        all[i] = (HibSnapshot){*rows[i].delivery_id ? rows[i].delivery_id : NULL,
                               rows[i].account_id, rows[i].metric, rows[i].as_of, rows[i].value};
    return flush(&w, error) && hib_measure_add(db, all, n, error) && hib_tx_commit(tx, error);
}
