/* X's face: posting, changing and taking away. X has no key against repeats: what stops some of them is that it refuses a text it already has.
 *
 * What it refuses as duplicate: same account, text, media and answered post within a day (X says neither how long nor how near). */
#include "practice/x_face_private.h"
#include "text/weighted.h"

#include <string.h>

#define DUPLICATE_LIFE HIB_DAY
#define EDIT_LIFE (30 * HIB_MINUTE)
#define EDITS 5

/* The extra of a post: {"media":[{id, media_key, type, alt_text?}], "poll", "root", "to", "to_handle", "reply_settings", "versions":[ids],
 * "paid_partnership", "made_with_ai", "quote"}. */
typedef struct {
    const HibPracticeAccount *account;
    const cJSON *body;
    const char *text, *parent, *media_sha;
    const HibPracticePost *previous; /* what this changes; NULL: it is new */
    cJSON *extra;
    int n_media;
    bool is_video;
} Draft;

static const char *
text_at(const cJSON *in, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, key));
}

static bool
forbid(HibPracticeCall *call, const char *detail)
{
    hib_x_face_problem(call, 403, NULL, "Forbidden", detail);
    return false;
}

static bool
invalid(HibPracticeCall *call, const char *name, const char *value, const char *message)
{
    hib_x_face_invalid(call, name, value, message);
    return false;
}

/* --- reading a body --------------------------------------------------------------------------------------------------- */
static bool
check_members(HibPracticeCall *call, const cJSON *in, const char *path, const char *const *known)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, in) if (!g_strv_contains(known, one->string)) return invalid(
        call, one->string, "",
        hib_arena_printf(call->arena,
                         "[$.%s%s: is not defined in the schema and the schema does not allow "
                         "additional properties]",
                         path, one->string));
    return true;
}

static bool
read_text(HibPracticeCall *call, Draft *draft)
{
    bool is_premium = hib_x_face_is_premium(call->face, draft->account);
    const char *text = text_at(draft->body, "text");
    draft->text = text ? text : "";
    HibWeighted weighted = hib_text_weighted(draft->text);
    if (!*draft->text && !cJSON_GetObjectItemCaseSensitive(draft->body, "media"))
        return invalid(call, "text", "", "text or media are required");
    if (weighted.is_refused)
        return invalid(call, "text", "", "text holds characters that are not allowed");
    if (weighted.weight <= (is_premium ? X_LONG_TEXT : X_TEXT))
        return true;
    hib_x_face_problem(call, 400, NULL, "Bad Request",
                       "Your Tweet text is too long. For more information on how Twitter "
                       "determines text length see https://github.com/twitter/twitter-text.");
    return false;
}

static bool
take_medium(HibPracticeCall *call, Draft *draft, const cJSON *id, cJSON *list)
{
    const XMedium *medium =
        cJSON_IsString(id) ? hib_x_face_medium(call, draft->account, id->valuestring) : NULL;
    if (!medium || g_str_has_prefix(medium->category, "dm_"))
        return invalid(call, "media.media_ids", cJSON_IsString(id) ? id->valuestring : "",
                       "Your media IDs are invalid.");
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(list, one);
    cJSON_AddStringToObject(one, "media_key",
                            hib_x_face_media_key(call->arena, medium->mime, id->valuestring));
    const char *type = hib_x_face_medium_type(medium->mime);
    cJSON_AddStringToObject(one, "type", type);
    cJSON_AddStringToObject(
        one, *type == 'p' ? "url" : "preview_image_url",
        hib_arena_printf(call->arena, "https://pbs.twimg.com/media/%s.jpg", id->valuestring));
    if (medium->alt)
        cJSON_AddStringToObject(one, "alt_text", medium->alt);
    draft->media_sha = medium->sha256;
    draft->n_media++;
    draft->is_video |= *type != 'p';
    return true;
}

static bool
read_media(HibPracticeCall *call, Draft *draft)
{
    static const char *const known[] = {"media_ids",  "tagged_user_ids",  "call_to_actions",
                                        "embeddable", "preview_media_id", "title",
                                        NULL};
    const cJSON *media = cJSON_GetObjectItemCaseSensitive(draft->body, "media");
    const cJSON *ids = cJSON_GetObjectItemCaseSensitive(media, "media_ids");
    const cJSON *id;
    if (!media)
        return true;
    if (!check_members(call, media, "media.", known))
        return false;
    int n = cJSON_GetArraySize(ids);
    if (n < 1 || n > 4)
        return invalid(call, "media.media_ids", "", "media_ids must be 1 to 4 ids");
    cJSON *list = cJSON_AddArrayToObject(draft->extra, "media");
    cJSON_ArrayForEach(id, ids) if (!take_medium(call, draft, id, list)) return false;
    if (draft->is_video && n > 1)
        return invalid(call, "media.media_ids", "",
                       "A post holds up to 4 photos, or 1 animated GIF, or 1 video");
    return true;
}

