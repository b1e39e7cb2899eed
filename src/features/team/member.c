/* Members: who belongs to a workspace, with which role.
 *
 * Managers look after members; only owners make, change or remove owners; the last owner stays. Changes of one workspace's members go one after the
 * other (they begin with a write to the workspace's row), so two owners cannot step down past each other. */
#include "team/team_private.h"
#include <string.h>

static bool
is_owner(const char *role)
{
    return g_strcmp0(role, "owner") == 0;
}

static bool
find_member(HibDb *db, const char *person, HibMember **ret, GError **error)
{
    if (!hib_sql_member_get(db, person, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.member_unknown", "no such member");
    return false;
}

bool
hib_team_role(HibDb *db, const char *person, const char **ret_role, GError **error)
{
    HibMember *member = NULL;
    if (!hib_sql_member_get(db, person, &member, error))
        return false;
    *ret_role = member ? member->role : NULL;
    return true;
}

/* The workspace is locked: what is counted here stands until the commit. */
static bool
may_lose_owner(HibDb *db, GError **error)
{
    HibSqlMemberOwners *owners;
    if (!hib_sql_member_owners(db, &owners, error))
        return false;
    if (owners->n > 1)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "team.last_owner", "a workspace keeps one owner");
    return false;
}

static bool
owner_only(GError **error)
{
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "team.owner_only",
                  "only owners make or change owners");
    return false;
}

static bool
begin_change(HibDb *db, const char *person, HibTx **ret_tx, HibMember **ret, GError **error)
{
    int64_t changed;
    *ret_tx = hib_tx_begin(db, error);
    return *ret_tx && hib_sql_workspace_lock(db, &changed, error) &&
           find_member(db, person, ret, error);
}

/* What the person could let others do ends with a lower role; a lower role of their tokens follows by itself. */
static bool
end_offers(HibDb *db, const char *person, GError **error)
{
    int64_t ended;
    return hib_sql_invitation_end_by(db, person, hib_db_now(db), &ended, error);
}

bool
hib_team_members(HibDb *db, HibMember **ret_rows, size_t *ret_n, GError **error)
{
    return hib_sql_member_list(db, ret_rows, ret_n, error);
}

bool
hib_team_workspaces_to_edit(HibDb *db, const char *person, const char ***ret_ids, size_t *ret_n,
                            GError **error)
{
    HibMembership *rows;
    size_t n;
    if (!hib_sql_memberships_of(db, person, &rows, &n, error))
        return false;
    *ret_ids = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].role, "owner") || g_str_equal(rows[i].role, "manager") ||
            g_str_equal(rows[i].role, "editor"))
            (*ret_ids)[(*ret_n)++] = rows[i].workspace_id;
    return true;
}

bool
hib_team_memberships(HibDb *db, const char *person, HibMembership **ret_rows, size_t *ret_n,
                     GError **error)
{
    return hib_sql_memberships_of(db, person, ret_rows, ret_n, error);
}

bool
hib_team_change_member(HibDb *db, const HibServices *services, const char *by_role,
                       const char *person, const char *role, HibMember **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibMember *old;
    g_autoptr(HibTx) tx = NULL;
    int64_t changed;
    if (!begin_change(db, person, &tx, &old, error))
        return false;
    *ret = old;
    if (strcmp(old->role, role) == 0)
        return hib_tx_commit(tx, error);
    if ((is_owner(old->role) || is_owner(role)) && !is_owner(by_role))
        return owner_only(error);
    if (is_owner(old->role) && !may_lose_owner(db, error))
        return false;
    if (!hib_sql_member_set_role(db, person, role, &changed, error) ||
        (!is_owner(role) && !end_offers(db, person, error)) ||
        !hib_audit(db, "member.changed", "person", person,
                   hib_audit_json(arena, "role", old->role, NULL),
                   hib_audit_json(arena, "role", role, NULL), error) ||
        !hib_event_emit(db, "member.changed", person, NULL, error) ||
        !find_member(db, person, ret, error) || !hib_tx_commit(tx, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}

bool
hib_team_remove_member(HibDb *db, const HibServices *services, const char *by_role,
                       const char *person, GError **error)
{
    HibMember *old;
    g_autoptr(HibTx) tx = NULL;
    int64_t changed;
    if (!begin_change(db, person, &tx, &old, error))
        return false;
    if (is_owner(old->role) && !is_owner(by_role))
        return owner_only(error);
    if (is_owner(old->role) && !may_lose_owner(db, error))
        return false;
    const char *before = hib_audit_json(hib_db_arena(db), "name", old->name, "email", old->email,
                                        "role", old->role, NULL);
    if (!hib_sql_member_remove(db, person, &changed, error) || !end_offers(db, person, error) ||
        !hib_sql_tokens_revoke_of(db, person, hib_db_now(db), &changed, error) ||
        !hib_audit(db, "member.removed", "person", person, before, NULL, error) ||
        !hib_event_emit(db, "member.removed", person, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}

bool
hib_team_announce(HibDb *db, const HibServices *services, const char *person, const char *kind,
                  GError **error)
{
    HibMembership *rows;
    size_t n;
    hib_team_cache_drop(services->team_cache);
    if (!hib_sql_memberships_of(db, person, &rows, &n, error))
        return false;
    const char *actor;
    HibActorKind actor_kind = hib_db_actor(db, &actor);
    for (size_t i = 0; i < n; i++) {
        g_autoptr(HibDb) scoped =
            hib_db_open(hib_db_store(db), hib_db_arena(db), rows[i].workspace_id);
        hib_db_set_actor(scoped, actor_kind, actor);
        g_autoptr(HibTx) tx = hib_tx_begin(scoped, error);
        if (!tx || !hib_event_emit(scoped, kind, person, NULL, error) || !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}
