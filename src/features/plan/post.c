/* Posts: the rules that need no store. */
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "plan/plan_private.h"
#include "text/count.h"
#include <string.h>

#define AUDIT_CHARACTERS 500
#define HEAD 60 /* characters */

static bool
check_length(const char *text, const char *pointer, GError **error)
{
    if (!text || strlen(text) <= HIB_LIMIT_POST_BYTES)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.too_long", pointer, "%zu bytes", strlen(text));
    if (error)
        hib_error_set_detail(*error, "limit", G_STRINGIFY(HIB_LIMIT_POST_BYTES));
    return false;
}

static bool
check_count(size_t n, size_t most, const char *pointer, GError **error)
{
    if (n <= most)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "input.too_many", pointer, "%zu of %zu", n, most);
    return false;
}

/* An object, small, and plain text: what is in it is checked against the network's list when the post is scheduled. */
static bool
check_options(const char *options, const char *pointer, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson json;
    bool is_good = !options || (strlen(options) <= HIB_LIMIT_POST_OPTIONS_BYTES &&
                                hib_json_parse(arena, options, strlen(options), &json, NULL) &&
                                cJSON_IsObject(json.value));
    if (!is_good)
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_options", pointer,
                         "no JSON object of at most %d bytes", HIB_LIMIT_POST_OPTIONS_BYTES);
    return is_good;
}

static bool
check_thread(const HibPostVariant *variant, const char *at, GError **error)
{
    g_autofree char *thread_at = g_strconcat(at, "/thread", NULL);
    if (!check_count(variant->n_thread, HIB_LIMIT_POST_THREAD, thread_at, error))
        return false;
    for (size_t i = 0; i < variant->n_thread; i++) {
        g_autofree char *text_at = g_strdup_printf("%s/%zu/text", thread_at, i);
        g_autofree char *media_at = g_strdup_printf("%s/%zu/media", thread_at, i);
        if (!check_length(variant->thread[i].text, text_at, error) ||
            !check_count(variant->thread[i].n_media, HIB_LIMIT_POST_MEDIA, media_at, error))
            return false;
    }
    return true;
}

static bool
check_variant(const HibPostVariant *variant, const char *at, GError **error)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"text", variant->text},
                 {"title", variant->title},
                 {"recipient", variant->recipient},
                 {"first_comment", variant->first_comment}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text_at = g_strdup_printf("%s/%s", at, texts[i].name);
        if (!check_length(texts[i].text, text_at, error))
            return false;
    }
    g_autofree char *options_at = g_strconcat(at, "/options", NULL);
    return check_options(variant->options, options_at, error) && check_thread(variant, at, error);
}

bool
hib_post_check(const HibPostContent *content, GError **error)
{
    if (!check_length(content->text, "/text", error) ||
        !check_count(content->n_media, HIB_LIMIT_POST_MEDIA, "/media", error) ||
        !check_count(content->n_variants, HIB_LIMIT_POST_VARIANTS, "/variants", error))
        return false;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < content->n_variants; i++) {
        const HibPostVariant *variant = &content->variants[i];
        g_autofree char *at = g_strdup_printf("/variants/%zu", i);
        if (!check_variant(variant, at, error))
            return false;
        if (g_hash_table_add(seen, (gpointer)variant->account_id))
            continue;
        g_autofree char *account_at = g_strconcat(at, "/account_id", NULL);
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.account_twice", account_at,
                         "account %s has two variants", variant->account_id);
        return false;
    }
    return true;
}

bool
hib_post_is_open(HibPostState state)
{
    return state != HIB_POST_SENDING && state != HIB_POST_PUBLISHED && state != HIB_POST_UNKNOWN;
}

static const char *
nfc(HibArena *arena, const char *text)
{
    return text ? hib_text_nfc(arena, text) : NULL;
}

/* NULL for what is blank: no title is no title. */
static const char *
nfc_or_none(HibArena *arena, const char *text)
{
    return text && *text ? hib_text_nfc(arena, text) : NULL;
}

HibPostContent
hib_post_normalise(HibArena *arena, const HibPostContent *content)
{
    HibPostContent out = *content;
    out.text = hib_text_nfc(arena, content->text);
    HibPostVariant *variants = hib_arena_array(arena, HibPostVariant, content->n_variants);
    for (size_t i = 0; i < content->n_variants; i++) {
        HibPostVariant *one = &variants[i];
        *one = content->variants[i];
        one->text = nfc(arena, one->text);
        one->title = nfc_or_none(arena, one->title);
        one->recipient = nfc_or_none(arena, one->recipient);
        one->first_comment = nfc_or_none(arena, one->first_comment);
        HibPostPart *thread = hib_arena_array(arena, HibPostPart, one->n_thread);
        for (size_t k = 0; k < one->n_thread; k++) {
            thread[k] = one->thread[k];
            thread[k].text = hib_text_nfc(arena, thread[k].text);
        }
        one->thread = thread;
    }
    out.variants = variants;
    return out;
}

