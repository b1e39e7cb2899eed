/* Cards of LINE from our own short form (rules/networks/line.json, option "rich"): a picture with tappable areas, carousels,
 * buttons, a question, or LINE's own Flex JSON. Every limit is LINE's, counted as LINE counts here: what a reader calls characters. */
#include "networks/line_limits.h"
#include "networks/line_private.h"

#include <string.h>

#define RICH "/options/rich"
#define COLUMNS "/options/rich/columns"
#define QUICK "/options/quick_replies"

/* --- places -------------------------------------------------------------------------------------------------------- */
/* Pointers outlive the arena they would lie in, so they are interned; there are few: lists are cut where LINE ends them. */
static const char *
below(const char *at, const char *key)
{
    g_autofree char *pointer = g_strconcat(at, "/", key, NULL);
    return g_intern_string(pointer);
}

static const char *
nth(const char *at, size_t i)
{
    g_autofree char *pointer = g_strdup_printf("%s/%zu", at, i);
    return i < HIB_LINE_MAX_AREAS ? g_intern_string(pointer) : at;
}

static const char *
text_of(LineBuild *build, HibJson in, const char *key, size_t most, bool is_needed, const char *at)
{
    return hib_line_text(build, in, key, most, is_needed, below(at, key));
}

/* --- actions ------------------------------------------------------------------------------------------------------- */
static bool
is_link(const char *text)
{
    static const char *const schemes[] = {"https://", "http://", "tel:", "line://"};
    for (size_t i = 0; text && i < G_N_ELEMENTS(schemes); i++)
        if (g_str_has_prefix(text, schemes[i]))
            return true;
    return false;
}

/* The one thing a tap does: link, text, data or copy; and in a quick reply, open. Its key is *ret_key. */
static const char *
what_happens(LineBuild *build, HibJson in, bool may_open, const char *pointer, const char **ret_key)
{
    static const struct {
        const char *key;
        size_t most;
    } kinds[] = {{"link", 1000}, {"text", 300}, {"data", 300}, {"copy", 1000}, {"open", 20}};
    const char *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const char *text = text_of(build, in, kinds[i].key, kinds[i].most, false, pointer);
        if (text && (found || (i == 4 && !may_open)))
            hib_line_fault(build, "post.option_value", pointer);
        if (text) {
            found = text;
            *ret_key = kinds[i].key;
        }
    }
    if (!found) {
        hib_line_fault(build, "post.option_missing", pointer);
        return NULL;
    }
    if (g_str_equal(*ret_key, "link") && !is_link(found)) {
        hib_line_fault(build, "post.option_value", below(pointer, "link"));
        return NULL;
    }
    return found;
}

static void
put(cJSON *to, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(to, key, text);
}

/* {label, one of link text data copy open} → an action object; NULL with a fault. */
static cJSON *
action(LineBuild *build, HibJson in, size_t most_label, bool needs_label, bool may_open,
       const char *pointer)
{
    static const struct {
        const char *key, *type, *field;
    } kinds[] = {{"link", "uri", "uri"},
                 {"text", "message", "text"},
                 {"data", "postback", "data"},
                 {"copy", "clipboard", "clipboardText"}};
    const char *key = NULL;
    if (!cJSON_IsObject(in.value)) {
        hib_line_fault(build, "post.option_value", pointer);
        return NULL;
    }
    const char *label = text_of(build, in, "label", most_label, needs_label, pointer);
    const char *value = what_happens(build, in, may_open, pointer, &key);
    if (!value)
        return NULL;
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(key, kinds[i].key)) {
            cJSON_AddStringToObject(out, "type", kinds[i].type);
            put(out, "label", label);
            cJSON_AddStringToObject(out, kinds[i].field, value);
        }
    if (g_str_equal(key, "data"))
        put(out, "displayText", text_of(build, in, "display", 300, false, pointer));
    if (g_str_equal(key, "open")) {
        if (!g_str_equal(value, "camera") && !g_str_equal(value, "cameraRoll") &&
            !g_str_equal(value, "location"))
            hib_line_fault(build, "post.option_value", pointer);
        cJSON_AddStringToObject(out, "type", value);
        put(out, "label", label);
    }
    return out;
}

/* in[key] as a list of `least` to `most` actions, put into `to`. How many. */
static size_t
add_actions(LineBuild *build, HibJson in, cJSON *to, size_t least, size_t most, const char *at)
{
    HibJson list = {0};
    size_t n = 0;
    const char *place = below(at, "actions");
    cJSON *out = cJSON_AddArrayToObject(to, "actions");
    if (hib_json_array(in, "actions", &list, NULL))
        for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one), n++)
            cJSON_AddItemToArray(
                out, action(build, one, HIB_LINE_MAX_LABEL, true, false, nth(place, n)));
    if (n < least || n > most)
        hib_line_fault(build, n < least ? "post.option_missing" : "post.option_value", place);
    return n;
}

