/* YouTube's face: signing in, the day's quota, errors, channels. Uploads: youtube_face_upload.c; videos and reports: youtube_face_video.c;
 * comments: youtube_face_comment.c.
 *
 * Paths, fields and reasons as in the discovery documents (Data API revision 20260427, Analytics v2) and Google's guides. One origin plays
 * accounts.google.com, oauth2.googleapis.com, youtube.googleapis.com and youtubeanalytics.googleapis.com. What it leaves out: search, live
 * streams, captions, playlists other than the uploads, subscriptions, Reporting, notices of new videos (WebSub). */
#include "practice/youtube_face.h"
#include "base/secrets.h"
#include "practice/youtube_face_private.h"

#include <string.h>

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    YoutubeState *state = g_new0(YoutubeState, 1);
    state->sessions =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, hib_youtube_face_session_free);
    state->moderated = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    state->online = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return state;
}

static void
close_state(void *data)
{
    YoutubeState *state = data;
    g_hash_table_unref(state->sessions);
    g_hash_table_unref(state->moderated);
    g_hash_table_unref(state->online);
    g_free(state);
}

static bool
replay(HibPracticeFace *face, HibJson line)
{
    const YoutubeState *state = hib_practice_state(face);
    const char *id = NULL;
    const char *status = NULL;
    if (!hib_json_text(line, "comment", &id, NULL) || !hib_json_text(line, "status", &status, NULL))
        return false;
    if (!strcmp(status, "published"))
        g_hash_table_remove(state->moderated, id);
    else
        g_hash_table_replace(state->moderated, g_strdup(id), g_strdup(status));
    return true;
}

/* A channel's id is "UC" and 22 characters; its uploads are the list "UU" and the same. */
static void
be_channel(HibArena *arena, size_t i G_GNUC_UNUSED, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "UC%.22s",
                                   hib_sha256_hex(arena, account->handle, strlen(account->handle)));
}

/* --- refusing ------------------------------------------------------------------------------------------------------ */
void
hib_youtube_face_error(HibPracticeCall *call, int status, const char *domain, const char *reason,
                       const char *message)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *error = cJSON_AddObjectToObject(out, "error");
    cJSON *first = cJSON_CreateObject();
    cJSON_AddNumberToObject(error, "code", status);
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(error, "errors"), first);
    cJSON_AddStringToObject(first, "message", message);
    cJSON_AddStringToObject(first, "domain", domain);
    cJSON_AddStringToObject(first, "reason", reason);
    hib_practice_json(call, status, out);
}

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const struct {
        int status;
        const char *domain, *reason, *message;
    } words[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {404, "global", "notFound", "Not Found"},
        [HIB_REFUSE_BAD_REQUEST] = {400, "global", "badRequest", NULL},
        [HIB_REFUSE_TOO_LARGE] = {413, "global", "uploadTooLarge", "Request Entity Too Large"},
        [HIB_REFUSE_NO_TOKEN] = {401, "global", "authError",
                                 "Request is missing required authentication credential."},
        [HIB_REFUSE_EXPIRED_TOKEN] = {401, "global", "authError",
                                      "Request had invalid authentication credentials."},
        [HIB_REFUSE_ENDED_GRANT] = {401, "global", "authError",
                                    "Request had invalid authentication credentials."},
        [HIB_REFUSE_SCOPE] = {403, "global", "insufficientPermissions",
                              "Request had insufficient authentication scopes."},
        [HIB_REFUSE_RATE] = {403, "usageLimits", "userRateLimitExceeded",
                             "The request cannot be completed because it came too fast."},
        [HIB_REFUSE_QUOTA] = {403, "youtube.quota", "quotaExceeded",
                              "The request cannot be completed because you have exceeded your "
                              "quota."},
        [HIB_REFUSE_CONTENT] = {400, "youtube.video", "invalidVideoMetadata",
                                "The request metadata is invalid."},
        [HIB_REFUSE_ERROR] = {500, "global", "backendError", "Backend Error"},
    };
    hib_youtube_face_error(call, words[why].status, words[why].domain, words[why].reason,
                           words[why].message ? words[why].message : message);
}

