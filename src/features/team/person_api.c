/* Handlers: one's own name, password and second factor. */
#include "team/team_api.h"

void
hib_team_fill_person(const HibPerson *row, HibApiPerson *ret)
{
    *ret = (HibApiPerson){
        .id = row->id,
        .name = row->name,
        .email = row->email,
        .locale = hib_api_person_locale_from(row->locale),
        .theme = hib_api_person_theme_from(row->theme),
        .has_totp = row->totp_sealed != NULL,
    };
}

bool
hib_on_update_me(HibCall *call, const HibApiPersonChange *in, GError **error)
{
    const HibPersonChange change = {
        .name = in->name,
        .locale = in->has_locale ? hib_api_person_change_locale_names[in->locale] : NULL,
        .theme = in->has_theme ? hib_api_person_change_theme_names[in->theme] : NULL,
    };
    HibPerson *row;
    if (!hib_team_change_person(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                                &change, &row, error))
        return false;
    HibApiPerson out;
    hib_team_fill_person(row, &out);
    return hib_reply_person(call, 200, &out);
}

bool
hib_on_change_password(HibCall *call, const HibApiPasswordChange *in, GError **error)
{
    HibTeamFrom from = hib_team_from(call);
    const char *token;
    if (!hib_team_change_password(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                                  hib_call_session(call), in->current, in->new, &from, &token,
                                  error))
        return false;
    return hib_team_reply_session(call, 200, hib_call_person(call), hib_call_session(call), token,
                                  error);
}

bool
hib_on_start_totp(HibCall *call, const HibApiPasswordProof *in, GError **error)
{
    HibTeamFrom from = hib_team_from(call);
    HibTotpStart start;
    if (!hib_team_totp_start(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                             in->password, &from, &start, error))
        return false;
    const HibApiTotpStart out = {.secret = start.secret, .uri = start.uri};
    return hib_reply_totp_start(call, 201, &out);
}

bool
hib_on_confirm_totp(HibCall *call, const HibApiTotpCode *in, GError **error)
{
    HibTeamFrom from = hib_team_from(call);
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    if (!hib_team_totp_confirm(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                               hib_call_session(call), in->code, &from, codes, &token, error))
        return false;
    hib_team_set_cookie(call, token);
    const HibApiRecoveryCodes out = {.codes = codes, .n_codes = HIB_TEAM_RECOVERY_CODES};
    return hib_reply_recovery_codes(call, 200, &out);
}

bool
hib_on_disable_totp(HibCall *call, const HibApiPasswordProof *in, GError **error)
{
    HibTeamFrom from = hib_team_from(call);
    const char *token;
    if (!hib_team_totp_disable(hib_call_db(call), hib_team_services(call), hib_call_person(call),
                               hib_call_session(call), in->password, &from, &token, error))
        return false;
    hib_team_set_cookie(call, token);
    return hib_call_reply_empty(call, 204);
}
