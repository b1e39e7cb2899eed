/* Mastodon's face: app registration, OAuth, statuses with Idempotency-Key, media that may take a while, an account's own timeline.
 *
 * Paths, fields and codes as in Mastodon's API documentation (4.x). What it leaves out: streaming, polls, lists, filters, federation. */
#include "practice/mastodon_face.h"
#include "practice/mastodon_private.h"

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

/* The account of the call, its 300 calls in five minutes counted. NULL after refusing. */
const HibPracticeAccount *
hib_masto_face_caller(HibPracticeCall *call, const char *scope)
{
    const HibPracticeAccount *account = hib_practice_bearer(call, scope);
    if (!account)
        return NULL;
    const char *key = hib_arena_printf(call->arena, "calls %s", account->id);
    return hib_practice_take(call, HIB_REFUSE_RATE, key, 300, 5 * HIB_MINUTE, 1) ? account : NULL;
}

/* --- what things look like --------------------------------------------------------------------------------------------------- */
cJSON *
hib_masto_face_account_json(HibPracticeCall *call, const HibPracticeAccount *account)
{
    cJSON *out = cJSON_CreateObject();
    const char *url =
        hib_arena_printf(call->arena, "%s/@%s", hib_practice_url(call->face), account->handle);
    cJSON_AddStringToObject(out, "id", account->id);
    cJSON_AddStringToObject(out, "username", account->handle);
    cJSON_AddStringToObject(out, "acct", account->handle);
    cJSON_AddStringToObject(out, "display_name", account->name);
    cJSON_AddBoolToObject(out, "locked", false);
    cJSON_AddBoolToObject(out, "bot", false);
    cJSON_AddStringToObject(out, "note", "");
    cJSON_AddStringToObject(out, "url", url);
    cJSON_AddStringToObject(out, "avatar", "");
    cJSON_AddNumberToObject(out, "followers_count",
                            (double)hib_practice_followers(call->face, account->id));
    cJSON_AddNumberToObject(out, "following_count", 0);
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = account->id};
    cJSON_AddNumberToObject(
        out, "statuses_count",
        (double)hib_practice_posts(call->face, call->arena, &query, &posts, &next));
    return out;
}

/* --- apps and the instance ---------------------------------------------------------------------------------------------------- */
static void
create_app(HibPracticeCall *call)
{
    const char *name = hib_practice_field(call, "client_name"),
               *uris = hib_practice_field(call, "redirect_uris");
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
    cJSON_AddStringToObject(out, "client_id", id);
    cJSON_AddStringToObject(out, "client_secret", secret);
    hib_practice_json(call, 200, out);
}

static void
show_instance(HibPracticeCall *call)
{
    bool is_second = g_str_has_prefix(call->path, "/api/v2/");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, is_second ? "domain" : "uri", "practice.invalid");
    cJSON_AddStringToObject(out, "title", "Practice Mastodon");
    cJSON_AddStringToObject(out, "version", "4.5.0");
    if (is_second)
        cJSON_AddStringToObject(out, "source_url", "https://github.com/mastodon/mastodon");
    cJSON *config = cJSON_AddObjectToObject(out, "configuration");
    cJSON *statuses = cJSON_AddObjectToObject(config, "statuses");
    cJSON_AddNumberToObject(statuses, "max_characters", MASTODON_CHARACTERS);
    cJSON_AddNumberToObject(statuses, "max_media_attachments", MASTODON_MEDIA);
    cJSON_AddNumberToObject(statuses, "characters_reserved_per_url", 23);
    cJSON *media = cJSON_AddObjectToObject(config, "media_attachments");
    static const char *const types[] = {"image/jpeg", "image/png",  "image/gif",
                                        "image/webp", "image/heic", "image/avif",
                                        "video/mp4",  "video/webm", "video/quicktime"};
    cJSON_AddItemToObject(media, "supported_mime_types",
                          cJSON_CreateStringArray(types, G_N_ELEMENTS(types)));
    cJSON_AddNumberToObject(media, "description_limit", 1500);
    cJSON_AddNumberToObject(media, "image_size_limit", MASTODON_IMAGE_BYTES);
    cJSON_AddNumberToObject(media, "image_matrix_limit", 33177600);
    cJSON_AddNumberToObject(media, "video_size_limit", MASTODON_VIDEO_BYTES);
    cJSON_AddNumberToObject(media, "video_frame_rate_limit", 120);
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
        hib_practice_json(call, 200, hib_masto_face_account_json(call, account));
}

static void
show_account(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_practice_account(call->face, hib_practice_param(call, "id"));
    if (account)
        hib_practice_json(call, 200, hib_masto_face_account_json(call, account));
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such account");
}

static const HibPracticeRoute routes[] = {
    {"POST", "/api/v1/apps", "app", create_app, 0},
    {"GET", "/oauth/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/oauth/token", "token", hib_practice_token_reply, 0},
    {"POST", "/oauth/revoke", "revoke", revoke_token, 0},
    {"GET", "/api/v1/instance", "read", show_instance, 0},
    {"GET", "/api/v2/instance", "read", show_instance, 0},
    {"GET", "/api/v1/accounts/verify_credentials", "read", verify_credentials, 0},
    {"GET", "/api/v1/accounts/{id}/statuses", "find", hib_masto_face_account_statuses, 0},
    {"GET", "/api/v1/accounts/{id}", "read", show_account, 0},
    {"POST", "/api/v2/media", "upload", hib_masto_face_upload_media, HIB_PRACTICE_UPLOAD},
    {"GET", "/api/v1/media/{id}", "status", hib_masto_face_show_media, 0},
    {"PUT", "/api/v1/media/{id}", "upload", hib_masto_face_show_media, 0},
    {"POST", "/api/v1/statuses", "publish", hib_masto_face_create_status, HIB_PRACTICE_EFFECT},
    {"GET", "/api/v1/statuses", "read", hib_masto_face_show_statuses, 0},
    {"GET", "/api/v1/notifications", "read", hib_masto_face_notifications, 0},
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