static bool
read_poll(HibPracticeCall *call, Draft *draft)
{
    static const char *const known[] = {"options", "duration_minutes", "reply_settings", NULL};
    const cJSON *poll = cJSON_GetObjectItemCaseSensitive(draft->body, "poll");
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(poll, "options");
    const cJSON *minutes = cJSON_GetObjectItemCaseSensitive(poll, "duration_minutes");
    const cJSON *one;
    if (!poll)
        return true;
    if (!check_members(call, poll, "poll.", known))
        return false;
    int n = cJSON_GetArraySize(options);
    if (n < 2 || n > 4)
        return invalid(call, "poll.options", "", "a poll has 2 to 4 options");
    if (!cJSON_IsNumber(minutes) || minutes->valuedouble < 5 || minutes->valuedouble > 10080)
        return invalid(call, "poll.duration_minutes", "", "duration_minutes must be 5 to 10080");
    cJSON_ArrayForEach(one, options) if (!cJSON_IsString(one) || !*one->valuestring ||
                                         g_utf8_strlen(one->valuestring, -1) >
                                             25) return invalid(call, "poll.options", "",
                                                                "an option has 1 to 25 characters");
    if (draft->n_media)
        return invalid(call, "poll", "", "poll and media cannot be in one post");
    cJSON_AddItemToObject(draft->extra, "poll", cJSON_Duplicate(poll, true));
    return true;
}

/* An app may answer the account's own posts, and those that answer or name the account. */
static bool
read_reply(HibPracticeCall *call, Draft *draft)
{
    static const char *const known[] = {"in_reply_to_tweet_id", "exclude_reply_user_ids",
                                        "auto_populate_reply_metadata", NULL};
    const cJSON *reply = cJSON_GetObjectItemCaseSensitive(draft->body, "reply");
    const char *id = text_at(reply, "in_reply_to_tweet_id");
    XPost answered;
    if (!reply)
        return true;
    if (!check_members(call, reply, "reply.", known))
        return false;
    if (!hib_x_face_is_id(id))
        return invalid(call, "reply.in_reply_to_tweet_id", id,
                       "in_reply_to_tweet_id is not a valid id");
    if (!hib_x_face_find(call, id, &answered))
        return forbid(call, "You attempted to reply to a Tweet that is deleted or not visible to "
                            "you.");
    g_autofree char *name = g_strdup_printf("@%s", draft->account->handle);
    bool is_own = !strcmp(answered.author, draft->account->id);
    bool is_to_us = answered.parent_author && !strcmp(answered.parent_author, draft->account->id);
    if (!is_own && !is_to_us && !strstr(answered.text, name))
        return forbid(call, "Reply to this conversation is not allowed because you have not been "
                            "mentioned or otherwise engaged by the author of the post you are "
                            "replying to.");
    draft->parent = answered.id;
    cJSON_AddStringToObject(draft->extra, "root", answered.root);
    cJSON_AddStringToObject(draft->extra, "to", answered.author);
    cJSON_AddStringToObject(draft->extra, "to_handle", answered.handle);
    return true;
}

static bool
read_choices(HibPracticeCall *call, Draft *draft)
{
    static const char *const who[] = {"following", "mentionedUsers", "subscribers", "verified",
                                      NULL};
    static const char *const flags[] = {"paid_partnership", "made_with_ai"};
    const char *settings = text_at(draft->body, "reply_settings");
    const char *quote = text_at(draft->body, "quote_tweet_id");
    XPost quoted;
    if (settings && !g_strv_contains(who, settings))
        return invalid(call, "reply_settings", settings,
                       "reply_settings is not one of [following, mentionedUsers, subscribers, "
                       "verified]");
    if (quote && !hib_x_face_find(call, quote, &quoted))
        return invalid(call, "quote_tweet_id", quote, "quote_tweet_id is no post");
    if (settings)
        cJSON_AddStringToObject(draft->extra, "reply_settings", settings);
    if (quote)
        cJSON_AddStringToObject(draft->extra, "quote", quote);
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(draft->body, flags[i])))
            cJSON_AddBoolToObject(draft->extra, flags[i], true);
    return true;
}

