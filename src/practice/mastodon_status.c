/* Mastodon's face: statuses, once under an Idempotency-Key for an hour, and an account's own timeline. */
#include "practice/mastodon_private.h"
#include "text/count.h"

#define KEY_LIFE HIB_HOUR

void
hib_masto_face_add_time(cJSON *out, const char *name, HibInstant at)
{
    char text[HIB_INSTANT_TEXT];
    cJSON_AddStringToObject(out, name,
                            hib_instant_format(at / HIB_MILLISECOND * HIB_MILLISECOND, text));
}

static void
put_escaped(GString *out, const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '<')
            g_string_append(out, "&lt;");
        else if (*c == '>')
            g_string_append(out, "&gt;");
        else if (*c == '&')
            g_string_append(out, "&amp;");
        else if (*c == '"')
            g_string_append(out, "&quot;");
        else if (*c == '\n' && c[1] == '\n')
            g_string_append(out, "</p><p>"), c++;
        else if (*c == '\n')
            g_string_append(out, "<br />");
        else
            g_string_append_c(out, *c);
}

const char *
hib_masto_face_html(HibArena *arena, const char *text)
{
    g_autoptr(GString) html = g_string_new("<p>");
    put_escaped(html, text);
    g_string_append(html, "</p>");
    return hib_arena_strdup(arena, html->str);
}

/* The extra of a post: {"media":[ids], "visibility", "spoiler_text", "language", "sensitive", "application"}. */
static cJSON *
status_json(HibPracticeCall *call, const HibPracticePost *post)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    const Mastodon *state = hib_practice_state(call->face);
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, post->id);
    cJSON *extra = cJSON_Parse(post->extra ? post->extra : "{}");
    cJSON *out = cJSON_CreateObject();
    const char *url = hib_arena_printf(call->arena, "%s/@%s/%s", hib_practice_url(call->face),
                                       account->handle, post->id);
    cJSON_AddStringToObject(out, "id", post->id);
    hib_masto_face_add_time(out, "created_at", post->at);
    if (post->parent)
        cJSON_AddStringToObject(out, "in_reply_to_id", post->parent);
    else
        cJSON_AddNullToObject(out, "in_reply_to_id");
    static const char *const kept[] = {"visibility", "spoiler_text", "language", "sensitive",
                                       "edited_at"};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(extra, kept[i]);
        cJSON_AddItemToObject(out, kept[i], item ? item : cJSON_CreateNull());
    }
    cJSON_AddStringToObject(out, "uri", url);
    cJSON_AddStringToObject(out, "url", url);
    cJSON_AddStringToObject(out, "content", hib_masto_face_html(call->arena, post->text));
    cJSON_AddNumberToObject(out, "replies_count", (double)numbers.comments);
    cJSON_AddNumberToObject(out, "reblogs_count", (double)numbers.shares);
    cJSON_AddNumberToObject(out, "favourites_count", (double)numbers.likes);
    cJSON *media = cJSON_AddArrayToObject(out, "media_attachments");
    const cJSON *id;
    cJSON_ArrayForEach(id, cJSON_GetObjectItemCaseSensitive(extra, "media"))
    {
        const MastodonMedium *medium = g_hash_table_lookup(state->media, id->valuestring);
        if (medium)
            cJSON_AddItemToArray(media, hib_masto_face_medium_json(id->valuestring, medium, true));
    }
    cJSON_AddItemToObject(out, "account", hib_masto_face_account_json(call, account));
    cJSON_AddItemToObject(out, "mentions", cJSON_CreateArray());
    cJSON_AddItemToObject(out, "tags", cJSON_CreateArray());
    cJSON_AddItemToObject(out, "emojis", cJSON_CreateArray());
    cJSON_Delete(extra);
    return out;
}

typedef struct {
    const char *text, *in_reply_to, *visibility, *spoiler, *language, *media_sha;
    cJSON *media; /* array of ids; owned */
    bool is_sensitive;
} Draft;

static int
characters(const char *text)
{
    return (int)hib_text_count(text)
        .graphemes; /* links count 23 on the real server; here every character counts, which is stricter only beyond 23 */
}

static bool
take_medium(HibPracticeCall *call, const HibPracticeAccount *account, const char *id, Draft *draft)
{
    MastodonMedium *medium = hib_masto_face_own_medium(call, account, id);
    const char *fault = NULL;
    if (!medium || (medium->is_used && g_str_equal(call->verb, "POST")))
        fault = "Validation failed: Media attachments are not found or already used";
    else if (medium->ready_at > hib_practice_now(call->face) || medium->fails)
        fault = "Cannot attach files that have not finished processing. Try again in a moment!";
    if (fault) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", fault);
        return false;
    }
    cJSON_AddItemToArray(draft->media, cJSON_CreateString(id));
    draft->media_sha = medium->sha256;
    return true;
}

