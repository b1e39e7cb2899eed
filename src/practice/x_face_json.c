/* X's face: how a post looks in an answer: its text as X writes it down, its entities, its numbers, its media. */
#include "base/secrets.h"
#include "practice/x_face_private.h"
#include "text/links.h"
#include "text/weighted.h"

#include <string.h>

/* --- words ---------------------------------------------------------------------------------------------------- */
static void
put_escaped(GString *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] == '<')
            g_string_append(out, "&lt;");
        else if (text[i] == '>')
            g_string_append(out, "&gt;");
        else if (text[i] == '&')
            g_string_append(out, "&amp;");
        else
            g_string_append_c(out, text[i]);
}

static cJSON *
entity(cJSON *entities, const char *list, const GString *out, size_t from)
{
    cJSON *array = cJSON_GetObjectItemCaseSensitive(entities, list);
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(array ? array : cJSON_AddArrayToObject(entities, list), one);
    cJSON_AddNumberToObject(one, "start", (double)g_utf8_strlen(out->str, (gssize)from));
    cJSON_AddNumberToObject(one, "end", (double)g_utf8_strlen(out->str, (gssize)out->len));
    return one;
}

static const char *
short_link(HibArena *arena, const char *target)
{
    return hib_arena_printf(arena, "https://t.co/%.10s",
                            hib_sha256_hex(arena, target, strlen(target)));
}

static void
put_url(HibArena *arena, GString *out, cJSON *entities, const char *expanded, const char *shown,
        const char *media_key)
{
    size_t from = out->len;
    const char *url = short_link(arena, expanded);
    g_string_append(out, url);
    cJSON *one = entity(entities, "urls", out, from);
    cJSON_AddStringToObject(one, "url", url);
    cJSON_AddStringToObject(one, "expanded_url", expanded);
    cJSON_AddStringToObject(one, "display_url", shown);
    if (media_key)
        cJSON_AddStringToObject(one, "media_key", media_key);
}

static void
put_link(HibArena *arena, GString *out, cJSON *entities, const char *text, const HibLink *link)
{
    size_t from = out->len;
    const char *slice = hib_arena_strndup(arena, text + link->start, link->end - link->start);
    if (link->kind == HIB_LINK_URL) {
        const char *scheme = strstr(slice, "://");
        put_url(arena, out, entities, scheme ? slice : hib_arena_printf(arena, "http://%s", slice),
                scheme ? scheme + 3 : slice, NULL);
        return;
    }
    put_escaped(out, slice, strlen(slice));
    bool is_tag = link->kind == HIB_LINK_TAG;
    cJSON *one = entity(entities, is_tag ? "hashtags" : "mentions", out, from);
    cJSON_AddStringToObject(one, is_tag ? "tag" : "username", link->value);
}

const char *
hib_x_face_text(HibArena *arena, const XPost *post, const char *media, cJSON *entities)
{
    const HibLink *links = NULL;
    size_t n = hib_text_links(arena, post->text, &links);
    size_t at = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    if (post->parent && post->parent_handle && strcmp(post->parent_author, post->author) != 0) {
        g_autofree char *name = g_strdup_printf("@%s ", post->parent_handle);
        if (!g_str_has_prefix(post->text, name)) {
            g_string_append_printf(out, "@%s", post->parent_handle);
            cJSON_AddStringToObject(entity(entities, "mentions", out, 0), "username",
                                    post->parent_handle);
            g_string_append_c(out, ' ');
        }
    }
    for (size_t i = 0; i < n; i++) {
        put_escaped(out, post->text + at, links[i].start - at);
        put_link(arena, out, entities, post->text, &links[i]);
        at = links[i].end;
    }
    put_escaped(out, post->text + at, strlen(post->text + at));
    if (media) {
        bool is_photo = g_str_has_prefix(media, "3_");
        if (out->len)
            g_string_append_c(out, ' ');
        put_url(
            arena, out, entities,
            hib_arena_printf(arena, "https://x.com/%s/status/%s/%s/1", post->handle, post->id,
                             is_photo ? "photo" : "video"),
            hib_arena_printf(arena, "pic.x.com/%.10s", hib_sha256_hex(arena, media, strlen(media))),
            media);
    }
    return hib_arena_strdup(arena, out->str);
}

