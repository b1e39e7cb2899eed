/* Changing threads as the team does: one, or many at once, and taking that back.
 *
 * Everything is done in one transaction. What a single thread stands in the way of (it is gone, its network hides nothing, somebody changed it before it was
 * taken back) is left out and said of it; the others are done. Each change gives the step that takes it back: the thread's version as it was left, and what it had. */
#include "base/error.h"
#include "base/json.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/rule.sql.h"
#include "engage/work.sql.h"
#include "engage/work_private.h"
#include "team/team.h"
#include <string.h>

#define SNOOZE_MOST (366 * HIB_DAY)
#define TAG_CHARS 40
#define HIDDEN_AT_ONCE 200 /* of one thread */

/* --- what may be asked for ------------------------------------------------------------------------------------------------------ */
static bool
refuse(GError **error, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", what);
    return false;
}

static bool
check_tags(const char *const *tags, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!*tags[i] || strpbrk(tags[i], "\r\n\t,") || g_ascii_isspace(*tags[i]) ||
            g_utf8_strlen(tags[i], -1) > TAG_CHARS) {
            g_autofree char *pointer = g_strdup_printf("/add_tags/%zu", i);
            return refuse(error, "work.bad_tag", pointer, "no tag");
        }
    return true;
}

static bool
is_empty(const HibWorkChange *change)
{
    return !change->has_status && !change->has_assignee && !change->has_snooze &&
           !change->has_hold && !change->has_hide && !change->n_add_tags && !change->n_drop_tags;
}

static bool
check(HibDb *db, const HibWorkChange *change, GError **error)
{
    const char *role = "";
    HibInstant now = hib_db_now(db), until = change->snoozed_until;
    if (is_empty(change))
        return refuse(error, "work.nothing", "", "nothing to change");
    if (change->has_snooze && until && (until <= now || until > now + SNOOZE_MOST))
        return refuse(error, "work.bad_snooze", "/snoozed_until", "not within the next year");
    if (change->has_assignee && change->assignee &&
        !hib_team_role(db, change->assignee, &role, error))
        return false;
    if (!role || g_str_equal(role, "client"))
        return refuse(error, "work.not_member", "/assignee", "not of the team");
    return check_tags(change->add_tags, change->n_add_tags, error);
}

/* --- one thread -------------------------------------------------------------------------------------------------------------------- */
/* What is changed together, and what came of it. */
typedef struct {
    HibWorkDone *done;
    HibSla sla;
    bool has_sla;
    const char *assignee, *first_name, *first_id; /* of those somebody was given */
    size_t n_assigned;
} Batch;

static bool
apply_tags(HibDb *db, const char *thread, const HibWorkChange *change, HibWorkChange *undo,
           GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char **added = hib_arena_array(arena, const char *, change->n_add_tags + 1);
    const char **dropped = hib_arena_array(arena, const char *, change->n_drop_tags + 1);
    int64_t changed;
    for (size_t i = 0; i < change->n_add_tags; i++) {
        if (!hib_sql_work_add_tag(db, thread, change->add_tags[i], &changed, error))
            return false;
        if (changed)
            added[undo->n_drop_tags++] = change->add_tags[i];
    }
    for (size_t i = 0; i < change->n_drop_tags; i++) {
        if (!hib_sql_work_drop_tag(db, thread, change->drop_tags[i], &changed, error))
            return false;
        if (changed)
            dropped[undo->n_add_tags++] = change->drop_tags[i];
    }
    undo->drop_tags = added;
    undo->add_tags = dropped;
    return true;
}

/* What is done waits for nobody: it leaves the head of the list, and its clock stands. Opened again, it has both as before. */
static bool
set_place(HibDb *db, const HibSqlWorkThread *row, bool is_done, Batch *batch, GError **error)
{
    int64_t changed, n = is_done ? 0 : row->n_waiting;
    HibInstant since = row->has_waiting_since ? row->waiting_since : 0, due = 0;
    if (n && !batch->has_sla && !hib_sla_load(db, &batch->sla, error))
        return false;
    batch->has_sla |= n > 0;
    if (n)
        due = hib_sla_due(&batch->sla, since, (int)row->urgency);
    return hib_sql_work_set_place(db, row->id,
                                  hib_thread_rank(n, row->urgency, since, row->last_at),
                                  due ? &due : NULL, &changed, error);
}

