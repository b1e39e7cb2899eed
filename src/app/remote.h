/* The command line's side of the API: the JSON API is the only door, also for commands on the same machine.
 *
 * Where to: --url and --token, else HIBIKI_URL and HIBIKI_TOKEN, else cli.json in the data directory (written by `hibiki connect` and by the demo). */
#pragma once
#include "app/command.h"
#include "base/arena.h"
#include "http/client.h"
#include "http/shape.h"

typedef struct {
    HibArena *arena;
    HibHttp *http;
    const char *url, *token;      /* no trailing slash */
    const char *workspace, *zone; /* the token's own, asked once */
    const char *workspace_name, *locale;
} HibRemote;

/* Finds the address and asks the server who we are. INVALID cli.not_connected, UPSTREAM cli.no_server, and what the server says. */
bool hib_remote_open(HibRemote *remote, const HibCommandCall *call, GError **error);
void hib_remote_close(HibRemote *remote);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibRemote, hib_remote_close)
/* Keeps address and token for later commands, mode 0600, in `data_dir`/cli.json. */
bool hib_remote_remember(const char *data_dir, const char *url, const char *token, GError **error);

/* One call. `path` after the workspace ("/posts?limit=5"); in: NULL or a struct of in_shape; out: NULL or a zeroed struct of out_shape. An error carries the
 * server's own sentence as its message and its reason. *ret_raw: NULL or where the reply's text goes (for --json). */
bool hib_remote_call(HibRemote *remote, const char *method, const char *path,
                     const HibShape *in_shape, const void *in, const HibShape *out_shape, void *out,
                     const char **ret_raw, GError **error);
bool hib_remote_upload(HibRemote *remote, const char *file, const HibShape *out_shape, void *out,
                       GError **error);
