/* Mastodon's face: what the audience answers, as notifications of mentions. An answer's id is its post's id and its number in five
 * digits, so that it can be found again without being kept. */
#include "practice/mastodon_private.h"
#include "practice/picture.h"
#include "practice/tagged.h"
#include <string.h>

#define DIGITS 5
#define PAGE 80

/* The answer with that id, and the own post it stands under; NULL: there is none. */
static const HibPracticePost *
find_answer(HibPracticeCall *call, const char *status_id, HibComment **ret)
{
    size_t n = strlen(status_id);
    if (n <= DIGITS)
        return NULL;
    const HibPracticePost *under =
        hib_practice_post(call->face, hib_arena_strndup(call->arena, status_id, n - DIGITS));
    uint64_t number = g_ascii_strtoull(status_id + n - DIGITS, NULL, 10);
    return under && hib_practice_comments(call->face, under->id, number, 1, call->arena, ret)
               ? under
               : NULL;
}

const HibPracticePost *
hib_masto_face_answered(HibPracticeCall *call, const char *status_id)
{
    HibComment *found;
    const HibPracticePost *post = hib_practice_post(call->face, status_id);
    return post ? post : find_answer(call, status_id, &found);
}

const char *
hib_masto_face_somebody_id(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "9%u", g_str_hash(handle));
}

static cJSON *
somebody_json(HibPracticeCall *call, const char *handle, const char *name)
{
    const MastodonPerson person = {
        .id = hib_masto_face_somebody_id(call->arena, handle), .handle = handle, .name = name};
    return hib_masto_face_person_json(call, &person);
}

static cJSON *
author_json(HibPracticeCall *call, const HibComment *comment)
{
    return somebody_json(call, comment->handle, comment->name);
}

static cJSON *
attached_json(HibPracticeCall *call, const HibPracticePost *post, const HibComment *comment)
{
    HibPracticePictured with;
    cJSON *out = cJSON_CreateArray();
    if (!hib_practice_pictured(hib_practice_url(call->face), call->arena, post->id, comment, &with))
        return out;
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(out, one);
    cJSON_AddStringToObject(one, "id",
                            hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, with.seed));
    cJSON_AddStringToObject(one, "type", "image");
    cJSON_AddStringToObject(one, "url", with.url);
    cJSON_AddStringToObject(one, "preview_url", with.url);
    cJSON_AddNullToObject(one, "remote_url");
    cJSON_AddObjectToObject(one, "meta");
    if (*with.alt)
        cJSON_AddStringToObject(one, "description", with.alt);
    else
        cJSON_AddNullToObject(one, "description");
    cJSON_AddNullToObject(one, "blurhash");
    return out;
}

static cJSON *
answer_json(HibPracticeCall *call, const HibPracticePost *post, const HibComment *comment)
{
    const char *id = hib_arena_printf(call->arena, "%s%0*d", post->id, DIGITS, (int)comment->n);
    cJSON *status = cJSON_CreateObject();
    cJSON_AddStringToObject(status, "id", id);
    hib_masto_face_add_time(status, "created_at", comment->at);
    cJSON_AddStringToObject(status, "in_reply_to_id", post->id);
    cJSON_AddStringToObject(status, "in_reply_to_account_id", post->account);
    cJSON_AddStringToObject(status, "visibility", "public");
    cJSON_AddStringToObject(status, "spoiler_text", "");
    cJSON_AddBoolToObject(status, "sensitive", false);
    cJSON_AddStringToObject(status, "language", comment->lang);
    cJSON_AddStringToObject(status, "content", hib_masto_face_html(call->arena, comment->text));
    const char *url = hib_arena_printf(call->arena, "%s/@%s/%s", hib_practice_url(call->face),
                                       comment->handle, id);
    cJSON_AddStringToObject(status, "uri", url);
    cJSON_AddStringToObject(status, "url", url);
    static const char *const counts[] = {"replies_count", "reblogs_count", "favourites_count"};
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        cJSON_AddNumberToObject(status, counts[i], 0);
    cJSON_AddItemToObject(status, "account", author_json(call, comment));
    cJSON_AddItemToObject(status, "media_attachments", attached_json(call, post, comment));
    static const char *const empty[] = {"mentions", "tags", "emojis"};
    for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
        cJSON_AddItemToObject(status, empty[i], cJSON_CreateArray());
    return status;
}

/* --- posts with a hashtag ------------------------------------------------------------------------------------------------------ */
static cJSON *
tagged_json(HibPracticeCall *call, const HibTagged *post)
{
    const char *id = hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, post->id);
    const char *url =
        hib_arena_printf(call->arena, "%s/@%s/%s", hib_practice_url(call->face), post->handle, id);
    cJSON *status = cJSON_CreateObject();
    cJSON_AddStringToObject(status, "id", id);
    hib_masto_face_add_time(status, "created_at", post->at);
    cJSON_AddNullToObject(status, "in_reply_to_id");
    cJSON_AddNullToObject(status, "in_reply_to_account_id");
    cJSON_AddStringToObject(status, "visibility", "public");
    cJSON_AddStringToObject(status, "spoiler_text", "");
    cJSON_AddBoolToObject(status, "sensitive", false);
    cJSON_AddStringToObject(status, "language", "ja");
    cJSON_AddStringToObject(status, "content", hib_masto_face_html(call->arena, post->text));
    cJSON_AddStringToObject(status, "uri", url);
    cJSON_AddStringToObject(status, "url", url);
    static const char *const counts[] = {"replies_count", "reblogs_count", "favourites_count"};
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        cJSON_AddNumberToObject(status, counts[i], 0);
    cJSON_AddItemToObject(status, "account", somebody_json(call, post->handle, post->name));
    cJSON *media = cJSON_AddArrayToObject(status, "media_attachments");
    if (post->has_picture) {
        const char *picture = hib_arena_printf(call->arena, "%s/system/media_attachments/%s.png",
                                               hib_practice_url(call->face), id);
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", id);
        cJSON_AddStringToObject(one, "type", "image");
        cJSON_AddStringToObject(one, "url", picture);
        cJSON_AddStringToObject(one, "preview_url", picture);
        cJSON_AddItemToArray(media, one);
    }
    static const char *const empty[] = {"mentions", "tags", "emojis"};
    for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
        cJSON_AddItemToObject(status, empty[i], cJSON_CreateArray());
    return status;
}

