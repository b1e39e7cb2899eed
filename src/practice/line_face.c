/* LINE's face: channel tokens, who the channel is, quota, insight, audiences. Messages: line_face_message.c; people who write: line_face_talk.c.
 *
 * Paths, fields and codes as in LINE's Messaging API reference. One origin plays api.line.me and api-data.line.me. What it leaves out: rich
 * menus, coupons, membership, account link, groups. */
#include "practice/line_face.h"
#include "practice/line_face_private.h"
#include <string.h>

#define TOKEN_LIFE (15 * HIB_MINUTE)
#define BLOCKING 0.08 /* of those who ever were friends */

const LineAudience hib_line_face_audiences[LINE_AUDIENCES] = {{4000001, "常連のお客さま", 0.3},
                                                              {4000002, "新しい友だち", 0.15},
                                                              {4000003, "試作モニター", 0.005}};

static void
request_free(void *data)
{
    LineRequest *request = data;
    g_free(request->post_id);
    g_free(request->way);
    g_free(request);
}

static void
token_free(void *data)
{
    g_free(((LineReplyToken *)data)->user);
    g_free(data);
}

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    LineState *state = g_new0(LineState, 1);
    state->contents =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, hib_line_face_content_free);
    state->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, request_free);
    state->retry_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    state->reply_tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, token_free);
    state->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    state->endpoints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return state;
}

static void
close_state(void *data)
{
    LineState *state = data;
    g_hash_table_unref(state->contents);
    g_hash_table_unref(state->requests);
    g_hash_table_unref(state->retry_keys);
    g_hash_table_unref(state->reply_tokens);
    g_hash_table_unref(state->told);
    g_hash_table_unref(state->endpoints);
    g_free(state);
}

/* A channel's id is a number, its secret 32 hex digits. */
static void
be_channel(HibArena *arena, size_t i, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "%d", 2000000001 + (int)i);
    account->handle = hib_arena_printf(arena, "@%s", account->handle);
    account->password =
        hib_arena_strndup(arena, hib_sha256_hex(arena, account->id, strlen(account->id)), 32);
}

/* --- refusing ---------------------------------------------------------------------------------------------------------------- */
static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const struct {
        int status;
        const char *text;
    } words[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {404, "Not found"},
        [HIB_REFUSE_BAD_REQUEST] = {400, NULL},
        [HIB_REFUSE_TOO_LARGE] = {413, "Request Entity Too Large"},
        [HIB_REFUSE_NO_TOKEN] = {401, "Authentication failed. Confirm that the access token in the "
                                      "authorization header is valid."},
        [HIB_REFUSE_EXPIRED_TOKEN] = {401, "Authentication failed. Confirm that the access token "
                                           "in the authorization header is valid."},
        [HIB_REFUSE_ENDED_GRANT] = {401, "Authentication failed. Confirm that the access token in "
                                         "the authorization header is valid."},
        [HIB_REFUSE_SCOPE] = {403, "Access to this API is not available for your account"},
        [HIB_REFUSE_RATE] = {429, "The API rate limit has been exceeded. Try again later."},
        [HIB_REFUSE_QUOTA] = {429, "You have reached your monthly limit."},
        [HIB_REFUSE_CONTENT] = {400, "The request body has 1 error(s)"},
        [HIB_REFUSE_ERROR] = {500, "Internal Server Error"},
    };
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "message", words[why].text ? words[why].text : message);
    hib_practice_json(call, words[why].status, out);
}

void
hib_line_face_invalid(HibPracticeCall *call, const char *message, const char *property)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "message", property ? "The request body has 1 error(s)" : message);
    if (property) {
        cJSON *detail = cJSON_CreateObject();
        cJSON_AddStringToObject(detail, "message", message);
        cJSON_AddStringToObject(detail, "property", property);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "details"), detail);
    }
    hib_practice_json(call, 400, out);
}

const char *
hib_line_face_request_id(HibPracticeCall *call)
{
    const char *id = hib_arena_printf(call->arena, "req-%s", hib_practice_id(call));
    hib_practice_header(call, "x-line-request-id", "%s", id);
    return id;
}

const HibPracticeAccount *
hib_line_face_caller(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_practice_bearer(call, NULL);
    if (account)
        hib_line_face_tell(call, account);
    return account;
}