/* --- the day's quota -------------------------------------------------------------------------------------------------- */
HibInstant
hib_youtube_face_day_end(HibInstant at)
{
    g_autoptr(HibZone) pacific = hib_zone_open("America/Los_Angeles");
    return pacific ? hib_day_start(pacific, at, 1) : at + HIB_DAY;
}

/* Of the project: all accounts share it. A day's key is its end. */
static bool
take(HibPracticeCall *call, const char *what, int64_t limit, int64_t n)
{
    HibInstant now = hib_practice_now(call->face);
    HibInstant end = hib_youtube_face_day_end(now);
    const char *key =
        hib_arena_printf(call->arena, "%s until %" G_GINT64_FORMAT, what, end / HIB_SECOND);
    return n == 0 || hib_practice_take(call, HIB_REFUSE_QUOTA, key, limit, end - now, n);
}

bool
hib_youtube_face_take_upload(HibPracticeCall *call)
{
    return take(call, "uploads", YOUTUBE_UPLOADS_A_DAY, 1);
}

const HibPracticeAccount *
hib_youtube_face_caller(HibPracticeCall *call, const char *scopes, int64_t units)
{
    HibPracticeTokens tokens = {0};
    if (!hib_practice_bearer_any(call, NULL, &tokens))
        return NULL;
    g_auto(GStrv) wanted = g_strsplit(scopes, " ", -1);
    g_auto(GStrv) granted = g_strsplit(tokens.scope, " ", -1);
    bool is_allowed = false;
    for (char **one = wanted; *one; one++)
        is_allowed |= g_strv_contains((const char *const *)granted, *one);
    if (!tokens.account || !is_allowed) {
        hib_practice_refuse(call, tokens.account ? HIB_REFUSE_SCOPE : HIB_REFUSE_NO_TOKEN, "%s",
                            scopes);
        return NULL;
    }
    return take(call, "units", YOUTUBE_UNITS_A_DAY, units) ? tokens.account : NULL;
}

/* --- what answers share ------------------------------------------------------------------------------------------------ */
void
hib_youtube_face_add_time(cJSON *out, const char *name, HibInstant at)
{
    char text[HIB_INSTANT_TEXT];
    cJSON_AddStringToObject(out, name, hib_instant_format(at / HIB_SECOND * HIB_SECOND, text));
}

void
hib_youtube_face_add_count(cJSON *out, const char *name, int64_t n)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);
    cJSON_AddStringToObject(out, name, text);
}

const cJSON *
hib_youtube_face_extra(HibArena *arena, const HibPracticePost *post)
{
    HibJson out = {0};
    const char *text = post->extra ? post->extra : "{}";
    if (!hib_json_parse(arena, text, strlen(text), &out, NULL))
        (void)hib_json_parse(arena, "{}", 2, &out, NULL);
    return out.value;
}

const char *
hib_youtube_face_new_id(HibPracticeCall *call)
{
    guint64 id = GUINT64_TO_BE(g_ascii_strtoull(hib_practice_id(call), NULL, 10));
    g_autofree char *text = g_base64_encode((const guchar *)&id, sizeof id);
    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    return hib_arena_printf(call->arena, "%.11s", text);
}

static void
free_list(void *data)
{
    g_strfreev(data);
}

const char *const *
hib_youtube_face_values(HibPracticeCall *call, const char *name)
{
    const char *value = NULL;
    g_autoptr(GString) all = g_string_new(NULL);
    for (int i = 0; (value = hib_practice_query_at(call, name, i)); i++)
        g_string_append_printf(all, "%s%s", i ? "," : "", value);
    char **out = g_strsplit(all->str, ",", 200);
    for (char **one = out; *one; one++)
        g_strstrip(*one);
    hib_arena_defer(call->arena, free_list, out);
    return (const char *const *)out;
}

bool
hib_youtube_face_parts(HibPracticeCall *call, const char *const *known)
{
    const char *const *parts = hib_youtube_face_values(call, "part");
    if (!*parts) {
        hib_youtube_face_error(call, 400, "global", "required", "Required parameter: part");
        return false;
    }
    for (size_t i = 0; parts[i]; i++)
        if (!g_strv_contains(known, parts[i])) {
            hib_youtube_face_error(call, 400, "youtube.part", "unknownPart",
                                   hib_arena_printf(call->arena, "'%s'", parts[i]));
            return false;
        }
    return true;
}

