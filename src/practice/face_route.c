/* Routes: the first row whose verb and path fit. */
#include "practice/face_private.h"

#include <string.h>

/* One part of a pattern against one of the path; a {name} is noted. */
static bool
fits(HibPracticeCall *call, const char *pattern, size_t n, const char *part, size_t n_part)
{
    if (n < 3 || pattern[0] != '{')
        return n == n_part && !memcmp(pattern, part, n);
    if (n_part == 0)
        return false;
    const FacePair pair = {hib_arena_strndup(call->arena, pattern + 1, n - 2),
                           hib_arena_strndup(call->arena, part, n_part)};
    g_array_append_val(call->inside->params, pair);
    return true;
}

static bool
path_fits(HibPracticeCall *call, const char *pattern, const char *path)
{
    g_array_set_size(call->inside->params, 0);
    for (;;) {
        size_t n = strcspn(pattern, "/");
        if (n > 3 && pattern[0] == '{' && pattern[n - 2] == '*') { /* the rest */
            const FacePair pair = {hib_arena_strndup(call->arena, pattern + 1, n - 3),
                                   hib_arena_strdup(call->arena, path)};
            g_array_append_val(call->inside->params, pair);
            return true;
        }
        size_t n_path = strcspn(path, "/");
        if (!fits(call, pattern, n, path, n_path))
            return false;
        pattern += n;
        path += n_path;
        if (!*pattern || !*path)
            return *pattern == *path;
        pattern++;
        path++;
    }
}

const HibPracticeRoute *
hib_face_route(HibPracticeCall *call, const HibPracticeRoute *routes, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++)
        if ((!strcmp(routes[i].verb, "*") || !strcmp(routes[i].verb, call->verb)) &&
            path_fits(call, routes[i].path, path))
            return &routes[i];
    return NULL;
}
