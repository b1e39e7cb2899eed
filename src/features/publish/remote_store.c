/* Which post on the network is whose. A remote id belongs to one delivery of its account: the store refuses a second one. What was
 * read back is a finding, what the network answered to the call itself is a fact: the fact wins, and the finding's delivery is looked
 * for again. */
#include "publish/publish_private.h"
#include "publish/work.sql.h"

/* Before the call, as the network's clock may differ. */
#define LOOKS_BACK HIB_HOUR

bool
hib_deliver_taken(HibDb *db, const HibDeliverWork *work, const char *const **ret, GError **error)
{
    HibSqlWorkTaken *rows;
    size_t n;
    HibInstant from = work->sent_at ? work->sent_at : work->created_at;
    if (!hib_sql_work_taken(db, work->id, work->account_id, from - LOOKS_BACK, &rows, &n, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].remote_id;
    ids[n] = NULL;
    *ret = ids;
    return true;
}

bool
hib_deliver_make_way(HibDb *db, const HibDeliverWork *work, const char *remote_id, bool *ret_may,
                     GError **error)
{
    HibSqlWorkHolder *holder;
    HibDeliverWork *other;
    HibInstant now = hib_db_now(db);
    int64_t changed = 0;
    *ret_may = true;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_work_holder(db, work->account_id, remote_id, &holder, error))
        return false;
    if (!holder)
        return true;
    *ret_may = holder->is_found;
    if (!holder->is_found)
        return true;
    if (!hib_deliver_load(db, holder->id, &other, error) ||
        !hib_sql_work_unclaim(db, holder->id, now, &changed, error))
        return false;
    if (!changed || !other)
        return true;
    if (!hib_publish_did(db, other->id, now, HIB_DID_UNKNOWN, HIB_DELIVER_CODE_OTHER, error) ||
        !hib_deliver_emit(db, "delivery.unknown", other->id, other->post_id, other->account_id,
                          error) ||
        !hib_job_add(db, HIB_JOB_RECONCILE, other->id, other->id, NULL, now, NULL, error) ||
        (other->kind == HIB_KIND_POST && !hib_deliver_settle_post(db, other->post_id, error)))
        return false;
    return hib_tx_commit(tx, error);
}