bool
hib_youtube_face_has_part(HibPracticeCall *call, const char *part)
{
    return g_strv_contains(hib_youtube_face_values(call, "part"), part);
}

void
hib_youtube_face_list(HibPracticeCall *call, const char *kind, cJSON *items, int usual, int most)
{
    const char *wanted = hib_practice_query(call, "maxResults");
    const char *token = hib_practice_query(call, "pageToken");
    int n = cJSON_GetArraySize(items);
    int a_page = wanted ? (int)g_ascii_strtoll(wanted, NULL, 10) : usual;
    int from =
        token && g_str_has_prefix(token, "CAUQ") ? (int)g_ascii_strtoll(token + 4, NULL, 10) : 0;
    if (a_page < 1 || a_page > most || (token && (from < 1 || from > n))) {
        cJSON_Delete(items);
        hib_youtube_face_error(call, 400, "global",
                               a_page < 1 || a_page > most ? "invalidParameter"
                                                           : "invalidPageToken",
                               "The request specifies an invalid page.");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", kind);
    cJSON_AddStringToObject(out, "etag", "practice");
    if (from + a_page < n)
        cJSON_AddStringToObject(out, "nextPageToken",
                                hib_arena_printf(call->arena, "CAUQ%d", from + a_page));
    cJSON *info = cJSON_AddObjectToObject(out, "pageInfo");
    cJSON_AddNumberToObject(info, "totalResults", n);
    cJSON_AddNumberToObject(info, "resultsPerPage", a_page);
    cJSON *page = cJSON_AddArrayToObject(out, "items");
    for (int i = 0; i < from; i++)
        cJSON_DeleteItemFromArray(items, 0);
    for (int i = 0; i < a_page && cJSON_GetArraySize(items); i++)
        cJSON_AddItemToArray(page, cJSON_DetachItemFromArray(items, 0));
    cJSON_Delete(items);
    hib_practice_json(call, 200, out);
}

/* --- tokens -------------------------------------------------------------------------------------------------------------- */
static void
authorize(HibPracticeCall *call)
{
    const YoutubeState *state = hib_practice_state(call->face);
    const char *chosen = hib_practice_query(call, "practice_account");
    const HibPracticeAccount *account = chosen ? hib_practice_account(call->face, chosen) : NULL;
    bool is_offline = g_strcmp0(hib_practice_query(call, "access_type"), "offline") == 0;
    if (account && is_offline)
        g_hash_table_remove(state->online, account->id);
    else if (account)
        g_hash_table_add(state->online, g_strdup(account->id));
    hib_practice_authorize(call);
}

/* A refresh token comes with the code only, and only where offline access was asked for; it stays the same for ever. */
static void
issue_token(HibPracticeCall *call)
{
    static const char *const words[] = {NULL,
                                        "Missing required parameter.",
                                        "The OAuth client was not found.",
                                        "Token has been expired or revoked.",
                                        "Some requested scopes were invalid.",
                                        "Invalid grant_type"};
    const YoutubeState *state = hib_practice_state(call->face);
    HibPracticeTokens tokens = {0};
    HibPracticeOauthError error = hib_practice_token(call, &tokens);
    cJSON *out = cJSON_CreateObject();
    if (error || !tokens.account) {
        error = error ? error : HIB_OAUTH_UNSUPPORTED_GRANT_TYPE; /* an app has no channel */
        cJSON_AddStringToObject(out, "error", hib_practice_oauth_error(error));
        cJSON_AddStringToObject(out, "error_description", words[error]);
        hib_practice_json(call, error == HIB_OAUTH_INVALID_CLIENT ? 401 : 400, out);
        return;
    }
    bool is_refresh = g_strcmp0(hib_practice_field(call, "grant_type"), "refresh_token") == 0;
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    cJSON_AddNumberToObject(out, "expires_in", (double)tokens.access_s);
    if (!is_refresh && !g_hash_table_contains(state->online, tokens.account->id))
        cJSON_AddStringToObject(out, "refresh_token", tokens.refresh);
    cJSON_AddStringToObject(out, "scope", tokens.scope);
    cJSON_AddStringToObject(out, "token_type", "Bearer");
    hib_practice_json(call, 200, out);
}

static void
revoke_token(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "token");
    bool is_done = token && hib_practice_revoke(call->face, token);
    cJSON *out = cJSON_CreateObject();
    if (!is_done)
        cJSON_AddStringToObject(out, "error", "invalid_token");
    hib_practice_json(call, is_done ? 200 : 400, out);
}

