/* What lost its approval leaves the schedule: the workspace asks for one since, or changes were asked for. The dispatcher would not send it either; here it is also said. */
#include "base/error.h"
#include "base/log.h"
#include "publish/publish_private.h"
#include "publish/work.sql.h"

#define UNAPPROVED_AT_ONCE 200

bool
hib_publish_is_unapproved(HibDb *db, const char *post, bool *ret, GError **error)
{
    HibSqlWorkUnapproved *row;
    if (!hib_sql_work_unapproved(db, post, &row, error))
        return false;
    *ret = row != NULL;
    return true;
}

/* Twice: takes out what is still in; the second time there is nothing. */
bool
hib_publish_unapproved_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                           HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    HibSqlWorkAllUnapproved *rows;
    size_t n;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sql_work_all_unapproved(db, UNAPPROVED_AT_ONCE, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) late = NULL;
        if (hib_publish_take_out(db, rows[i].post_id, &late))
            continue;
        if (!hib_error_is(late, HIB_ERROR_CONFLICT)) {
            g_propagate_error(error, g_steal_pointer(&late));
            return false;
        }
        hib_log_error(HIB_WARN, "publish.unapproved_begun", late, "post", rows[i].post_id, NULL);
    }
    if (n == UNAPPROVED_AT_ONCE)
        *ret_end = HIB_JOB_AGAIN;
    *ret_at = hib_db_now(db) + HIB_SECOND;
    return true;
}