static void
add_tap(LineBuild *build, HibJson in, cJSON *to, const char *at)
{
    HibJson tap = {0};
    const char *place = below(at, "tap");
    if (!hib_json_opt_object(in, "tap", &tap, NULL))
        hib_line_fault(build, "post.option_value", place);
    cJSON *out = tap.value ? action(build, tap, HIB_LINE_MAX_LABEL, false, false, place) : NULL;
    if (out)
        cJSON_AddItemToObject(to, "defaultAction", out);
}

/* --- cards ----------------------------------------------------------------------------------------------------------- */
/* Address of in.image, one of the post's pictures; NULL: it names none. */
static const char *
picture(LineBuild *build, HibJson in, bool is_needed, const char *at)
{
    int64_t i = -1;
    if (!hib_json_opt_int(in, "image", &i, NULL) || (is_needed && i < 0) || i >= 32) {
        hib_line_fault(build, i < 0 ? "post.option_missing" : "post.option_value",
                       below(at, "image"));
        return NULL;
    }
    return i < 0 ? NULL : hib_line_media_url(build, (size_t)i, below(at, "image"));
}

static cJSON *
area(LineBuild *build, HibJson in, int64_t height, const char *at_area)
{
    static const char *const sides[] = {"x", "y", "width", "height"};
    int64_t at[4] = {-1, -1, 0, 0};
    const char *key = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++)
        if (!cJSON_IsObject(in.value) || !hib_json_int(in, sides[i], &at[i], NULL))
            at[0] = -1;
    const char *value =
        cJSON_IsObject(in.value) ? what_happens(build, in, false, at_area, &key) : NULL;
    if (at[0] < 0 || at[1] < 0 || at[2] < 1 || at[3] < 1 ||
        at[0] + at[2] > HIB_LINE_IMAGEMAP_WIDTH || at[1] + at[3] > height || !value ||
        g_str_equal(key, "data")) {
        hib_line_fault(build, "post.option_value", at_area);
        return NULL;
    }
    cJSON *out = cJSON_CreateObject();
    bool is_link = g_str_equal(key, "link"), is_copy = g_str_equal(key, "copy");
    cJSON_AddStringToObject(out, "type", is_link ? "uri" : is_copy ? "clipboard" : "message");
    put(out, "label", text_of(build, in, "label", 100, false, at_area));
    cJSON_AddStringToObject(out, is_link ? "linkUri" : is_copy ? "clipboardText" : "text", value);
    cJSON *place = cJSON_AddObjectToObject(out, "area");
    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++)
        cJSON_AddNumberToObject(place, sides[i], (double)at[i]);
    return out;
}

static void
imagemap(LineBuild *build, HibJson in, cJSON *out)
{
    HibJson areas = {0};
    int64_t height = 0;
    size_t n = 0;
    const char *url = picture(build, in, true, RICH), *place = below(RICH, "areas");
    if (!hib_json_int(in, "height", &height, NULL) || height < 1 || height > 20000 ||
        !hib_json_array(in, "areas", &areas, NULL)) {
        hib_line_fault(build, "post.option_value", RICH);
        return;
    }
    cJSON_AddStringToObject(out, "baseUrl", url ? url : "");
    cJSON *size = cJSON_AddObjectToObject(out, "baseSize");
    cJSON_AddNumberToObject(size, "width", HIB_LINE_IMAGEMAP_WIDTH);
    cJSON_AddNumberToObject(size, "height", (double)height);
    cJSON *actions = cJSON_AddArrayToObject(out, "actions");
    for (HibJson one = hib_json_first(areas); one.value; one = hib_json_next(areas, one), n++)
        cJSON_AddItemToArray(actions, area(build, one, height, nth(place, n)));
    if (n < 1 || n > HIB_LINE_MAX_AREAS)
        hib_line_fault(build, n < 1 ? "post.option_missing" : "post.option_value", place);
}

/* Title, picture and text that buttons and the columns of a carousel share; true when title or picture is there. */
static bool
add_head(LineBuild *build, HibJson in, cJSON *to, size_t most_bare, size_t most_headed,
         const char *at)
{
    const char *url = picture(build, in, false, at);
    const char *title = text_of(build, in, "title", 40, false, at);
    put(to, "thumbnailImageUrl", url);
    put(to, "title", title);
    put(to, "text", text_of(build, in, "text", url || title ? most_headed : most_bare, true, at));
    add_tap(build, in, to, at);
    return url || title;
}

