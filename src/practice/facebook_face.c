/* Facebook's face: a person signs in and gives the app a page; the page's own token does the rest. graph.facebook.com,
 * graph-video.facebook.com, rupload.facebook.com and www.facebook.com on one origin.
 *
 * Paths, fields and codes as in Meta's Graph API reference (Page, PagePost, Comment, AdVideo) and its guides to reels and stories. The
 * practice account a person picks on the page is the page that is given. What it leaves out: groups, events, albums, ads, targeting. */
#include "practice/facebook_face.h"
#include "practice/facebook_face_private.h"
#include <string.h>

static void
be_page(HibArena *arena, size_t i, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "1000%011d", 30001 + (int)i);
}

/* --- refusing -------------------------------------------------------------------------------------------------------------------------- */
static const MetaError refusals[HIB_REFUSE_N] = {
    [HIB_REFUSE_SCOPE] = {.status = 403,
                          .code = 200,
                          .message = "(#200) If posting to a page, requires both "
                                     "pages_read_engagement and pages_manage_posts"},
    [HIB_REFUSE_RATE] = {.status = 403,
                         .code = 80001,
                         .is_transient = true,
                         .message = "(#80001) There have been too many calls to this Page "
                                    "account. Wait a bit and try again."},
    [HIB_REFUSE_QUOTA] = {.code = 613,
                          .message = "(#613) Calls to this api have exceeded the rate limit."},
    [HIB_REFUSE_CONTENT] = {.code = 100,
                            .subcode = 1366046,
                            .message = "Invalid parameter",
                            .title = "Can't read files",
                            .user_message = "Your photos couldn't be uploaded. Photos should be "
                                            "saved as JPG, PNG, GIF, TIFF, HEIF or WebP files."},
};

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    if (why != HIB_REFUSE_SCOPE || !g_str_equal(message, FACEBOOK_PAGE)) {
        hib_meta_face_refuse(call, why, message);
        return;
    }
    hib_meta_face_error(
        call, &(MetaError){.code = 190,
                           .subcode = 2069032,
                           .message = "Invalid OAuth 2.0 Access Token",
                           .title = "User Access Token Is Not Supported",
                           .user_message = "A Page access token is required for this call for the "
                                           "new Pages experience."});
}

static const MetaFace kind = {.object = "page",
                              .field = "feed",
                              .usage = "pages",
                              .scope = FACEBOOK_PAGE,
                              .needs_subscription = true,
                              .refusals = refusals,
                              .comment_separator = "_",
                              .comment_event = hib_facebook_face_comment_event};

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    return hib_meta_face_open(&kind);
}

/* --- the person and the page --------------------------------------------------------------------------------------------------------------- */
static cJSON *
page_json(HibPracticeCall *call, const HibPracticeAccount *account, const char *token)
{
    cJSON *out = cJSON_CreateObject(), *picture = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", account->id);
    cJSON_AddStringToObject(out, "name", account->name);
    cJSON_AddStringToObject(out, "username", account->handle);
    hib_meta_face_add(out, "access_token", token);
    cJSON_AddStringToObject(out, "category", "Cafe");
    cJSON_AddStringToObject(
        out, "link",
        hib_arena_printf(call->arena, "%s/%s", hib_practice_url(call->face), account->handle));
    cJSON *data = cJSON_AddObjectToObject(picture, "data");
    cJSON_AddStringToObject(data, "url", "https://files.practice.invalid/page.jpg");
    cJSON_AddBoolToObject(data, "is_silhouette", false);
    cJSON_AddItemToObject(out, "picture", picture);
    cJSON_AddNullToObject(out, "instagram_business_account");
    hib_meta_face_add_int(out, "followers_count", hib_practice_followers(call->face, account->id));
    hib_meta_face_add_int(out, "fan_count", hib_practice_followers(call->face, account->id));
    cJSON_AddItemToObject(out, "tasks",
                          cJSON_Parse("[\"CREATE_CONTENT\",\"MODERATE\",\"MESSAGING\",\"ANALYZE\","
                                      "\"MANAGE\"]"));
    return out;
}

