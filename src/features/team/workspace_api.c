/* Handlers: workspaces. */
#include "team/team_api.h"

static bool
reply_workspace(HibCall *call, HibDb *db, int status, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    const HibApiWorkspace out = {
        .id = workspace->id,
        .name = workspace->name,
        .zone = workspace->zone,
        .is_practice = workspace->is_practice,
        .created_at = workspace->created_at,
    };
    return hib_reply_workspace(call, status, &out);
}

bool
hib_on_create_workspace(HibCall *call, const HibApiWorkspaceDraft *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    const char *id;
    if (!hib_team_create_workspace(db, hib_call_person(call), in->name, in->zone, &id, error))
        return false;
    g_autoptr(HibDb) made = hib_db_open(hib_db_store(db), hib_call_arena(call), id);
    return reply_workspace(call, made, 201, error);
}

bool
hib_on_get_workspace(HibCall *call, GError **error)
{
    return reply_workspace(call, hib_call_db(call), 200, error);
}

bool
hib_on_update_workspace(HibCall *call, const HibApiWorkspaceChange *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    if (!hib_team_change_workspace(db, in->name, in->zone, error))
        return false;
    return reply_workspace(call, db, 200, error);
}
