/* TikTok's face: the page and its tokens, how it says things, what the creator has set. Publishing: tiktok_face_publish.c; reading:
 * tiktok_face_read.c.
 *
 * Paths, fields and codes as in TikTok's references of Login Kit, Content Posting API and Display API v2. One origin plays www.tiktok.com,
 * open.tiktokapis.com and the upload host. Nothing is decoded and nothing fetched: an address counts as fetched. */
#include "practice/tiktok_face.h"
#include "base/secrets.h"
#include "practice/tiktok_face_private.h"

#include <string.h>

#define MODERATION (20 * HIB_SECOND) /* "usually within one minute" */

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    TiktokState *state = g_new0(TiktokState, 1);
    state->publishes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, hib_tiktok_face_free);
    state->uploads = g_hash_table_new(g_str_hash, g_str_equal);
    state->untold = g_ptr_array_new();
    state->creator.moderation = MODERATION;
    return state;
}

static void
close_state(void *data)
{
    TiktokState *state = data;
    g_ptr_array_unref(state->untold);
    g_hash_table_unref(state->uploads);
    g_hash_table_unref(state->publishes);
    g_free(state);
}

/* An open id: no number, and no name. */
static void
be_creator(HibArena *arena, size_t i G_GNUC_UNUSED, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "-000%.28s",
                                   hib_sha256_hex(arena, account->id, strlen(account->id)));
}

/* --- how it says things ---------------------------------------------------------------------------------------------- */
/* The time and a number: what TikTok's support asks for. */
static const char *
log_id(HibPracticeCall *call)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), hib_practice_now(call->face));
    const char *id = hib_practice_id(call);
    return hib_arena_printf(call->arena, "%04d%02d%02d%02d%02d%02d%.20s", wall.year, wall.month,
                            wall.day, wall.hour, wall.minute, wall.second,
                            hib_sha256_hex(call->arena, id, strlen(id)));
}

static void
answer(HibPracticeCall *call, int status, cJSON *data, const char *code, const char *message)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToObject(out, "data", data);
    cJSON *error = cJSON_AddObjectToObject(out, "error");
    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddStringToObject(error, "log_id", log_id(call));
    hib_practice_json(call, status, out);
}

void
hib_tiktok_face_reply(HibPracticeCall *call, cJSON *data)
{
    answer(call, 200, data, "ok", "");
}

void
hib_tiktok_face_say(HibPracticeCall *call, int status, const char *code, const char *message)
{
    answer(call, status, cJSON_CreateObject(), code, message);
}

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const char no_token[] = "The access token is invalid or not found in the request.";
    static const struct {
        int status;
        const char *code, *text;
    } words[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {404, "unsupported_path", "Unsupported path(Janus)"},
        [HIB_REFUSE_BAD_REQUEST] = {400, "invalid_params", NULL},
        [HIB_REFUSE_TOO_LARGE] = {413, "invalid_params", "The request is too large"},
        [HIB_REFUSE_NO_TOKEN] = {401, "access_token_invalid", no_token},
        [HIB_REFUSE_EXPIRED_TOKEN] = {401, "access_token_invalid", no_token},
        [HIB_REFUSE_ENDED_GRANT] = {401, "access_token_invalid", no_token},
        [HIB_REFUSE_SCOPE] = {401, "scope_not_authorized",
                              "The user did not authorize the scope required for completing this "
                              "request."},
        [HIB_REFUSE_RATE] = {429, "rate_limit_exceeded",
                             "The API rate limit was exceeded. Please try again later."},
        [HIB_REFUSE_QUOTA] = {403, "spam_risk_too_many_posts",
                              "The daily post cap from the API is reached for the current user."},
        [HIB_REFUSE_CONTENT] = {400, "invalid_param", "The content is not allowed"},
        [HIB_REFUSE_ERROR] = {500, "internal_error", "Something is wrong. Please try again later"},
    };
    hib_tiktok_face_say(call, words[why].status, words[why].code,
                        words[why].text ? words[why].text : message);
}

const HibPracticeAccount *
hib_tiktok_face_caller(HibPracticeCall *call, const char *scope, const char *what,
                       int64_t per_minute)
{
    const HibPracticeAccount *account = hib_practice_bearer(call, scope);
    hib_tiktok_face_tell(call->face);
    if (!account)
        return NULL;
    const char *key = hib_arena_printf(call->arena, "%s %s", what, account->id);
    return hib_practice_take(call, HIB_REFUSE_RATE, key, per_minute, HIB_MINUTE, 1) ? account
                                                                                    : NULL;
}

