/* Handlers: inviting people and accepting. */
#include "team/team_api.h"

static HibApiInvitation
of_model(const HibInvitation *in)
{
    return (HibApiInvitation){
        .id = in->id,
        .email = in->email,
        .role = hib_api_invitation_role_from(in->role),
        .created_at = in->created_at,
        .expires_at = in->expires_at,
        .invited_by = in->invited_by,
    };
}

bool
hib_on_list_invitations(HibCall *call, GError **error)
{
    HibInvitation *rows;
    size_t n;
    if (!hib_team_invitations(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiInvitationList out = {.n_invitations = n};
    out.invitations = hib_arena_array(hib_call_arena(call), HibApiInvitation, n);
    for (size_t i = 0; i < n; i++)
        out.invitations[i] = of_model(&rows[i]);
    return hib_reply_invitation_list(call, 200, &out);
}

bool
hib_on_create_invitation(HibCall *call, const HibApiInvitationDraft *in, GError **error)
{
    HibInvitation made;
    HibApiInvitationCreated out = {0};
    if (!hib_team_invite(hib_call_db(call), hib_team_services(call), hib_call_role(call),
                         hib_call_person(call), in->email,
                         hib_api_invitation_draft_role_names[in->role], &made, &out.link, error))
        return false;
    out.invitation = of_model(&made);
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
