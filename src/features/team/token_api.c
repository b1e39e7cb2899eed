/* Handlers: API tokens. */
#include "team/team_api.h"

static int *
scopes_of(HibArena *arena, int64_t scopes, size_t *ret_n)
{
    int *list = hib_arena_array(arena, int, 4);
    *ret_n = 0;
    for (int i = 0; hib_team_scope_names[i]; i++)
        if (scopes & 1 << i)
            list[(*ret_n)++] = hib_api_token_scopes_from(hib_team_scope_names[i]);
    return list;
}

static HibApiToken
of_row(HibArena *arena, const HibToken *row)
{
    HibApiToken token = {
        .id = row->id,
        .name = row->name,
        .hint = row->hint,
        .created_at = row->created_at,
        .created_by = row->created_by,
        .has_last_used_at = row->has_last_used_at,
        .last_used_at = row->last_used_at,
        .has_expires_at = row->has_expires_at,
        .expires_at = row->expires_at,
    };
    token.scopes = scopes_of(arena, row->scopes, &token.n_scopes);
    return token;
}

bool
hib_on_list_tokens(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibToken *rows;
    size_t n;
    if (!hib_team_tokens(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiTokenList out = {.tokens = hib_arena_array(arena, HibApiToken, n), .n_tokens = n};
    for (size_t i = 0; i < n; i++)
        out.tokens[i] = of_row(arena, &rows[i]);
    return hib_reply_token_list(call, 200, &out);
}

bool
hib_on_create_token(HibCall *call, const HibApiTokenDraft *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibApiTokenCreated out = {0};
    HibToken *row;
    const char *id;
    unsigned scopes = 0;
    for (size_t i = 0; i < in->n_scopes; i++)
        scopes |= 1u << in->scopes[i];
    if (!hib_team_token_make(db, in->name, scopes, in->has_expires_at ? &in->expires_at : NULL, &id,
                             &out.secret, error) ||
        !hib_team_token(db, id, &row, error))
        return false;
    out.token = of_row(hib_call_arena(call), row);
    return hib_reply_token_created(call, 201, &out);
}

bool
hib_on_revoke_token(HibCall *call, const char *token, GError **error)
{
    return hib_team_revoke_token(hib_call_db(call), hib_team_services(call), token, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_get_this_token(HibCall *call, GError **error)
{
    HibThisToken *token;
    if (!hib_team_this_token(hib_call_db(call), &token, error))
        return false;
    HibApiThisToken out = {
        .name = token->name,
        .workspace_id = token->workspace_id,
        .workspace = token->workspace_name,
        .zone = token->zone,
    };
    out.scopes = scopes_of(hib_call_arena(call), token->scopes, &out.n_scopes);
    return hib_reply_this_token(call, 200, &out);
}
