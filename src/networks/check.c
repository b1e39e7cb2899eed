/* See check.h. Media are judged by what the library knows of them; 0 (not known) passes, the network has the last word. */
#include "networks/check.h"
#include "text/links.h"

#include <string.h>

typedef struct {
    HibArena *arena;
    const HibNetLimits *limits;
    const HibNetFormatLimits *form;
    HibNetProblem *rows;
    size_t n, most;
} Check;

static void
add(Check *check, const char *reason, const char *pointer, double limit, double actual)
{
    if (check->n < check->most)
        check->rows[check->n++] =
            (HibNetProblem){.reason = reason, .pointer = pointer, .limit = limit, .actual = actual};
}

/* Spaces, and what has no width of its own: joiners, marks of direction, variation selectors, Hangul fillers. */
static bool
is_seen(gunichar c)
{
    static const gunichar fillers[] = {0x115f, 0x1160, 0x3164, 0xffa0};
    for (size_t i = 0; i < G_N_ELEMENTS(fillers); i++)
        if (c == fillers[i])
            return false;
    return !g_unichar_isspace(c) && !g_unichar_iscntrl(c) &&
           g_unichar_type(c) != G_UNICODE_FORMAT && !(c >= 0xfe00 && c <= 0xfe0f);
}

bool
hib_net_is_blank(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (is_seen(g_utf8_get_char(at)))
            return false;
    return true;
}

/* Graphemes are dear to count, and never more than characters, which are not. */
static bool
is_surely_short(const HibNetLimits *limits, HibNetFormat format, const char *text)
{
    const HibNetFormatLimits *form = hib_net_format(limits, format);
    const int most = form && form->max_text ? form->max_text : limits->max_text;
    const size_t n = strlen(text);
    return limits->unit == HIB_UNIT_GRAPHEMES &&
           (!limits->max_bytes || n <= (size_t)limits->max_bytes) &&
           (!most || n <= (size_t)most || g_utf8_strlen(text, -1) <= most);
}

/* --- text -------------------------------------------------------------------------------------------------------------- */
static void
check_text(Check *check, const HibNetPost *post)
{
    const HibNetLimits *limits = check->limits;
    const bool is_short = is_surely_short(limits, post->format, post->text);
    const HibNetCount count =
        is_short ? (HibNetCount){0} : hib_net_count_in(limits, post->format, post->text);
    bool is_blank = hib_net_is_blank(post->text);
    if (is_blank && ((!post->n_media && !check->form->can_be_bare) || check->form->needs_text))
        add(check, "post.empty", "/text", 0, 0);
    if (count.max && count.used > count.max)
        add(check, "post.over_limit", "/text", count.max, count.used);
    else if (count.is_over)
        add(check, "post.over_bytes", "/text", count.max_bytes, count.bytes);
    if (check->form->needs_title && !post->reply_to &&
        (!post->title || hib_net_is_blank(post->title)))
        add(check, "post.title_missing", "/title", limits->max_title, 0);
    int title = post->title && limits->max_title ? hib_net_units(limits->unit, post->title) : 0;
    if (title > limits->max_title)
        add(check, "post.title_too_long", "/title", limits->max_title, title);
}

/* --- what is in the text ------------------------------------------------------------------------------------------------ */
/* "@name" as people write it, whatever the network makes of it; not the @ of an e-mail address. */
static size_t
count_mentions(const char *text)
{
    size_t n = 0;
    for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@')) {
        bool is_inside = at > text && (g_ascii_isalnum(at[-1]) || strchr("_.@/", at[-1]));
        n += !is_inside && (g_ascii_isalnum(at[1]) || at[1] == '_');
    }
    return n;
}

static void
check_parts(Check *check, const HibNetPost *post)
{
    const HibNetLimits *limits = check->limits;
    if (!limits->max_hashtags && !limits->max_mentions && !limits->max_links)
        return;
    const HibLink *links = NULL;
    size_t n = hib_text_links(check->arena, post->text, &links), n_tags = 0, n_links = 0;
    for (size_t i = 0; i < n; i++) {
        n_tags += links[i].kind == HIB_LINK_TAG;
        n_links += links[i].kind == HIB_LINK_URL;
    }
    const struct {
        const char *reason;
        int limit;
        size_t actual;
    } rules[] = {{"post.too_many_hashtags", limits->max_hashtags, n_tags},
                 {"post.too_many_mentions", limits->max_mentions, count_mentions(post->text)},
                 {"post.too_many_links", limits->max_links, n_links}};
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (rules[i].limit && rules[i].actual > (size_t)rules[i].limit)
            add(check, rules[i].reason, "/text", rules[i].limit, (double)rules[i].actual);
}

/* --- media ------------------------------------------------------------------------------------------------------------- */
static bool
has_type(const HibNetMediaSpec *spec, const char *mime)
{
    for (const char *const *type = spec->types; mime && type && *type; type++)
        if (g_str_equal(*type, mime))
            return true;
    return false;
}

