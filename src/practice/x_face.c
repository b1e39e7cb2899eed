/* X's face: signing in, windows, problems, ids. Uploads: x_face_media.c; posting: x_face_post.c; reading: x_face_read.c and x_face_json.c;
 * what others say: x_face_talk.c; webhooks: x_face_hook.c.
 *
 * Paths, fields and codes as in X's OpenAPI description (2.167) and its guides. One origin plays x.com and api.x.com. The first practice
 * account has X Premium, the others have not. What it leaves out: queries of the search beyond one hashtag, streams, lists, liking and following, conversations of several. */
#include "practice/x_face.h"
#include "practice/x_face_private.h"

#include <string.h>

#define EPOCH_MS INT64_C(1288834974657) /* of X's ids */
#define WINDOW (15 * HIB_MINUTE)

static void
said_free(void *data)
{
    XSaid *said = data;
    g_free(said->id);
    g_free(said->account);
    g_free(said->handle);
    g_free(said->name);
    g_free(said->text);
    g_free(said->parent);
    g_free(said);
}

static void *
open_state(HibPracticeFace *face)
{
    XState *state = g_new0(XState, 1);
    state->media = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, hib_x_face_medium_free);
    state->said = g_ptr_array_new_with_free_func(said_free);
    state->hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    state->webhooks = g_ptr_array_new_with_free_func(hib_x_face_webhook_free);
    state->subscriptions = g_ptr_array_new_with_free_func(hib_x_face_subscription_free);
    return state;
}

static void
close_state(void *data)
{
    XState *state = data;
    g_hash_table_unref(state->media);
    g_ptr_array_unref(state->said);
    g_hash_table_unref(state->hidden);
    g_ptr_array_unref(state->webhooks);
    g_ptr_array_unref(state->subscriptions);
    g_free(state);
}

static bool
replay_hidden(XState *state, HibJson line)
{
    const char *id = NULL;
    bool is_hidden = false;
    if (!hib_json_text(line, "id", &id, NULL) || !hib_json_bool(line, "is", &is_hidden, NULL))
        return false;
    hib_x_face_set_hidden(state, id, is_hidden);
    return true;
}

static bool
replay(HibPracticeFace *face, HibJson line)
{
    XState *state = hib_practice_state(face);
    const char *what = NULL;
    const char *id = NULL;
    const char *account = NULL;
    const char *handle = NULL;
    const char *name = NULL;
    const char *text = NULL;
    const char *parent = NULL;
    int64_t at = 0;
    bool is_message = false;
    if (!hib_json_text(line, "what", &what, NULL))
        return false;
    if (!strcmp(what, "hidden"))
        return replay_hidden(state, line);
    if (strcmp(what, "said") != 0)
        return hib_x_face_hook_replay(face, line, what);
    if (!hib_json_text(line, "id", &id, NULL) || !hib_json_text(line, "account", &account, NULL) ||
        !hib_json_text(line, "handle", &handle, NULL) ||
        !hib_json_text(line, "name", &name, NULL) || !hib_json_text(line, "text", &text, NULL) ||
        !hib_json_opt_text(line, "parent", &parent, NULL) || !hib_json_int(line, "at", &at, NULL) ||
        !hib_json_bool(line, "is_message", &is_message, NULL))
        return false;
    XSaid *said = g_new0(XSaid, 1);
    *said = (XSaid){.id = g_strdup(id),
                    .account = g_strdup(account),
                    .handle = g_strdup(handle),
                    .name = g_strdup(name),
                    .text = g_strdup(text),
                    .parent = g_strdup(parent),
                    .at = at,
                    .is_message = is_message};
    g_ptr_array_add(state->said, said);
    return true;
}

/* --- ids and times ------------------------------------------------------------------------------------------- */
bool
hib_x_face_is_id(const char *text)
{
    size_t n = text ? strspn(text, "0123456789") : 0;
    return n >= 1 && n <= 19 && !text[n];
}