/* --- changing ----------------------------------------------------------------------------------------------------------- */
static bool
read_edit(HibPracticeCall *call, Draft *draft)
{
    const cJSON *edit = cJSON_GetObjectItemCaseSensitive(draft->body, "edit_options");
    const char *id = text_at(edit, "previous_post_id");
    if (!edit)
        return true;
    const HibPracticePost *previous = id ? hib_practice_post(call->face, id) : NULL;
    if (!previous || strcmp(previous->account, draft->account->id) != 0 ||
        !strcmp(previous->kind, "message"))
        return invalid(call, "edit_options.previous_post_id", id,
                       "previous_post_id is no post of yours");
    const cJSON *was = hib_x_face_extra(call->arena, previous);
    const cJSON *so_far = cJSON_GetObjectItemCaseSensitive(was, "versions");
    cJSON *versions = so_far ? cJSON_Duplicate(so_far, true) : cJSON_CreateStringArray(&id, 1);
    cJSON_AddItemToObject(draft->extra, "versions", versions);
    HibInstant first = hib_x_face_id_time(cJSON_GetArrayItem(versions, 0)->valuestring);
    if (!hib_x_face_is_premium(call->face, draft->account))
        return forbid(call, "You are not permitted to edit this Tweet.");
    if (hib_practice_now(call->face) - first > EDIT_LIFE || cJSON_GetArraySize(versions) > EDITS ||
        cJSON_GetObjectItemCaseSensitive(was, "poll"))
        return forbid(call, "This Tweet can no longer be edited.");
    draft->previous = previous;
    if (previous->parent && !draft->parent) { /* an answer stays one */
        static const char *const kept[] = {"root", "to", "to_handle"};
        draft->parent = hib_arena_strdup(call->arena, previous->parent);
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
            cJSON_AddStringToObject(draft->extra, kept[i], text_at(was, kept[i]));
    }
    return true;
}

static bool
is_duplicate(HibPracticeCall *call, const Draft *draft)
{
    const HibPracticePost *const *posts = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = draft->account->id,
                                    .since = hib_practice_now(call->face) - DUPLICATE_LIFE};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++)
        if (posts[i] != draft->previous && strcmp(posts[i]->kind, "message") != 0 &&
            !strcmp(posts[i]->text, draft->text) && !g_strcmp0(posts[i]->parent, draft->parent) &&
            !g_strcmp0(posts[i]->media, draft->media_sha))
            return true;
    return false;
}

static bool
read_draft(HibPracticeCall *call, Draft *draft)
{
    static const char *const known[] = {"card_uri",
                                        "community_id",
                                        "direct_message_deep_link",
                                        "edit_options",
                                        "for_super_followers_only",
                                        "geo",
                                        "made_with_ai",
                                        "media",
                                        "nullcast",
                                        "paid_partnership",
                                        "poll",
                                        "quote_tweet_id",
                                        "reply",
                                        "reply_settings",
                                        "share_with_followers",
                                        "text",
                                        NULL};
    if (!cJSON_IsObject(draft->body))
        return invalid(call, NULL, NULL, "The body of the request is not valid JSON");
    if (!check_members(call, draft->body, "", known) || !read_text(call, draft) ||
        !read_media(call, draft) || !read_poll(call, draft) || !read_reply(call, draft) ||
        !read_choices(call, draft) || !read_edit(call, draft))
        return false;
    return !is_duplicate(call, draft) ||
           forbid(call, "You are not allowed to create a Tweet with duplicate content.");
}

/* --- acting ------------------------------------------------------------------------------------------------------------- */
static void
tell_created(HibPracticeCall *call, const HibPracticePost *post)
{
    cJSON *payload = cJSON_CreateObject();
    cJSON_AddStringToObject(payload, "id", post->id);
    cJSON_AddStringToObject(payload, "text", post->text);
    cJSON_AddStringToObject(payload, "author_id", post->account);
    hib_x_face_add_time(payload, "created_at", post->at);
    hib_x_face_tell(call->face, call->arena, post->account, "post.create", payload, NULL);
}

