/* Instagram's face: professional accounts that sign in with Instagram itself (graph.instagram.com, api.instagram.com, rupload.facebook.com
 * and www.instagram.com on one origin), who they are, and every object by its id.
 *
 * Paths, fields and codes as in Meta's "Instagram Platform" reference and its error table. What it leaves out: product tags, hashtag search,
 * live media, shopping, insights by breakdown but of followers, the login through Facebook (Facebook's face has that login). */
#include "practice/instagram_face.h"
#include "practice/instagram_face_private.h"
#include <string.h>

/* --- accounts ---------------------------------------------------------------------------------------------------------------------- */
static void
be_account(HibArena *arena, size_t i, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "178414%011d", 10001 + (int)i);
}

static const MetaError refusals[HIB_REFUSE_N] = {
    [HIB_REFUSE_SCOPE] = {.code = 10,
                          .message = "(#10) Application does not have permission for this action"},
    [HIB_REFUSE_RATE] = {.status = 403,
                         .code = 4,
                         .is_transient = true,
                         .message = "(#4) Application request limit reached"},
    [HIB_REFUSE_QUOTA] = {.code = 9,
                          .subcode = 2207042,
                          .message = "Application request limit reached",
                          .title = "Maximum number of posts reached",
                          .user_message = "You reached maximum number of posts that is allowed to "
                                          "be published by Content Publishing API."},
    [HIB_REFUSE_CONTENT] = {.code = 36003,
                            .subcode = 2207009,
                            .message = "The aspect ratio is not supported.",
                            .title = "Unsupported aspect ratio",
                            .user_message = "The submitted image with aspect ratio cannot be "
                                            "published. Please submit an image with a valid "
                                            "aspect ratio."},
};

static const MetaFace kind = {.object = "instagram",
                              .field = "comments",
                              .usage = "instagram",
                              .needs_subscription = true,
                              .refusals = refusals,
                              .comment_separator = "",
                              .comment_event = hib_instagram_face_comment_event,
                              .tell = hib_instagram_face_tell_stories};

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    return hib_meta_face_open(&kind);
}

static bool
is_media(const HibPracticePost *post)
{
    return !g_str_equal(post->kind, "comment") && !g_str_equal(post->kind, "message");
}

static cJSON *
account_json(HibPracticeCall *call, const HibPracticeAccount *account, bool is_me)
{
    const HibPracticePost *const *posts;
    const char *next;
    int64_t n_media = 0;
    const HibPracticeQuery query = {.account = account->id};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++)
        n_media += is_media(posts[i]) && !g_str_equal(posts[i]->kind, "story");
    cJSON *out = cJSON_CreateObject();
    /* "me" is told by an id that only this app knows; who is asked for by the account's id is told by that. */
    cJSON_AddStringToObject(
        out, "id", is_me ? hib_arena_printf(call->arena, "27%s", account->id + 6) : account->id);
    cJSON_AddRawToObject(out, "user_id", account->id); /* a number beyond what a double holds */
    cJSON_AddStringToObject(out, "username", account->handle);
    cJSON_AddStringToObject(out, "name", account->name);
    cJSON_AddStringToObject(out, "account_type", "BUSINESS");
    cJSON_AddStringToObject(out, "biography", "");
    cJSON_AddNullToObject(out, "website");
    cJSON_AddNullToObject(out, "profile_picture_url");
    hib_meta_face_add_int(out, "followers_count", hib_practice_followers(call->face, account->id));
    hib_meta_face_add_int(out, "follows_count", 0);
    hib_meta_face_add_int(out, "media_count", n_media);
    return out;
}

/* --- any object by its id ---------------------------------------------------------------------------------------------------------- */
static void
show_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, NULL);
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    const cJSON *container = hib_meta_face_container(call, account, id);
    bool is_me = g_str_equal(id, "me");
    const bool is_own = is_me || g_str_equal(id, account->id);
    if (is_own && hib_instagram_face_discover(call, account))
        return;
    if (is_own)
        hib_meta_face_node(call, account_json(call, account, is_me), "id,username");
    else if (container)
        hib_meta_face_node(call, hib_instagram_face_container_json(call, id, container), "id");
    else if (!hib_meta_face_row(call, account, id, &row))
        hib_meta_face_missing(call, id);
    else if (row.said || g_str_equal(row.post->kind, "comment"))
        hib_meta_face_node(call, hib_instagram_face_comment_json(call, &row), "id,text,timestamp");
    else
        hib_meta_face_node(call, hib_instagram_face_media_json(call, &row), "id");
}