/* --- numbers --------------------------------------------------------------------------------------------------- */
static void
add_number(cJSON *to, const char *name, int64_t value)
{
    cJSON_AddNumberToObject(to, name, (double)value);
}

/* Answers of the practice accounts themselves, which no audience counts. */
static int64_t
count_own_replies(HibPracticeCall *call, const XPost *post)
{
    const HibPracticePost *const *found = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.parent = post->id, .kind = "reply", .account = post->author};
    return (int64_t)hib_practice_posts(call->face, call->arena, &query, &found, &next);
}

static void
add_public(HibPracticeCall *call, const XPost *post, const HibAudienceNumbers *n, const XAsk *ask,
           cJSON *out)
{
    cJSON *to = cJSON_AddObjectToObject(out, "public_metrics");
    add_number(to, ask->is_new ? "repost_count" : "retweet_count", n->reposts);
    add_number(to, "reply_count", n->comments + (post->own ? count_own_replies(call, post) : 0));
    add_number(to, "like_count", n->likes);
    add_number(to, "quote_count", n->quotes);
    add_number(to, "bookmark_count", n->saves);
    add_number(to, "impression_count", n->views);
}

static void
add_private(const HibAudienceNumbers *n, const XAsk *ask, cJSON *out)
{
    int64_t engagements = n->likes + n->comments + n->reposts + n->quotes + n->saves + n->clicks +
                          n->profile_visits + n->follows;
    if (hib_x_face_wants(ask->post, "non_public_metrics")) {
        cJSON *to = cJSON_AddObjectToObject(out, "non_public_metrics");
        add_number(to, "impression_count", n->views);
        add_number(to, "engagements", engagements);
        add_number(to, "url_link_clicks", n->clicks);
        add_number(to, "user_profile_clicks", n->profile_visits);
    }
    if (hib_x_face_wants(ask->post, "organic_metrics")) {
        cJSON *to = cJSON_AddObjectToObject(out, "organic_metrics");
        add_number(to, "impression_count", n->views);
        add_number(to, "like_count", n->likes);
        add_number(to, "reply_count", n->comments);
        add_number(to, "retweet_count", n->reposts);
        add_number(to, "url_link_clicks", n->clicks);
        add_number(to, "user_profile_clicks", n->profile_visits);
    }
}

/* --- media and polls --------------------------------------------------------------------------------------------- */
static void
add_playback(cJSON *out, const char *group, int64_t views)
{
    static const struct {
        const char *name;
        int percent;
    } quarters[] = {{"playback_0_count", 100},
                    {"playback_25_count", 62},
                    {"playback_50_count", 41},
                    {"playback_75_count", 28},
                    {"playback_100_count", 19}};
    cJSON *to = cJSON_AddObjectToObject(out, group);
    for (size_t i = 0; i < G_N_ELEMENTS(quarters); i++)
        add_number(to, quarters[i].name, views * quarters[i].percent / 100);
}

static void
include_medium(const XAsk *ask, const cJSON *medium, const HibAudienceNumbers *n, bool is_private)
{
    static const char *const plain[] = {"media_key", "type"};
    static const char *const asked[] = {"alt_text", "url", "preview_image_url"};
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(medium, "type"));
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToArray(ask->media_list, out);
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        cJSON_AddItemToObject(
            out, plain[i],
            cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(medium, plain[i]), true));
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(medium, asked[i]);
        if (value && hib_x_face_wants(ask->media, asked[i]))
            cJSON_AddItemToObject(out, asked[i], cJSON_Duplicate(value, true));
    }
    if (g_strcmp0(type, "video") != 0)
        return;
    if (hib_x_face_wants(ask->media, "public_metrics"))
        add_number(cJSON_AddObjectToObject(out, "public_metrics"), "view_count", n->views / 2);
    if (is_private && hib_x_face_wants(ask->media, "non_public_metrics"))
        add_playback(out, "non_public_metrics", n->views / 2);
    if (is_private && hib_x_face_wants(ask->media, "organic_metrics"))
        add_playback(out, "organic_metrics", n->views / 2);
}

