/* The command line's side of the API: see remote.h. */
#include "app/remote.h"
#include "api.gen.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include <glib/gstdio.h>
#include <string.h>

static bool
read_remembered(HibRemote *remote, const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "cli.json", NULL);
    g_autofree char *text = NULL;
    gsize n = 0;
    if (!g_file_get_contents(path, &text, &n, NULL)) {
        hib_error_set(error, HIB_ERROR_INVALID, "cli.not_connected", "no %s", path);
        return false;
    }
    HibJson json;
    g_autoptr(GError) failure = NULL;
    if (hib_json_parse(remote->arena, text, n, &json, &failure) &&
        hib_json_text(json, "url", &remote->url, &failure) &&
        hib_json_text(json, "token", &remote->token, &failure))
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "cli.file_damaged", "%s: %s", path, failure->message);
    if (error)
        hib_error_set_detail(*error, "name", path);
    return false;
}

bool
hib_remote_remember(const char *data_dir, const char *url, const char *token, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(json, "token", token);
    const char *text = hib_json_print(arena, json);
    g_autofree char *path = g_build_filename(data_dir, "cli.json", NULL);
    g_mkdir_with_parents(data_dir, 0700);
    return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* The problem document a refused call answered with, as an error that keeps the server's own sentence. */
static void
take_problem(HibRemote *remote, const HibHttpReply *reply, GError **error)
{
    static const struct {
        int status;
        HibErrorKind kind;
    } kinds[] = {{401, HIB_ERROR_UNAUTHENTICATED}, {403, HIB_ERROR_FORBIDDEN},
                 {404, HIB_ERROR_NOT_FOUND},       {409, HIB_ERROR_CONFLICT},
                 {422, HIB_ERROR_INVALID},         {423, HIB_ERROR_HELD},
                 {429, HIB_ERROR_TOO_MANY},        {503, HIB_ERROR_BUSY}};
    HibErrorKind kind = HIB_ERROR_UPSTREAM;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].status == reply->status)
            kind = kinds[i].kind;
    HibJson json;
    const char *detail = "", *reason = "", *pointer = NULL;
    if (hib_json_parse(remote->arena, reply->body, reply->n_body, &json, NULL)) {
        hib_json_opt_text(json, "detail", &detail, NULL);
        hib_json_opt_text(json, "reason", &reason, NULL);
        hib_json_opt_text(json, "pointer", &pointer, NULL);
    }
    hib_error_set_at(error, kind, "cli.refused", pointer, "%d %s", reply->status, reason);
    if (error)
        hib_error_set_detail(*error, "sentence", detail);
}

static bool
exchange(HibRemote *remote, const HibHttpRequest *wanted, const HibShape *out_shape, void *out,
         const char **ret_raw, GError **error)
{
    const char *authorization =
        hib_arena_printf(remote->arena, "Authorization: Bearer %s", remote->token);
    const char *language = hib_arena_printf(remote->arena, "Accept-Language: %s", remote->locale);
    HibHttpRequest request = *wanted;
    request.headers =
        (const char *const[]){authorization, language, "Accept: application/json", NULL};
    HibHttpReply reply = {0};
    g_autoptr(GError) failure = NULL;
    if (!hib_http_do(remote->http, remote->arena, &request, &reply, &failure)) {
        bool may_have_acted = hib_error_is(failure, HIB_ERROR_UNCERTAIN);
        hib_error_set(error, may_have_acted ? HIB_ERROR_UNCERTAIN : HIB_ERROR_UPSTREAM,
                      may_have_acted ? "cli.no_answer" : "cli.no_server", "%s", failure->message);
        if (error)
            hib_error_set_detail(*error, "name", remote->url);
        return false;
    }
    if (reply.status < 200 || reply.status > 299) {
        take_problem(remote, &reply, error);
        return false;
    }
    if (ret_raw)
        *ret_raw = reply.body;
    if (!out_shape)
        return true;
    HibJson json;
    return hib_json_parse(remote->arena, reply.body, reply.n_body, &json, error) &&
           hib_shape_read(out_shape, json.value, remote->arena, out, error);
}

bool
hib_remote_open(HibRemote *remote, const HibCommandCall *call, GError **error)
{
    remote->arena = hib_arena_new();
    remote->http = hib_http_new();
    remote->locale = call->locale;
    const char *url = hib_command_option(call, "url"), *token = hib_command_option(call, "token");
    remote->url = url ? url : g_getenv("HIBIKI_URL");
    remote->token = token ? token : g_getenv("HIBIKI_TOKEN");
    if ((!remote->url || !remote->token) &&
        !read_remembered(remote, call->settings->data_dir, error))
        return false;
    char *trimmed = hib_arena_strdup(remote->arena, remote->url);
    while (g_str_has_suffix(trimmed, "/"))
        trimmed[strlen(trimmed) - 1] = '\0';
    remote->url = trimmed;
    HibHttpRequest request = {.method = "GET",
                              .url = hib_arena_printf(remote->arena, "%s/api/v1/token", trimmed)};
    HibApiThisToken self = {0};
    if (!exchange(remote, &request, &hib_api_this_token_shape, &self, NULL, error))
        return false;
    remote->workspace = self.workspace_id;
    remote->workspace_name = self.workspace;
    remote->zone = self.zone;
    return true;
}

void
hib_remote_close(HibRemote *remote)
{
    hib_http_free(remote->http);
    hib_arena_free(remote->arena);
    memset(remote, 0, sizeof *remote);
}

bool
hib_remote_call(HibRemote *remote, const char *method, const char *path, const HibShape *in_shape,
                const void *in, const HibShape *out_shape, void *out, const char **ret_raw,
                GError **error)
{
    HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(remote->arena, "%s/api/v1/workspaces/%s%s", remote->url,
                                remote->workspace, path),
    };
    if (in_shape) {
        request.body = hib_json_print(remote->arena, hib_shape_write(in_shape, in));
        request.n_body = strlen(request.body);
        request.content_type = "application/json";
    }
    return exchange(remote, &request, out_shape, out, ret_raw, error);
}

bool
hib_remote_upload(HibRemote *remote, const char *file, const HibShape *out_shape, void *out,
                  GError **error)
{
    GStatBuf info;
    if (g_stat(file, &info) != 0 || info.st_size > HIB_LIMIT_UPLOAD_BYTES) {
        hib_error_set(error, HIB_ERROR_INVALID, "cli.unreadable_file", "%s", file);
        if (error)
            hib_error_set_detail(*error, "name", file);
        return false;
    }
    g_autofree char *content = NULL;
    gsize n = 0;
    if (!g_file_get_contents(file, &content, &n, error))
        return false;
    HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(remote->arena, "%s/api/v1/workspaces/%s/media", remote->url,
                                remote->workspace),
        .content_type = "image/*",
        .body = content,
        .n_body = n,
        .total_ms = 60000,
    };
    return exchange(remote, &request, out_shape, out, NULL, error);
}
