/* Who may win: each entry's reason, from what is known of all of them. Pure. */
#include "media/media.h"
#include "ugc/ugc_private.h"
#include <string.h>

static const char *
fold_handle(HibArena *arena, const char *handle)
{
    const char *folded = hib_media_fold(arena, handle);
    return *folded == '@' ? folded + 1 : folded;
}

/* Lines as they are compared: "handle" or "network:handle". */
static GHashTable *
names_of(HibArena *arena, const char *lines)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
    for (size_t i = 0; all[i]; i++) {
        const char *line = g_strstrip(all[i]);
        const char *colon = strchr(line, ':');
        if (!*line)
            continue;
        g_hash_table_add(names, colon ? hib_arena_printf(arena, "%.*s:%s", (int)(colon - line),
                                                         line, fold_handle(arena, colon + 1))
                                      : (char *)(uintptr_t)fold_handle(arena, line));
    }
    return names;
}

static bool
is_named(HibArena *arena, GHashTable *names, const HibJudged *entry)
{
    if (!g_hash_table_size(names))
        return false;
    const char *handle = fold_handle(arena, entry->handle);
    return g_hash_table_contains(names, handle) ||
           g_hash_table_contains(names, hib_arena_printf(arena, "%s:%s", entry->network, handle)) ||
           g_hash_table_contains(names, hib_arena_printf(arena, "%s:%s", entry->network,
                                                         fold_handle(arena, entry->author)));
}

static const char *
person_of(HibArena *arena, const HibJudged *entry)
{
    if (entry->person)
        return entry->person;
    return *entry->author ? hib_arena_printf(arena, "%s\n%s", entry->network, entry->author)
                          : hib_arena_printf(arena, "%s\n@%s", entry->network,
                                             fold_handle(arena, entry->handle));
}

GHashTable *
hib_ugc_seen(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
hib_ugc_judge(HibArena *arena, HibJudged *entries, size_t n, HibInstant opens_at,
              HibInstant closes_at, const char *staff, const char *blocked, GHashTable *seen)
{
    g_autoptr(GHashTable) staff_names = names_of(arena, staff);
    g_autoptr(GHashTable) blocked_names = names_of(arena, blocked);
    for (size_t i = 0; i < n; i++) {
        HibJudged *one = &entries[i];
        one->reason = one->is_gone                          ? HIB_ENTRY_GONE
                      : !*one->author && !*one->handle      ? HIB_ENTRY_UNKNOWN
                      : one->is_own                         ? HIB_ENTRY_OWN
                      : is_named(arena, staff_names, one)   ? HIB_ENTRY_STAFF
                      : is_named(arena, blocked_names, one) ? HIB_ENTRY_BLOCKED
                      : one->at < opens_at                  ? HIB_ENTRY_EARLY
                      : one->at >= closes_at                ? HIB_ENTRY_LATE
                      : one->unmet                          ? one->unmet
                      : g_hash_table_add(seen, g_strdup(person_of(arena, one)))
                          ? HIB_ENTRY_ELIGIBLE
                          : HIB_ENTRY_DUPLICATE;
    }
}
