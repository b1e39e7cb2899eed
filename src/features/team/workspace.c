/* Workspaces: a name, a time zone, and everything else of the product behind their id. */
#include "team/team_private.h"
#include <string.h>

static HibWorkspace
of_row(const HibSqlWorkspaceRow *row)
{
    return (HibWorkspace){
        .id = row->id,
        .name = row->name,
        .zone = row->zone,
        .is_practice = row->is_practice,
        .created_at = row->created_at,
    };
}

bool
hib_team_workspace(HibDb *db, HibWorkspace **ret, GError **error)
{
    HibSqlWorkspaceRow *row;
    if (!hib_sql_workspace_get(db, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.workspace_unknown", "no such workspace");
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibWorkspace);
    **ret = of_row(row);
    return true;
}

bool
hib_team_workspaces(HibDb *db, HibWorkspace **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlWorkspaceRow *rows;
    if (!hib_sql_workspaces_all(db, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibWorkspace, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_team_create_workspace(HibDb *db, const char *person, const char *name, const char *zone,
                          const char **ret_workspace, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    const char *id = hib_db_new_id(db);
    const char *trimmed = hib_team_trim_name(arena, name, "/name", error);
    if (!trimmed || !hib_team_check_zone(zone, "/zone", error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_workspace_add(db, id, trimmed, zone, false, now, error) ||
        !hib_sql_member_add_in(db, id, person, "owner", now, error) ||
        !hib_audit_in(db, id, "workspace.created", "workspace", id,
                      hib_audit_json(arena, "name", trimmed, "zone", zone, NULL), error) ||
        !hib_tx_commit(tx, error))
        return false;
    *ret_workspace = id;
    return true;
}

bool
hib_team_change_workspace(HibDb *db, const char *name, const char *zone, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibWorkspace *old, *changed;
    int64_t n;
    if (name && !(name = hib_team_trim_name(arena, name, "/name", error)))
        return false;
    if (zone && !hib_team_check_zone(zone, "/zone", error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_team_workspace(db, &old, error) ||
        !hib_sql_workspace_change(db, name, zone, &n, error) ||
        !hib_team_workspace(db, &changed, error))
        return false;
    if (strcmp(old->name, changed->name) == 0 && strcmp(old->zone, changed->zone) == 0)
        return hib_tx_commit(tx, error);
    return hib_audit(db, "workspace.changed", "workspace", old->id,
                     hib_audit_json(arena, "name", old->name, "zone", old->zone, NULL),
                     hib_audit_json(arena, "name", changed->name, "zone", changed->zone, NULL),
                     error) &&
           hib_event_emit(db, "workspace.changed", old->id,
                          strcmp(old->zone, changed->zone) != 0 ? "{\"is_zone\":true}" : NULL,
                          error) &&
           hib_tx_commit(tx, error);
}
