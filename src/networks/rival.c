/* What a person typed as a handle, and gathering the posts of somebody else's account. */
#include "networks/rival.h"

#include <glib.h>
#include <string.h>

#define MOST_HANDLE 253

HibNetRival
hib_net_rival(HibArena *arena)
{
    return (HibNetRival){.followers = -1,
                         .posts = -1,
                         .recent = hib_arena_array(arena, HibNetRivalPost, HIB_NET_RIVAL_POSTS)};
}

bool
hib_net_rival_add(HibNetRival *rival, HibNetRivalPost post)
{
    if (rival->n_recent >= HIB_NET_RIVAL_POSTS)
        return false;
    rival->recent[rival->n_recent++] = post;
    return true;
}

/* Where the path of a profile's address begins with something else than its handle. */
static const struct {
    const char *network, *host, *path; /* path: what stands before the handle */
} profiles[] = {{"bluesky", "bsky.app", "profile/"},
                {"instagram", "instagram.com", ""},
                {"youtube", "youtube.com", "channel/"},
                {"youtube", "youtube.com", ""},
                {"x", "x.com", ""},
                {"x", "twitter.com", ""}};

static bool
is_handle(const char *text, const char *more)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(text[i]) && !strchr(more, text[i]))
            return false;
    return n >= 1 && n <= MOST_HANDLE;
}

/* YouTube's are of any writing. */
static bool
is_youtube_handle(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) && !strchr("._-", *at) && c != 0xB7)
            return false;
    }
    return *text && g_utf8_strlen(text, -1) <= 30;
}

static bool
is_channel(const char *text)
{
    return strlen(text) == 24 && g_str_has_prefix(text, "UC") && is_handle(text, "_-");
}

/* "@name", or a channel's id where that was typed. */
static const char *
of_youtube(HibArena *arena, const char *found)
{
    if (is_channel(found))
        return hib_arena_strdup(arena, found);
    g_autofree char *name = g_uri_unescape_string(found + (*found == '@'), NULL);
    if (!name || !g_utf8_validate(name, -1, NULL) || !is_youtube_handle(name))
        return NULL;
    return hib_arena_printf(arena, "@%s", name);
}

/* "host/path" of an address without scheme, "www." and what follows the path; NULL: it is no address. */
static char *
without_scheme(const char *typed)
{
    const char *rest = g_str_has_prefix(typed, "https://")  ? typed + strlen("https://")
                       : g_str_has_prefix(typed, "http://") ? typed + strlen("http://")
                                                            : NULL;
    if (!rest)
        return NULL;
    rest += g_str_has_prefix(rest, "www.") ? strlen("www.") : 0;
    rest += g_str_has_prefix(rest, "m.youtube.com/") || g_str_has_prefix(rest, "mobile.")
                ? strcspn(rest, ".") + 1
                : 0;
    char *out = g_strdup(rest);
    out[strcspn(out, "?#")] = '\0';
    while (*out && out[strlen(out) - 1] == '/')
        out[strlen(out) - 1] = '\0';
    return out;
}

/* Mastodon: https://host/@name or /@name@elsewhere or /users/name → name@host. */
static char *
of_mastodon(const char *address)
{
    const char *slash = strchr(address, '/');
    if (!slash)
        return NULL;
    g_autofree char *host = g_strndup(address, (size_t)(slash - address));
    const char *path = slash + 1;
    path += g_str_has_prefix(path, "users/") ? strlen("users/") : 0;
    path += *path == '@';
    return strchr(path, '@') ? g_strdup(path) : g_strdup_printf("%s@%s", path, host);
}

static char *
of_address(const char *network, const char *address)
{
    if (!strcmp(network, "mastodon"))
        return of_mastodon(address);
    for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
        if (strcmp(profiles[i].network, network) != 0)
            continue;
        g_autofree char *before = g_strdup_printf("%s/%s", profiles[i].host, profiles[i].path);
        if (!g_str_has_prefix(address, before))
            continue;
        g_autofree char *handle = g_strdup(address + strlen(before));
        if (strcmp(network, "youtube") != 0)
            return g_steal_pointer(&handle);
        handle[strcspn(handle, "/")] = '\0'; /* …/videos, …/shorts */
        return *profiles[i].path ? (is_channel(handle) ? g_steal_pointer(&handle) : NULL)
               : *handle == '@'  ? g_steal_pointer(&handle)
                                 : NULL; /* /c/name and /user/name: no handles */
    }
    return NULL;
}

const char *
hib_net_rival_handle(HibArena *arena, const char *network, const char *typed)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(typed));
    g_autofree char *address = without_scheme(trimmed);
    g_autofree char *found = address ? of_address(network, address) : g_strdup(trimmed);
    if (!found)
        return NULL;
    if (!strcmp(network, "youtube"))
        return of_youtube(arena, found);
    const char *handle = *found == '@' ? found + 1 : found;
    const bool is_mastodon = !strcmp(network, "mastodon");
    const char *at = strchr(handle, '@');
    if (at && (!is_mastodon || strchr(at + 1, '@')))
        return NULL;
    if (!is_handle(handle, is_mastodon ? "@._-:" : "._-"))
        return NULL;
    if (!strcmp(network, "bluesky") && !strchr(handle, '.'))
        return hib_arena_printf(arena, "%s.bsky.social", handle);
    if (!strcmp(network, "x"))
        return strlen(handle) <= 15 && !strpbrk(handle, ".-")
                   ? hib_arena_printf(arena, "@%s", handle)
                   : NULL;
    return hib_arena_strdup(arena, handle);
}

/* "at://did/app.bsky.feed.post/key" */
static const char *
of_bluesky_uri(HibArena *arena, const char *uri)
{
    g_auto(GStrv) of = g_strsplit(uri, "/", -1);
    if (g_strv_length(of) != 5 || strcmp(of[0], "at:") != 0 || !is_handle(of[2], "._-:") ||
        !is_handle(of[4], "._-:~"))
        return NULL;
    return hib_arena_printf(arena, "https://bsky.app/profile/%s/post/%s", of[2], of[4]);
}

const char *
hib_net_rival_post_url(HibArena *arena, const char *network, const char *profile,
                       const char *remote_id)
{
    const char *name = strrchr(profile, '/');
    if (!strcmp(network, "bluesky"))
        return of_bluesky_uri(arena, remote_id);
    if (!is_handle(remote_id, "_-"))
        return NULL;
    if (!strcmp(network, "youtube"))
        return hib_arena_printf(arena, "https://www.youtube.com/watch?v=%s", remote_id);
    if (!strcmp(network, "x"))
        return hib_arena_printf(arena, "%s/status/%s", profile, remote_id);
    /* Other servers of the fediverse have profiles at other places. */
    return !strcmp(network, "mastodon") && name && name[1] == '@'
               ? hib_arena_printf(arena, "%s/%s", profile, remote_id)
               : NULL;
}