/* "media_ids[]" of a form, repeated; an array in JSON. */
static bool
read_media(HibPracticeCall *call, const HibPracticeAccount *account, Draft *draft)
{
    const cJSON *id, *list = call->json.value
                                 ? cJSON_GetObjectItemCaseSensitive(call->json.value, "media_ids")
                                 : NULL;
    cJSON_ArrayForEach(id,
                       list) if (!cJSON_IsString(id) ||
                                 !take_medium(call, account, id->valuestring, draft)) return false;
    for (size_t i = 0; i < call->n_parts; i++)
        if ((g_str_equal(call->parts[i].name, "media_ids[]") ||
             g_str_equal(call->parts[i].name, "media_ids")) &&
            !take_medium(call, account, call->parts[i].head, draft))
            return false;
    if (cJSON_GetArraySize(draft->media) <= MASTODON_MEDIA)
        return true;
    hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                        "Validation failed: Cannot attach more than 4 files");
    return false;
}

static bool
check_draft(HibPracticeCall *call, const Draft *draft)
{
    static const char *const visibilities[] = {"public", "unlisted", "private", "direct", NULL};
    const char *fault = NULL;
    if (characters(draft->text) + characters(draft->spoiler ? draft->spoiler : "") >
        MASTODON_CHARACTERS)
        fault = "Validation failed: Text character limit of 500 exceeded";
    else if (!*draft->text && !cJSON_GetArraySize(draft->media))
        fault = "Validation failed: Text can't be blank";
    else if (draft->visibility && !g_strv_contains(visibilities, draft->visibility))
        fault = "Validation failed: Visibility is not included in the list";
    if (fault)
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", fault);
    else if (draft->in_reply_to && !hib_masto_face_answered(call, draft->in_reply_to) &&
             !hib_masto_face_is_tagged(call, draft->in_reply_to))
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s",
                            "The post you are trying to reply to does not appear to exist.");
    else
        return true;
    return false;
}

/* False after refusing; draft->media is the caller's to delete only when true. */
static bool
read_draft(HibPracticeCall *call, const HibPracticeAccount *account, Draft *draft)
{
    const char *sensitive = hib_practice_field(call, "sensitive");
    *draft = (Draft){.text = hib_practice_field(call, "status"),
                     .in_reply_to = hib_practice_field(call, "in_reply_to_id"),
                     .visibility = hib_practice_field(call, "visibility"),
                     .spoiler = hib_practice_field(call, "spoiler_text"),
                     .language = hib_practice_field(call, "language"),
                     .is_sensitive = sensitive && (g_str_equal(sensitive, "true") ||
                                                   g_str_equal(sensitive, "1")),
                     .media = cJSON_CreateArray()};
    if (!draft->text)
        draft->text = "";
    if (read_media(call, account, draft) && check_draft(call, draft))
        return true;
    cJSON_Delete(draft->media);
    return false;
}

static HibPracticePost
facts_of(HibPracticeCall *call, const HibPracticeAccount *account, const Draft *draft,
         const char *id, bool is_edit)
{
    cJSON *extra = cJSON_CreateObject();
    cJSON_AddItemToObject(extra, "media", cJSON_Duplicate(draft->media, true));
    cJSON_AddStringToObject(extra, "visibility", draft->visibility ? draft->visibility : "public");
    cJSON_AddStringToObject(extra, "spoiler_text", draft->spoiler ? draft->spoiler : "");
    cJSON_AddBoolToObject(extra, "sensitive", draft->is_sensitive);
    if (draft->language)
        cJSON_AddStringToObject(extra, "language", draft->language);
    if (is_edit)
        hib_masto_face_add_time(extra, "edited_at", hib_practice_now(call->face));
    return (HibPracticePost){.id = id,
                             .account = account->id,
                             .kind = draft->in_reply_to ? "reply" : "post",
                             .text = draft->text,
                             .parent = draft->in_reply_to,
                             .media = draft->media_sha,
                             .extra = hib_json_print(call->arena, extra),
                             .at = hib_practice_now(call->face),
                             .n_images = cJSON_GetArraySize(draft->media),
                             .is_hidden = g_strcmp0(draft->visibility, "direct") == 0};
}

static void
use_media(HibPracticeCall *call, const Draft *draft)
{
    const Mastodon *state = hib_practice_state(call->face);
    const cJSON *id;
    cJSON_ArrayForEach(id, draft->media)
    {
        MastodonMedium *medium = g_hash_table_lookup(state->media, id->valuestring);
        medium->is_used = true;
    }
}

/* The same key within the hour: the status that is there. */
static const HibPracticePost *
by_key(HibPracticeCall *call, const char *name)
{
    const Mastodon *state = hib_practice_state(call->face);
    const MastodonKey *key = name ? g_hash_table_lookup(state->keys, name) : NULL;
    if (!key || hib_practice_now(call->face) - key->at > KEY_LIFE)
        return NULL;
    return hib_practice_post(call->face, key->status_id);
}

