/* API tokens: "hib_" and 43 random characters, of which the store keeps the hash. A token acts for the person who made it: it can do what that
 * person may in the workspace at that moment, narrowed by its scopes. */
#include "team/team_private.h"
#include <string.h>

#define TOKEN_BYTES 32
#define HINT_CHARACTERS 4

/* A command on the machine itself acts for whoever has owned the workspace longest. */
static bool
person_for(HibDb *db, const char **ret, GError **error)
{
    HibSqlMemberFirstOwner *owner;
    if (hib_db_actor(db, ret) == HIB_ACTOR_PERSON)
        return true;
    if (!hib_sql_member_first_owner(db, &owner, error))
        return false;
    if (owner) {
        *ret = owner->person_id;
        return true;
    }
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.workspace_unknown", "no such workspace");
    return false;
}

const char *
hib_team_scopes_text(HibArena *arena, unsigned scopes)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; hib_team_scope_names[i]; i++)
        if (scopes & 1u << i)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", hib_team_scope_names[i]);
    return hib_arena_strdup(arena, text->str);
}

const char *const hib_team_scope_names[] = {"read", "write", "publish", "admin", NULL};
G_STATIC_ASSERT(HIB_SCOPE_READ == 1 && HIB_SCOPE_WRITE == 2 && HIB_SCOPE_PUBLISH == 4 &&
                HIB_SCOPE_ADMIN == 8);

bool
hib_team_token_make(HibDb *db, const char *name, unsigned scopes, const HibInstant *expires_at,
                    const char **ret_id, const char **ret_secret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    const char *trimmed = hib_team_trim_name(arena, name, "/name", error);
    const char *person;
    if (!trimmed || !person_for(db, &person, error))
        return false;
    if (expires_at && *expires_at <= now) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "team.expiry_past", "/expires_at",
                         "the token would be expired already");
        return false;
    }
    *ret_id = hib_db_new_id(db);
    *ret_secret = hib_arena_printf(arena, "hib_%s", hib_random_token(arena, TOKEN_BYTES));
    const char *hint = *ret_secret + strlen(*ret_secret) - HINT_CHARACTERS;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_token_add(db, *ret_id, hib_team_hash_token(arena, *ret_secret), person, trimmed,
                             hint, scopes, now, expires_at, error) &&
           hib_audit(db, "token.created", "token", *ret_id, NULL,
                     hib_audit_json(arena, "name", trimmed, "scopes",
                                    hib_team_scopes_text(arena, scopes), NULL),
                     error) &&
           hib_event_emit(db, "token.created", *ret_id, NULL, error) && hib_tx_commit(tx, error);
}

bool
hib_team_tokens(HibDb *db, HibToken **ret_rows, size_t *ret_n, GError **error)
{
    return hib_sql_token_list(db, ret_rows, ret_n, error);
}

static bool
unknown(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "team.token_unknown", "no such token");
    return false;
}

bool
hib_team_token(HibDb *db, const char *token, HibToken **ret, GError **error)
{
    if (!hib_sql_token_get(db, token, ret, error))
        return false;
    return *ret || unknown(error);
}

bool
hib_team_this_token(HibDb *db, HibThisToken **ret, GError **error)
{
    const char *token;
    *ret = NULL;
    if (hib_db_actor(db, &token) == HIB_ACTOR_TOKEN && !hib_sql_token_this(db, token, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.forbidden", "asked without an API token");
    return false;
}

bool
hib_team_revoke_token(HibDb *db, const HibServices *services, const char *token, GError **error)
{
    int64_t revoked;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_token_revoke(db, token, hib_db_now(db), &revoked, error))
        return false;
    if (!revoked)
        return unknown(error);
    if (!hib_audit(db, "token.revoked", "token", token, NULL, NULL, error) ||
        !hib_event_emit(db, "token.revoked", token, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_team_cache_drop(services->team_cache);
    return true;
}