/* --- tokens and the bot ------------------------------------------------------------------------------------------------------- */
static void
issue_token(HibPracticeCall *call)
{
    const char *type = hib_practice_form(call, "grant_type"),
               *id = hib_practice_form(call, "client_id"),
               *secret = hib_practice_form(call, "client_secret");
    const HibPracticeAccount *account = id ? hib_practice_account(call->face, id) : NULL;
    bool is_right = account && secret && g_str_equal(account->password, secret);
    cJSON *out = cJSON_CreateObject();
    HibPracticeTokens tokens;
    if (g_strcmp0(type, "client_credentials") != 0 || !is_right) {
        cJSON_AddStringToObject(out, "error",
                                is_right ? "unsupported_grant_type" : "invalid_client");
        cJSON_AddStringToObject(out, "error_description",
                                is_right ? "grant_type is not supported"
                                         : "invalid client_id or client_secret");
        hib_practice_json(call, 400, out);
        return;
    }
    hib_practice_acts_for(call, account);
    hib_practice_tokens_new(call, account, id, "", TOKEN_LIFE, &tokens);
    cJSON_AddStringToObject(out, "token_type", "Bearer");
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    cJSON_AddNumberToObject(out, "expires_in", (double)(TOKEN_LIFE / HIB_SECOND));
    hib_practice_json(call, 200, out);
}

const char *
hib_line_face_bot(HibArena *arena, const HibPracticeAccount *account)
{
    const char *digest = hib_sha256_hex(arena, account->password, strlen(account->password));
    return hib_arena_printf(arena, "U%.32s", digest);
}

static void
bot_info(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "userId", hib_line_face_bot(call->arena, account));
    cJSON_AddStringToObject(out, "basicId", account->handle);
    cJSON_AddStringToObject(out, "displayName", account->name);
    cJSON_AddStringToObject(out, "chatMode", "bot");
    cJSON_AddStringToObject(out, "markAsReadMode", "auto");
    hib_practice_json(call, 200, out);
}

/* --- quota, followers, audiences ------------------------------------------------------------------------------------------------- */
int64_t
hib_line_face_friends(HibPracticeFace *face, const HibPracticeAccount *account)
{
    return hib_practice_followers(face, account->id);
}

static const char *
month_key(HibPracticeCall *call, const HibPracticeAccount *account)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), hib_practice_now(call->face) + 9 * HIB_HOUR);
    return hib_arena_printf(call->arena, "month %s %04d%02d", account->id, wall.year, wall.month);
}

static void
show_quota(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    cJSON *out = cJSON_CreateObject();
    if (g_str_has_suffix(call->path, "/consumption")) {
        HibPracticeWindow month = hib_practice_window(call->face, month_key(call, account),
                                                      LINE_MONTH_MESSAGES, 31 * HIB_DAY);
        cJSON_AddNumberToObject(out, "totalUsage", (double)month.used);
    } else {
        cJSON_AddStringToObject(out, "type", "limited");
        cJSON_AddNumberToObject(out, "value", LINE_MONTH_MESSAGES);
    }
    hib_practice_json(call, 200, out);
}

/* Counted once a day: yesterday is ready, today is not. */
static void
show_followers(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_line_face_caller(call);
    const char *date = hib_practice_query(call, "date");
    if (!account)
        return;
    hib_line_face_request_id(call);
    if (!date || strlen(date) != 8) {
        hib_line_face_invalid(call, "The value for the 'date' parameter is invalid", NULL);
        return;
    }
    HibWall wall = hib_wall_at(hib_zone_utc(), hib_practice_now(call->face) + 9 * HIB_HOUR);
    int64_t today = wall.year * 10000 + wall.month * 100 + wall.day;
    cJSON *out = cJSON_CreateObject();
    bool is_ready = g_ascii_strtoll(date, NULL, 10) < today;
    cJSON_AddStringToObject(out, "status", is_ready ? "ready" : "unready");
    if (is_ready) {
        int64_t friends = hib_line_face_friends(call->face, account);
        int64_t ever = (int64_t)((double)friends / (1 - BLOCKING));
        cJSON_AddNumberToObject(out, "followers", (double)ever);
        cJSON_AddNumberToObject(out, "targetedReaches", (double)(int64_t)((double)friends * 0.9));
        cJSON_AddNumberToObject(out, "blocks", (double)(ever - friends));
    }
    hib_practice_json(call, 200, out);
}

