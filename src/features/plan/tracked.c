/* Others' campaigns that a workspace tracks: a text, whose it is, the day it ran. Kept to be compared with (like.c), never published. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "days/days.h"
#include "plan/like.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"

static HibTracked
of_row(const HibSqlTrackedRow *row)
{
    return (HibTracked){.id = row->id,
                        .who = row->who,
                        .text = row->text,
                        .url = row->url,
                        .on = (int)row->on_day,
                        .created_at = row->created_at,
                        .by = row->by_name};
}

bool
hib_plan_tracked(HibDb *db, HibTracked **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlTrackedRow *rows;
    if (!hib_sql_tracked_list(db, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibTracked, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_plan_tracked_get(HibDb *db, const char *id, HibTracked **ret, GError **error)
{
    HibSqlTrackedRow *row;
    if (!hib_sql_tracked_get(db, id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "tracked.unknown", "nothing tracked as %s", id);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibTracked);
    **ret = of_row(row);
    return true;
}

static bool
check(HibDb *db, const HibTracked *what, GError **error)
{
    HibSqlTrackedN *count;
    if (!what->on) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "tracked.bad_day", "/on", "no such day");
        return false;
    }
    if (!hib_sql_tracked_n(db, &count, error))
        return false;
    if (count->n < HIB_LIMIT_TRACKED)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "tracked.too_many", "%d are tracked",
                  HIB_LIMIT_TRACKED);
    return false;
}

static const char *
describe(HibDb *db, const HibTracked *what)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "who", what->who);
    cJSON_AddStringToObject(json, "on", hib_day_text(hib_db_arena(db), what->on));
    return hib_json_print(hib_db_arena(db), json);
}

bool
hib_plan_track(HibDb *db, const HibTracked *what, HibTracked **ret, GError **error)
{
    const char *id = hib_db_new_id(db), *by = NULL;
    HibActorKind actor = hib_db_actor(db, &by);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && check(db, what, error) &&
           hib_sql_tracked_insert(db, id, what->who, what->text, what->url, what->on,
                                  hib_db_now(db), actor == HIB_ACTOR_PERSON ? by : NULL, error) &&
           hib_audit(db, "tracked.add", "tracked", id, NULL, describe(db, what), error) &&
           hib_plan_tracked_get(db, id, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_plan_untrack(HibDb *db, const char *id, GError **error)
{
    HibTracked *before;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_plan_tracked_get(db, id, &before, error) &&
           hib_sql_tracked_delete(db, id, &changed, error) &&
           hib_audit(db, "tracked.remove", "tracked", id, describe(db, before), NULL, error) &&
           hib_tx_commit(tx, error);
}
