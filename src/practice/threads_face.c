/* Threads' face: graph.threads.net and threads.net on one origin; who the account is, posts and replies read back, hiding, numbers.
 * Publishing: threads_face_publish.c.
 *
 * Paths, fields and codes as in Meta's Threads API reference. What it leaves out: reposting, polls, GIFs, locations, ghost posts, keyword
 * search, other people's profiles, auto_publish_text; nobody of the audience mentions the account. */
#include "practice/threads_face.h"
#include "practice/picture.h"
#include "practice/threads_face_private.h"
#include <string.h>

static const MetaError refusals[HIB_REFUSE_N] = {
    [HIB_REFUSE_SCOPE] = {.code = 10,
                          .type = "THApiException",
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
                            .user_message = "The submitted image cannot be published."},
};

static const MetaMetric media_metrics[] = {
    {"views", "views", 1},     {"likes", "likes", 1},   {"replies", "comments", 1},
    {"reposts", "reposts", 1}, {"quotes", "quotes", 1}, {"shares", "shares", 1},
};

static const MetaMetric account_metrics[] = {
    {"views", "views", 1},
    {"likes", "likes", 1},
    {"replies", "comments", 1},
    {"reposts", "reposts", 1},
    {"quotes", "quotes", 1},
    {"clicks", "clicks", 1},
    {"followers_count", "followers", 1},
};

/* --- accounts ---------------------------------------------------------------------------------------------------------------------- */
static void
be_account(HibArena *arena, size_t i, HibPracticeAccount *account)
{
    account->id = hib_arena_printf(arena, "254000%011d", 20001 + (int)i);
}

static cJSON *
account_json(const HibPracticeAccount *account)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", account->id);
    cJSON_AddStringToObject(out, "username", account->handle);
    cJSON_AddStringToObject(out, "name", account->name);
    cJSON_AddNullToObject(out, "threads_profile_picture_url");
    cJSON_AddStringToObject(out, "threads_biography", "");
    cJSON_AddBoolToObject(out, "is_verified", false);
    return out;
}

/* --- a post or reply ----------------------------------------------------------------------------------------------------------------- */
static const char *
root_of(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticePost *post = row->post;
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    MetaRow above;
    while (post->parent && hib_meta_face_row(call, account, post->parent, &above))
        post = above.post;
    return post->id;
}

static void
add_place(HibPracticeCall *call, cJSON *out, const MetaRow *row)
{
    const char *parent = row->said ? row->post->id : row->post->parent;
    cJSON_AddBoolToObject(out, "is_reply", parent != NULL);
    cJSON_AddBoolToObject(out, "is_reply_owned_by_me", parent && !row->said);
    if (parent) {
        hib_meta_face_set(cJSON_AddObjectToObject(out, "replied_to"), "id", parent);
        hib_meta_face_set(cJSON_AddObjectToObject(out, "root_post"), "id", root_of(call, row));
    } else {
        cJSON_AddNullToObject(out, "replied_to");
        cJSON_AddNullToObject(out, "root_post");
    }
}

static void
add_shown(cJSON *out, const cJSON *extra)
{
    static const struct {
        const char *name, *kept;
    } names[] = {{"media_url", "media_url"},
                 {"alt_text", "alt_text"},
                 {"topic_tag", "topic"},
                 {"link_attachment_url", "link"},
                 {"reply_audience", "audience"}};
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(extra, "children");
    const char *type = hib_meta_face_text(extra, "media_type");
    cJSON_AddStringToObject(out, "media_type", type ? type : "TEXT_POST");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        hib_meta_face_add(out, names[i].name, hib_meta_face_text(extra, names[i].kept));
    cJSON_AddBoolToObject(out, "is_quote_post", hib_meta_face_text(extra, "quote") != NULL);
    cJSON_AddNullToObject(out, "thumbnail_url");
    if (children)
        cJSON_AddItemToObject(cJSON_AddObjectToObject(out, "children"), "data",
                              cJSON_Duplicate(children, true));
    else
        cJSON_AddNullToObject(out, "children");
}