/* --- tokens ---------------------------------------------------------------------------------------------------------------- */
/* A refusal has status 200 here: who looks at the status alone takes it for a token. */
static void
issue_token(HibPracticeCall *call)
{
    HibPracticeTokens tokens;
    HibPracticeOauthError error = hib_practice_token(call, &tokens);
    cJSON *out = cJSON_CreateObject();
    if (error) {
        cJSON_AddStringToObject(out, "error", hib_practice_oauth_error(error));
        cJSON_AddStringToObject(out, "error_description",
                                error == HIB_OAUTH_INVALID_GRANT
                                    ? "Authorization code or refresh token is invalid or expired."
                                    : "The request parameters are malformed.");
        cJSON_AddStringToObject(out, "log_id", log_id(call));
        hib_practice_json(call, 200, out);
        return;
    }
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    cJSON_AddNumberToObject(out, "expires_in", (double)tokens.access_s);
    if (tokens.account)
        cJSON_AddStringToObject(out, "open_id", tokens.account->id);
    if (tokens.refresh) {
        cJSON_AddStringToObject(out, "refresh_token", tokens.refresh);
        cJSON_AddNumberToObject(out, "refresh_expires_in", (double)tokens.refresh_s);
        cJSON_AddStringToObject(out, "scope", tokens.scope);
    }
    cJSON_AddStringToObject(out, "token_type", "Bearer");
    hib_practice_json(call, 200, out);
}

/* The grant is over, and the app is told so (reason 5: the developer did it). */
static void
revoke_token(HibPracticeCall *call)
{
    const char *token = hib_practice_form(call, "token");
    HibPracticeTokens tokens = {0};
    bool is_known = token && hib_practice_client(call) &&
                    hib_practice_token_look(call, token, &tokens) == HIB_REFUSE_N;
    if (!is_known) {
        cJSON *out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "error", "invalid_request");
        cJSON_AddStringToObject(out, "error_description", "Token is invalid");
        cJSON_AddStringToObject(out, "log_id", log_id(call));
        hib_practice_json(call, 200, out);
        return;
    }
    hib_practice_revoke(call->face, token);
    cJSON *content = cJSON_CreateObject();
    cJSON_AddNumberToObject(content, "reason", 5);
    hib_tiktok_face_send(call->face, call->arena, "authorization.removed",
                         tokens.account ? tokens.account->id : "", content);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

/* --- control ------------------------------------------------------------------------------------------------------------------ */
/* {"unaudited", "private", "banned", "comment_disabled", "duet_disabled", "stitch_disabled": bool, "moderation_s"}: what is said is set. */
static void
set_creator(HibPracticeCall *call)
{
    TiktokState *state = hib_practice_state(call->face);
    TiktokCreator *creator = &state->creator;
    const struct {
        const char *name;
        bool *is_set;
    } switches[] = {
        {"unaudited", &creator->is_unaudited},    {"private", &creator->is_private},
        {"banned", &creator->is_banned},          {"comment_disabled", &creator->has_no_comments},
        {"duet_disabled", &creator->has_no_duet}, {"stitch_disabled", &creator->has_no_stitch}};
    int64_t moderation_s = creator->moderation / HIB_SECOND;
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++)
        (void)hib_json_opt_bool(call->json, switches[i].name, switches[i].is_set, NULL);
    (void)hib_json_opt_int(call->json, "moderation_s", &moderation_s, NULL);
    creator->moderation = CLAMP(moderation_s, 0, 30 * 86400) * HIB_SECOND;
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void
happened(HibPracticeFace *face, const HibPracticeHappening *what G_GNUC_UNUSED)
{
    hib_tiktok_face_tell(
        face); /* TikTok does not tell what the audience does: only the time passed */
}

static const HibPracticeRoute routes[] = {
    {"GET", "/v2/auth/authorize/", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/v2/oauth/token/", "token", issue_token, 0},
    {"POST", "/v2/oauth/revoke/", "revoke", revoke_token, 0},
    {"POST", "/v2/post/publish/creator_info/query/", "creator", hib_tiktok_face_creator, 0},
    {"POST", "/v2/post/publish/video/init/", "container", hib_tiktok_face_video_init, 0},
    {"POST", "/v2/post/publish/inbox/video/init/", "container", hib_tiktok_face_inbox_init, 0},
    {"POST", "/v2/post/publish/content/init/", "publish", hib_tiktok_face_content_init,
     HIB_PRACTICE_EFFECT},
    {"PUT", "/upload", "upload", hib_tiktok_face_piece, HIB_PRACTICE_UPLOAD},
    {"POST", "/v2/post/publish/status/fetch/", "status", hib_tiktok_face_status, 0},
    {"POST", "/v2/video/list/", "find", hib_tiktok_face_list, 0},
    {"POST", "/v2/video/query/", "read", hib_tiktok_face_query, 0},
    {"GET", "/v2/user/info/", "read", hib_tiktok_face_user, 0},
};

static const HibPracticeRoute controls[] = {
    {"POST", "/practice/own/creator", "own", set_creator, HIB_PRACTICE_NO_FAULT},
};

static const HibPracticeOauth oauth = {
    .client_id_field = "client_key",
    .scope_separator = ",",
    .pkce = HIB_PKCE_HEX,
    .code_life = 10 * HIB_MINUTE,
    .access_life = 2 * HIB_HOUR,
    .refresh_life = 180 * HIB_DAY,
    .rotates = true,
};

const HibPracticeNetwork hib_practice_tiktok = {
    .name = "tiktok",
    .title = "TikTok",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .account = be_creator,
    .open = open_state,
    .close = close_state,
    .replay = hib_tiktok_face_replay,
    .refuse = refuse,
    .controls = controls,
    .n_controls = G_N_ELEMENTS(controls),
    .happened = happened,
};