static void
list_audiences(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    cJSON *out = cJSON_CreateObject();
    cJSON *groups = cJSON_AddArrayToObject(out, "audienceGroups");
    double friends = (double)hib_line_face_friends(call->face, account);
    for (size_t i = 0; i < LINE_AUDIENCES; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddNumberToObject(one, "audienceGroupId", (double)hib_line_face_audiences[i].id);
        cJSON_AddStringToObject(one, "type", "UPLOAD");
        cJSON_AddStringToObject(one, "description", hib_line_face_audiences[i].name);
        cJSON_AddStringToObject(one, "status", "READY");
        cJSON_AddNumberToObject(one, "audienceCount",
                                (double)(int64_t)(friends * hib_line_face_audiences[i].share));
        cJSON_AddNumberToObject(one, "created",
                                (double)(hib_practice_now(call->face) / HIB_SECOND));
        cJSON_AddStringToObject(one, "permission", "READ_WRITE");
        cJSON_AddStringToObject(one, "createRoute", "OA_MANAGER");
        cJSON_AddItemToArray(groups, one);
    }
    cJSON_AddBoolToObject(out, "hasNextPage", false);
    cJSON_AddNumberToObject(out, "totalCount", LINE_AUDIENCES);
    cJSON_AddNumberToObject(out, "page", 1);
    cJSON_AddNumberToObject(out, "size", 40);
    hib_practice_json(call, 200, out);
}

static const HibPracticeRoute routes[] = {
    {"POST", "/oauth2/v3/token", "token", issue_token, 0},
    {"GET", "/v2/bot/info", "read", bot_info, 0},
    {"POST", "/v2/bot/message/validate/{way}", "validate", hib_line_face_validate, 0},
    {"GET", "/v2/bot/message/quota", "quota", show_quota, 0},
    {"GET", "/v2/bot/message/quota/consumption", "quota", show_quota, 0},
    {"GET", "/v2/bot/message/progress/narrowcast", "status", hib_line_face_progress, 0},
    {"GET", "/v2/bot/message/{message}/content", "content", hib_line_face_content, 0},
    {"GET", "/stickershop/v1/sticker/{sticker}/android/sticker.png", "content",
     hib_line_face_sticker, 0},
    {"GET", "/v2/bot/message/{message}/content/transcoding", "content", hib_line_face_transcoding,
     0},
    {"POST", "/v2/bot/message/{way}", "publish", hib_line_face_send, HIB_PRACTICE_EFFECT},
    {"GET", "/v2/bot/insight/message/event", "read", hib_line_face_event_insight, 0},
    {"GET", "/v2/bot/insight/followers", "read", show_followers, 0},
    {"GET", "/v2/bot/insight/demographic", "read", hib_line_face_demographic, 0},
    {"GET", "/v2/bot/audienceGroup/list", "read", list_audiences, 0},
    {"GET", "/v2/bot/profile/{user}", "read", hib_line_face_profile, 0},
    {"GET", "/v2/bot/channel/webhook/endpoint", "hook", hib_line_face_endpoint, 0},
    {"PUT", "/v2/bot/channel/webhook/endpoint", "hook", hib_line_face_endpoint, 0},
    {"POST", "/v2/bot/channel/webhook/test", "hook", hib_line_face_try_endpoint, 0},
};

static const HibPracticeRoute controls[] = {
    {"POST", "/practice/own/say", "own", hib_line_face_say, HIB_PRACTICE_NO_FAULT},
};

static const HibPracticeOauth oauth = {
    .pkce = HIB_PKCE_OPTIONAL, .code_life = HIB_MINUTE, .access_life = TOKEN_LIFE};

const HibPracticeNetwork hib_practice_line = {
    .name = "line",
    .title = "LINE",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .account = be_channel,
    .open = open_state,
    .close = close_state,
    .replay = hib_line_face_replay,
    .refuse = refuse,
    .controls = controls,
    .n_controls = G_N_ELEMENTS(controls),
};
