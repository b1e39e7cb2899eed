/* What happens to an account happens to its deliveries: reconnected, those that waited for a person go on and unknown ones are read
 * back; disconnected, those that wait are cancelled and their posts become drafts. */
#include "publish/publish_private.h"
#include "publish/work.sql.h"

bool
hib_publish_wake_account(HibDb *db, const char *account, GError **error)
{
    HibSqlWorkOfAccount *rows;
    size_t n;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_work_of_account(db, account, HIB_DELIVERY_WAITING, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool waits_for_person =
            rows[i].has_error_class && rows[i].error_class == HIB_NET_REAUTH_HUMAN;
        if (waits_for_person && rows[i].due_at <= now &&
            !hib_job_add(db, HIB_JOB_DELIVER, rows[i].id, rows[i].id, NULL, now + (HibInstant)i,
                         NULL, error))
            return false;
    }
    if (!hib_sql_work_of_account(db, account, HIB_DELIVERY_UNKNOWN, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_job_add(db, HIB_JOB_RECONCILE, rows[i].id, rows[i].id, NULL, now, NULL, error))
            return false;
    return true;
}

bool
hib_publish_drop_account(HibDb *db, const char *account, GError **error)
{
    HibSqlWorkOfAccount *rows;
    HibAccount *back;
    size_t n;
    int64_t changed;
    if (hib_accounts_get(db, account, &back, NULL))
        return true; /* connected again before we heard of it */
    if (!hib_sql_work_of_account(db, account, HIB_DELIVERY_WAITING, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!hib_plan_hold(db, rows[i].post_id, error) ||
            !hib_sql_work_cancel(db, rows[i].id, &changed, error))
            return false;
        if (changed && (!hib_deliver_emit(db, "delivery.cancelled", rows[i].id, rows[i].post_id,
                                          account, error) ||
                        !hib_publish_did(db, rows[i].id, hib_db_now(db), HIB_DID_CANCELLED,
                                         "account.disconnected", error) ||
                        !hib_jobs_cancel(db, HIB_JOB_DELIVER, rows[i].id, error) ||
                        (rows[i].kind == HIB_KIND_POST &&
                         !hib_deliver_settle_post(db, rows[i].post_id, error))))
            return false;
    }
    return true;
}