static void
carousel(LineBuild *build, HibJson columns, cJSON *to)
{
    size_t n = 0, n_actions = 0;
    bool is_headed = false;
    for (HibJson one = hib_json_first(columns); one.value; one = hib_json_next(columns, one), n++) {
        const char *at = nth(COLUMNS, n);
        if (!cJSON_IsObject(one.value)) {
            hib_line_fault(build, "post.option_value", at);
            return;
        }
        cJSON *column = cJSON_CreateObject();
        cJSON_AddItemToArray(to, column);
        bool has_head = add_head(build, one, column, 120, 60, at);
        size_t has_actions = add_actions(build, one, column, 1, 3, at);
        if (n > 0 && (has_head != is_headed || has_actions != n_actions))
            hib_line_fault(build, "post.columns_unlike", at);
        is_headed = has_head;
        n_actions = has_actions;
    }
}

static void
image_carousel(LineBuild *build, HibJson columns, cJSON *to)
{
    size_t n = 0;
    for (HibJson one = hib_json_first(columns); one.value; one = hib_json_next(columns, one), n++) {
        HibJson tap = {0};
        const char *at = nth(COLUMNS, n);
        if (!cJSON_IsObject(one.value) || !hib_json_object(one, "action", &tap, NULL)) {
            hib_line_fault(build, "post.option_value", at);
            return;
        }
        cJSON *column = cJSON_CreateObject();
        cJSON_AddItemToArray(to, column);
        put(column, "imageUrl", picture(build, one, true, at));
        cJSON *act = action(build, tap, 12, false, false, below(at, "action"));
        if (act)
            cJSON_AddItemToObject(column, "action", act);
    }
}

static void template(LineBuild *build, HibJson in, const char *kind, cJSON *out)
{
    HibJson columns = {0};
    const char *shape = NULL, *fit = NULL;
    cJSON *to = cJSON_AddObjectToObject(out, "template");
    cJSON_AddStringToObject(to, "type", kind);
    if (g_str_equal(kind, "buttons")) {
        (void)add_head(build, in, to, 160, 60, RICH);
        (void)add_actions(build, in, to, 1, 4, RICH);
        return;
    }
    if (g_str_equal(kind, "confirm")) {
        put(to, "text", text_of(build, in, "text", 240, true, RICH));
        (void)add_actions(build, in, to, 2, 2, RICH);
        return;
    }
    if (!hib_json_array(in, "columns", &columns, NULL) || hib_json_count(columns) < 1 ||
        hib_json_count(columns) > HIB_LINE_MAX_COLUMNS) {
        hib_line_fault(build, "post.option_value", COLUMNS);
        return;
    }
    cJSON *list = cJSON_AddArrayToObject(to, "columns");
    if (g_str_equal(kind, "image_carousel")) {
        image_carousel(build, columns, list);
        return;
    }
    carousel(build, columns, list);
    shape = text_of(build, in, "shape", 20, false, RICH);
    fit = text_of(build, in, "fit", 20, false, RICH);
    put(to, "imageAspectRatio", shape);
    put(to, "imageSize", fit);
}

cJSON *
hib_line_rich(LineBuild *build, HibJson rich)
{
    static const char *const templates[] = {"carousel", "image_carousel", "buttons", "confirm"};
    const char *kind = text_of(build, rich, "kind", 20, true, RICH);
    const char *alt = text_of(build, rich, "alt", HIB_LINE_MAX_ALT_TEXT, true, RICH);
    HibJson contents = {0};
    cJSON *out = cJSON_CreateObject();
    bool is_known = false;
    for (size_t i = 0; kind && i < G_N_ELEMENTS(templates); i++)
        if (g_str_equal(kind, templates[i])) {
            is_known = true;
            cJSON_AddStringToObject(out, "type", "template");
            put(out, "altText", alt);
            template(build, rich, kind, out);
        }
    if (kind && g_str_equal(kind, "imagemap")) {
        is_known = true;
        cJSON_AddStringToObject(out, "type", "imagemap");
        put(out, "altText", alt);
        imagemap(build, rich, out);
    }
    if (kind && g_str_equal(kind, "flex") && hib_json_object(rich, "contents", &contents, NULL)) {
        is_known = true;
        cJSON_AddStringToObject(out, "type", "flex");
        put(out, "altText", alt);
        cJSON_AddItemToObject(out, "contents", cJSON_Duplicate(contents.value, true));
    }
    if (!is_known)
        hib_line_fault(build, "post.option_value", RICH);
    else if (strlen(hib_net_progress_text(build->arena, out)) > HIB_LINE_MAX_RICH_BYTES)
        hib_line_fault(build, "post.over_bytes", RICH);
    return out;
}

cJSON *
hib_line_quick_replies(LineBuild *build, HibJson list)
{
    cJSON *items = cJSON_CreateArray();
    size_t n = 0;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one), n++) {
        cJSON *act = action(build, one, HIB_LINE_MAX_LABEL, true, true, nth(QUICK, n));
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(items, item);
        cJSON_AddStringToObject(item, "type", "action");
        if (act)
            cJSON_AddItemToObject(item, "action", act);
    }
    if (n < 1 || n > HIB_LINE_MAX_QUICK_REPLIES)
        hib_line_fault(build, "post.option_value", QUICK);
    return items;
}