static bool
apply_status(HibDb *db, const HibSqlWorkThread *row, const HibWorkChange *change,
             HibWorkChange *undo, Batch *batch, GError **error)
{
    int64_t changed;
    if (!change->has_status ||
        !hib_sql_work_set_status(db, row->id, change->status, &changed, error))
        return !change->has_status;
    if (!changed)
        return true;
    undo->has_status = true;
    undo->status = (HibWorkStatus)row->status;
    bool was_done = row->status == HIB_WORK_DONE, is_done = change->status == HIB_WORK_DONE;
    return was_done == is_done || set_place(db, row, is_done, batch, error);
}

static bool
apply_hide(HibDb *db, const HibSqlWorkThread *row, const HibWorkChange *change, HibWorkChange *undo,
           bool *ret_cannot_hide, GError **error)
{
    HibSqlWorkHideable *talks;
    size_t n;
    if (!change->has_hide)
        return true;
    if (!hib_hide_can(row->network, (HibNetTalkKind)row->kind)) {
        *ret_cannot_hide = true;
        return true;
    }
    if (!hib_sql_work_hideable(db, row->id, change->is_hidden, HIDDEN_AT_ONCE, &talks, &n, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (change->n_talks && !g_strv_contains((const char *const *)change->talks, talks[i].id))
            continue;
        if (!hib_hide_want(db, talks[i].id, change->is_hidden, error))
            return false;
        ids[undo->n_talks++] = talks[i].id;
    }
    undo->has_hide = undo->n_talks > 0;
    undo->is_hidden = !change->is_hidden;
    undo->talks = ids;
    return true;
}

static bool
apply_rest(HibDb *db, const HibSqlWorkThread *row, const HibWorkChange *change, HibWorkChange *undo,
           GError **error)
{
    const HibInstant *until = change->snoozed_until ? &change->snoozed_until : NULL;
    int64_t snooze = 0, hold = 0, person = 0;
    if ((change->has_snooze && !hib_sql_work_set_snooze(db, row->id, until, &snooze, error)) ||
        (change->has_snooze && until &&
         !hib_job_add(db, HIB_JOB_WAKE, row->id, row->id, NULL, *until, NULL, error)) ||
        (change->has_hold && !hib_sql_work_set_held(db, row->id, change->is_held, &hold, error)) ||
        (change->has_assignee &&
         !hib_sql_work_set_assignee(db, row->id, change->assignee, &person, error)))
        return false;
    undo->has_snooze = snooze > 0;
    undo->snoozed_until = row->has_snoozed_until ? row->snoozed_until : 0;
    undo->has_hold = hold > 0;
    undo->is_held = row->is_held;
    undo->has_assignee = person > 0;
    undo->assignee = row->assignee_id;
    return apply_tags(db, row->id, change, undo, error);
}

/* *undo: what takes it back, empty when nothing changed. */
static bool
apply(HibDb *db, const HibSqlWorkThread *row, const HibWorkChange *change, HibWorkChange *undo,
      bool *ret_cannot_hide, Batch *batch, GError **error)
{
    *undo = (HibWorkChange){0};
    return apply_status(db, row, change, undo, batch, error) &&
           apply_rest(db, row, change, undo, error) &&
           apply_hide(db, row, change, undo, ret_cannot_hide, error);
}

bool
hib_work_apply(HibDb *db, const char *thread, const HibWorkChange *change, GError **error)
{
    HibSqlWorkThread *row;
    HibWorkChange undo;
    bool cannot_hide = false;
    Batch batch = {0};
    return hib_sql_work_thread(db, thread, &row, error) &&
           (!row || apply(db, row, change, &undo, &cannot_hide, &batch, error));
}

/* --- many ---------------------------------------------------------------------------------------------------------------------------- */
static const char *
described(HibArena *arena, const HibWorkChange *change)
{
    static const char *const names[] = {"open", "waiting", "done"};
    cJSON *json = cJSON_CreateObject();
    if (change->has_status)
        cJSON_AddStringToObject(json, "status", names[change->status]);
    if (change->has_assignee)
        cJSON_AddStringToObject(json, "assignee", change->assignee ? change->assignee : "");
    if (change->has_snooze)
        cJSON_AddBoolToObject(json, "is_snoozed", change->snoozed_until != 0);
    if (change->has_hold)
        cJSON_AddBoolToObject(json, "is_held", change->is_held);
    if (change->has_hide)
        cJSON_AddBoolToObject(json, "is_hidden", change->is_hidden);
    for (size_t i = 0; i < change->n_add_tags; i++)
        cJSON_AddStringToObject(json, "tag", change->add_tags[i]);
    return hib_json_print(arena, json);
}

static bool
leave_out(Batch *batch, const char *thread, HibWorkWhy why)
{
    batch->done->not_done[batch->done->n_not_done++] = (HibWorkNot){thread, why};
    return true;
}

/* `version` 0: whatever it is. */
static bool
change_one(HibDb *db, const char *thread, int64_t version, const HibWorkChange *change,
           Batch *batch, GError **error)
{
    HibWorkStep *step = &batch->done->undo[batch->done->n_changed];
    HibSqlWorkThread *row;
    HibSqlWorkVersion *now;
    bool cannot_hide = false;
    if (!hib_sql_work_thread(db, thread, &row, error))
        return false;
    if (!row)
        return leave_out(batch, thread, HIB_WORK_GONE);
    if (version && row->version != version)
        return leave_out(batch, thread, HIB_WORK_CHANGED_SINCE);
    if (!apply(db, row, change, &step->change, &cannot_hide, batch, error))
        return false;
    if (cannot_hide)
        leave_out(batch, thread, HIB_WORK_CANNOT_HIDE);
    if (is_empty(&step->change))
        return true;
    if (step->change.has_assignee && change->assignee) {
        batch->assignee = change->assignee;
        batch->first_name = batch->n_assigned ? batch->first_name : row->with_name;
        batch->first_id = batch->n_assigned++ ? batch->first_id : thread;
    }
    if (!hib_event_emit(db, "thread.changed", thread, NULL, error) ||
        !hib_audit(db, "thread.change", "thread", thread, NULL, described(hib_db_arena(db), change),
                   error) ||
        !hib_sql_work_version(db, thread, &now, error))
        return false;
    step->thread = thread;
    step->version = now->version;
    batch->done->n_changed++;
    return true;
}

/* Whoever is given threads by somebody else hears of it, once. */
static bool
tell_assignee(HibDb *db, const Batch *batch, GError **error)
{
    const char *by = hib_work_actor(db), *name = "";
    HibArena *arena = hib_db_arena(db);
    bool is_one = batch->n_assigned == 1;
    if (!batch->n_assigned)
        return true;
    if (by && !hib_team_person_name(db, by, &name, error))
        return false;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "person", batch->assignee);
    cJSON_AddStringToObject(json, "by", by ? by : "");
    cJSON_AddStringToObject(json, "name", name);
    cJSON_AddStringToObject(json, "what",
                            is_one ? batch->first_name
                                   : hib_arena_printf(arena, "%zu", batch->n_assigned));
    cJSON_AddStringToObject(json, "place",
                            is_one ? hib_work_place(arena, batch->first_id) : "/inbox?tab=mine");
    return hib_event_emit(db, is_one ? "thread.assigned" : "threads.assigned", batch->first_id,
                          hib_json_print(arena, json), error);
}