/* A page's token, with what the person gave. It does not end by time. */
static cJSON *
given_page(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, row->id);
    HibPracticeTokens person, page;
    if (!hib_practice_bearer_any(call, NULL, &person))
        return cJSON_CreateObject();
    hib_practice_tokens_new(call, account, person.client_id,
                            hib_arena_printf(call->arena, FACEBOOK_PAGE ",%s", person.scope),
                            HIB_NEVER, &page);
    return page_json(call, account, page.access);
}

static void
list_pages(HibPracticeCall *call)
{
    HibPracticeTokens person;
    if (!hib_practice_bearer_any(call, "pages_show_list", &person))
        return;
    /* The café's own person looks after the page of its keeper too: an approval that brings several. */
    const HibPracticeAccount *first = hib_practice_account_at(call->face, 0);
    const HibPracticeAccount *second = hib_practice_account_at(call->face, 1);
    const MetaRow rows[] = {{.id = person.account ? person.account->id : ""},
                            {.id = second ? second->id : ""}};
    size_t n = !person.account ? 0 : person.account == first && second ? 2 : 1;
    hib_meta_face_list(call, rows, n, given_page, "access_token,category,name,id,tasks");
}

static void
show_me(HibPracticeCall *call)
{
    HibPracticeTokens tokens;
    if (!hib_practice_bearer_any(call, NULL, &tokens))
        return;
    if (!tokens.account) {
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "an account's token is needed");
        return;
    }
    if (g_str_has_prefix(tokens.scope, FACEBOOK_PAGE)) {
        hib_meta_face_node(call, page_json(call, tokens.account, NULL), "id,name");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", hib_meta_face_user(call->arena, tokens.account->handle));
    cJSON_AddStringToObject(out, "name", tokens.account->name);
    hib_meta_face_node(call, out, "id,name");
}

/* --- any object by its id ---------------------------------------------------------------------------------------------------------------- */
const char *
hib_facebook_face_post_id(HibPracticeCall *call, const HibPracticeAccount *account)
{
    return hib_arena_printf(call->arena, "%s_%s", account->id, hib_practice_id(call));
}

static const cJSON *
own_video(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const cJSON *video = hib_meta_face_kept(call->face, "video", id);
    return g_strcmp0(hib_meta_face_text(video, "account"), account->id) == 0 ? video : NULL;
}

bool
hib_facebook_face_row(HibPracticeCall *call, const HibPracticeAccount *account, const char *id,
                      MetaRow *ret)
{
    const char *post = hib_meta_face_text(own_video(call, account, id), "post");
    return hib_meta_face_row(call, account, post ? post : id, ret);
}

bool
hib_facebook_face_is_comment(const MetaRow *row)
{
    return row->said || g_str_equal(row->post->kind, "comment");
}

static void
show_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, NULL);
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    const cJSON *video = own_video(call, account, id);
    if (g_str_equal(id, account->id))
        hib_meta_face_node(call, page_json(call, account, NULL), "id,name");
    else if (video)
        hib_meta_face_node(call, hib_facebook_face_video_json(call, id, video), "id");
    else if (!hib_meta_face_row(call, account, id, &row))
        hib_meta_face_missing(call, id);
    else if (hib_facebook_face_is_comment(&row))
        hib_meta_face_node(call, hib_facebook_face_comment_json(call, &row),
                           "id,message,created_time,from");
    else
        hib_meta_face_node(call, hib_facebook_face_post_json(call, &row),
                           "id,message,created_time");
}

static void
rewrite(HibPracticeCall *call, const HibPracticePost *post, const char *text)
{
    HibPracticePost facts = *post;
    facts.text = text;
    hib_practice_post_change(call->face, &facts);
}