int
hib_x_face_compare_ids(const char *a, const char *b)
{
    guint64 x = g_ascii_strtoull(a, NULL, 10);
    guint64 y = g_ascii_strtoull(b, NULL, 10);
    return x < y ? -1 : x > y;
}

const char *
hib_x_face_id_at(HibArena *arena, HibInstant at, uint64_t low)
{
    uint64_t ms = (uint64_t)MAX(at / HIB_MILLISECOND - EPOCH_MS, 0);
    return hib_arena_printf(arena, "%" G_GUINT64_FORMAT, ms << 22 | (low & 0x3fffff));
}

HibInstant
hib_x_face_id_time(const char *id)
{
    if (!hib_x_face_is_id(id))
        return 0;
    return ((HibInstant)(g_ascii_strtoull(id, NULL, 10) >> 22) + EPOCH_MS) * HIB_MILLISECOND;
}

/* The framework's ids begin in 2020, X's in 2010. */
const char *
hib_x_face_id(HibPracticeCall *call)
{
    guint64 id = g_ascii_strtoull(hib_practice_id(call), NULL, 10);
    HibInstant at = (HibInstant)(id >> 22) * HIB_MILLISECOND + INT64_C(1577836800) * HIB_SECOND;
    return hib_x_face_id_at(call->arena, at, id);
}

void
hib_x_face_add_time(cJSON *out, const char *name, HibInstant at)
{
    char text[HIB_INSTANT_TEXT];
    hib_instant_format(at / HIB_SECOND * HIB_SECOND, text);
    g_autofree char *whole =
        g_strdup_printf("%.19s.%03dZ", text, (int)(at % HIB_SECOND / HIB_MILLISECOND));
    cJSON_AddStringToObject(out, name, whole);
}

const cJSON *
hib_x_face_extra(HibArena *arena, const HibPracticePost *post)
{
    HibJson out = {0};
    const char *text = post && post->extra ? post->extra : "{}";
    if (!hib_json_parse(arena, text, strlen(text), &out, NULL))
        (void)hib_json_parse(arena, "{}", 2, &out, NULL);
    return out.value;
}

bool
hib_x_face_is_premium(HibPracticeFace *face, const HibPracticeAccount *account)
{
    return account && account == hib_practice_account_at(face, 0);
}

/* --- refusing ------------------------------------------------------------------------------------------------ */
void
hib_x_face_problem(HibPracticeCall *call, int status, const char *type, const char *title,
                   const char *detail)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "title", title);
    cJSON_AddStringToObject(out, "detail", detail);
    cJSON_AddStringToObject(
        out, "type", type ? hib_arena_printf(call->arena, X_PROBLEM "%s", type) : "about:blank");
    cJSON_AddNumberToObject(out, "status", status);
    hib_practice_json(call, status, out);
}

void
hib_x_face_invalid(HibPracticeCall *call, const char *name, const char *value, const char *message)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *error = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "errors"), error);
    cJSON *parameters = cJSON_AddObjectToObject(error, "parameters");
    if (name)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(parameters, name),
                             cJSON_CreateString(value ? value : ""));
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddStringToObject(out, "title", "Invalid Request");
    cJSON_AddStringToObject(out, "detail", "One or more parameters to your request was invalid.");
    cJSON_AddStringToObject(out, "type", X_PROBLEM "invalid-request");
    hib_practice_json(call, 400, out);
}

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const struct {
        int status;
        const char *type, *title, *detail;
    } words[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {404, NULL, "Not Found", "Not Found"},
        [HIB_REFUSE_BAD_REQUEST] = {400, "invalid-request", "Invalid Request", NULL},
        [HIB_REFUSE_TOO_LARGE] = {413, NULL, "Payload Too Large", "Payload Too Large"},
        [HIB_REFUSE_NO_TOKEN] = {401, NULL, "Unauthorized", "Unauthorized"},
        [HIB_REFUSE_EXPIRED_TOKEN] = {401, NULL, "Unauthorized", "Unauthorized"},
        [HIB_REFUSE_ENDED_GRANT] = {401, NULL, "Unauthorized", "Unauthorized"},
        [HIB_REFUSE_SCOPE] = {403, NULL, "Forbidden",
                              "The access token lacks a scope this endpoint needs."},
        [HIB_REFUSE_RATE] = {429, NULL, "Too Many Requests", "Too Many Requests"},
        [HIB_REFUSE_QUOTA] = {402, "credits", "CreditsDepleted",
                              "Your enrolled account does not have any credits to fulfill this "
                              "request."},
        [HIB_REFUSE_CONTENT] = {403, NULL, "Forbidden",
                                "You are not permitted to perform this action."},
        [HIB_REFUSE_ERROR] = {500, NULL, "Internal Server Error", "Internal Server Error"},
    };
    hib_x_face_problem(call, words[why].status, words[why].type, words[why].title,
                       words[why].detail ? words[why].detail : message);
}

