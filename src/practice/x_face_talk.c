/* X's face: what others say. The audience's comments are posts that answer the account; their ids carry their time, as all of X's do, and
 * so are found again without being kept. Mentions that answer nothing, and direct messages, are said through the control door. */
#include "practice/picture.h"
#include "practice/x_face_private.h"

#include <string.h>

#define COMMENTED_FOR (60 * HIB_DAY) /* a post older than that gets no comments any more */
#define MOST_COMMENTS 2000

/* --- posts of whoever ---------------------------------------------------------------------------------------------- */
static const char *
kept(HibArena *arena, const cJSON *extra, const char *name)
{
    return hib_arena_strdup(arena,
                            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(extra, name)));
}

XPost
hib_x_face_own(HibPracticeCall *call, const HibPracticePost *post)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    const cJSON *extra = hib_x_face_extra(call->arena, post);
    const char *root = kept(call->arena, extra, "root");
    return (XPost){.id = post->id,
                   .text = post->text,
                   .lang = "ja",
                   .author = account->id,
                   .handle = account->handle,
                   .name = account->name,
                   .parent = post->parent,
                   .parent_author = kept(call->arena, extra, "to"),
                   .parent_handle = kept(call->arena, extra, "to_handle"),
                   .root = root ? root : post->id,
                   .at = post->at,
                   .own = post};
}

static const char *
comment_id(HibArena *arena, const HibPracticePost *post, const HibComment *comment)
{
    return hib_x_face_id_at(arena, comment->at, g_str_hash(post->id) + comment->n * 2654435761u);
}

XPost
hib_x_face_reply(HibPracticeFace *face, HibArena *arena, const HibPracticePost *post,
                 const HibComment *comment)
{
    const HibPracticeAccount *account = hib_practice_account(face, post->account);
    const cJSON *extra = hib_x_face_extra(arena, post);
    const char *root = kept(arena, extra, "root");
    HibPracticePictured with = {0};
    (void)hib_practice_pictured(hib_practice_url(face), arena, post->id, comment, &with);
    return (XPost){.id = comment_id(arena, post, comment),
                   .picture = with.url,
                   .picture_alt = with.alt,
                   .text = comment->text,
                   .lang = comment->lang,
                   .author = hib_x_face_user_id(arena, comment->handle),
                   .handle = comment->handle,
                   .name = comment->name,
                   .parent = post->id,
                   .parent_author = account->id,
                   .parent_handle = account->handle,
                   .root = root ? root : post->id,
                   .at = comment->at};
}

XPost
hib_x_face_said(HibPracticeFace *face, HibArena *arena, const XSaid *said)
{
    const HibPracticePost *above = said->parent ? hib_practice_post(face, said->parent) : NULL;
    const HibPracticeAccount *account = above ? hib_practice_account(face, above->account) : NULL;
    const char *root = above ? kept(arena, hib_x_face_extra(arena, above), "root") : NULL;
    return (XPost){.id = said->id,
                   .parent = above ? above->id : NULL,
                   .parent_author = account ? account->id : NULL,
                   .parent_handle = account ? account->handle : NULL,
                   .text = said->text,
                   .lang = "ja",
                   .author = hib_x_face_user_id(arena, said->handle),
                   .handle = said->handle,
                   .name = said->name,
                   .root = root    ? root
                           : above ? above->id
                                   : said->id,
                   .at = said->at};
}

/* The comment with that id under posts of one account. */
static bool
find_comment(HibPracticeCall *call, const HibPracticeAccount *account, const char *id, XPost *ret)
{
    const HibPracticePost *const *posts = NULL;
    const char *next = NULL;
    HibInstant at = hib_x_face_id_time(id);
    const HibPracticeQuery query = {
        .account = account->id, .since = at - COMMENTED_FOR, .until = at + HIB_SECOND};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++) {
        HibComment *comments = NULL;
        size_t n_comments = hib_practice_comments(call->face, posts[i]->id, 0, MOST_COMMENTS,
                                                  call->arena, &comments);
        for (size_t c = 0; c < n_comments; c++)
            if (ABS(comments[c].at - at) < HIB_SECOND &&
                !strcmp(comment_id(call->arena, posts[i], &comments[c]), id)) {
                *ret = hib_x_face_reply(call->face, call->arena, posts[i], &comments[c]);
                return true;
            }
    }
    return false;
}

bool
hib_x_face_find(HibPracticeCall *call, const char *id, XPost *ret)
{
    const XState *state = hib_practice_state(call->face);
    const HibPracticePost *post = hib_practice_post(call->face, id);
    const HibPracticeAccount *account = NULL;
    if (post) {
        *ret = hib_x_face_own(call, post);
        return strcmp(post->kind, "message") != 0;
    }
    for (guint i = 0; i < state->said->len; i++) {
        const XSaid *said = state->said->pdata[i];
        if (!said->is_message && !strcmp(said->id, id)) {
            *ret = hib_x_face_said(call->face, call->arena, said);
            return true;
        }
    }
    for (size_t i = 0; (account = hib_practice_account_at(call->face, i)); i++)
        if (find_comment(call, account, id, ret))
            return true;
    return false;
}

static void
collect_comments(HibPracticeCall *call, const HibPracticePost *post, HibInstant since, GArray *into)
{
    HibComment *comments = NULL;
    size_t n =
        hib_practice_comments(call->face, post->id, 0, MOST_COMMENTS, call->arena, &comments);
    for (size_t i = 0; i < n; i++) {
        if (comments[i].at < since)
            continue;
        XPost one = hib_x_face_reply(call->face, call->arena, post, &comments[i]);
        g_array_append_val(into, one);
    }
}