static cJSON *
post_json(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, row->post->account);
    const char *name = row->said ? row->said->handle : account->handle;
    g_autoptr(cJSON) extra = cJSON_Parse(row->said || !row->post->extra ? "{}" : row->post->extra);
    HibPracticePictured with;
    if (row->said && hib_practice_pictured(hib_practice_url(call->face), call->arena, row->post->id,
                                           row->said, &with)) {
        cJSON_AddStringToObject(extra, "media_type", "IMAGE");
        cJSON_AddStringToObject(extra, "media_url", with.url);
        cJSON_AddStringToObject(extra, "alt_text", with.alt);
    }
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, row->post->id);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", row->id);
    cJSON_AddStringToObject(out, "media_product_type", "THREADS");
    add_shown(out, extra);
    cJSON_AddStringToObject(out, "permalink",
                            hib_arena_printf(call->arena, "%s/@%s/post/%s",
                                             hib_practice_url(call->face), name, row->id));
    cJSON_AddStringToObject(out, "shortcode", row->id);
    cJSON_AddStringToObject(out, "username", name);
    if (row->said)
        cJSON_AddNullToObject(out, "owner");
    else
        hib_meta_face_set(cJSON_AddObjectToObject(out, "owner"), "id", account->id);
    cJSON_AddStringToObject(out, "text", row->said ? row->said->text : row->post->text);
    hib_meta_face_add_time(call, out, "timestamp", hib_meta_face_row_at(row));
    cJSON_AddBoolToObject(out, "has_replies", !row->said && numbers.comments > 0);
    cJSON_AddStringToObject(out, "hide_status",
                            hib_meta_face_is_hidden(call, row->id) ? "HIDDEN" : "NOT_HUSHED");
    add_place(call, out, row);
    return out;
}

static cJSON *
reply_event(HibPracticeCall *call, const MetaRow *row)
{
    const char *root = root_of(call, row);
    cJSON *out = post_json(call, row), *value = cJSON_CreateObject();
    static const char *const told[] = {"id",        "username",  "text",     "media_type",
                                       "permalink", "shortcode", "timestamp"};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        cJSON_AddItemToObject(value, told[i], cJSON_DetachItemFromObject(out, told[i]));
    hib_meta_face_set(cJSON_AddObjectToObject(value, "replied_to"), "id", row->post->id);
    cJSON *top = cJSON_AddObjectToObject(value, "root_post");
    cJSON_AddStringToObject(top, "id", root);
    cJSON_AddStringToObject(top, "owner_id", row->post->account);
    cJSON_Delete(out);
    return value;
}

static const MetaFace kind = {.object = "threads",
                              .field = "replies",
                              .usage = "threads",
                              .refusals = refusals,
                              .comment_separator = "",
                              .comment_event = reply_event};

static void *
open_state(HibPracticeFace *face G_GNUC_UNUSED)
{
    return hib_meta_face_open(&kind);
}

/* --- any object by its id ---------------------------------------------------------------------------------------------------------- */
static void
show_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, "threads_basic");
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    const cJSON *container = hib_meta_face_container(call, account, id);
    if (g_str_equal(id, "me") || g_str_equal(id, account->id))
        hib_meta_face_node(call, account_json(account), "id");
    else if (container)
        hib_meta_face_node(call, hib_threads_face_container_json(call, id, container), "id");
    else if (hib_meta_face_row(call, account, id, &row))
        hib_meta_face_node(call, post_json(call, &row), "id");
    else
        hib_meta_face_missing(call, id);
}

static void
delete_node(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, "threads_delete");
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row) || row.said) {
        hib_meta_face_missing(call, id);
        return;
    }
    if (!hib_practice_take(call, HIB_REFUSE_QUOTA, hib_threads_face_quota(call, account, "delete"),
                           THREADS_DELETES_A_DAY, HIB_DAY, 1))
        return;
    const char *gone = hib_arena_strdup(call->arena, row.id);
    hib_meta_face_delete(call, &row);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "success", true);
    cJSON_AddStringToObject(out, "deleted_id", gone);
    hib_practice_json(call, 200, out);
}

/* --- lists ------------------------------------------------------------------------------------------------------------------------------- */
static void
list_own(HibPracticeCall *call, const char *what)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, "threads_basic");
    const char *since = hib_practice_field(call, "since"),
               *until = hib_practice_field(call, "until");
    const HibPracticePost *const *posts;
    const char *next;
    if (!account)
        return;
    const HibPracticeQuery query = {
        .account = account->id,
        .kind = what,
        .since = since ? g_ascii_strtoll(since, NULL, 10) * HIB_SECOND : 0,
        .until = until ? g_ascii_strtoll(until, NULL, 10) * HIB_SECOND : 0};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    MetaRow *rows = hib_arena_array(call->arena, MetaRow, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (MetaRow){.id = posts[i]->id, .post = posts[i]};
    hib_meta_face_list(call, rows, n, post_json, "id");
}

