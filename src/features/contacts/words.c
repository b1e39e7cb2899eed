/* Names as they are looked for and compared. A search begins at a word, in Japanese at any character, since nobody knows where its words begin; so two characters of
 * a name are enough, and an index of beginnings finds them. */
#include "contacts/contacts_private.h"
#include "text/fold.h"
#include <string.h>

#define WORDS_OF_A_TEXT 24

static bool
is_japanese(uint32_t c)
{
    return (c >= 0x3040 && c < 0xa000) || (c >= 0xac00 && c < 0xd7b0) || c >= 0xf900;
}

static const char *
from_chars(HibArena *arena, const uint32_t *chars, size_t n)
{
    GString *out = g_string_sized_new(48);
    for (size_t i = 0; i < MIN(n, HIB_WORD_CHARS); i++)
        g_string_append_unichar(out, chars[i]);
    const char *text = hib_arena_strdup(arena, out->str);
    g_string_free(out, TRUE);
    return text;
}

const char *const *
hib_contact_words(HibArena *arena, const char *text)
{
    const char **words = hib_arena_array(arena, const char *, WORDS_OF_A_TEXT + 1);
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < WORDS_OF_A_TEXT; i++) {
        if (!g_unichar_isalnum(folded.chars[i]))
            continue;
        if (i && !is_japanese(folded.chars[i]) && g_unichar_isalnum(folded.chars[i - 1]) &&
            !is_japanese(folded.chars[i - 1]))
            continue;
        words[n++] = from_chars(arena, folded.chars + i, folded.n - i);
    }
    return words;
}

const char *
hib_contact_sought(HibArena *arena, const char *text, const char **ret_upto)
{
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    size_t start = 0;
    while (start < folded.n && !g_unichar_isalnum(folded.chars[start]))
        start++;
    if (start == folded.n)
        return NULL;
    const char *from = from_chars(arena, folded.chars + start, folded.n - start);
    *ret_upto = hib_arena_printf(arena, "%s\xf4\x8f\xbf\xbf", from);
    return from;
}

bool
hib_contact_is_global(const char *network)
{
    return g_str_equal(network, "bluesky") || g_str_equal(network, "x") ||
           g_str_equal(network, "youtube");
}

/* "@kissa.hibiki@mastodon.example" and "kissa_hibiki" are both "kissahibiki"; a handle on Bluesky is a name of the domain system, its first label what people chose. */
const char *
hib_contact_core(HibArena *arena, const char *network, const char *handle)
{
    const char *start = handle + strspn(handle, "@");
    size_t n = strcspn(start, "@");
    if (g_str_equal(network, "bluesky"))
        n = MIN(n, strcspn(start, "."));
    char *core = hib_arena_strndup(arena, start, n), *end = core;
    for (const char *at = core; *at; at++)
        if (!strchr("._-", *at))
            *end++ = g_ascii_tolower(*at);
    *end = '\0';
    return g_utf8_strlen(core, -1) >= 4 ? core : "";
}