static void
include_poll(HibPracticeCall *call, const XAsk *ask, const XPost *post, const cJSON *poll,
             const HibAudienceNumbers *n)
{
    const cJSON *label;
    cJSON *out = cJSON_CreateObject();
    const cJSON *minutes = cJSON_GetObjectItemCaseSensitive(poll, "duration_minutes");
    HibInstant ends = post->at + (HibDuration)cJSON_GetNumberValue(minutes) * HIB_MINUTE;
    int position = 0;
    cJSON_AddItemToArray(ask->polls, out);
    cJSON_AddStringToObject(out, "id", post->id);
    cJSON *options = cJSON_AddArrayToObject(out, "options");
    cJSON_ArrayForEach(label, cJSON_GetObjectItemCaseSensitive(poll, "options"))
    {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddNumberToObject(one, "position", ++position);
        cJSON_AddStringToObject(one, "label", label->valuestring);
        add_number(one, "votes", n->likes / (position + 1));
        cJSON_AddItemToArray(options, one);
    }
    cJSON_AddStringToObject(out, "voting_status",
                            hib_practice_now(call->face) < ends ? "open" : "closed");
    hib_x_face_add_time(out, "end_datetime", ends);
    cJSON_AddItemToObject(out, "duration_minutes", cJSON_Duplicate(minutes, true));
}

static void
add_attachments(HibPracticeCall *call, const XPost *post, const cJSON *extra, XAsk *ask, cJSON *out,
                const HibAudienceNumbers *n, bool is_private)
{
    const cJSON *media = cJSON_GetObjectItemCaseSensitive(extra, "media");
    const cJSON *poll = cJSON_GetObjectItemCaseSensitive(extra, "poll");
    const cJSON *one;
    bool has_media = cJSON_GetArraySize(media) > 0;
    if (!has_media && !poll)
        return;
    cJSON *to = hib_x_face_wants(ask->post, "attachments") ||
                        hib_x_face_wants(ask->expand, "attachments.media_keys") ||
                        hib_x_face_wants(ask->expand, "attachments.poll_ids")
                    ? cJSON_AddObjectToObject(out, "attachments")
                    : NULL;
    if (to && has_media) {
        cJSON *keys = cJSON_AddArrayToObject(to, "media_keys");
        cJSON_ArrayForEach(one, media) cJSON_AddItemToArray(
            keys, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(one, "media_key"), true));
    }
    if (to && poll)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(to, "poll_ids"), cJSON_CreateString(post->id));
    if (hib_x_face_wants(ask->expand, "attachments.media_keys"))
        cJSON_ArrayForEach(one, media) include_medium(ask, one, n, is_private);
    if (poll && hib_x_face_wants(ask->expand, "attachments.poll_ids"))
        include_poll(call, ask, post, poll, n);
}

/* --- the post ------------------------------------------------------------------------------------------------------ */
static void
add_versions(const XPost *post, const cJSON *extra, const XAsk *ask, cJSON *out)
{
    const cJSON *versions = cJSON_GetObjectItemCaseSensitive(extra, "versions");
    const char *name = ask->is_new ? "edit_history_post_ids" : "edit_history_tweet_ids";
    cJSON *list = versions ? cJSON_Duplicate(versions, true) : cJSON_CreateArray();
    if (!versions)
        cJSON_AddItemToArray(list, cJSON_CreateString(post->id));
    cJSON_AddItemToObject(out, name, list);
}

