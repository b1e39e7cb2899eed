/* Annotations as rows, written with audit and event. */
#include "measure/annotation.h"
#include "base/error.h"
#include "base/json.h"
#include "measure/annotation.sql.h"
#include "measure/measure_private.h"
#include "team/team.h"

static HibAnnotation
of_row(const HibSqlAnnotationRow *row)
{
    return (HibAnnotation){.id = row->id,
                           .content = {.first_day = (int)row->first_day,
                                       .last_day = (int)row->last_day,
                                       .kind = (int)row->kind,
                                       .text = row->text,
                                       .account_id = row->account_id},
                           .by_name = row->by_name,
                           .created_at = row->created_at,
                           .updated_at = row->updated_at,
                           .is_removed = row->has_removed_at,
                           .version = row->version};
}

bool
hib_annotations(HibDb *db, int64_t from, int64_t until, HibAnnotation **ret, size_t *ret_n,
                GError **error)
{
    HibSqlAnnotationRow *rows;
    if (!hib_sql_annotation_list(db, from, until, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibAnnotation, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = of_row(&rows[i]);
    return true;
}

static bool
get(HibDb *db, const char *id, HibAnnotation **ret, GError **error)
{
    HibSqlAnnotationRow *row;
    if (!hib_sql_annotation_get(db, id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "annotation.unknown", "no annotation %s", id);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibAnnotation);
    **ret = of_row(row);
    return true;
}

static bool
check(HibDb *db, const HibAnnotationContent *in, GError **error)
{
    HibAccount *account;
    GError *fault = NULL;
    if (!in->first_day || in->last_day < in->first_day) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "annotation.bad_days",
                         in->first_day ? "/ends_on" : "/starts_on", "from %d until %d",
                         in->first_day, in->last_day);
        return false;
    }
    if (!in->account_id || hib_accounts_get(db, in->account_id, &account, &fault))
        return true;
    hib_error_set_pointer(fault, "/account_id");
    g_propagate_error(error, fault);
    return false;
}

static const char *
audit_text(HibDb *db, const HibAnnotation *annotation)
{
    HibArena *arena = hib_db_arena(db);
    const HibAnnotationContent *in = &annotation->content;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "text", in->text);
    cJSON_AddStringToObject(out, "starts_on", hib_measure_day_text(arena, in->first_day));
    cJSON_AddStringToObject(out, "ends_on", hib_measure_day_text(arena, in->last_day));
    if (in->account_id)
        cJSON_AddStringToObject(out, "account_id", in->account_id);
    return hib_json_print(arena, out);
}

static bool
tell(HibDb *db, const char *action, const HibAnnotation *before, const HibAnnotation *after,
     GError **error)
{
    return hib_event_emit(db, "annotation.changed", after->id, NULL, error) &&
           hib_audit(db, action, "annotation", after->id, before ? audit_text(db, before) : NULL,
                     audit_text(db, after), error);
}

static bool
has_room(HibDb *db, GError **error)
{
    HibSqlAnnotationN *count;
    if (!hib_sql_annotation_n(db, &count, error))
        return false;
    if (count->n >= HIB_ANNOTATIONS)
        hib_error_set(error, HIB_ERROR_CONFLICT, "annotation.too_many", "%d annotations",
                      HIB_ANNOTATIONS);
    return count->n < HIB_ANNOTATIONS;
}

bool
hib_annotation_add(HibDb *db, const HibAnnotationContent *in, HibAnnotation **ret, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && check(db, in, error) && has_room(db, error) &&
           hib_sql_annotation_insert(db, id, in->first_day, in->last_day, in->kind, in->text,
                                     in->account_id, hib_db_now(db), person, error) &&
           get(db, id, ret, error) && tell(db, "annotation.create", NULL, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_annotation_change(HibDb *db, const char *id, int64_t version, const HibAnnotationContent *in,
                      HibAnnotation **ret, GError **error)
{
    HibAnnotation *before;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, id, &before, error) || !check(db, in, error) ||
        !hib_sql_annotation_update(db, id, version, in->first_day, in->last_day, in->kind, in->text,
                                   in->account_id, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "annotation.edited",
                      "annotation %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, id,
                      before->version, version);
        return false;
    }
    return get(db, id, ret, error) && tell(db, "annotation.change", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_annotation_remove(HibDb *db, const char *id, bool is_removed, HibAnnotation **ret,
                      GError **error)
{
    HibAnnotation *before;
    const HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, id, &before, error))
        return false;
    *ret = before;
    if (before->is_removed == is_removed)
        return true;
    return (is_removed || has_room(db, error)) &&
           hib_sql_annotation_remove(db, id, is_removed ? &now : NULL, now, error) &&
           get(db, id, ret, error) &&
           tell(db, is_removed ? "annotation.remove" : "annotation.restore", before, *ret, error) &&
           hib_tx_commit(tx, error);
}