static bool
find_tagged(HibPracticeCall *call, const char *id, HibTagged *ret)
{
    return hib_tagged_post(call->arena, g_ascii_strtoull(id, NULL, 10),
                           hib_practice_now(call->face), ret);
}

bool
hib_masto_face_is_tagged(HibPracticeCall *call, const char *status_id)
{
    HibTagged found;
    return find_tagged(call, status_id, &found);
}

/* The page right behind min_id, or the newest one; newest first either way. */
void
hib_masto_face_tag(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "read:statuses");
    const char *tag = hib_practice_param(call, "tag"), *min = hib_practice_query(call, "min_id"),
               *limit = hib_practice_query(call, "limit");
    HibInstant now = hib_practice_now(call->face);
    HibTagged *rows, after = {.at = now - 30 * HIB_DAY};
    if (!account)
        return;
    size_t most = limit ? (size_t)CLAMP(g_ascii_strtoll(limit, NULL, 10), 1, 40) : 20;
    if (min && find_tagged(call, min, &after))
        after.at++;
    size_t n = hib_tagged_posts(call->arena, tag, after.at, now, min ? 4000 : most, &rows);
    cJSON *out = cJSON_CreateArray();
    for (size_t i = n > most ? n - most : 0; i < n; i++)
        cJSON_AddItemToArray(out, tagged_json(call, &rows[i]));
    hib_practice_json(call, 200, out);
}

void
hib_masto_face_picture(HibPracticeCall *call)
{
    size_t n;
    const void *bytes = hib_tagged_picture(&n);
    hib_practice_bytes(call, 200, "image/png", bytes, n);
}

cJSON *
hib_masto_face_answer_json(HibPracticeCall *call, const char *status_id)
{
    HibComment *found;
    HibTagged tagged;
    const HibPracticePost *post = find_answer(call, status_id, &found);
    if (!post && find_tagged(call, status_id, &tagged))
        return tagged_json(call, &tagged);
    return post ? answer_json(call, post, found) : NULL;
}

static cJSON *
mention_json(HibPracticeCall *call, const HibPracticePost *post, const HibComment *comment,
             const char *id)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "type", "mention");
    cJSON_AddStringToObject(out, "group_key", hib_arena_printf(call->arena, "ungrouped-%s", id));
    hib_masto_face_add_time(out, "created_at", comment->at);
    cJSON_AddItemToObject(out, "account", author_json(call, comment));
    cJSON_AddItemToObject(out, "status", answer_json(call, post, comment));
    return out;
}

typedef struct {
    const HibPracticePost *post;
    HibComment comment;
    uint64_t id; /* grows with time */
} Mention;

static int
newest_first(const void *a, const void *b)
{
    uint64_t one = ((const Mention *)a)->id, other = ((const Mention *)b)->id;
    return one < other ? 1 : one > other ? -1 : 0;
}

static void
add_mentions(HibPracticeCall *call, const HibPracticePost *post, uint64_t after, GArray *all)
{
    HibComment *comments;
    size_t n = hib_practice_comments(call->face, post->id, 0, 1000, call->arena, &comments);
    for (size_t i = 0; i < n; i++) {
        Mention one = {.post = post,
                       .comment = comments[i],
                       .id = (uint64_t)comments[i].at * 1000 + comments[i].n % 1000};
        if (one.id > after)
            g_array_append_val(all, one);
    }
}

/* The page right behind min_id, or the newest one; newest first either way. */
void
hib_masto_face_notifications(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "read:notifications");
    const char *min = hib_practice_query(call, "min_id"),
               *limit = hib_practice_query(call, "limit");
    if (!account)
        return;
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = account->id};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Mention));
    for (size_t i = 0; i < n; i++)
        add_mentions(call, posts[i], min ? g_ascii_strtoull(min, NULL, 10) : 0, all);
    g_array_sort(all, newest_first);
    guint most = limit ? (guint)CLAMP(g_ascii_strtoll(limit, NULL, 10), 1, PAGE) : 40;
    guint from = min && all->len > most ? all->len - most : 0;
    cJSON *out = cJSON_CreateArray();
    for (guint i = from; i < all->len && i < from + most; i++) {
        const Mention *one = &g_array_index(all, Mention, i);
        const char *id = hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, one->id);
        cJSON_AddItemToArray(out, mention_json(call, one->post, &one->comment, id));
    }
    hib_practice_json(call, 200, out);
}

/* Direct messages are not played: nobody of the audience writes any. */
void
hib_masto_face_conversations(HibPracticeCall *call)
{
    if (hib_masto_face_caller(call, "read:statuses"))
        hib_practice_json(call, 200, cJSON_CreateArray());
}