/* --- windows ------------------------------------------------------------------------------------------------- */
static void
rate_headers(HibPracticeCall *call)
{
    const char *name = call->rate.length >= HIB_DAY ? "x-app-limit-24hour" : "x-rate-limit";
    int64_t left = MAX(call->rate.limit - call->rate.used, 0);
    HibInstant up = call->rate.resets_at + HIB_SECOND - 1;
    const char *limit = hib_arena_printf(call->arena, "%s-limit", name);
    hib_practice_header(call, limit, "%" G_GINT64_FORMAT, call->rate.limit);
    hib_practice_header(call, hib_arena_printf(call->arena, "%s-remaining", name),
                        "%" G_GINT64_FORMAT, left);
    hib_practice_header(call, hib_arena_printf(call->arena, "%s-reset", name), "%" G_GINT64_FORMAT,
                        up / HIB_SECOND);
}

/* Calls in 15 minutes, of a user. */
static const struct {
    const char *verb, *path;
    int64_t limit;
} limits[] = {
    {"POST", "/2/tweets", 100},
    {"DELETE", "/2/tweets/{id}", 50},
    {"PUT", "/2/tweets/{id}/hidden", 50},
    {"GET", "/2/tweets", 5000},
    {"GET", "/2/tweets/{id}", 900},
    {"GET", "/2/users/{id}/tweets", 900},
    {"GET", "/2/users/{id}/mentions", 300},
    {"GET", "/2/users/me", 75},
    {"GET", "/2/tweets/{id}/retweeted_by", 75},
    {"GET", "/2/tweets/{id}/liking_users", 75},
    {"GET", "/2/dm_events", 15},
    {"GET", "/2/dm_conversations/with/{user}/dm_events", 15},
    {"GET", "/2/dm_conversations/{conversation}/dm_events", 15},
    {"POST", "/2/dm_conversations/with/{user}/messages", 15},
    {"POST", "/2/dm_conversations/{conversation}/messages", 15},
    {"POST", "/2/media/upload/initialize", 1875},
    {"POST", "/2/media/upload/{id}/append", 1875},
    {"POST", "/2/media/upload/{id}/finalize", 1875},
};

static bool
take(HibPracticeCall *call, const char *who)
{
    int64_t limit = 900;
    const HibPracticeRoute *route = call->route;
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
        if (!strcmp(limits[i].path, route->path) && !strcmp(limits[i].verb, route->verb))
            limit = limits[i].limit;
    bool is_post = !strcmp(route->path, "/2/tweets") && !strcmp(route->verb, "POST");
    bool is_message = g_str_has_suffix(route->path, "/messages");
    const char *day =
        is_message ? hib_arena_printf(call->arena, "day messages %s", who) : "day posts of the app";
    if ((is_post || is_message) &&
        !hib_practice_take(call, HIB_REFUSE_RATE, day, is_post ? 10000 : 1440, HIB_DAY, 1))
        return false;
    const char *key = hib_arena_printf(call->arena, "%s %s %s", route->verb, route->path, who);
    return hib_practice_take(call, HIB_REFUSE_RATE, key, limit, WINDOW, 1);
}