static bool
is_outside(double value, double low, double high)
{
    return value > 0 && ((low > 0 && value < low) || (high > 0 && value > high));
}

static void
add_fittable(Check *check, const char *reason, const char *pointer, double limit, double actual)
{
    size_t before = check->n;
    add(check, reason, pointer, limit, actual);
    if (check->n > before)
        check->rows[before].is_fittable = true;
}

static void
check_shape(Check *check, const HibNetMediaSpec *spec, const HibNetMedia *one, const char *at)
{
    double ratio = one->width && one->height ? (double)one->width / one->height : 0;
    if (is_outside(ratio, spec->min_ratio * 0.999, spec->max_ratio * 1.001))
        add_fittable(check, "post.media_ratio", at,
                     ratio < spec->min_ratio ? spec->min_ratio : spec->max_ratio, ratio);
    if (is_outside(one->width, 0, spec->max_width) || is_outside(one->height, 0, spec->max_height))
        add_fittable(check, "post.media_too_wide", at, MAX(spec->max_width, spec->max_height),
                     MAX(one->width, one->height));
    if (is_outside(one->width, spec->min_width, 0) || is_outside(one->height, spec->min_height, 0))
        add(check, "post.media_too_small", at, MAX(spec->min_width, spec->min_height),
            MIN(one->width, one->height));
    if (spec->min_ms && one->duration_ms && one->duration_ms < spec->min_ms)
        add(check, "post.video_too_short", at, (double)spec->min_ms / 1000,
            (double)one->duration_ms / 1000);
    if (spec->max_ms && one->duration_ms > spec->max_ms)
        add(check, "post.video_too_long", at, (double)spec->max_ms / 1000,
            (double)one->duration_ms / 1000);
}

static void
check_one(Check *check, const HibNetMedia *one, size_t i)
{
    const HibNetFormatLimits *form = check->form;
    const char *at = hib_arena_printf(check->arena, "/media/%zu", i);
    bool is_gif_apart = one->kind == HIB_NET_GIF && form->gif.types;
    const HibNetMediaSpec *spec = one->kind == HIB_NET_VIDEO ? &form->video
                                  : is_gif_apart             ? &form->gif
                                                             : &form->image;
    if (!spec->types) {
        add(check, "post.media_kind", at, 0, 0);
        return;
    }
    if (!has_type(spec, one->mime))
        add_fittable(check, "post.media_type", at, 0, 0);
    if (spec->max_bytes && one->bytes > spec->max_bytes)
        add_fittable(check, "post.media_too_large", at, (double)spec->max_bytes,
                     (double)one->bytes);
    check_shape(check, spec, one, at);
    int alt = check->limits->max_alt ? hib_net_units(HIB_UNIT_GRAPHEMES, one->alt) : 0;
    if (alt > check->limits->max_alt)
        add(check, "post.alt_too_long", hib_arena_printf(check->arena, "/media/%zu/alt", i),
            check->limits->max_alt, alt);
}

static void
check_media(Check *check, const HibNetPost *post)
{
    const HibNetFormatLimits *form = check->form;
    size_t n_videos = 0;
    for (size_t i = 0; i < post->n_media; i++)
        n_videos += post->media[i].kind == HIB_NET_VIDEO;
    if (post->n_media > (size_t)form->max_media)
        add(check, "post.too_many_media",
            hib_arena_printf(check->arena, "/media/%d", form->max_media), form->max_media,
            (double)post->n_media);
    if (!post->reply_to && post->n_media < (size_t)form->min_media) /* an answer is words */
        add(check, "post.media_missing", "/media", form->min_media, (double)post->n_media);
    if (n_videos > (size_t)form->max_videos)
        add(check, "post.too_many_videos", "/media", form->max_videos, (double)n_videos);
    if (n_videos && n_videos < post->n_media && !form->can_mix)
        add(check, "post.media_mixed", "/media", 0, 0);
    for (size_t i = 0; i < post->n_media; i++)
        check_one(check, &post->media[i], i);
}

size_t
hib_net_check(HibArena *arena, const HibNetwork *network, const HibNetPost *post,
              HibNetProblem *ret, size_t most)
{
    const HibNetLimits *limits = post->limits ? post->limits : network->limits();
    Check check = {.arena = arena,
                   .limits = limits,
                   .form = hib_net_format(limits, post->format),
                   .rows = ret,
                   .most = most};
    const char *reason, *pointer;
    if (!check.form) {
        add(&check, "post.format", "/format", 0, 0);
        return check.n;
    }
    check_text(&check, post);
    check_parts(&check, post);
    check_media(&check, post);
    if (network->check && !network->check(post, &reason, &pointer))
        add(&check, reason, pointer, 0, 0);
    return check.n;
}
