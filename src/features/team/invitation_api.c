/* Handlers: inviting people and accepting. */
#include "team/invitation.sql.h"
#include "team/team_api.h"

bool
hib_on_list_invitations(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibSqlInvitationRow *rows;
    size_t n;
    if (!hib_sql_invitation_list(db, hib_db_now(db), &rows, &n, error))
        return false;
    HibApiInvitationList out = {.invitations =
                                    hib_arena_array(hib_call_arena(call), HibApiInvitation, n),
                                .n_invitations = n};
    for (size_t i = 0; i < n; i++)
        out.invitations[i] = (HibApiInvitation){
            .id = rows[i].id,
            .email = rows[i].email,
            .role = hib_api_invitation_role_from(rows[i].role),
            .created_at = rows[i].created_at,
            .expires_at = rows[i].expires_at,
            .invited_by = rows[i].invited_by,
        };
    return hib_reply_invitation_list(call, 200, &out);
}

bool
hib_on_create_invitation(HibCall *call, const HibApiInvitationDraft *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibInvitation made;
    HibApiInvitationCreated out = {0};
    if (!hib_team_invite(db, hib_team_services(call), hib_call_role(call), hib_call_person(call),
                         in->email, hib_api_invitation_draft_role_names[in->role], &made, error) ||
        !hib_team_person_name(db, hib_call_person(call), &out.invitation.invited_by, error))
        return false;
    out.link = made.link;
    out.invitation.id = made.id;
    out.invitation.email = made.email;
    out.invitation.role = hib_api_invitation_role_from(made.role);
    out.invitation.created_at = made.created_at;
    out.invitation.expires_at = made.expires_at;
    return hib_reply_invitation_created(call, 201, &out);
}

bool
hib_on_withdraw_invitation(HibCall *call, const char *invitation, GError **error)
{
    return hib_team_withdraw(hib_call_db(call), invitation, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_get_invitation(HibCall *call, const char *token, GError **error)
{
    HibOffer offer;
    if (!hib_team_offer(hib_call_db(call), token, &offer, error))
        return false;
    const HibApiInvitationOffer out = {
        .workspace = offer.workspace_name,
        .role = hib_api_invitation_offer_role_from(offer.role),
        .email = offer.email,
        .is_known = offer.is_known,
        .expires_at = offer.expires_at,
    };
    return hib_reply_invitation_offer(call, 200, &out);
}

bool
hib_on_accept_invitation(HibCall *call, const char *token, const HibApiInvitationAcceptance *in,
                         GError **error)
{
    const HibAcceptance acceptance = {
        .name = in->name,
        .password = in->password,
        .code = in->code,
        .locale = hib_call_locale(call),
        .replaces = hib_call_cookie(call, HIB_TEAM_COOKIE),
        .from = hib_team_from(call),
    };
    HibNewSession made;
    if (!hib_team_accept(hib_call_db(call), hib_team_services(call), token, &acceptance, &made,
                         error))
        return false;
    return hib_team_reply_session(call, 201, made.person, made.id, made.token, error);
}
