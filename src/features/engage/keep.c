/* Files that came with something said are taken away when the workspace's days are over; what was said stays and says so. Once a day, a few hundred in a transaction, each with its line in
 * the audit log. The blob itself goes with media's own sweep, where no other row names it. */
#include "base/log.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/forget.sql.h"
#include "engage/keep.sql.h"
#include "media/media.h"
#include "store/events.h"
#include "team/team.h"

enum { AT_ONCE = 200 };

bool
hib_keep_get(HibDb *db, int64_t *ret_days, GError **error)
{
    HibSqlKeepGet *row;
    if (!hib_sql_keep_get(db, &row, error))
        return false;
    *ret_days = row ? row->file_days : HIB_KEEP_DAYS;
    return true;
}

bool
hib_keep_set(HibDb *db, int64_t days, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int64_t before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_keep_get(db, &before, error) && hib_sql_keep_set(db, days, error) &&
           hib_audit(db, "talk.keep", "workspace", hib_db_workspace(db),
                     hib_arena_printf(arena, "{\"file_days\":%d}", (int)before),
                     hib_arena_printf(arena, "{\"file_days\":%d}", (int)days), error) &&
           hib_tx_commit(tx, error);
}

/* *ret_n: how many went. */
static bool
remove_some(HibDb *db, int64_t days, size_t *ret_n, GError **error)
{
    HibSqlKeepOver *rows;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_keep_over(db, hib_db_now(db) - days * HIB_DAY, AT_ONCE, &rows, ret_n, error))
        return false;
    g_autoptr(GHashTable) threads = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < *ret_n; i++) {
        int64_t changed;
        if (!hib_sql_keep_removed(db, rows[i].id, &changed, error) ||
            (changed && !hib_kept_drop(db, rows[i].kept_id, error)))
            return false;
        if (rows[i].thread_id && g_hash_table_add(threads, (char *)(uintptr_t)rows[i].thread_id) &&
            !hib_event_emit(db, "thread.changed", rows[i].thread_id, NULL, error))
            return false;
    }
    const char *said = hib_arena_printf(hib_db_arena(db), "{\"files\":%zu,\"older_than_days\":%d}",
                                        *ret_n, (int)days);
    return (!*ret_n || hib_audit(db, "talk.files_removed", "workspace", hib_db_workspace(db), NULL,
                                 said, error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_engage_sweep_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                     HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    HibSqlKeepWorkspaces *rows;
    size_t n_rows;
    if (!hib_sql_keep_workspaces(db, &rows, &n_rows, error) ||
        !hib_sql_forget_gone_sweep(db, hib_db_now(db) - HIB_GONE_KEPT, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        size_t n = AT_ONCE;
        while (n == AT_ONCE) {
            int64_t days;
            g_autoptr(HibArena) arena = hib_arena_new();
            g_autoptr(HibDb) own = hib_db_open(hib_db_store(db), arena, rows[i].workspace_id);
            if (!hib_keep_get(own, &days, error) || !remove_some(own, days, &n, error))
                return false;
        }
    }
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = hib_db_now(db) + HIB_DAY;
    return true;
}
