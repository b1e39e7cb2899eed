/* A card: what people say of a media, tidied, searched and judged. Pure. */
#include "base/error.h"
#include "days/days.h"
#include "media/media_private.h"
#include "text/count.h"
#include "text/fold.h"
#include <string.h>

/* Blanks at the ends go; a line stays a line only where `is_long`. */
static const char *
tidy(HibArena *arena, const char *text, bool is_long)
{
    g_autofree char *out = g_strdup(hib_text_nfc(arena, text ? text : ""));
    for (char *at = out; *at; at++)
        if (((guchar)*at < ' ' && !(is_long && *at == '\n')) || *at == 127)
            *at = ' ';
    return hib_arena_strdup(arena, g_strstrip(out));
}

/* As tags of posts are typed: a leading # is a habit, not a part of it. */
static const char *
tidy_tag(HibArena *arena, const char *tag)
{
    const char *out = tidy(arena, tag, false);
    while (g_str_has_prefix(out, "#") || g_str_has_prefix(out, "＃"))
        out += *out == '#' ? 1 : strlen("＃");
    return out;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *
hib_card_tags(HibArena *arena, const char *const *tags, size_t n, size_t *ret_n)
{
    const char **out = hib_arena_array(arena, const char *, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const char *tag = tidy_tag(arena, tags[i]);
        if (*tag)
            out[kept++] = tag;
    }
    if (kept > 1)
        qsort(out, kept, sizeof *out, by_name);
    *ret_n = 0;
    for (size_t i = 0; i < kept; i++)
        if (!*ret_n || strcmp(out[*ret_n - 1], out[i]) != 0)
            out[(*ret_n)++] = out[i];
    out[*ret_n] = NULL;
    return out;
}

static bool
check_day(const char *day, const char *pointer, GError **error)
{
    if (!day || hib_day_number(day))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "media.bad_day", pointer, "no day %s", day);
    return false;
}

bool
hib_card_take(HibArena *arena, const HibMediaCard *in, HibMediaCard *ret, GError **error)
{
    *ret = *in;
    ret->title = tidy(arena, in->title, false);
    ret->note = tidy(arena, in->note, true);
    ret->alt = tidy(arena, in->alt, true);
    ret->owner = tidy(arena, in->owner, false);
    ret->terms = tidy(arena, in->terms, true);
    ret->source = tidy(arena, in->source, false);
    ret->consent_paper = tidy(arena, in->consent_paper, false);
    ret->tags = hib_card_tags(arena, in->tags, in->n_tags, &ret->n_tags);
    if (in->consent != HIB_CONSENT_OBTAINED)
        ret->consent_until = NULL;
    if (ret->n_tags > HIB_MEDIA_TAGS) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "media.too_many_tags", "/tags", "%zu tags",
                         ret->n_tags);
        return false;
    }
    return check_day(ret->expires_on, "/expires_on", error) &&
           check_day(ret->consent_until, "/consent_until", error);
}

const char *
hib_media_fold(HibArena *arena, const char *text)
{
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    g_autoptr(GString) out = g_string_sized_new(folded.n * 3);
    for (size_t i = 0; i < folded.n; i++)
        g_string_append_unichar(out, folded.chars[i]);
    return hib_arena_strdup(arena, out->str);
}

const char *
hib_card_words(HibArena *arena, const char *name, const HibMediaCard *card)
{
    g_autoptr(GString) all = g_string_new(NULL);
    const char *const texts[] = {name,      card->title, card->note,
                                 card->alt, card->owner, card->source};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_append_printf(all, "%s\n", hib_media_fold(arena, texts[i]));
    for (size_t i = 0; i < card->n_tags; i++)
        g_string_append_printf(all, "%s\n", hib_media_fold(arena, card->tags[i]));
    return hib_arena_strdup(arena, all->str);
}

const char *const *
hib_media_rights(HibArena *arena, const HibMediaCard *card, const char *day)
{
    const char **out = hib_arena_array(arena, const char *, 5);
    size_t n = 0;
    if (card->expires_on && strcmp(card->expires_on, day) < 0)
        out[n++] = "expired";
    if (card->consent == HIB_CONSENT_MISSING)
        out[n++] = "consent_missing";
    if (card->consent_until && strcmp(card->consent_until, day) < 0)
        out[n++] = "consent_ended";
    if (card->licence == HIB_LICENCE_UNKNOWN)
        out[n++] = "unknown";
    if (card->licence == HIB_LICENCE_UNSAID)
        out[n++] = "unsaid";
    out[n] = NULL;
    return out;
}
