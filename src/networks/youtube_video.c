/* What a video is said to be: its metadata from a post, and what YouTube would refuse of it before it is asked. */
#include "networks/youtube_private.h"

#include <string.h>

bool
hib_youtube_is_id(const char *remote_id)
{
    size_t n = remote_id ? strspn(remote_id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789-_.")
                         : 0;
    return n >= 1 && n <= 100 && !remote_id[n];
}

bool
hib_youtube_is_video(const char *remote_id)
{
    return hib_youtube_is_id(remote_id) && strlen(remote_id) == 11;
}

/* --- options ---------------------------------------------------------------------------------------------------- */
static HibJson
options_of(HibArena *arena, const HibNetPost *post)
{
    HibJson out = {0};
    const char *text = post->options ? post->options : "{}";
    if (!hib_json_parse(arena, text, strlen(text), &out, NULL) || !cJSON_IsObject(out.value))
        return (HibJson){.arena = arena, .path = ""};
    return out;
}

bool
hib_youtube_flag(HibArena *arena, const HibNetPost *post, const char *name, bool otherwise)
{
    HibJson options = options_of(arena, post);
    bool out = otherwise;
    if (options.value)
        (void)hib_json_opt_bool(options, name, &out, NULL);
    return out;
}

static const char *
choice(HibArena *arena, const HibNetPost *post, const char *name, const char *otherwise)
{
    HibJson options = options_of(arena, post);
    const char *out = NULL;
    return options.value && hib_json_opt_text(options, name, &out, NULL) && out && *out ? out
                                                                                        : otherwise;
}

/* --- metadata --------------------------------------------------------------------------------------------------------- */
static void
add_tags(cJSON *snippet, const char *text)
{
    g_auto(GStrv) tags = g_strsplit(text, ",", -1);
    cJSON *out = cJSON_CreateArray();
    for (char **tag = tags; *tag; tag++)
        if (*g_strstrip(*tag))
            cJSON_AddItemToArray(out, cJSON_CreateString(*tag));
    if (cJSON_GetArraySize(out))
        cJSON_AddItemToObject(snippet, "tags", out);
    else
        cJSON_Delete(out);
}

cJSON *
hib_youtube_video(HibArena *arena, const HibNetPost *post)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *snippet = cJSON_AddObjectToObject(out, "snippet");
    cJSON *status = cJSON_AddObjectToObject(out, "status");
    cJSON_AddStringToObject(snippet, "title", post->title ? post->title : "");
    cJSON_AddStringToObject(snippet, "description", post->text);
    cJSON_AddStringToObject(snippet, "categoryId", choice(arena, post, "category", "22"));
    add_tags(snippet, choice(arena, post, "tags", ""));
    if (post->langs && post->langs[0]) {
        cJSON_AddStringToObject(snippet, "defaultLanguage", post->langs[0]);
        cJSON_AddStringToObject(snippet, "defaultAudioLanguage", post->langs[0]);
    }
    cJSON_AddStringToObject(status, "privacyStatus", choice(arena, post, "privacy", "public"));
    cJSON_AddBoolToObject(status, "selfDeclaredMadeForKids",
                          hib_youtube_flag(arena, post, "made_for_kids", false));
    cJSON_AddBoolToObject(status, "embeddable", hib_youtube_flag(arena, post, "embeddable", true));
    cJSON_AddStringToObject(status, "license", choice(arena, post, "license", "youtube"));
    if (post->disclosure.is_ai_made)
        cJSON_AddBoolToObject(status, "containsSyntheticMedia", true);
    if (post->disclosure.is_advertising)
        cJSON_AddBoolToObject(cJSON_AddObjectToObject(out, "paidProductPlacementDetails"),
                              "hasPaidProductPlacement", true);
    return out;
}

/* --- what YouTube would refuse ------------------------------------------------------------------------------------------- */
/* All tags together, with the commas between and the quotes YouTube puts around those with a space. */
static glong
tags_length(const char *text)
{
    g_auto(GStrv) tags = g_strsplit(text, ",", -1);
    glong out = 0;
    for (char **tag = tags; *tag; tag++) {
        if (!*g_strstrip(*tag))
            continue;
        out += g_utf8_strlen(*tag, -1) + (strchr(*tag, ' ') ? 2 : 0) + (out ? 1 : 0);
    }
    return out;
}

static bool
is_one_of(const char *value, const char *const *values)
{
    for (; *values; values++)
        if (g_str_equal(value, *values))
            return true;
    return false;
}

static bool
refuse(const char *reason, const char *pointer, const char **ret_reason, const char **ret_pointer)
{
    *ret_reason = reason;
    *ret_pointer = pointer;
    return false;
}

bool
hib_youtube_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    static const char *const privacies[] = {"public", "unlisted", "private", NULL};
    static const char *const licenses[] = {"youtube", "creativeCommon", NULL};
    g_autoptr(HibArena) arena = hib_arena_new();
    if (post->reply_to)
        return !*post->reply_to || /* what it follows is not out yet */
               hib_youtube_is_id(post->reply_to) ||
               refuse("post.option_invalid", "/reply_to", ret_reason, ret_pointer);
    if (post->format == HIB_FORMAT_POST) /* a comment needs something it stands under */
        return refuse("post.format", "/format", ret_reason, ret_pointer);
    size_t n_videos = 0;
    for (size_t i = 0; i < post->n_media; i++)
        n_videos += post->media[i].kind == HIB_NET_VIDEO;
    if (n_videos != 1)
        return refuse("post.media_missing", "/media", ret_reason, ret_pointer);
    if (strpbrk(post->text, "<>"))
        return refuse("post.text_refused", "/text", ret_reason, ret_pointer);
    if (post->title && strpbrk(post->title, "<>\r\n"))
        return refuse("post.text_refused", "/title", ret_reason, ret_pointer);
    const char *tags = choice(arena, post, "tags", "");
    if (tags_length(tags) > HIB_YOUTUBE_MAX_TAGS || strpbrk(tags, "<>"))
        return refuse("post.option_invalid", "/options/tags", ret_reason, ret_pointer);
    if (!is_one_of(choice(arena, post, "privacy", "public"), privacies))
        return refuse("post.option_invalid", "/options/privacy", ret_reason, ret_pointer);
    if (!is_one_of(choice(arena, post, "license", "youtube"), licenses))
        return refuse("post.option_invalid", "/options/license", ret_reason, ret_pointer);
    const char *category = choice(arena, post, "category", "22");
    if (strspn(category, "0123456789") != strlen(category) || strlen(category) > 3)
        return refuse("post.option_invalid", "/options/category", ret_reason, ret_pointer);
    return true;
}