static void
list_posts(HibPracticeCall *call)
{
    list_own(call, "post");
}

/* …/replies: what stands right under it; …/conversation: all of it, flat. Of the account's own id, …/replies are the replies it wrote. */
static void
list_under(HibPracticeCall *call)
{
    const char *id = hib_practice_param(call, "id"), *reverse = hib_practice_field(call, "reverse");
    const HibPracticeAccount *own = hib_practice_account(call->face, id);
    MetaRow row, *rows;
    if (own || g_str_equal(id, "me")) {
        list_own(call, "reply");
        return;
    }
    const HibPracticeAccount *account = hib_meta_face_caller(call, "threads_read_replies");
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    bool is_whole = g_str_has_suffix(call->path, "/conversation");
    size_t n = hib_meta_face_gather(call, &row, is_whole ? META_DEEPEST : 1, &rows);
    if (g_strcmp0(reverse, "false") == 0)
        hib_meta_face_turn(rows, n);
    hib_meta_face_list(call, rows, n, post_json, "id");
}

static void
list_mentions(HibPracticeCall *call)
{
    if (hib_meta_face_own(call, NULL))
        hib_practice_json(call, 200, cJSON_Parse("{\"data\":[]}"));
}

static void
manage_reply(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, "threads_manage_replies");
    const char *id = hib_practice_param(call, "id"), *hide = hib_practice_field(call, "hide");
    MetaRow row;
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row) || !row.said) {
        hib_meta_face_missing(call, id);
        return;
    }
    if (!hide) {
        hib_meta_face_invalid(call, "The parameter hide is required");
        return;
    }
    hib_meta_face_hide(call, id, g_str_equal(hide, "true"));
    hib_meta_face_success(call);
}

/* --- numbers ------------------------------------------------------------------------------------------------------------------------------ */
static void
media_insights(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, "threads_manage_insights");
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row) || row.said) {
        hib_meta_face_missing(call, id);
        return;
    }
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, row.post->id);
    hib_meta_face_insights(call, row.id, media_metrics, G_N_ELEMENTS(media_metrics), 1, NULL,
                           &numbers);
}

static void
account_insights(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, "threads_manage_insights");
    if (account && !hib_meta_face_demographics(call, account))
        hib_meta_face_day_insights(call, account, account_metrics, G_N_ELEMENTS(account_metrics),
                                   NULL);
}

static const HibPracticeRoute routes[] = {
    {"GET", "/oauth/authorize", "authorize", hib_practice_authorize, HIB_PRACTICE_NO_FAULT},
    {"POST", "/oauth/access_token", "token", hib_meta_face_code, 0},
    {"GET", "/access_token", "token", hib_meta_face_long, 0},
    {"GET", "/refresh_access_token", "token", hib_meta_face_renew, 0},
    {"POST", "/{version}/{id}/threads", "container", hib_threads_face_create, 0},
    {"GET", "/{version}/{id}/threads", "find", list_posts, 0},
    {"POST", "/{version}/{id}/threads_publish", "publish", hib_threads_face_publish,
     HIB_PRACTICE_EFFECT},
    {"GET", "/{version}/{id}/threads_publishing_limit", "quota", hib_threads_face_limit, 0},
    {"GET", "/{version}/{id}/threads_insights", "read", account_insights, 0},
    {"GET", "/{version}/{id}/insights", "read", media_insights, 0},
    {"GET", "/{version}/{id}/replies", "find", list_under, 0},
    {"GET", "/{version}/{id}/conversation", "read", list_under, 0},
    {"GET", "/{version}/{id}/mentions", "read", list_mentions, 0},
    {"POST", "/{version}/{id}/manage_reply", "hide", manage_reply, HIB_PRACTICE_EFFECT},
    {"POST", "/{version}/{id}/subscriptions", "subscribe", hib_meta_face_subscribe_app, 0},
    {"GET", "/{version}/{id}", "status", show_node, 0},
    {"DELETE", "/{version}/{id}", "delete", delete_node, HIB_PRACTICE_EFFECT},
};

static const HibPracticeOauth oauth = {.scope_separator = ",",
                                       .pkce = HIB_PKCE_OPTIONAL,
                                       .code_life = HIB_HOUR,
                                       .access_life = META_SHORT_LIFE,
                                       .takes_field = true};

const HibPracticeNetwork hib_practice_threads = {
    .name = "threads",
    .title = "Threads",
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
};