/* Facts that are there for the asking. */
static void
add_facts(HibPracticeCall *call, const XPost *post, const cJSON *extra, const XAsk *ask, cJSON *out)
{
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(extra, "reply_settings");
    if (hib_x_face_wants(ask->post, "created_at"))
        hib_x_face_add_time(out, "created_at", post->at);
    if (hib_x_face_wants(ask->post, "author_id") || hib_x_face_wants(ask->expand, "author_id"))
        cJSON_AddStringToObject(out, "author_id", post->author);
    if (hib_x_face_wants(ask->post, "conversation_id"))
        cJSON_AddStringToObject(out, "conversation_id", post->root);
    if (hib_x_face_wants(ask->post, "lang"))
        cJSON_AddStringToObject(out, "lang", post->lang);
    if (hib_x_face_wants(ask->post, "reply_settings"))
        cJSON_AddStringToObject(out, "reply_settings",
                                settings ? settings->valuestring : "everyone");
    if (hib_x_face_wants(ask->post, "source"))
        cJSON_AddStringToObject(out, "source", post->own ? "Hibiki practice" : "X for iPhone");
    if (hib_x_face_wants(ask->post, "possibly_sensitive"))
        cJSON_AddBoolToObject(out, "possibly_sensitive", false);
    const cJSON *paid = cJSON_GetObjectItemCaseSensitive(extra, "paid_partnership");
    if (paid && hib_x_face_wants(ask->post, "paid_partnership"))
        cJSON_AddItemToObject(out, "paid_partnership", cJSON_Duplicate(paid, true));
    if (hib_x_face_wants(ask->post, "edit_controls")) {
        const cJSON *versions = cJSON_GetObjectItemCaseSensitive(extra, "versions");
        const cJSON *first = cJSON_GetArrayItem(versions, 0);
        HibInstant from = first ? hib_x_face_id_time(first->valuestring) : post->at;
        cJSON *controls = cJSON_AddObjectToObject(out, "edit_controls");
        int left = 5 - MAX(cJSON_GetArraySize(versions) - 1, 0);
        const HibPracticeAccount *author = hib_practice_account(call->face, post->author);
        cJSON_AddNumberToObject(controls, "edits_remaining", left);
        cJSON_AddBoolToObject(controls, "is_edit_eligible",
                              hib_x_face_is_premium(call->face, author));
        hib_x_face_add_time(controls, "editable_until", from + 30 * HIB_MINUTE);
    }
    if (!post->parent)
        return;
    if (hib_x_face_wants(ask->post, "in_reply_to_user_id") ||
        hib_x_face_wants(ask->expand, "in_reply_to_user_id"))
        cJSON_AddStringToObject(out, "in_reply_to_user_id", post->parent_author);
    if (hib_x_face_wants(ask->post, "referenced_tweets") ||
        hib_x_face_wants(ask->expand, "referenced_tweets.id") ||
        hib_x_face_wants(ask->expand, "referenced_posts")) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "type", "replied_to");
        cJSON_AddStringToObject(one, "id", post->parent);
        const char *name = ask->is_new ? "referenced_posts" : "referenced_tweets";
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, name), one);
    }
}

/* A long post shows its beginning and carries the whole apart. */
static void
add_text(HibArena *arena, const XPost *post, const cJSON *extra, const XAsk *ask, cJSON *out)
{
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(extra, "media"), 0);
    const char *media =
        first ? cJSON_GetObjectItemCaseSensitive(first, "media_key")->valuestring : NULL;
    cJSON *entities = cJSON_CreateObject();
    const char *text = hib_x_face_text(arena, post, media, entities);
    bool is_long = hib_text_weighted(post->text).weight > X_TEXT;
    if (is_long) {
        const char *note = ask->is_new ? "note_post" : "note_tweet";
        g_autofree char *head = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), 139));
        cJSON_AddStringToObject(out, "text", hib_arena_printf(arena, "%s…", head));
        if (hib_x_face_wants(ask->post, note)) {
            cJSON *whole = cJSON_AddObjectToObject(out, note);
            cJSON_AddStringToObject(whole, "text", text);
            cJSON_AddItemToObject(whole, "entities", cJSON_Duplicate(entities, true));
        }
    } else {
        cJSON_AddStringToObject(out, "text", text);
    }
    if (!is_long && cJSON_GetArraySize(entities) && hib_x_face_wants(ask->post, "entities"))
        cJSON_AddItemToObject(out, "entities", entities);
    else
        cJSON_Delete(entities);
}