void
hib_masto_face_create_status(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "write:statuses");
    const char *idempotency = hib_practice_header_in(call, "Idempotency-Key");
    Mastodon *state = hib_practice_state(call->face);
    Draft draft;
    if (!account)
        return;
    const char *name =
        idempotency ? hib_arena_printf(call->arena, "%s %s", account->id, idempotency) : NULL;
    const HibPracticePost *post = by_key(call, name);
    if (!post && read_draft(call, account, &draft)) {
        const HibPracticePost facts = facts_of(call, account, &draft, hib_practice_id(call), false);
        post = hib_practice_post_add(call->face, &facts);
        use_media(call, &draft);
        if (name) {
            MastodonKey *key = g_new0(MastodonKey, 1);
            *key =
                (MastodonKey){.status_id = g_strdup(post->id), .at = hib_practice_now(call->face)};
            g_hash_table_replace(state->keys, g_strdup(name), key);
        }
        cJSON_Delete(draft.media);
    }
    if (post)
        hib_practice_json(call, 200, status_json(call, post));
}

static const HibPracticePost *
own_status(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePost *post = hib_practice_post(call->face, hib_practice_param(call, "id"));
    if (post && g_str_equal(post->account, account->id))
        return post;
    hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such status");
    return NULL;
}

void
hib_masto_face_show_status(HibPracticeCall *call)
{
    const char *id = hib_practice_param(call, "id");
    const HibPracticePost *post = hib_practice_post(call->face, id);
    cJSON *out = post ? status_json(call, post) : hib_masto_face_answer_json(call, id);
    if (out)
        hib_practice_json(call, 200, out);
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such status");
}

/* ?id[]=…: those that are there, in the order asked. */
void
hib_masto_face_show_statuses(HibPracticeCall *call)
{
    cJSON *out = cJSON_CreateArray();
    const char *id;
    for (int i = 0; (id = hib_practice_query_at(call, "id[]", i)); i++) {
        const HibPracticePost *post = hib_practice_post(call->face, id);
        if (post)
            cJSON_AddItemToArray(out, status_json(call, post));
    }
    hib_practice_json(call, 200, out);
}

void
hib_masto_face_edit_status(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "write:statuses");
    const HibPracticePost *post = account ? own_status(call, account) : NULL;
    Draft draft;
    if (!post || !read_draft(call, account, &draft))
        return;
    HibPracticePost facts = facts_of(call, account, &draft, post->id, true);
    facts.at = post->at;
    facts.parent = post->parent;
    facts.kind = post->kind;
    hib_practice_post_change(call->face, &facts);
    cJSON_Delete(draft.media);
    post = hib_practice_post(call->face, hib_practice_param(call, "id")); /* the old one is gone */
    hib_practice_json(call, 200, status_json(call, post));
}

void
hib_masto_face_delete_status(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "write:statuses");
    if (!account || !hib_practice_take(call, HIB_REFUSE_RATE,
                                       hib_arena_printf(call->arena, "delete %s", account->id), 30,
                                       30 * HIB_MINUTE, 1))
        return;
    const HibPracticePost *post = own_status(call, account);
    if (!post)
        return;
    cJSON *out = status_json(call, post);
    cJSON_AddStringToObject(out, "text", post->text);
    hib_practice_post_delete(call->face, post->id);
    hib_practice_json(call, 200, out);
}

/* Newest first; since_id and max_id as the ids stand (they grow with time). */
void
hib_masto_face_account_statuses(HibPracticeCall *call)
{
    const char *id = hib_practice_param(call, "id"), *limit = hib_practice_query(call, "limit");
    const char *since = hib_practice_query(call, "since_id"),
               *max = hib_practice_query(call, "max_id");
    bool no_replies = g_strcmp0(hib_practice_query(call, "exclude_replies"), "true") == 0;
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = id};
    size_t most = limit ? (size_t)CLAMP(g_ascii_strtoll(limit, NULL, 10), 1, 40) : 20;
    if (hib_masto_face_rival_statuses(call, id, most))
        return;
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < n && (size_t)cJSON_GetArraySize(out) < most; i++) {
        bool is_after =
            !since || g_ascii_strtoull(posts[i]->id, NULL, 10) > g_ascii_strtoull(since, NULL, 10);
        bool is_before =
            !max || g_ascii_strtoull(posts[i]->id, NULL, 10) < g_ascii_strtoull(max, NULL, 10);
        if (is_after && is_before && !(no_replies && posts[i]->parent))
            cJSON_AddItemToArray(out, status_json(call, posts[i]));
    }
    hib_practice_json(call, 200, out);
}
