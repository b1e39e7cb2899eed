/* The hold switch: one row a workspace. The claim asks it in its own statement, so nothing is claimed once the switch is committed; what
 * comes due meanwhile is marked, and the release wakes the marked ones in the order they were due. */
#include "base/json.h"
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"
#include "publish/work.sql.h"
#include "team/team.h"

bool
hib_publish_is_held(HibDb *db, bool *ret, GError **error)
{
    HibSqlHoldGet *row;
    if (!hib_sql_hold_get(db, &row, error))
        return false;
    *ret = row && row->is_held;
    return true;
}

bool
hib_publish_hold(HibDb *db, HibHold **ret, GError **error)
{
    HibSqlHoldGet *row;
    HibSqlDeliveryNWaiting *waiting;
    if (!hib_sql_hold_get(db, &row, error) || !hib_sql_delivery_n_waiting(db, &waiting, error))
        return false;
    HibHold *hold = hib_arena_new0(hib_db_arena(db), HibHold);
    hold->n_waiting = waiting->n;
    *ret = hold;
    if (!row || !row->is_held)
        return true;
    hold->is_held = true;
    hold->reason = row->reason;
    hold->has_since = row->has_since;
    hold->since = row->since;
    return !row->by_id || hib_team_person_name(db, row->by_id, &hold->by, error);
}

static bool
release(HibDb *db, HibInstant now, GError **error)
{
    HibSqlHoldMarked *rows;
    size_t n;
    if (!hib_sql_hold_marked(db, &rows, &n, error))
        return false;
    /* A microsecond apart: the job runner takes them in this order. */
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_hold_unmark(db, rows[i].id, now, error) ||
            !hib_publish_did(db, rows[i].id, now, HIB_DID_RELEASED, NULL, error) ||
            !hib_job_add(db, HIB_JOB_DELIVER, rows[i].id, rows[i].id, NULL, now + (HibInstant)i,
                         NULL, error))
            return false;
    return true;
}

static const char *
describe(HibDb *db, bool is_held, const char *reason)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddBoolToObject(json, "is_held", is_held);
    if (reason)
        cJSON_AddStringToObject(json, "reason", reason);
    return hib_json_print(hib_db_arena(db), json);
}

bool
hib_publish_set_hold(HibDb *db, bool is_held, const char *reason, HibHold **ret, GError **error)
{
    HibSqlHoldGet *before;
    const char *by = NULL;
    HibActorKind actor = hib_db_actor(db, &by);
    HibInstant now = hib_db_now(db);
    if (reason && !*reason)
        reason = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hold_get(db, &before, error))
        return false;
    bool was_held = before && before->is_held;
    const HibInstant *since = !is_held                        ? NULL
                              : was_held && before->has_since ? &before->since
                                                              : &now;
    if (!hib_sql_hold_set(db, is_held, is_held ? reason : NULL, since,
                          is_held && actor == HIB_ACTOR_PERSON ? by : NULL, error))
        return false;
    if (was_held && !is_held && !release(db, now, error))
        return false;
    const char *after = describe(db, is_held, reason);
    if (!hib_event_emit(db, "hold.changed", hib_db_workspace(db), after, error) ||
        !hib_audit(db, is_held ? "publish.hold" : "publish.release", "workspace",
                   hib_db_workspace(db), describe(db, was_held, before ? before->reason : NULL),
                   after, error) ||
        !hib_tx_commit(tx, error))
        return false;
    return hib_publish_hold(db, ret, error);
}