/* Other words; a comment hidden or shown. */
static void
change_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, NULL);
    const char *id = hib_practice_param(call, "id"), *hide = hib_practice_field(call, "is_hidden"),
               *text = hib_practice_field(call, "message");
    MetaRow row;
    if (!account)
        return;
    if (!hib_facebook_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    if (own_video(call, account, id))
        text = hib_practice_field(call, "description");
    if (text && row.said) {
        hib_practice_refuse(call, HIB_REFUSE_SCOPE, "%s", "that is another's comment");
        return;
    }
    if (text)
        rewrite(call, row.post, text);
    if (hide)
        hib_meta_face_hide(call, row.id, g_str_equal(hide, "true"));
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
    if (hib_facebook_face_row(call, account, id, &row) && hib_meta_face_delete(call, &row))
        hib_meta_face_success(call);
    else
        hib_meta_face_missing(call, id);
}

/* Nobody of the audience writes posts that name the page. */
static void
list_tagged(HibPracticeCall *call)
{
    if (hib_meta_face_own(call, NULL))
        hib_practice_json(call, 200, cJSON_Parse("{\"data\":[]}"));
}

static const HibPracticeRoute routes[] = {
    {"GET", "/{version}/dialog/oauth", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"GET", "/{version}/oauth/access_token", "token", hib_meta_face_facebook_token, 0},
    {"POST", "/{version}/oauth/access_token", "token", hib_meta_face_facebook_token, 0},
    {"GET", "/{version}/me/accounts", "read", list_pages, 0},
    {"GET", "/{version}/me", "read", show_me, 0},
    {"POST", "/video-upload/{version}/{id}", "upload", hib_meta_face_upload, HIB_PRACTICE_UPLOAD},
    {"POST", "/{version}/{id}/feed", "publish", hib_facebook_face_create, HIB_PRACTICE_EFFECT},
    {"GET", "/{version}/{id}/feed", "find", hib_facebook_face_list, 0},
    {"GET", "/{version}/{id}/posts", "find", hib_facebook_face_list, 0},
    {"GET", "/{version}/{id}/published_posts", "find", hib_facebook_face_list, 0},
    {"POST", "/{version}/{id}/photos", "upload", hib_facebook_face_add_photo, HIB_PRACTICE_UPLOAD},
    {"POST", "/{version}/{id}/photo_stories", "publish", hib_facebook_face_photo_story,
     HIB_PRACTICE_EFFECT},
    /* Start, pieces and finish are one address: what it does is the body's affair, so no effect is counted here. */
    {"POST", "/{version}/{id}/videos", "video", hib_facebook_face_video, 0},
    {"POST", "/{version}/{id}/video_reels", "video", hib_facebook_face_video, 0},
    {"POST", "/{version}/{id}/video_stories", "video", hib_facebook_face_video, 0},
    {"GET", "/{version}/{id}/stories", "find", hib_facebook_face_stories, 0},
    {"GET", "/{version}/{id}/tagged", "read", list_tagged, 0},
    {"GET", "/{version}/{id}/insights", "read", hib_facebook_face_insights, 0},
    {"GET", "/{version}/{id}/video_insights", "read", hib_facebook_face_insights, 0},
    {"GET", "/{version}/{id}/comments", "read", hib_facebook_face_comments, 0},
    {"POST", "/{version}/{id}/comments", "reply", hib_facebook_face_add_comment,
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
                                       .code_life = 10 * HIB_MINUTE,
                                       .access_life = 2 * HIB_HOUR,
                                       .takes_field = true,
                                       .may_omit_grant_type = true};

const HibPracticeNetwork hib_practice_facebook = {
    .name = "facebook",
    .title = "Facebook",
    .oauth = &oauth,
    .routes = routes,
    .n_routes = G_N_ELEMENTS(routes),
    .account = be_page,
    .open = open_state,
    .close = hib_meta_face_close,
    .replay = hib_meta_face_replay,
    .refuse = refuse,
    .rate_headers = hib_meta_face_rate_headers,
    .happened = hib_meta_face_happened,
    .controls = controls,
    .n_controls = G_N_ELEMENTS(controls),
};
