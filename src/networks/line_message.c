/* A post as LINE's message objects: at most five bubbles of one request. Built once, kept word for word, and sent from there: what
 * is repeated under a retry key must be the same to the byte.
 *
 * The same code judges a post before it is scheduled; addresses of media are not known then and stand empty. */
#include "networks/check.h"
#include "networks/line_limits.h"
#include "networks/line_private.h"
#include "text/count.h"

#include <string.h>

void
hib_line_fault(LineBuild *build, const char *reason, const char *pointer)
{
    if (!build->fault.reason)
        build->fault = (LineFault){reason, pointer};
}

const char *
hib_line_media_url(LineBuild *build, size_t i, const char *pointer)
{
    if (i >= build->post->n_media || build->post->media[i].kind == HIB_NET_VIDEO) {
        hib_line_fault(build, "post.option_value", pointer);
        return "";
    }
    build->is_shown |= 1u << i;
    return build->post->media[i].url ? build->post->media[i].url : "";
}

const char *
hib_line_text(LineBuild *build, HibJson in, const char *key, size_t most, bool is_needed,
              const char *pointer)
{
    const char *text = NULL;
    bool is_read = hib_json_opt_text(in, key, &text, NULL);
    bool is_missing = is_read && is_needed && (!text || !*text);
    if (!is_read || is_missing || (text && hib_text_graphemes(text) > most)) {
        hib_line_fault(build, is_missing ? "post.option_missing" : "post.option_value", pointer);
        return NULL;
    }
    return text && *text ? text : NULL;
}

/* --- bubbles ----------------------------------------------------------------------------------------------------- */
static cJSON *
of_media(const HibNetMedia *media)
{
    const char *url = media->url ? media->url : "";
    const char *preview = media->preview_url ? media->preview_url : url;
    cJSON *bubble = cJSON_CreateObject();
    cJSON_AddStringToObject(bubble, "type", media->kind == HIB_NET_VIDEO ? "video" : "image");
    cJSON_AddStringToObject(bubble, "originalContentUrl", url);
    cJSON_AddStringToObject(bubble, "previewImageUrl", preview);
    return bubble;
}

static void
add_text(const HibNetPost *post, cJSON *messages)
{
    if (hib_net_is_blank(post->text))
        return;
    cJSON *bubble = cJSON_CreateObject();
    cJSON_AddStringToObject(bubble, "type", "text");
    cJSON_AddStringToObject(bubble, "text", post->text);
    cJSON_AddItemToArray(messages, bubble);
}

static void
add_media(const LineBuild *build, cJSON *messages)
{
    for (size_t i = 0; i < build->post->n_media; i++)
        if (!(build->is_shown >> i & 1))
            cJSON_AddItemToArray(messages, of_media(&build->post->media[i]));
}

/* Who it seems to come from, on every bubble. */
static void
add_sender(LineBuild *build, HibJson options, cJSON *messages)
{
    const char *name =
        hib_line_text(build, options, "sender_name", 20, false, "/options/sender_name");
    const char *icon =
        hib_line_text(build, options, "sender_icon", 2000, false, "/options/sender_icon");
    if (icon && !g_str_has_prefix(icon, "https://"))
        hib_line_fault(build, "post.option_value", "/options/sender_icon");
    cJSON *bubble;
    cJSON_ArrayForEach(bubble, messages)
    {
        if (!name && !icon)
            return;
        cJSON *sender = cJSON_AddObjectToObject(bubble, "sender");
        if (name)
            cJSON_AddStringToObject(sender, "name", name);
        if (icon)
            cJSON_AddStringToObject(sender, "iconUrl", icon);
    }
}