/* --- channels -------------------------------------------------------------------------------------------------------------- */
const char *
hib_youtube_face_channel_title(HibPracticeCall *call, const char *channel)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, channel);
    return account ? account->name : "";
}

/* Subscribers are shown with three digits. */
int64_t
hib_youtube_face_three_digits(int64_t n)
{
    int64_t unit = 1;
    while (n / unit >= 1000)
        unit *= 10;
    return n / unit * unit;
}

static void
add_channel_numbers(HibPracticeCall *call, const HibPracticeAccount *account, cJSON *out)
{
    const HibPracticePost *const *videos = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = account->id, .kind = "video"};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &videos, &next);
    int64_t views = 0;
    int64_t n_public = 0;
    for (size_t i = 0; i < n; i++) {
        views += hib_practice_numbers(call->face, videos[i]->id).views;
        n_public += !videos[i]->is_hidden && videos[i]->at <= hib_practice_now(call->face);
    }
    cJSON *to = cJSON_AddObjectToObject(out, "statistics");
    hib_youtube_face_add_count(to, "viewCount", views);
    hib_youtube_face_add_count(
        to, "subscriberCount",
        hib_youtube_face_three_digits(hib_practice_followers(call->face, account->id)));
    cJSON_AddBoolToObject(to, "hiddenSubscriberCount", false);
    hib_youtube_face_add_count(to, "videoCount", n_public);
}

static cJSON *
channel_json(HibPracticeCall *call, const HibPracticeAccount *account)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#channel");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", account->id);
    if (hib_youtube_face_has_part(call, "snippet")) {
        cJSON *to = cJSON_AddObjectToObject(out, "snippet");
        cJSON_AddStringToObject(to, "title", account->name);
        cJSON_AddStringToObject(to, "description", "");
        cJSON_AddStringToObject(to, "customUrl",
                                hib_arena_printf(call->arena, "@%s", account->handle));
        cJSON_AddStringToObject(to, "publishedAt", "2020-01-01T00:00:00Z");
        cJSON *picture =
            cJSON_AddObjectToObject(cJSON_AddObjectToObject(to, "thumbnails"), "default");
        cJSON_AddStringToObject(picture, "url", "https://yt3.ggpht.com/practice=s88");
        cJSON_AddNumberToObject(picture, "width", 88);
        cJSON_AddNumberToObject(picture, "height", 88);
    }
    if (hib_youtube_face_has_part(call, "contentDetails")) {
        cJSON *lists = cJSON_AddObjectToObject(cJSON_AddObjectToObject(out, "contentDetails"),
                                               "relatedPlaylists");
        cJSON_AddStringToObject(lists, "likes", "");
        cJSON_AddStringToObject(lists, "uploads",
                                hib_arena_printf(call->arena, "UU%s", account->id + 2));
    }
    if (hib_youtube_face_has_part(call, "statistics"))
        add_channel_numbers(call, account, out);
    if (hib_youtube_face_has_part(call, "status"))
        cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "status"), "privacyStatus", "public");
    return out;
}

/* An account of this world, or somebody else's channel of that handle or id. */
static void
add_channel(HibPracticeCall *call, cJSON *items, const HibPracticeAccount *account,
            const char *handle, const char *id)
{
    cJSON *other = !account && (handle || id) ? hib_youtube_face_other(call, handle, id) : NULL;
    if (account)
        cJSON_AddItemToArray(items, channel_json(call, account));
    else if (other)
        cJSON_AddItemToArray(items, other);
}

