/* Short words in one column: tags (one a line), names of networks and industries (a blank between them). */
#include "plan/plan_private.h"
#include "text/count.h"
#include <string.h>

/* In NFC, without blanks at the ends, a leading # or anything that would break a line; "" when nothing is left. */
static const char *
tidy(HibArena *arena, const char *word)
{
    g_autofree char *text = g_strdup(hib_text_nfc(arena, word));
    for (char *at = text; *at; at++)
        if ((guchar)*at < ' ' || *at == 127)
            *at = ' ';
    const char *start = g_strstrip(text);
    while (g_str_has_prefix(start, "#") || g_str_has_prefix(start, "＃"))
        start += *start == '#' ? 1 : strlen("＃");
    return hib_arena_strdup(arena, start);
}

const char *
hib_tags_join(HibArena *arena, const char *const *words, size_t n)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        const char *word = tidy(arena, words[i]);
        if (!*word || !g_hash_table_add(seen, (gpointer)word))
            continue;
        g_string_append_printf(out, "%s%s", out->len ? "\n" : "", word);
    }
    return hib_arena_strdup(arena, out->str);
}

const char **
hib_tags_split(HibArena *arena, const char *text, char between, size_t *ret_n)
{
    size_t most = 1;
    for (const char *at = text; *at; at++)
        most += *at == between;
    const char **out = hib_arena_array(arena, const char *, most);
    *ret_n = 0;
    for (const char *at = text; *at;) {
        const char *end = strchr(at, between);
        size_t n = end ? (size_t)(end - at) : strlen(at);
        if (n)
            out[(*ret_n)++] = hib_arena_printf(arena, "%.*s", (int)n, at);
        at += n + (end != NULL);
    }
    return out;
}