/* A comment is hidden or shown; a post's comments are opened or closed. */
static void
change_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, INSTAGRAM_COMMENTS);
    const char *id = hib_practice_param(call, "id"), *hide = hib_practice_field(call, "hide");
    MetaRow row;
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    bool is_comment = row.said || g_str_equal(row.post->kind, "comment");
    if (is_comment && !hide) {
        hib_meta_face_invalid(call, "The parameter hide is required");
        return;
    }
    if (is_comment)
        hib_meta_face_hide(call, id, g_str_equal(hide, "true"));
    hib_meta_face_success(call);
}

static void
delete_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, NULL);
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    if (hib_meta_face_row(call, account, id, &row) && hib_meta_face_delete(call, &row))
        hib_meta_face_success(call);
    else
        hib_meta_face_missing(call, id);
}

/* Nobody of the audience publishes photos that name the account. */
static void
show_tags(HibPracticeCall *call)
{
    if (hib_meta_face_own(call, NULL))
        hib_practice_json(call, 200, cJSON_Parse("{\"data\":[]}"));
}

static const HibPracticeRoute routes[] = {
    {"GET", "/oauth/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/oauth/access_token", "token", hib_meta_face_code, 0},
    {"GET", "/access_token", "token", hib_meta_face_long, 0},
    {"GET", "/refresh_access_token", "token", hib_meta_face_renew, 0},
    {"POST", "/ig-api-upload/{version}/{id}", "upload", hib_meta_face_upload, HIB_PRACTICE_UPLOAD},
    {"POST", "/{version}/{id}/media", "container", hib_instagram_face_create, 0},
    {"GET", "/{version}/{id}/media", "find", hib_instagram_face_list, 0},
    {"POST", "/{version}/{id}/media_publish", "publish", hib_instagram_face_publish,
     HIB_PRACTICE_EFFECT},
    {"GET", "/{version}/{id}/content_publishing_limit", "quota", hib_instagram_face_limit, 0},
    {"GET", "/{version}/{id}/stories", "find", hib_instagram_face_stories, 0},
    {"GET", "/{version}/{id}/tags", "read", show_tags, 0},
    {"GET", "/{version}/{id}/insights", "read", hib_instagram_face_insights, 0},
    {"GET", "/{version}/{id}/comments", "read", hib_instagram_face_comments, 0},
    {"POST", "/{version}/{id}/comments", "reply", hib_instagram_face_add_comment,
     HIB_PRACTICE_EFFECT},
    {"GET", "/{version}/{id}/replies", "read", hib_instagram_face_comments, 0},
    {"POST", "/{version}/{id}/replies", "reply", hib_instagram_face_add_comment,
     HIB_PRACTICE_EFFECT},
    {"GET", "/{version}/{id}/conversations", "read", hib_meta_face_conversations, 0},
    {"POST", "/{version}/{id}/messages", "message", hib_meta_face_send_message,
     HIB_PRACTICE_EFFECT},
    {"POST", "/{version}/{id}/subscribed_apps", "subscribe", hib_meta_face_subscribe_account, 0},
    {"POST", "/{version}/{id}/subscriptions", "subscribe", hib_meta_face_subscribe_app, 0},
    {"GET", "/{version}/{id}", "status", show_node, 0},
    {"POST", "/{version}/{id}", "edit", change_node, HIB_PRACTICE_EFFECT},
    {"DELETE", "/{version}/{id}", "delete", delete_node, HIB_PRACTICE_EFFECT},
};

static const HibPracticeRoute controls[] = {
    {"POST", "/practice/own/say", "own", hib_meta_face_say, HIB_PRACTICE_NO_FAULT},
};

static const HibPracticeOauth oauth = {.scope_separator = ",",
                                       .pkce = HIB_PKCE_OPTIONAL,
                                       .code_life = HIB_HOUR,
                                       .access_life = META_SHORT_LIFE,
                                       .takes_field = true};

const HibPracticeNetwork hib_practice_instagram = {
    .name = "instagram",
    .title = "Instagram",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .account = be_account,
    .open = open_state,
    .close = hib_meta_face_close,
    .replay = hib_meta_face_replay,
    .refuse = hib_meta_face_refuse,
    .rate_headers = hib_meta_face_rate_headers,
    .happened = hib_meta_face_happened,
    .controls = controls,
    .n_controls = G_N_ELEMENTS(controls),
};
