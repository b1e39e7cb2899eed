/* Posts: the rules that need no store. */
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "plan/plan_private.h"
#include "text/count.h"
#include <string.h>

#define AUDIT_CHARACTERS 500

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

bool
hib_post_check(const HibPostContent *content, GError **error)
{
    if (!check_length(content->text, "/text", error))
        return false;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < content->n_variants; i++) {
        const HibPostVariant *variant = &content->variants[i];
        g_autofree char *text_at = g_strdup_printf("/variants/%zu/text", i);
        if (!check_length(variant->text, text_at, error))
            return false;
        if (g_hash_table_add(seen, (gpointer)variant->account_id))
            continue;
        g_autofree char *account_at = g_strdup_printf("/variants/%zu/account_id", i);
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.account_twice", account_at,
                         "account %s has two variants", variant->account_id);
        return false;
    }
    return true;
}

HibPostContent
hib_post_normalise(HibArena *arena, const HibPostContent *content)
{
    HibPostContent out = *content;
    out.text = hib_text_nfc(arena, content->text);
    HibPostVariant *variants = hib_arena_array(arena, HibPostVariant, content->n_variants);
    for (size_t i = 0; i < content->n_variants; i++) {
        variants[i] = content->variants[i];
        if (variants[i].text)
            variants[i].text = hib_text_nfc(arena, variants[i].text);
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
static void
add_short(cJSON *object, const char *name, const char *text)
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

const char *
hib_post_audit(HibArena *arena, const HibPost *post)
{
    cJSON *out = cJSON_CreateObject();
    add_short(out, "text", post->text);
    if (post->has_due_at) {
        char due_at[HIB_INSTANT_TEXT];
        cJSON_AddStringToObject(out, "due_at", hib_instant_format(post->due_at, due_at));
    }
    cJSON *variants = cJSON_AddArrayToObject(out, "variants");
    for (size_t i = 0; i < post->n_variants; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "account_id", post->variants[i].account_id);
        add_short(one, "text", post->variants[i].text);
        cJSON_AddItemToArray(variants, one);
    }
    cJSON *images = cJSON_AddArrayToObject(out, "images");
    for (size_t i = 0; i < post->n_images; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "media_id", post->images[i].media_id);
        add_short(one, "alt", post->images[i].alt);
        cJSON_AddItemToArray(images, one);
    }
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
