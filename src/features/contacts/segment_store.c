/* Segments by name: a rule that is kept and counted whenever it is asked for. */
#include "base/error.h"
#include "contacts/contacts_private.h"
#include "team/team.h"

bool
hib_segment_get(HibDb *db, const char *segment, HibSqlSegmentRow **ret, GError **error)
{
    if (!hib_sql_segment_get(db, segment, ret, error))
        return false;
    if (!*ret)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "segment.unknown", "no segment %s", segment);
    return *ret != NULL;
}

bool
hib_segment_save(HibDb *db, const char *segment, int64_t version, const char *name,
                 const HibSegmentRule *rule, HibSqlSegmentRow **ret, GError **error)
{
    const char *id = segment ? segment : hib_db_new_id(db);
    HibSqlSegmentRow *before = NULL;
    int64_t changed = 1;
    if (!hib_segment_rule_check(rule, error))
        return false;
    const char *json = hib_segment_rule_print(hib_db_arena(db), rule);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (segment && !hib_segment_get(db, segment, &before, error)) ||
        !(segment
              ? hib_sql_segment_change(db, id, version, name, json, hib_db_now(db), &changed, error)
              : hib_sql_segment_add(db, id, name, json, hib_db_now(db), error)))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "segment.edited", "another version");
        return false;
    }
    return hib_segment_get(db, id, ret, error) &&
           hib_audit(db, segment ? "segment.change" : "segment.create", "segment", id,
                     before ? before->rule : NULL, json, error) &&
           hib_event_emit(db, "segment.changed", id, NULL, error) && hib_tx_commit(tx, error);
}

bool
hib_segment_drop(HibDb *db, const char *segment, GError **error)
{
    HibSqlSegmentRow *before;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_segment_get(db, segment, &before, error) &&
           hib_sql_segment_drop(db, segment, &gone, error) &&
           hib_audit(db, "segment.delete", "segment", segment, before->rule, NULL, error) &&
           hib_event_emit(db, "segment.changed", segment, NULL, error) && hib_tx_commit(tx, error);
}

bool
hib_segment_list(HibDb *db, HibSqlSegmentRow **ret, size_t *ret_n, GError **error)
{
    return hib_sql_segment_list(db, ret, ret_n, error);
}

bool
hib_segment_choices(HibDb *db, HibSqlMarkName **ret, size_t *ret_n, GError **error)
{
    return hib_sql_mark_names(db, ret, ret_n, error);
}
