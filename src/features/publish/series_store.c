/* Series in the store: reading, changing, and the job that makes their posts ahead. */
#include "base/error.h"
#include "base/log.h"
#include "publish/publish_private.h"
#include "publish/series.h"
#include "publish/series.sql.h"
#include "team/team.h"

#define KEPT (30 * HIB_DAY) /* how long a failed occurrence is shown */
#define SHOWN 60            /* occurrences of a series at once */
#define AT_ONCE 200         /* made in one run */
#define LOOK_EVERY (6 * HIB_HOUR)

/* --- reading ------------------------------------------------------------------------------------------------------------- */
static bool
fill_coming(HibDb *db, HibSeries *series, GError **error)
{
    HibSqlOccurrenceRow *rows;
    size_t n;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_occurrence_from(db, series->id, now - KEPT, SHOWN, &rows, &n, error))
        return false;
    HibOccurrence *out = hib_arena_array(hib_db_arena(db), HibOccurrence, n + 1);
    for (size_t i = 0; i < n; i++)
        if (rows[i].due_at > now || rows[i].error_reason)
            out[series->n_coming++] = (HibOccurrence){.due_at = rows[i].due_at,
                                                      .post_id = rows[i].post_id,
                                                      .error_reason = rows[i].error_reason};
    series->coming = out;
    return true;
}

static bool
fill(HibDb *db, const HibSqlSeriesRow *row, HibSeries *out, GError **error)
{
    HibSqlSeriesPosts *posts;
    *out = (HibSeries){.id = row->id,
                       .name = row->name,
                       .zone = row->zone,
                       .state = (HibSeriesState)row->state,
                       .made_until = row->made_until,
                       .n_made = row->n_made,
                       .version = row->version};
    if (!hib_recurrence_read(hib_db_arena(db), row->rule, &out->rule, error) ||
        !hib_sql_series_posts(db, row->id, &posts, &out->n_posts, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, out->n_posts + 1);
    for (size_t i = 0; i < out->n_posts; i++)
        ids[i] = posts[i].post_id;
    out->post_ids = ids;
    return fill_coming(db, out, error);
}

bool
hib_series_list(HibDb *db, HibSeries **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlSeriesRow *rows;
    if (!hib_sql_series_list(db, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibSeries, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        if (!fill(db, &rows[i], &(*ret_rows)[i], error))
            return false;
    return true;
}

bool
hib_series_get(HibDb *db, const char *series, HibSeries **ret, GError **error)
{
    HibSqlSeriesRow *row;
    if (!hib_sql_series_get(db, series, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "series.unknown", "no series %s", series);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibSeries);
    return fill(db, row, *ret, error);
}

/* --- what a person asks for ------------------------------------------------------------------------------------------------ */
static bool
check_templates(HibDb *db, const HibSeriesContent *content, GError **error)
{
    for (size_t i = 0; i < content->n_posts; i++) {
        HibPost *post;
        GError *fault = NULL;
        const char *pointer = hib_arena_printf(hib_db_arena(db), "/post_ids/%zu", i);
        if (!hib_plan_get(db, content->post_ids[i], false, &post, &fault)) {
            hib_error_set_pointer(fault, pointer);
            g_propagate_error(error, fault);
            return false;
        }
        bool is_resting = post->state == HIB_POST_DRAFT || post->state == HIB_POST_IN_REVIEW ||
                          post->state == HIB_POST_APPROVED;
        if (is_resting && post->n_variants)
            continue;
        hib_error_set_at(error, HIB_ERROR_INVALID, "series.template_unusable", pointer,
                         "post %s is in state %d with %zu accounts", post->id, post->state,
                         post->n_variants);
        return false;
    }
    return true;
}

static bool
check(HibDb *db, const HibSeriesContent *content, GError **error)
{
    g_autoptr(HibZone) zone = hib_zone_open(content->zone);
    if (!zone) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_zone", "/zone", "no zone %s",
                         content->zone);
        return false;
    }
    return hib_recurrence_check(&content->rule, error) && check_templates(db, content, error);
}

static bool
write_posts(HibDb *db, const char *series, const HibSeriesContent *content, GError **error)
{
    if (!hib_sql_series_drop_posts(db, series, error))
        return false;
    for (size_t i = 0; i < content->n_posts; i++)
        if (!hib_sql_series_add_post(db, series, (int64_t)i, content->post_ids[i], error))
            return false;
    return true;
}

static const char *
describe(HibDb *db, const HibSeries *series)
{
    static const char *const states[] = {"running", "paused", "ended"};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", series->name);
    cJSON_AddStringToObject(out, "state", states[series->state]);
    cJSON_AddStringToObject(out, "zone", series->zone);
    cJSON_AddRawToObject(out, "rule", hib_recurrence_print(hib_db_arena(db), &series->rule));
    return hib_json_print(hib_db_arena(db), out);
}

static bool
finish(HibDb *db, const char *id, const HibSeries *before, const char *action, HibSeries **ret,
       GError **error)
{
    if (!hib_job_add(db, HIB_JOB_SERIES, id, id, NULL, hib_db_now(db), NULL, error) ||
        !hib_series_get(db, id, ret, error))
        return false;
    return hib_event_emit(db, "series.changed", id, NULL, error) &&
           hib_audit(db, action, "series", id, before ? describe(db, before) : NULL,
                     describe(db, *ret), error);
}

bool
hib_series_add(HibDb *db, const HibSeriesContent *content, HibSeries **ret, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && check(db, content, error) &&
           hib_sql_series_insert(db, id, content->name,
                                 hib_recurrence_print(hib_db_arena(db), &content->rule),
                                 content->zone, content->state, now, now, person, error) &&
           write_posts(db, id, content, error) &&
           finish(db, id, NULL, "series.create", ret, error) && hib_tx_commit(tx, error);
}

/* Takes out what was made ahead and nobody touched: the changed series makes its own. */
static bool
take_back(HibDb *db, const char *series, GError **error)
{
    HibSqlOccurrenceRow *rows;
    size_t n;
    if (!hib_sql_occurrence_from(db, series, hib_db_now(db), AT_ONCE, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibPost *post = NULL;
        g_autoptr(GError) gone = NULL;
        bool is_there = rows[i].post_id && hib_plan_get(db, rows[i].post_id, false, &post, &gone);
        bool is_untouched =
            is_there && post->state == HIB_POST_SCHEDULED && post->version == rows[i].post_version;
        if (is_untouched && (!hib_publish_unschedule(db, post->id, &post, error) ||
                             !hib_publish_delete(db, post->id, error)))
            return false;
        if ((is_untouched || rows[i].error_reason) &&
            !hib_sql_occurrence_drop(db, series, rows[i].due_at, error))
            return false;
    }
    return true;
}

bool
hib_series_change(HibDb *db, const char *id, int64_t version, const HibSeriesContent *content,
                  HibSeries **ret, GError **error)
{
    HibSeries *before;
    int64_t changed = 0;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_series_get(db, id, &before, error) || !check(db, content, error) ||
        !hib_sql_series_change(db, id, version, content->name,
                               hib_recurrence_print(hib_db_arena(db), &content->rule),
                               content->zone, content->state, now, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "series.edited", "version is %" G_GINT64_FORMAT,
                      before->version);
        return false;
    }
    return take_back(db, id, error) && write_posts(db, id, content, error) &&
           finish(db, id, before, "series.change", ret, error) && hib_tx_commit(tx, error);
}

/* --- making posts ahead ------------------------------------------------------------------------------------------------------ */
static bool
make_one(HibDb *db, const HibSeries *series, HibInstant due_at, int64_t n_made, GError **error)
{
    HibPost *post;
    int64_t is_new = 0, is_ours = 0;
    const char *template = series->post_ids[(size_t)n_made % series->n_posts];
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_occurrence_insert(db, series->id, due_at, NULL, 0, NULL, &is_new, error))
        return false;
    if (is_new &&
        (!hib_plan_copy(db, template, &due_at, &post, error) ||
         !hib_plan_copy_approval(db, template, post->id, error) ||
         !hib_check_override_copy(db, template, post->id, error) ||
         !hib_publish_schedule(db, post->id, NULL, due_at, &post, error) ||
         !hib_sql_occurrence_fill(db, series->id, due_at, post->id, post->version, error)))
        return false;
    if (!hib_sql_series_advance(db, series->id, series->version, due_at, n_made + 1, &is_ours,
                                error))
        return false;
    if (is_ours)
        return hib_tx_commit(tx, error);
    hib_error_set(error, HIB_ERROR_CONFLICT, "series.edited", "changed meanwhile");
    return false;
}