static cJSON *
add_messages(LineBuild *build, HibJson options, cJSON *body)
{
    HibJson rich = {0};
    HibJson quick = {0};
    const char *order = "text_first";
    cJSON *messages = cJSON_AddArrayToObject(body, "messages");
    if (!hib_json_opt_object(options, "rich", &rich, NULL))
        hib_line_fault(build, "post.option_value", "/options/rich");
    if (!hib_json_opt_array(options, "quick_replies", &quick, NULL))
        hib_line_fault(build, "post.option_value", "/options/quick_replies");
    if (!hib_json_opt_text(options, "order", &order, NULL))
        hib_line_fault(build, "post.option_value", "/options/order");
    cJSON *card = rich.value ? hib_line_rich(build, rich) : NULL;
    bool is_text_first = !g_str_equal(order, "media_first");
    if (is_text_first)
        add_text(build->post, messages);
    add_media(build, messages);
    if (!is_text_first)
        add_text(build->post, messages);
    if (card)
        cJSON_AddItemToArray(messages, card);
    add_sender(build, options, messages);
    int n = cJSON_GetArraySize(messages);
    cJSON *items = quick.value && n ? hib_line_quick_replies(build, quick) : NULL;
    if (items) /* the app shows those of the last bubble only */
        cJSON_AddItemToObject(
            cJSON_AddObjectToObject(cJSON_GetArrayItem(messages, n - 1), "quickReply"), "items",
            items);
    if (!n)
        hib_line_fault(build, "post.empty", "/text");
    if (n > HIB_LINE_MAX_BUBBLES)
        hib_line_fault(build, "post.too_many_bubbles", "/media");
    return messages;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */
static HibJson
read_options(LineBuild *build)
{
    static const cJSON none = {.type = cJSON_Object};
    const char *text = build->post->options;
    HibJson options = {.value = &none, .path = "", .arena = build->arena};
    if (!text || !*text)
        return options;
    HibJson read = {0};
    if (hib_json_parse(build->arena, text, strlen(text), &read, NULL) && cJSON_IsObject(read.value))
        return read;
    hib_line_fault(build, "post.option_value", "/options");
    return options;
}

static void
add_unit(LineBuild *build, HibJson options, cJSON *body)
{
    const char *unit =
        hib_line_text(build, options, "aggregation_unit", 30, false, "/options/aggregation_unit");
    if (!unit)
        return;
    for (const char *c = unit; *c; c++)
        if (!g_ascii_isalnum(*c) && *c != '_') {
            hib_line_fault(build, "post.option_value", "/options/aggregation_unit");
            return;
        }
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "customAggregationUnits"),
                         cJSON_CreateString(unit));
}

cJSON *
hib_line_body(HibArena *arena, const HibNetPost *post, LineFault *ret)
{
    LineBuild build = {.arena = arena, .post = post};
    HibJson options = read_options(&build);
    cJSON *body = cJSON_CreateObject();
    if (post->n_media > 32)
        hib_line_fault(&build, "post.too_many_media", "/media");
    else if (post->format == HIB_FORMAT_MESSAGE && (!post->recipient || !*post->recipient))
        hib_line_fault(&build, "post.recipient_missing", "/recipient");
    else {
        if (post->format == HIB_FORMAT_MESSAGE)
            cJSON_AddStringToObject(body, "to", post->recipient);
        add_messages(&build, options, body);
        if (post->format == HIB_FORMAT_NARROWCAST)
            hib_line_audience(&build, options, body);
        if (post->format == HIB_FORMAT_MESSAGE)
            add_unit(&build, options, body);
        bool is_silent = false;
        if (!hib_json_opt_bool(options, "silent", &is_silent, NULL))
            hib_line_fault(&build, "post.option_value", "/options/silent");
        cJSON_AddBoolToObject(body, "notificationDisabled", is_silent);
    }
    *ret = build.fault;
    if (!ret->reason)
        return body;
    cJSON_Delete(body);
    return NULL;
}

bool
hib_line_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    LineFault fault = {0};
    g_autoptr(cJSON) body = hib_line_body(arena, post, &fault);
    /* It is kept as progress, with room for what else stands there. */
    if (body && strlen(hib_net_progress_text(arena, body)) > HIB_NET_PROGRESS_BYTES - 4096)
        fault = (LineFault){"post.over_bytes", "/options/rich"};
    for (size_t i = 0; i < post->n_media; i++)
        if (!post->media[i].url) /* LINE fetches them */
            fault = (LineFault){"post.media_unreachable", "/media"};
    *ret_reason = fault.reason;
    *ret_pointer = fault.pointer;
    return !fault.reason;
}
