/* Somebody is deleted: what the team was told about conversations with them. */
#include "notify/notice.sql.h"
#include "notify/notify_private.h"

bool
hib_notify_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n,
                  int64_t *ret_left G_GNUC_UNUSED, GError **error)
{
    for (size_t i = 0; i < who->n_threads; i++) {
        int64_t n = 0;
        if (!hib_sql_notices_forget(db, who->threads[i], &n, error))
            return false;
        *ret_n += n;
    }
    return true;
}
