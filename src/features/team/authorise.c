/* Who calls: the server asks here for every request, with the session cookie or an API token in hand.
 *
 * An unknown workspace and one the caller does not belong to look the same: the role is NULL. */
#include "team/team_private.h"
#include <string.h>

#define BEARER "Bearer "
#define TOKEN_PREFIX "hib_"
#define LONGEST_CREDENTIAL 128

typedef struct {
    const char *text; /* NULL: none came along */
    bool is_token;
} Credential;

static bool
credential_of(HibCall *call, Credential *ret, GError **error)
{
    const char *header = hib_call_header(call, "Authorization");
    *ret = (Credential){.text = hib_call_cookie(call, HIB_TEAM_COOKIE)};
    if (!header) {
        if (ret->text && (!*ret->text || strlen(ret->text) > LONGEST_CREDENTIAL))
            ret->text = NULL;
        return true;
    }
    bool is_bearer = g_ascii_strncasecmp(header, BEARER, strlen(BEARER)) == 0;
    *ret = (Credential){.text = is_bearer ? header + strlen(BEARER) : "", .is_token = true};
    if (g_str_has_prefix(ret->text, TOKEN_PREFIX) && strlen(ret->text) <= LONGEST_CREDENTIAL)
        return true;
    hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.bad_token",
                  "the Authorization header holds no API token");
    return false;
}

bool
hib_team_authorise(HibCall *call, const char *workspace, bool may_block, HibCaller *ret,
                   GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibArena *arena = hib_call_arena(call);
    Credential credential;
    *ret = (HibCaller){0};
    if (!credential_of(call, &credential, error))
        return false;
    if (!credential.text)
        return true;
    const char *hash = hib_team_hash_token(arena, credential.text);
    if (hib_team_cache_find(services->team_cache, arena, hash, workspace, ret) || !may_block)
        return true;
    HibTeamMark mark = hib_team_cache_mark(services->team_cache, workspace);
    g_autoptr(HibDb) db = hib_db_open(services->store, arena, NULL);
    HibTeamKnown known;
    if (credential.is_token
            ? !hib_team_know_token(db, credential.text, workspace, &known, error)
            : !hib_team_know_session(db, services, credential.text, workspace, &known, error))
        return false;
    *ret = known.caller;
    if (known.new_token)
        hib_call_set_cookie(call, HIB_TEAM_COOKIE, known.new_token,
                            HIB_TEAM_SESSION_LIFE / HIB_SECOND);
    if (ret->person)
        hib_team_cache_keep(services->team_cache, mark, hash, workspace, &known);
    return true;
}