/* What the other practice accounts say to this one. */
static void
collect_neighbours(HibPracticeCall *call, const HibPracticeAccount *account, HibInstant since,
                   GArray *into)
{
    const HibPracticeAccount *other = NULL;
    const char *name = hib_arena_printf(call->arena, "@%s", account->handle);
    for (size_t a = 0; (other = hib_practice_account_at(call->face, a)); a++) {
        const HibPracticePost *const *posts = NULL;
        const char *next = NULL;
        const HibPracticeQuery query = {.account = other->id, .since = since};
        size_t n = other == account
                       ? 0
                       : hib_practice_posts(call->face, call->arena, &query, &posts, &next);
        for (size_t i = 0; i < n; i++) {
            XPost one = hib_x_face_own(call, posts[i]);
            bool answers = one.parent_author && !strcmp(one.parent_author, account->id);
            if (strcmp(posts[i]->kind, "message") != 0 && (answers || strstr(one.text, name)))
                g_array_append_val(into, one);
        }
    }
}

void
hib_x_face_collect_mentions(HibPracticeCall *call, const HibPracticeAccount *account,
                            HibInstant since, GArray *into)
{
    const XState *state = hib_practice_state(call->face);
    const HibPracticePost *const *posts = NULL;
    const char *next = NULL;
    HibInstant first = since ? since : hib_practice_now(call->face) - 7 * HIB_DAY;
    const HibPracticeQuery query = {.account = account->id, .since = first - COMMENTED_FOR};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++)
        collect_comments(call, posts[i], first, into);
    for (guint i = 0; i < state->said->len; i++) {
        const XSaid *said = state->said->pdata[i];
        if (said->is_message || strcmp(said->account, account->id) != 0 || said->at < first)
            continue;
        XPost one = hib_x_face_said(call->face, call->arena, said);
        g_array_append_val(into, one);
    }
    collect_neighbours(call, account, first, into);
}

/* --- said through the control door --------------------------------------------------------------------------------- */
static void
note_said(HibPracticeFace *face, const XSaid *said)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "what", "said");
    cJSON_AddStringToObject(line, "id", said->id);
    cJSON_AddStringToObject(line, "account", said->account);
    cJSON_AddStringToObject(line, "handle", said->handle);
    cJSON_AddStringToObject(line, "name", said->name);
    cJSON_AddStringToObject(line, "text", said->text);
    if (said->parent)
        cJSON_AddStringToObject(line, "parent", said->parent);
    cJSON_AddNumberToObject(line, "at", (double)said->at);
    cJSON_AddBoolToObject(line, "is_message", said->is_message);
    hib_practice_note(face, line);
}

/* A mention as an event, in the shape of a reading that asks for everything. */
static void
tell_mention(HibPracticeCall *call, const HibPracticeAccount *account, const XSaid *said)
{
    cJSON *payload = cJSON_CreateObject();
    cJSON *includes = cJSON_CreateObject();
    cJSON *user = cJSON_CreateObject();
    const char *author = hib_x_face_user_id(call->arena, said->handle);
    cJSON_AddStringToObject(payload, "id", said->id);
    cJSON_AddStringToObject(payload, "text", said->text);
    cJSON_AddStringToObject(payload, "author_id", author);
    cJSON_AddStringToObject(payload, "conversation_id", said->id);
    hib_x_face_add_time(payload, "created_at", said->at);
    cJSON_AddStringToObject(user, "id", author);
    cJSON_AddStringToObject(user, "username", said->handle);
    cJSON_AddStringToObject(user, "name", said->name);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(includes, "users"), user);
    hib_x_face_tell(call->face, call->arena, account->id, "post.mention.create", payload, includes);
}

void
hib_x_face_say(HibPracticeCall *call)
{
    XState *state = hib_practice_state(call->face);
    const char *text = hib_practice_field(call, "text");
    const char *kind = hib_practice_field(call, "kind");
    const char *user = hib_practice_field(call, "user");
    const char *to = hib_practice_field(call, "account");
    const HibPracticeAccount *account =
        to ? hib_practice_account(call->face, to) : hib_practice_account_at(call->face, 0);
    if (!text || !*text || !account) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                            "say {text, kind? (\"message\", \"mention\"), to?, user?, account?}");
        return;
    }
    bool is_message = g_strcmp0(kind, "mention") != 0;
    g_autofree char *name = g_strdup_printf("@%s", account->handle);
    bool has_name = is_message || strstr(text, name);
    XSaid *said = g_new0(XSaid, 1);
    *said = (XSaid){.id = g_strdup(hib_x_face_id(call)),
                    .account = g_strdup(account->id),
                    .handle = g_strdup(user ? user : "visitor"),
                    .name = g_strdup(user ? user : "お客さま"),
                    .text = has_name ? g_strdup(text) : g_strdup_printf("%s %s", name, text),
                    .parent = g_strdup(hib_practice_field(call, "to")),
                    .at = hib_practice_now(call->face),
                    .is_message = is_message};
    g_ptr_array_add(state->said, said);
    note_said(call->face, said);
    if (is_message)
        hib_x_face_tell_message(call->face, call->arena, account->id, said, account->id);
    else
        tell_mention(call, account, said);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", said->id);
    cJSON_AddStringToObject(out, "user_id", hib_x_face_user_id(call->arena, said->handle));
    hib_practice_json(call, 200, out);
}
