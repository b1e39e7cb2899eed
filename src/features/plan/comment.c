/* Spots in a text, without the store: kept as words with their neighbours, and found again after edits. */
#include "plan/comment.h"
#include <string.h>

bool
hib_spot_take(HibArena *arena, const char *text, int64_t start, int64_t n, HibSpot *ret)
{
    int64_t length = g_utf8_strlen(text, -1);
    if (start < 0 || n < 1 || start > length || n > length - start)
        return false;
    int64_t from = MAX(start - HIB_SPOT_AROUND, 0), to = MIN(start + n + HIB_SPOT_AROUND, length);
    g_autofree char *quote = g_utf8_substring(text, start, start + n);
    g_autofree char *before = g_utf8_substring(text, from, start);
    g_autofree char *after = g_utf8_substring(text, start + n, to);
    *ret = (HibSpot){.quote = hib_arena_strdup(arena, quote),
                     .before = hib_arena_strdup(arena, before),
                     .after = hib_arena_strdup(arena, after),
                     .start = start};
    return true;
}

/* How many bytes of `before` stand in front of `at`, and of `after` from `end` on. */
static size_t
likeness(const char *text, const char *at, const char *end, const HibSpot *spot)
{
    size_t n = 0, n_before = strlen(spot->before);
    while (n < n_before && at - n > text && at[-1 - (ptrdiff_t)n] == spot->before[n_before - 1 - n])
        n++;
    size_t m = 0;
    while (spot->after[m] && end[m] == spot->after[m])
        m++;
    return n + m;
}

static HibSpotFound
found_at(const char *text, const char *at, const char *end)
{
    return (HibSpotFound){.is_there = true,
                          .start = g_utf8_pointer_to_offset(text, at),
                          .n = g_utf8_pointer_to_offset(at, end)};
}

/* The words are gone: what stands between their old neighbours, when both still do. */
static HibSpotFound
between_neighbours(const char *text, const HibSpot *spot)
{
    const char *from = text, *to;
    size_t room = 2 * strlen(spot->quote) + 60;
    if (*spot->before) {
        from = strstr(text, spot->before);
        if (!from)
            return (HibSpotFound){0};
        from += strlen(spot->before);
    }
    to = *spot->after ? strstr(from, spot->after) : text + strlen(text);
    if (!to || (size_t)(to - from) > room || (!*spot->before && !*spot->after))
        return (HibSpotFound){0};
    HibSpotFound found = found_at(text, from, to);
    found.is_changed = true;
    return found;
}

HibSpotFound
hib_spot_find(const char *text, const HibSpot *spot)
{
    const char *best = NULL;
    size_t best_likeness = 0, n = strlen(spot->quote);
    int64_t best_distance = 0;
    for (const char *at = text; n && (at = strstr(at, spot->quote)); at = g_utf8_next_char(at)) {
        size_t alike = likeness(text, at, at + n, spot);
        int64_t distance = ABS(g_utf8_pointer_to_offset(text, at) - spot->start);
        if (!best || alike > best_likeness ||
            (alike == best_likeness && distance < best_distance)) {
            best = at;
            best_likeness = alike;
            best_distance = distance;
        }
    }
    return best ? found_at(text, best, best + n) : between_neighbours(text, spot);
}
