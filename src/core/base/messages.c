/* The sentences people read: looked up by bisection in the embedded table. */
#include "base/messages.h"
#include "base/error.h"
#include <string.h>

static const HibMessageRow *
find(const char *key)
{
    size_t low = 0, high = hib_n_message_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, hib_message_rows[middle].key);
        if (order == 0)
            return &hib_message_rows[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *
hib_message(const char *locale, const char *key)
{
    const HibMessageRow *row = find(key);
    if (!row)
        return key;
    return locale && g_str_equal(locale, "en") ? row->en : row->ja;
}

const char *
hib_message_fill(HibArena *arena, const char *locale, const GError *error)
{
    const char *reason = hib_error_reason(error);
    const char *key = hib_arena_printf(arena, "error.%s", reason);
    const char *text = hib_message(locale, find(key) ? key : "error.internal.unexpected");
    GString *filled = g_string_new(NULL);
    for (const char *open; (open = strchr(text, '{'));) {
        const char *close = strchr(open, '}');
        if (!close)
            break;
        g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));
        const char *value = hib_error_detail(error, name);
        g_string_append_len(filled, text, open - text);
        g_string_append(filled, value ? value : "");
        text = close + 1;
    }
    g_string_append(filled, text);
    const char *result = hib_arena_strdup(arena, filled->str);
    g_string_free(filled, TRUE);
    return result;
}