bool
hib_x_face_reader(HibPracticeCall *call, const char *scopes, const HibPracticeAccount **ret_account)
{
    HibPracticeTokens tokens = {0};
    if (!hib_practice_bearer_any(call, NULL, &tokens))
        return false;
    g_auto(GStrv) each = g_strsplit(scopes, " ", -1);
    for (char **scope = each; tokens.account && *scope; scope++)
        if (!hib_practice_bearer_any(call, *scope, &tokens))
            return false;
    *ret_account = tokens.account;
    return take(call, tokens.account ? tokens.account->id : "the app");
}

const HibPracticeAccount *
hib_x_face_caller(HibPracticeCall *call, const char *scopes)
{
    const HibPracticeAccount *account = NULL;
    if (!hib_x_face_reader(call, scopes, &account))
        return NULL;
    if (!account)
        hib_x_face_problem(
            call, 403, "unsupported-authentication", "Unsupported Authentication",
            "Authenticating with OAuth 2.0 Application-Only is forbidden for this "
            "endpoint. Supported authentication types are [OAuth 2.0 User Context].");
    return account;
}

bool
hib_x_face_app(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    if (!hib_practice_bearer_any(call, NULL, &tokens))
        return false;
    if (!tokens.account)
        return take(call, "the app");
    hib_x_face_problem(call, 403, "unsupported-authentication", "Unsupported Authentication",
                       "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint. "
                       "Supported authentication types are [OAuth 2.0 Application-Only].");
    return false;
}

void
hib_x_face_data(HibPracticeCall *call, int status, cJSON *data)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToObject(out, "data", data);
    hib_practice_json(call, status, out);
}

/* --- tokens --------------------------------------------------------------------------------------------------- */
static void
refuse_token(HibPracticeCall *call, HibPracticeOauthError error)
{
    const char *type = hib_practice_field(call, "grant_type");
    bool is_refresh = g_strcmp0(type, "refresh_token") == 0;
    const char *code = hib_practice_oauth_error(error);
    const char *what = "Missing required parameter.";
    int status = 400;
    if (error == HIB_OAUTH_INVALID_CLIENT) {
        status = 401;
        code = "unauthorized_client";
        what = "Missing valid authorization header";
    } else if (error == HIB_OAUTH_INVALID_GRANT) { /* X calls a spent token a bad request */
        code = "invalid_request";
        what = is_refresh ? "Value passed for the token was invalid."
                          : "Value passed for the authorization code was invalid.";
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "error", code);
    cJSON_AddStringToObject(out, "error_description", what);
    hib_practice_json(call, status, out);
}

static void
issue_token(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    HibPracticeOauthError error = hib_practice_token(call, &tokens);
    if (error) {
        refuse_token(call, error);
        return;
    }
    if (!tokens.account) /* an app's token lives until it is revoked */
        hib_practice_tokens_new(call, NULL, tokens.client_id, "", HIB_NEVER, &tokens);
    hib_practice_header(call, "Cache-Control", "no-cache, no-store, max-age=0");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "token_type", "bearer");
    if (tokens.account)
        cJSON_AddNumberToObject(out, "expires_in", (double)tokens.access_s);
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    if (tokens.account)
        cJSON_AddStringToObject(out, "scope", tokens.scope);
    if (tokens.refresh)
        cJSON_AddStringToObject(out, "refresh_token", tokens.refresh);
    hib_practice_json(call, 200, out);
}

static void
revoke_token(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "token");
    if (!hib_practice_client(call)) {
        refuse_token(call, HIB_OAUTH_INVALID_CLIENT);
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "revoked", token && hib_practice_revoke(call->face, token));
    hib_practice_json(call, 200, out);
}