static void
list_channels(HibPracticeCall *call)
{
    static const char *const known[] = {"id",           "snippet",       "contentDetails",
                                        "status",       "statistics",    "brandingSettings",
                                        "topicDetails", "localizations", NULL};
    const HibPracticeAccount *viewer = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 1);
    const char *const *ids = hib_youtube_face_values(call, "id");
    const char *handle = hib_practice_query(call, "forHandle");
    bool is_mine = g_strcmp0(hib_practice_query(call, "mine"), "true") == 0;
    if (!viewer || !hib_youtube_face_parts(call, known))
        return;
    if (!*ids && !handle && !is_mine) {
        hib_youtube_face_error(call, 400, "youtube.parameter", "missingRequiredParameter",
                               "No filter selected. Expected one of: id, mine, forHandle");
        return;
    }
    cJSON *items = cJSON_CreateArray();
    if (is_mine)
        cJSON_AddItemToArray(items, channel_json(call, viewer));
    const HibPracticeAccount *named =
        handle ? hib_practice_account(call->face, handle + (*handle == '@')) : NULL;
    add_channel(call, items, named, handle ? handle + (*handle == '@') : NULL, NULL);
    for (size_t i = 0; ids[i]; i++)
        add_channel(call, items, hib_practice_account(call->face, ids[i]), NULL, ids[i]);
    hib_youtube_face_list(call, "youtube#channelListResponse", items, 5, 50);
}

static const HibPracticeRoute routes[] = {
    {"GET", "/o/oauth2/v2/auth", "authorize", authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/token", "token", issue_token, 0},
    {"POST", "/revoke", "revoke", revoke_token, 0},
    {"GET", "/youtube/v3/channels", "read", list_channels, 0},
    {"POST", "/resumable/upload/youtube/v3/videos", "session", hib_youtube_face_open, 0},
    {"PUT", "/resumable/upload/youtube/v3/videos", "upload", hib_youtube_face_put,
     HIB_PRACTICE_EFFECT | HIB_PRACTICE_UPLOAD},
    {"POST", "/upload/youtube/v3/videos", "publish", hib_youtube_face_insert,
     HIB_PRACTICE_EFFECT | HIB_PRACTICE_UPLOAD},
    {"POST", "/upload/youtube/v3/thumbnails/set", "thumbnail", hib_youtube_face_thumbnail,
     HIB_PRACTICE_UPLOAD},
    {"GET", "/youtube/v3/videos", "read", hib_youtube_face_videos, 0},
    {"PUT", "/youtube/v3/videos", "edit", hib_youtube_face_update, HIB_PRACTICE_EFFECT},
    {"DELETE", "/youtube/v3/videos", "delete", hib_youtube_face_delete, HIB_PRACTICE_EFFECT},
    {"GET", "/youtube/v3/playlistItems", "find", hib_youtube_face_uploads, 0},
    {"GET", "/youtube/v3/commentThreads", "talk", hib_youtube_face_threads, 0},
    {"POST", "/youtube/v3/commentThreads", "comment", hib_youtube_face_comment_new,
     HIB_PRACTICE_EFFECT},
    {"GET", "/youtube/v3/comments", "talk", hib_youtube_face_comments, 0},
    {"POST", "/youtube/v3/comments", "comment", hib_youtube_face_comment_new, HIB_PRACTICE_EFFECT},
    {"PUT", "/youtube/v3/comments", "edit", hib_youtube_face_comment_update, HIB_PRACTICE_EFFECT},
    {"DELETE", "/youtube/v3/comments", "delete", hib_youtube_face_comment_delete,
     HIB_PRACTICE_EFFECT},
    {"POST", "/youtube/v3/comments/setModerationStatus", "moderate", hib_youtube_face_moderate,
     HIB_PRACTICE_EFFECT},
    {"GET", "/v2/reports", "read", hib_youtube_face_reports, 0},
};

static const HibPracticeOauth oauth = {
    .pkce = HIB_PKCE_OPTIONAL,
    .code_life = 10 * HIB_MINUTE,
    .access_life = HIB_HOUR,
    .refresh_life = HIB_NEVER,
};

const HibPracticeNetwork hib_practice_youtube = {
    .name = "youtube",
    .title = "YouTube",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .account = be_channel,
    .open = open_state,
    .close = close_state,
    .replay = replay,
    .refuse = refuse,
};