/* A changed post is another post with its own id; the versions hang together by a list of ids, and only the last is shown. */
static const HibPracticePost *
add_post(HibPracticeCall *call, Draft *draft)
{
    const char *id = hib_x_face_id(call);
    cJSON *versions = cJSON_GetObjectItemCaseSensitive(draft->extra, "versions");
    if (versions)
        cJSON_AddItemToArray(versions, cJSON_CreateString(id));
    const HibPracticePost facts = {.id = id,
                                   .account = draft->account->id,
                                   .kind = draft->parent ? "reply" : "post",
                                   .text = draft->text,
                                   .parent = draft->parent,
                                   .media = draft->media_sha,
                                   .extra = hib_json_print(call->arena, draft->extra),
                                   .at = hib_practice_now(call->face),
                                   .n_images = draft->is_video ? 0 : draft->n_media,
                                   .length = draft->is_video ? 15 * HIB_SECOND : 0};
    draft->extra = NULL;
    if (draft->previous)
        hib_practice_post_delete(call->face, draft->previous->id);
    return hib_practice_post_add(call->face, &facts);
}

void
hib_x_face_create(HibPracticeCall *call)
{
    Draft draft = {.account = hib_x_face_caller(call, "tweet.write tweet.read users.read"),
                   .body = call->json.value};
    if (!draft.account)
        return;
    draft.extra = cJSON_CreateObject();
    if (!read_draft(call, &draft)) {
        cJSON_Delete(draft.extra);
        return;
    }
    const HibPracticePost *post = add_post(call, &draft);
    tell_created(call, post);
    XAsk plain = {.post = (const char *const[]){NULL},
                  .expand = (const char *const[]){NULL},
                  .user = (const char *const[]){NULL},
                  .media = (const char *const[]){NULL}};
    XPost shown = hib_x_face_own(call, post);
    cJSON *data = hib_x_face_post_json(call, &shown, &plain);
    hib_x_face_data(call, 201, data);
}

void
hib_x_face_delete(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_x_face_caller(call, "tweet.write tweet.read users.read");
    const char *id = hib_practice_param(call, "id");
    if (!account)
        return;
    const HibPracticePost *post = hib_practice_post(call->face, id);
    if (!post || !strcmp(post->kind, "message")) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such post");
        return;
    }
    if (strcmp(post->account, account->id) != 0) {
        forbid(call, "You are not authorized to delete this Tweet.");
        return;
    }
    cJSON *payload = cJSON_CreateObject();
    cJSON_AddStringToObject(payload, "id", post->id);
    cJSON_AddStringToObject(payload, "author_id", account->id);
    hib_practice_post_delete(call->face, post->id);
    hib_x_face_tell(call->face, call->arena, account->id, "post.delete", payload, NULL);
    cJSON *data = cJSON_CreateObject();
    cJSON_AddBoolToObject(data, "deleted", true);
    hib_x_face_data(call, 200, data);
}

void
hib_x_face_set_hidden(XState *state, const char *id, bool is_hidden)
{
    if (is_hidden)
        g_hash_table_add(state->hidden, g_strdup(id));
    else
        g_hash_table_remove(state->hidden, id);
}

static void
keep_hidden(HibPracticeCall *call, const char *id, bool is_hidden)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "what", "hidden");
    cJSON_AddStringToObject(line, "id", id);
    cJSON_AddBoolToObject(line, "is", is_hidden);
    hib_practice_note(call->face, line);
    hib_x_face_set_hidden(hib_practice_state(call->face), id, is_hidden);
}

/* A reply in a conversation that the account began is hidden, or shown again. */
void
hib_x_face_hide(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_x_face_caller(call, "tweet.moderate.write tweet.read users.read");
    const char *id = hib_practice_param(call, "id");
    const cJSON *hidden = cJSON_GetObjectItemCaseSensitive(call->json.value, "hidden");
    XPost reply;
    if (!account)
        return;
    if (!cJSON_IsBool(hidden)) {
        hib_x_face_invalid(call, "hidden", "", "$.hidden: is missing but it is required");
        return;
    }
    if (!hib_x_face_find(call, id, &reply)) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such post");
        return;
    }
    const HibPracticePost *root = reply.root ? hib_practice_post(call->face, reply.root) : NULL;
    if (!reply.parent || !root || strcmp(root->account, account->id) != 0) {
        forbid(call, "You are not permitted to hide this reply.");
        return;
    }
    keep_hidden(call, id, cJSON_IsTrue(hidden));
    cJSON *data = cJSON_CreateObject();
    cJSON_AddBoolToObject(data, "hidden", cJSON_IsTrue(hidden));
    hib_x_face_data(call, 200, data);
}

/* X tells nobody but the readers of the page: this door is the practice network's own. */
void
hib_x_face_hidden(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    cJSON *out = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(out, "hidden");
    GHashTableIter iter;
    void *id;
    g_hash_table_iter_init(&iter, state->hidden);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        cJSON_AddItemToArray(list, cJSON_CreateString(id));
    hib_practice_json(call, 200, out);
}
