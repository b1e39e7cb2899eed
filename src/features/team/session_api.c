/* Handlers: what this instance is, setting up, signing in and out, one's own sessions. */
#include "team/team_api.h"
#include <string.h>

const HibServices *
hib_team_services(HibCall *call)
{
    return hib_call_context(call);
}

HibTeamFrom
hib_team_from(HibCall *call)
{
    return (HibTeamFrom){.client = hib_call_client(call),
                         .agent = hib_call_header(call, "User-Agent")};
}

void
hib_team_set_cookie(HibCall *call, const char *token)
{
    hib_call_set_cookie(call, HIB_TEAM_COOKIE, token ? token : "",
                        token ? HIB_TEAM_SESSION_LIFE / HIB_SECOND : 0);
}

bool
hib_team_reply_session(HibCall *call, int status, const char *person, const char *session,
                       const char *token, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    const HibServices *services = hib_team_services(call);
    HibPerson *row;
    HibMembership *memberships;
    size_t n;
    if (!hib_team_person(db, person, &row, error) ||
        !hib_team_memberships(db, person, &memberships, &n, error))
        return false;
    HibApiSession out = {
        .workspaces = hib_arena_array(arena, HibApiMembership, n),
        .n_workspaces = n,
        .csrf = hib_team_csrf(services, arena, session),
        .is_demo = services->is_demo,
        .version = services->version,
    };
    hib_team_fill_person(row, &out.person);
    for (size_t i = 0; i < n; i++)
        out.workspaces[i] = (HibApiMembership){
            .workspace_id = memberships[i].workspace_id,
            .name = memberships[i].name,
            .zone = memberships[i].zone,
            .role = hib_api_membership_role_from(memberships[i].role),
            .is_practice = memberships[i].is_practice,
        };
    if (token)
        hib_team_set_cookie(call, token);
    return hib_reply_session(call, status, &out);
}

bool
hib_on_get_about(HibCall *call, GError **error)
{
    const HibServices *services = hib_team_services(call);
    bool needs_setup;
    if (!hib_team_needs_setup(hib_call_db(call), &needs_setup, error))
        return false;
    const HibApiAbout out = {
        .version = services->version, .is_demo = services->is_demo, .needs_setup = needs_setup};
    return hib_reply_about(call, 200, &out);
}

bool
hib_on_set_up(HibCall *call, const HibApiSetupDraft *in, GError **error)
{
    const HibTeamFounding founding = {
        .name = in->name,
        .email = in->email,
        .password = in->password,
        .workspace_name = in->workspace,
        .zone = in->zone,
        .locale =
            in->has_locale ? hib_api_setup_draft_locale_names[in->locale] : hib_call_locale(call),
    };
    HibTeamFrom from = hib_team_from(call);
    HibNewSession made;
    const char *workspace;
    if (!hib_team_set_up(hib_call_db(call), hib_team_services(call)->team_cache, &founding, &from,
                         &workspace, &made, error))
        return false;
    return hib_team_reply_session(call, 201, made.person, made.id, made.token, error);
}

bool
hib_on_get_session(HibCall *call, GError **error)
{
    return hib_team_reply_session(call, 200, hib_call_person(call), hib_call_session(call), NULL,
                                  error);
}

bool
hib_on_sign_in(HibCall *call, const HibApiSignIn *in, GError **error)
{
    const HibSignIn asked = {
        .email = in->email,
        .password = in->password,
        .code = in->code,
        .replaces = hib_call_cookie(call, HIB_TEAM_COOKIE),
        .from = hib_team_from(call),
    };
    HibNewSession made;
    if (!hib_team_sign_in(hib_call_db(call), hib_team_services(call), &asked, &made, error))
        return false;
    return hib_team_reply_session(call, 201, made.person, made.id, made.token, error);
}

bool
hib_on_sign_in_demo(HibCall *call, GError **error)
{
    HibTeamFrom from = hib_team_from(call);
    HibNewSession made;
    if (!hib_team_sign_in_demo(hib_call_db(call), hib_team_services(call),
                               hib_call_cookie(call, HIB_TEAM_COOKIE), &from, &made, error))
        return false;
    return hib_team_reply_session(call, 201, made.person, made.id, made.token, error);
}

bool
hib_on_sign_out(HibCall *call, GError **error)
{
    if (!hib_team_session_end(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                              hib_call_session(call), "session.closed", error))
        return false;
    hib_team_set_cookie(call, NULL);
    return hib_call_reply_empty(call, 204);
}

bool
hib_on_list_sessions(HibCall *call, GError **error)
{
    HibSession *rows;
    size_t n;
    if (!hib_team_sessions(hib_call_db(call), hib_call_person(call), &rows, &n, error))
        return false;
    HibApiSessionInfoList out = {
        .sessions = hib_arena_array(hib_call_arena(call), HibApiSessionInfo, n), .n_sessions = n};
    for (size_t i = 0; i < n; i++)
        out.sessions[i] = (HibApiSessionInfo){
            .id = rows[i].id,
            .created_at = rows[i].created_at,
            .seen_at = rows[i].seen_at,
            .client = rows[i].client,
            .agent = rows[i].agent,
            .is_this = g_strcmp0(rows[i].id, hib_call_session(call)) == 0,
        };
    return hib_reply_session_info_list(call, 200, &out);
}

bool
hib_on_end_session(HibCall *call, const char *session, GError **error)
{
    if (!hib_team_session_end(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                              session, "session.ended", error))
        return false;
    return hib_call_reply_empty(call, 204);
}
