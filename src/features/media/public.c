/* Links that open without signing in, for networks that fetch media themselves.
 *
 * The token says which workspace, which content and until when, and is signed with a key made of the key file; nothing about it is stored. It opens while the content
 * belongs to the workspace and no longer than it says. Whatever is wrong with one, the answer is the same 404. */
#include "base/error.h"
#include "base/id.h"
#include "media/media_private.h"
#include <string.h>

#define PURPOSE "media.public"
#define N_ID 36
#define N_SHA256 64

static const char *
sign(const HibServices *services, HibArena *arena, const char *what)
{
    return hib_mac_hex(services->keys, arena, PURPOSE, what);
}

static bool
check_address(const HibServices *services, bool is_near, GError **error)
{
    const bool may_be_near = is_near || services->is_demo || services->may_connect_private;
    if (services->base_url && (may_be_near || g_str_has_prefix(services->base_url, "https://")))
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_public", "base_url is not https");
    return false;
}

bool
hib_media_public_url(HibDb *db, const HibServices *services, const char *media_or_rendition,
                     bool is_near, HibInstant expires_at, const char **ret_url, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *sha256 = NULL;
    if (!check_address(services, is_near, error) ||
        !hib_media_find_content(db, media_or_rendition, &sha256, error))
        return false;
    const char *what = hib_arena_printf(arena, "%s.%s.%" G_GINT64_FORMAT, hib_db_workspace(db),
                                        sha256, expires_at / HIB_SECOND);
    *ret_url = hib_arena_printf(arena, "%s/m/%s.%s", services->base_url, what,
                                sign(services, arena, what));
    return true;
}

/* "workspace.sha256.seconds.mac", each of its exact length but the seconds. */
static bool
read_token(const HibServices *services, HibArena *arena, const char *token, char **ret_workspace,
           char **ret_sha256, HibInstant *ret_until)
{
    g_auto(GStrv) parts = g_strsplit(token, ".", 5);
    if (g_strv_length(parts) != 4 || strlen(parts[0]) != N_ID || strlen(parts[1]) != N_SHA256 ||
        strlen(parts[2]) > 12 || strlen(parts[3]) != N_SHA256)
        return false;
    const char *what = hib_arena_printf(arena, "%s.%s.%s", parts[0], parts[1], parts[2]);
    if (!hib_equal_secret(sign(services, arena, what), parts[3]))
        return false;
    *ret_workspace = hib_arena_strdup(arena, parts[0]);
    *ret_sha256 = hib_arena_strdup(arena, parts[1]);
    *ret_until = g_ascii_strtoll(parts[2], NULL, 10) * HIB_SECOND;
    return true;
}

bool
hib_media_public_open(HibDb *db, const HibServices *services, const char *token,
                      const char **ret_sha256, const char **ret_mime, GError **error)
{
    char *workspace = NULL, *sha256 = NULL;
    HibInstant until = 0;
    *ret_mime = NULL;
    if (read_token(services, hib_db_arena(db), token, &workspace, &sha256, &until) &&
        hib_db_now(db) < until && !hib_media_public_mime(db, workspace, sha256, ret_mime, error))
        return false;
    *ret_sha256 = sha256;
    if (*ret_mime)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "no such link");
    return false;
}
