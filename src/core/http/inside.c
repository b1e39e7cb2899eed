/* Asking our own API from within a call: the page's boot data are the very replies the page would ask for next. Same route, same authoriser, same handler; only the bytes stay here. */
#include "http/server_private.h"

#include <string.h>

const char *
hib_call_read(HibCall *page, const char *uri)
{
    HibArena *arena = hib_call_arena(page);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) refused = NULL;
    HibCall inside = {.server = page->server,
                      .connection = page->connection,
                      .conn = page->conn,
                      .kind = HIB_CALL_API,
                      .arena = arena,
                      .method = "GET",
                      .captured = text};
    inside.uri = hib_arena_strdup(arena, uri);
    inside.n_uri = strlen(uri);
    inside.path = hib_arena_strndup(arena, uri, strcspn(uri, "?"));
    inside.query = uri[strlen(inside.path)] == '?' ? uri + strlen(inside.path) + 1 : NULL;
    hib_router_match(page->server->router, "GET", inside.path, &inside.match);
    if (inside.match.found == NULL || inside.match.found->route->is_stream)
        return NULL;
    inside.workspace = hib_call_part(&inside, "workspace");
    bool ok = hib_call_run_inside(&inside, &refused);
    g_clear_pointer(&inside.db, hib_db_close);
    return ok && text->len > 0 ? hib_arena_strndup(arena, text->str, text->len) : NULL;
}
