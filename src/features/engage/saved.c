/* Filling the blanks of a saved reply. */
#include "engage/saved.h"
#include <string.h>

const char *const hib_saved_blanks[] = {"name", "handle", "account", "post_url", "me", NULL};

#define OPEN "【"
#define CLOSE "】"

/* A blank at `text` ("{name}", "{name|…}"): its length, 0: none. *ret_name its number, -1: none of ours. */
static size_t
blank_at(const char *text, int *ret_name, const char **ret_instead, size_t *ret_n_instead)
{
    size_t n = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
    const char *end = text + 1 + n;
    *ret_name = -1;
    *ret_instead = NULL;
    *ret_n_instead = 0;
    if (!n || (*end != '}' && *end != '|'))
        return 0;
    for (int i = 0; hib_saved_blanks[i]; i++)
        if (strlen(hib_saved_blanks[i]) == n && strncmp(hib_saved_blanks[i], text + 1, n) == 0)
            *ret_name = i;
    if (*end == '|') {
        *ret_instead = end + 1;
        *ret_n_instead = strcspn(end + 1, "{}\n");
        end = end + 1 + *ret_n_instead;
    }
    return *end == '}' ? (size_t)(end + 1 - text) : 0;
}

int
hib_saved_wrong(const char *text)
{
    const char *instead;
    size_t n;
    int name;
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
        if (blank_at(at, &name, &instead, &n) && name < 0)
            return (int)(at - text);
    return -1;
}

static const char *
known(const HibSavedFacts *facts, int name)
{
    const char *const all[] = {facts->name, facts->handle, facts->account, facts->post_url,
                               facts->me};
    return all[name] && *all[name] ? all[name] : NULL;
}

const char *
hib_saved_fill(HibArena *arena, const char *text, const HibSavedFacts *facts,
               const char ***ret_missing)
{
    bool is_missing[HIB_SAVED_BLANKS] = {false};
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = text; *at;) {
        const char *instead = NULL, *value = NULL;
        size_t n_instead = 0;
        int name = -1;
        size_t n = *at == '{' ? blank_at(at, &name, &instead, &n_instead) : 0;
        if (name < 0 || !n) {
            g_string_append_c(out, *at++);
            continue;
        }
        at += n;
        value = known(facts, name);
        if (value)
            g_string_append(out, value);
        else if (n_instead)
            g_string_append_len(out, instead, (gssize)n_instead);
        else {
            is_missing[name] = true;
            g_string_append_printf(out, OPEN "%s" CLOSE, hib_saved_blanks[name]);
        }
    }
    size_t k = 0;
    *ret_missing = hib_arena_array(arena, const char *, HIB_SAVED_BLANKS + 1);
    for (int i = 0; i < HIB_SAVED_BLANKS; i++)
        if (is_missing[i])
            (*ret_missing)[k++] = hib_saved_blanks[i];
    return hib_arena_strdup(arena, out->str);
}

bool
hib_saved_is_open(const char *text)
{
    for (int i = 0; hib_saved_blanks[i]; i++) {
        g_autofree char *mark = g_strdup_printf(OPEN "%s" CLOSE, hib_saved_blanks[i]);
        if (strstr(text, mark))
            return true;
    }
    return false;
}