/* --- the table ------------------------------------------------------------------------------------------------ */
static const HibPracticeRoute routes[] = {
    {"GET", "/i/oauth2/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/2/oauth2/token", "token", issue_token, 0},
    {"POST", "/oauth2/token", "token", issue_token, 0}, /* the app's own */
    {"POST", "/2/oauth2/revoke", "revoke", revoke_token, 0},
    {"GET", "/2/users/me", "read", hib_x_face_users_me, 0},
    {"GET", "/2/users/by/username/{handle}", "read", hib_x_face_user, 0},
    {"GET", "/2/users/{id}", "read", hib_x_face_user, 0},
    {"GET", "/2/users", "people", hib_x_face_users, 0},
    {"GET", "/2/tweets/{id}/retweeted_by", "people", hib_x_face_retweeted_by, 0},
    {"GET", "/2/tweets/{id}/liking_users", "people", hib_x_face_liking_users, 0},
    {"GET", "/2/users/{id}/tweets", "find", hib_x_face_timeline, 0},
    {"GET", "/2/users/{id}/mentions", "talk", hib_x_face_mentions, 0},
    {"POST", "/2/media/upload/initialize", "upload", hib_x_face_media_initialize, 0},
    {"POST", "/2/media/upload/{id}/append", "upload", hib_x_face_media_append, HIB_PRACTICE_UPLOAD},
    {"POST", "/2/media/upload/{id}/finalize", "finish", hib_x_face_media_finalize, 0},
    {"GET", "/2/media/upload", "status", hib_x_face_media_status, 0},
    {"POST", "/2/media/upload", "upload", hib_x_face_media_upload, HIB_PRACTICE_UPLOAD},
    {"POST", "/2/media/metadata", "describe", hib_x_face_media_metadata, 0},
    {"POST", "/2/tweets", "publish", hib_x_face_create, HIB_PRACTICE_EFFECT},
    {"GET", "/2/tweets", "read", hib_x_face_tweets, 0},
    {"GET", "/2/tweets/search/recent", "search", hib_x_face_search, 0},
    {"GET", "/2/tweets/{id}", "read", hib_x_face_tweet, 0},
    {"DELETE", "/2/tweets/{id}", "delete", hib_x_face_delete, HIB_PRACTICE_EFFECT},
    {"PUT", "/2/tweets/{id}/hidden", "hide", hib_x_face_hide, HIB_PRACTICE_EFFECT},
    {"POST", "/2/dm_conversations/with/{user}/messages", "message", hib_x_face_dm_send,
     HIB_PRACTICE_EFFECT},
    {"POST", "/2/dm_conversations/{conversation}/messages", "message", hib_x_face_dm_send,
     HIB_PRACTICE_EFFECT},
    {"GET", "/2/dm_conversations/with/{user}/dm_events", "find", hib_x_face_dm_events, 0},
    {"GET", "/2/dm_conversations/{conversation}/dm_events", "find", hib_x_face_dm_events, 0},
    {"GET", "/2/dm_events", "talk", hib_x_face_dm_events, 0},
    {"DELETE", "/2/dm_events/{id}", "delete", hib_x_face_dm_delete, HIB_PRACTICE_EFFECT},
    {"*", "/2/webhooks", "hook", hib_x_face_webhooks, 0},
    {"*", "/2/webhooks/{id}", "hook", hib_x_face_webhook, 0},
    {"*", "/2/activity/subscriptions", "hook", hib_x_face_subscriptions, 0},
    {"DELETE", "/2/activity/subscriptions/{id}", "hook", hib_x_face_unsubscribe, 0},
};

static const HibPracticeRoute controls[] = {
    {"POST", "/practice/own/say", "own", hib_x_face_say, HIB_PRACTICE_NO_FAULT},
    {"GET", "/practice/own/hidden", "own", hib_x_face_hidden, HIB_PRACTICE_NO_FAULT},
};

static const HibPracticeOauth oauth = {
    .pkce = HIB_PKCE_NEEDED,
    .offline_scope = "offline.access",
    .code_life = 30 * HIB_SECOND,
    .access_life = 2 * HIB_HOUR,
    .refresh_life = HIB_NEVER,
    .rotates = true,
};

const HibPracticeNetwork hib_practice_x = {
    .name = "x",
    .title = "X",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .open = open_state,
    .close = close_state,
    .replay = replay,
    .refuse = refuse,
    .rate_headers = rate_headers,
    .controls = controls,
    .n_controls = G_N_ELEMENTS(controls),
    .happened = hib_x_face_happened,
};