static cJSON *
field_error(HibPracticeCall *call, const char *id, const char *field)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "resource_id", id);
    cJSON_AddStringToObject(out, "parameter", "ids");
    cJSON_AddStringToObject(out, "resource_type", "tweet");
    cJSON_AddStringToObject(out, "section", "data");
    cJSON_AddStringToObject(out, "field", field);
    cJSON_AddStringToObject(out, "title", "Field Authorization Error");
    cJSON_AddStringToObject(out, "detail",
                            hib_arena_printf(call->arena,
                                             "Sorry, you are not authorized to access '%s' on the "
                                             "Tweet with ids : [%s].",
                                             field, id));
    cJSON_AddStringToObject(out, "type", X_PROBLEM "not-authorized-for-field");
    return out;
}

/* Whoever may not see the private numbers does not see the post either: it is an error beside the data. */
static bool
may_see(HibPracticeCall *call, const XPost *post, const XAsk *ask, bool is_private)
{
    static const char *const fields[] = {"non_public_metrics", "organic_metrics"};
    for (size_t i = 0; i < G_N_ELEMENTS(fields) && !is_private; i++)
        if (hib_x_face_wants(ask->post, fields[i])) {
            cJSON_AddItemToArray(ask->errors, field_error(call, post->id, fields[i]));
            return false;
        }
    return true;
}

/* What the audience sent with it, as the fields of an own post hold it. */
static const cJSON *
with_picture(HibArena *arena, const XPost *post)
{
    cJSON *out = cJSON_CreateObject(), *one = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "media"), one);
    cJSON_AddStringToObject(one, "media_key", hib_arena_printf(arena, "3_%s", post->id));
    cJSON_AddStringToObject(one, "type", "photo");
    cJSON_AddStringToObject(one, "url", post->picture);
    if (*post->picture_alt)
        cJSON_AddStringToObject(one, "alt_text", post->picture_alt);
    return hib_x_face_extra(arena, &(HibPracticePost){.extra = hib_json_print(arena, out)});
}

cJSON *
hib_x_face_post_json(HibPracticeCall *call, const XPost *post, XAsk *ask)
{
    bool is_private = ask->viewer && post->own && !strcmp(ask->viewer->id, post->author) &&
                      hib_practice_now(call->face) - post->at < X_PRIVATE_LIFE;
    if (!may_see(call, post, ask, is_private))
        return NULL;
    HibAudienceNumbers numbers = {0};
    if (post->own)
        numbers = hib_practice_numbers(call->face, post->id);
    else if (post->other)
        numbers = (HibAudienceNumbers){.views = post->other->views,
                                       .likes = post->other->likes,
                                       .comments = post->other->replies,
                                       .reposts = post->other->reposts,
                                       .quotes = post->other->quotes};
    const cJSON *extra = hib_x_face_extra(call->arena, post->own);
    if (post->picture)
        extra = with_picture(call->arena, post);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", post->id);
    add_text(call->arena, post, extra, ask, out);
    add_versions(post, extra, ask, out);
    add_facts(call, post, extra, ask, out);
    if (hib_x_face_wants(ask->post, "public_metrics"))
        add_public(call, post, &numbers, ask, out);
    if (is_private)
        add_private(&numbers, ask, out);
    add_attachments(call, post, extra, ask, out, &numbers, is_private);
    if (hib_x_face_wants(ask->expand, "author_id"))
        hib_x_face_include_user(call, ask, post->author, post->handle, post->name);
    if (post->parent && hib_x_face_wants(ask->expand, "in_reply_to_user_id"))
        hib_x_face_include_user(call, ask, post->parent_author, post->parent_handle,
                                post->parent_handle);
    return out;
}
