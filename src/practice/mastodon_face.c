/* Mastodon's face: app registration, OAuth, statuses with Idempotency-Key, media that may take a while, an account's own timeline.
 *
 * Paths, fields and codes as in Mastodon's API documentation (4.x). What it leaves out: streaming, polls, lists, filters, federation. */
#include "practice/mastodon_face.h"
#include "practice/mastodon_private.h"
#include <string.h>

static void
medium_free(void *data)
{
    MastodonMedium *medium = data;
    g_free(medium->account);
    g_free(medium->mime);
    g_free(medium->description);
    g_free(medium->sha256);
    g_free(medium);
}

static void
key_free(void *data)
{
    g_free(((MastodonKey *)data)->status_id);
    g_free(data);
}

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    Mastodon *state = g_new0(Mastodon, 1);
    state->media = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, medium_free);
    state->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, key_free);
    return state;
}

static void
close_state(void *data)
{
    Mastodon *state = data;
    g_hash_table_unref(state->media);
    g_hash_table_unref(state->keys);
    g_free(state);
}

/* --- refusing and rates -------------------------------------------------------------------------------------------------- */
static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const struct {
        int status;
        const char *text;
    } words[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {404, "Record not found"},
        [HIB_REFUSE_BAD_REQUEST] = {422, NULL},
        [HIB_REFUSE_TOO_LARGE] = {413, "Payload Too Large"},
        [HIB_REFUSE_NO_TOKEN] = {401, "The access token is invalid"},
        [HIB_REFUSE_EXPIRED_TOKEN] = {401, "The access token expired"},
        [HIB_REFUSE_ENDED_GRANT] = {401, "The access token was revoked"},
        [HIB_REFUSE_SCOPE] = {403, "This action is outside the authorized scopes"},
        [HIB_REFUSE_RATE] = {429, "Too many requests"},
        [HIB_REFUSE_QUOTA] = {429, "Too many requests"},
        [HIB_REFUSE_CONTENT] = {422, "Validation failed: Text contains blocked content"},
        [HIB_REFUSE_ERROR] = {500, "We're sorry, but something went wrong on our end."},
    };
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "error", words[why].text ? words[why].text : message);
    hib_practice_json(call, words[why].status, out);
}

static void
rate_headers(HibPracticeCall *call)
{
    char reset[HIB_INSTANT_TEXT];
    if (!call->rate.limit)
        return;
    int64_t left = MAX(call->rate.limit - call->rate.used, 0);
    hib_practice_header(call, "X-RateLimit-Limit", "%d", (int)call->rate.limit);
    hib_practice_header(call, "X-RateLimit-Remaining", "%d", (int)left);
    hib_practice_header(call, "X-RateLimit-Reset", "%s",
                        hib_instant_format(call->rate.resets_at, reset));
}

/* "read" holds "read:statuses" and all of its kind. */
static bool
covers(const char *granted, const char *scope)
{
    g_auto(GStrv) words = g_strsplit(granted, " ", 64);
    g_autofree char *whole = g_strndup(scope, strcspn(scope, ":"));
    return g_strv_contains((const char *const *)words, scope) ||
           g_strv_contains((const char *const *)words, whole);
}

/* The account of the call, its 300 calls in five minutes counted. NULL after refusing. */
const HibPracticeAccount *
hib_masto_face_caller(HibPracticeCall *call, const char *scope)
{
    HibPracticeTokens tokens;
    const HibPracticeAccount *account = hib_practice_bearer(call, NULL);
    if (!account || !hib_practice_bearer_any(call, NULL, &tokens))
        return NULL;
    if (scope && !covers(tokens.scope, scope)) {
        hib_practice_refuse(call, HIB_REFUSE_SCOPE, "%s", scope);
        return NULL;
    }
    const char *key = hib_arena_printf(call->arena, "calls %s", account->id);
    return hib_practice_take(call, HIB_REFUSE_RATE, key, 300, 5 * HIB_MINUTE, 1) ? account : NULL;
}

/* --- apps and accounts ---------------------------------------------------------------------------------------------------- */
/* A list of what stands between blanks or newlines. */
static cJSON *
words(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, " \n\r", 20);
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; parts[i]; i++)
        if (*parts[i])
            cJSON_AddItemToArray(out, cJSON_CreateString(parts[i]));
    return out;
}

/* One address as text, or several: in a form by newlines, in JSON as a list. */
static const char *
redirect_uris(HibPracticeCall *call)
{
    HibJson list = {0};
    if (!call->json.value || !hib_json_opt_array(call->json, "redirect_uris", &list, NULL) ||
        !list.value)
        return hib_practice_field(call, "redirect_uris");
    g_autoptr(GString) all = g_string_new(NULL);
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        if (cJSON_IsString(one.value))
            g_string_append_printf(all, "%s%s", all->len ? "\n" : "", one.value->valuestring);
    return hib_arena_strdup(call->arena, all->str);
}

