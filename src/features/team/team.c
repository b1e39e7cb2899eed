/* Team: the feature's record, and the founding of an instance. The first owner is made once: the row of team_founded decides, also between
 * two calls at the same time. */
#include "team/team.h"
#include "team/team_private.h"

const HibFeature hib_team = {.name = "team"};

bool
hib_team_needs_setup(HibDb *db, bool *ret, GError **error)
{
    HibSqlFounded *row;
    if (!hib_sql_founded(db, &row, error))
        return false;
    *ret = row == NULL;
    return true;
}

static bool
setup_done(GError **error)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, "setup.done", "the first owner exists already");
    return false;
}

typedef struct {
    const char *name, *email, *hash, *workspace_name, *zone, *locale;
    bool is_practice;
} Checked;

static bool
check(HibDb *db, HibTeamCache *cache, const HibTeamFounding *founding, Checked *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    *ret = (Checked){.zone = founding->zone, .is_practice = founding->is_practice};
    ret->locale = founding->locale ? founding->locale : "ja";
    ret->name = hib_team_trim_name(arena, founding->name, "/name", error);
    if (!ret->name)
        return false;
    ret->email = hib_team_fold_email(arena, founding->email, "/email", error);
    if (!ret->email ||
        !hib_team_password_strong(founding->password, ret->email, "/password", error))
        return false;
    ret->workspace_name = hib_team_trim_name(arena, founding->workspace_name, "/workspace", error);
    if (!ret->workspace_name || !hib_team_check_zone(founding->zone, "/zone", error))
        return false;
    ret->hash = hib_team_password_hash(cache, arena, founding->password, error);
    return ret->hash != NULL;
}

static bool
store(HibDb *db, const Checked *in, const char *workspace, const char *person, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    int64_t claimed;
    if (!hib_sql_founded_claim(db, now, &claimed, error))
        return false;
    if (!claimed)
        return setup_done(error);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, person);
    return hib_sql_person_add(db, person, in->email, in->name, in->locale, in->hash, now, error) &&
           hib_sql_workspace_add(db, workspace, in->workspace_name, in->zone, in->is_practice, now,
                                 error) &&
           hib_sql_member_add_in(db, workspace, person, "owner", now, error) &&
           hib_audit_in(db, workspace, "workspace.created", "workspace", workspace,
                        hib_audit_json(arena, "name", in->workspace_name, "zone", in->zone, NULL),
                        error);
}

bool
hib_team_set_up(HibDb *db, HibTeamCache *cache, const HibTeamFounding *founding,
                const HibTeamFrom *from, const char **ret_workspace, HibNewSession *ret,
                GError **error)
{
    Checked checked;
    bool is_needed;
    if (!hib_team_needs_setup(db, &is_needed, error))
        return false;
    if (!is_needed)
        return setup_done(error);
    if (!check(db, cache, founding, &checked, error))
        return false;
    const char *workspace = hib_db_new_id(db), *person = hib_db_new_id(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !store(db, &checked, workspace, person, error))
        return false;
    ret->person = person;
    *ret_workspace = workspace;
    return (!from || hib_team_session_open(db, person, NULL, from, "session.opened", ret, error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_team_found(HibDb *db, const HibTeamFounding *founding, const char **ret_workspace,
               const char **ret_person, GError **error)
{
    HibNewSession made;
    if (!hib_team_set_up(db, NULL, founding, NULL, ret_workspace, &made, error))
        return false;
    *ret_person = made.person;
    return true;
}

bool
hib_team_person_name(HibDb *db, const char *person, const char **ret, GError **error)
{
    HibSqlPersonName *row = NULL;
    if (person && !hib_sql_person_name(db, person, &row, error))
        return false;
    *ret = row ? row->name : "";
    return true;
}