/* Why it could not be made stands in its row: nothing is left out in silence. Not ours: a person changed the series meanwhile, and nothing is noted by the old rule. */
static bool
note_failure(HibDb *db, const HibSeries *series, HibInstant due_at, int64_t n_made,
             const char *reason, bool *ret_is_ours, GError **error)
{
    int64_t is_new = 0, is_ours = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_occurrence_insert(db, series->id, due_at, NULL, 0, reason, &is_new, error) ||
        !hib_sql_series_advance(db, series->id, series->version, due_at, n_made + 1, &is_ours,
                                error))
        return false;
    *ret_is_ours = is_ours;
    return !is_ours || (hib_event_emit(db, "series.failed", series->id, NULL, error) &&
                        hib_tx_commit(tx, error));
}

/* What no second try mends belongs into the row; everything else is the job's back-off. */
static bool
is_for_person(const GError *error)
{
    HibErrorKind kind = hib_error_kind(error);
    return kind == HIB_ERROR_INVALID || kind == HIB_ERROR_CONFLICT || kind == HIB_ERROR_NOT_FOUND;
}

static bool
make_all(HibDb *db, const HibSeries *series, const HibZone *zone, GError **error)
{
    HibInstant now = hib_db_now(db), *at = hib_arena_array(hib_db_arena(db), HibInstant, AT_ONCE);
    size_t n = hib_recurrence_between(&series->rule, zone, series->made_until,
                                      now + HIB_SERIES_AHEAD, at, AT_ONCE);
    for (size_t i = 0; i < n; i++) {
        int64_t n_made = series->n_made + (int64_t)i;
        bool is_ours;
        g_autoptr(GError) failed = NULL;
        const char *reason = "series.missed"; /* its time passed while nothing ran */
        if (at[i] > now) {
            if (make_one(db, series, at[i], n_made, &failed))
                continue;
            reason = hib_error_reason(failed);
            if (g_str_equal(reason, "series.edited"))
                return true; /* the person's change queued a run of its own */
            if (!is_for_person(failed)) {
                g_propagate_error(error, g_steal_pointer(&failed));
                return false;
            }
            hib_log_error(HIB_WARN, "publish.series_failed", failed, "series", series->id, NULL);
        }
        if (!note_failure(db, series, at[i], n_made, reason, &is_ours, error))
            return false;
        if (!is_ours)
            return true;
    }
    return true;
}

bool
hib_series_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
               HibInstant *ret_at, GError **error)
{
    HibSqlSeriesRow *row;
    HibSeries series;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sql_series_get(db, job->subject, &row, error))
        return false;
    if (!row || row->state != HIB_SERIES_RUNNING)
        return true;
    if (!fill(db, row, &series, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(series.zone);
    if (series.n_posts && zone && !make_all(db, &series, zone, error))
        return false;
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = hib_db_now(db) + LOOK_EVERY;
    return true;
}