static void
create_app(HibPracticeCall *call)
{
    const char *name = hib_practice_field(call, "client_name"), *uris = redirect_uris(call),
               *scopes = hib_practice_field(call, "scopes"),
               *site = hib_practice_field(call, "website");
    if (!name || !*name || !uris || !*uris) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                            "Validation failed: Application name can't be blank, Redirect URI must "
                            "be an absolute URI.");
        return;
    }
    const char *id = hib_arena_printf(call->arena, "app-%s", hib_practice_id(call));
    const char *secret = hib_arena_printf(call->arena, "secret-%s", hib_practice_id(call));
    hib_practice_client_add(call->face, id, secret, uris);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "name", name);
    cJSON_AddStringToObject(out, "redirect_uri", uris);
    cJSON_AddItemToObject(out, "redirect_uris", words(uris));
    cJSON_AddItemToObject(out, "scopes", words(scopes ? scopes : "read"));
    cJSON_AddStringToObject(out, "vapid_key", "practice"); /* nothing is pushed */
    if (site)
        cJSON_AddStringToObject(out, "website", site);
    else
        cJSON_AddNullToObject(out, "website");
    cJSON_AddStringToObject(out, "client_id", id);
    cJSON_AddStringToObject(out, "client_secret", secret);
    hib_practice_json(call, 200, out);
}

/* Mastodon's tokens do not end: nothing is said about a time. */
static void
issue_token(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    HibPracticeOauthError error = hib_practice_token(call, &tokens);
    cJSON *out = cJSON_CreateObject();
    if (error) {
        cJSON_AddStringToObject(out, "error", hib_practice_oauth_error(error));
        cJSON_AddStringToObject(out, "error_description",
                                error == HIB_OAUTH_INVALID_CLIENT
                                    ? "Client authentication failed due to unknown client, no "
                                      "client authentication included, or unsupported "
                                      "authentication method."
                                    : "The provided authorization grant is invalid, expired, "
                                      "revoked, or was issued to another client.");
        hib_practice_json(call, error == HIB_OAUTH_INVALID_CLIENT ? 401 : 400, out);
        return;
    }
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    cJSON_AddStringToObject(out, "token_type", "Bearer");
    cJSON_AddStringToObject(out, "scope", tokens.scope);
    cJSON_AddNumberToObject(out, "created_at", (double)(hib_practice_now(call->face) / HIB_SECOND));
    hib_practice_json(call, 200, out);
}

static void
revoke_token(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "token");
    if (!hib_practice_client(call)) {
        cJSON *out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "error", "unauthorized_client");
        hib_practice_json(call, 403, out);
        return;
    }
    if (token)
        hib_practice_revoke(call->face, token);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void
verify_credentials(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, NULL);
    if (account)
        hib_practice_json(call, 200, hib_masto_face_own_account_json(call, account));
}

static void
show_account(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_practice_account(call->face, hib_practice_param(call, "id"));
    if (account)
        hib_practice_json(call, 200, hib_masto_face_account_json(call, account));
    else if (!hib_masto_face_rival(call, hib_practice_param(call, "id")))
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such account");
}

static const HibPracticeRoute routes[] = {
    {"POST", "/api/v1/apps", "app", create_app, 0},
    {"GET", "/oauth/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/oauth/token", "token", issue_token, 0},
    {"POST", "/oauth/revoke", "revoke", revoke_token, 0},
    {"GET", "/api/v1/instance", "read", hib_masto_face_instance, 0},
    {"GET", "/api/v2/instance", "read", hib_masto_face_instance, 0},
    {"GET", "/api/v1/accounts/verify_credentials", "read", verify_credentials, 0},
    {"GET", "/api/v1/accounts/relationships", "people", hib_masto_face_relationships, 0},
    {"GET", "/api/v1/statuses/{id}/reblogged_by", "people", hib_masto_face_reblogged_by, 0},
    {"GET", "/api/v1/statuses/{id}/favourited_by", "people", hib_masto_face_favourited_by, 0},
    {"GET", "/api/v1/accounts/lookup", "read", hib_masto_face_lookup, 0},
    {"GET", "/api/v1/accounts/{id}/statuses", "find", hib_masto_face_account_statuses, 0},
    {"GET", "/api/v1/accounts/{id}", "read", show_account, 0},
    {"POST", "/api/v2/media", "upload", hib_masto_face_upload_media, HIB_PRACTICE_UPLOAD},
    {"GET", "/api/v1/media/{id}", "status", hib_masto_face_show_media, 0},
    {"PUT", "/api/v1/media/{id}", "upload", hib_masto_face_show_media, 0},
    {"POST", "/api/v1/statuses", "publish", hib_masto_face_create_status, HIB_PRACTICE_EFFECT},
    {"GET", "/api/v1/statuses", "read", hib_masto_face_show_statuses, 0},
    {"GET", "/api/v1/notifications", "read", hib_masto_face_notifications, 0},
    {"GET", "/api/v1/timelines/tag/{tag}", "search", hib_masto_face_tag, 0},
    {"GET", "/system/media_attachments/{file}", "media", hib_masto_face_picture, 0},
    {"GET", "/api/v1/conversations", "find", hib_masto_face_conversations, 0},
    {"GET", "/api/v1/statuses/{id}", "read", hib_masto_face_show_status, 0},
    {"PUT", "/api/v1/statuses/{id}", "edit", hib_masto_face_edit_status, HIB_PRACTICE_EFFECT},
    {"DELETE", "/api/v1/statuses/{id}", "delete", hib_masto_face_delete_status,
     HIB_PRACTICE_EFFECT},
};

static const HibPracticeOauth oauth = {
    .pkce = HIB_PKCE_OPTIONAL,
    .code_life = 10 * HIB_MINUTE,
    .access_life = HIB_NEVER,
    .refresh_life = 0,
};

const HibPracticeNetwork hib_practice_mastodon = {
    .name = "mastodon",
    .title = "Mastodon",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .open = open_state,
    .close = close_state,
    .refuse = refuse,
    .rate_headers = rate_headers,
};