static Batch
batch_of(HibDb *db, size_t n, HibWorkDone *done)
{
    HibArena *arena = hib_db_arena(db);
    *done = (HibWorkDone){.undo = hib_arena_array(arena, HibWorkStep, n + 1),
                          .not_done = hib_arena_array(arena, HibWorkNot, n + 1)};
    return (Batch){.done = done};
}

bool
hib_work_change(HibDb *db, const char *const *threads, size_t n, const HibWorkChange *change,
                HibWorkDone *ret, GError **error)
{
    Batch batch = batch_of(db, n, ret);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check(db, change, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!change_one(db, threads[i], 0, change, &batch, error))
            return false;
    return tell_assignee(db, &batch, error) && hib_tx_commit(tx, error);
}

/* A sleep that is over meanwhile stays over; who has left the team has nothing any more. */
static bool
still_possible(HibDb *db, HibWorkChange *change, GError **error)
{
    const char *role = NULL;
    if (change->snoozed_until <= hib_db_now(db))
        change->snoozed_until = 0;
    if (change->assignee && !hib_team_role(db, change->assignee, &role, error))
        return false;
    if (!role || g_str_equal(role, "client"))
        change->assignee = NULL;
    return true;
}

bool
hib_work_take_back(HibDb *db, const HibWorkStep *steps, size_t n, HibWorkDone *ret, GError **error)
{
    Batch batch = batch_of(db, n, ret);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    for (size_t i = 0; tx && i < n; i++) {
        HibWorkChange change = steps[i].change;
        if (is_empty(&change)) {
            g_autofree char *pointer = g_strdup_printf("/steps/%zu", i);
            return refuse(error, "work.nothing", pointer, "nothing to take back");
        }
        if (!check_tags(change.add_tags, change.n_add_tags, error) ||
            !still_possible(db, &change, error) ||
            !change_one(db, steps[i].thread, steps[i].version, &change, &batch, error))
            return false;
    }
    return tx && hib_tx_commit(tx, error);
}
