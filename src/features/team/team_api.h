/* What the handlers of this folder share: who asks, and the reply after which somebody is signed in. */
#pragma once
#include "api/api.gen.h"
#include "team/team_private.h"

const HibServices *hib_team_services(HibCall *call);
HibTeamFrom hib_team_from(HibCall *call);
void hib_team_set_cookie(HibCall *call, const char *token);
void hib_team_fill_person(const HibPerson *row, HibApiPerson *ret);
/* The Session of the contract; with `token` also the cookie. */
bool hib_team_reply_session(HibCall *call, int status, const char *person, const char *session,
                            const char *token, GError **error);