const char *
hib_plan_text_for(const HibPost *post, const char *account)
{
    for (size_t i = 0; i < post->n_variants; i++)
        if (g_str_equal(post->variants[i].account_id, account) && post->variants[i].text)
            return post->variants[i].text;
    return post->text;
}

/* --- audit ------------------------------------------------------------------------------------------ */
void
hib_post_audit_text(cJSON *object, const char *name, const char *text)
{
    if (!text) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    if (g_utf8_strlen(text, -1) <= AUDIT_CHARACTERS) {
        cJSON_AddStringToObject(object, name, text);
        return;
    }
    g_autofree char *start = g_utf8_substring(text, 0, AUDIT_CHARACTERS - 1);
    g_autofree char *cut = g_strconcat(start, "…", NULL);
    cJSON_AddStringToObject(object, name, cut);
}

static void
add_media(cJSON *object, const HibPostMedia *media, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(object, "media");
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "media_id", media[i].media_id);
        hib_post_audit_text(one, "alt", media[i].alt);
        cJSON_AddItemToArray(list, one);
    }
}

/* What is not there is left out, except the text. */
static cJSON *
audit_variant(const HibPostVariant *variant)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "account_id", variant->account_id);
    hib_post_audit_text(out, "text", variant->text);
    if (variant->format != HIB_FORMAT_POST)
        cJSON_AddStringToObject(out, "format", hib_net_format_name(variant->format));
    const struct {
        const char *name, *text;
    } more[] = {{"title", variant->title},
                {"options", variant->options},
                {"recipient", variant->recipient},
                {"first_comment", variant->first_comment}};
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
        if (more[i].text)
            hib_post_audit_text(out, more[i].name, more[i].text);
    cJSON *thread = variant->n_thread ? cJSON_AddArrayToObject(out, "thread") : NULL;
    for (size_t i = 0; i < variant->n_thread; i++) {
        cJSON *part = cJSON_CreateObject();
        hib_post_audit_text(part, "text", variant->thread[i].text);
        if (variant->thread[i].n_media)
            add_media(part, variant->thread[i].media, variant->thread[i].n_media);
        cJSON_AddItemToArray(thread, part);
    }
    return out;
}

const char *
hib_post_head(HibArena *arena, const HibPost *post)
{
    const char *text = post->text;
    for (size_t i = 0; !*text && i < post->n_variants; i++)
        text = post->variants[i].text ? post->variants[i].text : "";
    g_autofree char *head =
        g_utf8_strlen(text, -1) > HEAD ? g_utf8_substring(text, 0, HEAD) : g_strdup(text);
    return hib_arena_strdup(arena, g_strstrip(g_strdelimit(head, "\r\n\t", ' ')));
}

const char *
hib_post_audit(HibArena *arena, const HibPost *post)
{
    cJSON *out = cJSON_CreateObject();
    hib_post_audit_text(out, "text", post->text);
    if (post->has_due_at) {
        char due_at[HIB_INSTANT_TEXT];
        cJSON_AddStringToObject(out, "due_at", hib_instant_format(post->due_at, due_at));
    }
    const struct {
        const char *name;
        bool is_set;
    } told[] = {{"is_advertising", post->disclosure.is_advertising},
                {"is_own_brand", post->disclosure.is_own_brand},
                {"is_ai_made", post->disclosure.is_ai_made},
                {"is_short", post->is_short}};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        if (told[i].is_set)
            cJSON_AddTrueToObject(out, told[i].name);
    cJSON *variants = cJSON_AddArrayToObject(out, "variants");
    for (size_t i = 0; i < post->n_variants; i++)
        cJSON_AddItemToArray(variants, audit_variant(&post->variants[i]));
    add_media(out, post->media, post->n_media);
    cJSON_AddNumberToObject(out, "version", (double)post->version);
    return hib_json_print(arena, out);
}

/* --- cursor: "t" (timed) or "u" (untimed), the time in µs, a dot, the id -------------------------------- */
const char *
hib_post_cursor_text(HibArena *arena, const HibPost *last)
{
    return hib_arena_printf(arena, "%c%" G_GINT64_FORMAT ".%s", last->has_due_at ? 't' : 'u',
                            last->has_due_at ? last->due_at : last->created_at, last->id);
}

bool
hib_post_cursor_read(HibArena *arena, const char *text, HibPostCursor *ret, GError **error)
{
    const char *dot = strchr(text, '.');
    g_autofree char *number =
        dot && dot > text ? g_strndup(text + 1, (gsize)(dot - text - 1)) : NULL;
    gint64 at = 0;
    bool is_good = number && (*text == 't' || *text == 'u') && hib_id_valid(dot + 1) &&
                   g_ascii_string_to_signed(number, 10, G_MININT64, G_MAXINT64, &at, NULL);
    if (!is_good) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_cursor", "?cursor",
                         "no cursor of ours");
        return false;
    }
    *ret = (HibPostCursor){
        .is_untimed = *text == 'u', .at = at, .id = hib_arena_strdup(arena, dot + 1)};
    return true;
}
