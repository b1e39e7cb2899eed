/* Boot data: about, the session and the first screen's reply, by the same handlers the page would call. */
#include "app/boot.h"
#include "api.gen.h"
#include "base/json.h"
#include <string.h>

/* The one call with which a screen begins, for a workspace. Other screens ask for themselves. */
static const char *
first_call(const char *path)
{
    if (g_str_equal(path, "/"))
        return "/today";
    if (g_str_equal(path, "/measure"))
        return "/overview?days=28";
    return NULL;
}

static const char *
first_workspace(HibArena *arena, const char *session)
{
    HibJson json;
    HibApiSession value = {0};
    if (!hib_json_parse(arena, session, strlen(session), &json, NULL) ||
        !hib_shape_read(&hib_api_session_shape, json.value, arena, &value, NULL) ||
        !value.n_workspaces)
        return NULL;
    return value.workspaces[0].workspace_id;
}

char *
hib_boot(HibCall *call, const char *path, void *context G_GNUC_UNUSED)
{
    HibArena *arena = hib_call_arena(call);
    const char *about = hib_call_read(call, "/api/v1/about");
    const char *session = hib_call_person(call) ? hib_call_read(call, "/api/v1/session") : NULL;
    const char *workspace = session ? first_workspace(arena, session) : NULL;
    const char *url = NULL, *screen = NULL;
    if (!about)
        return NULL;
    if (workspace && first_call(path)) {
        url = hib_arena_printf(arena, "/api/v1/workspaces/%s%s", workspace, first_call(path));
        screen = hib_call_read(call, url);
    }
    g_autofree char *first =
        screen ? g_strdup_printf("{\"url\":\"%s\",\"data\":%s}", url, screen) : g_strdup("null");
    return g_strdup_printf("{\"about\":%s,\"session\":%s,\"screen\":%s}", about,
                           session ? session : "null", first);
}
