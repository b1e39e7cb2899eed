/* Webhooks over HTTP: a network calls, is answered within milliseconds, and nothing but the store is asked. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "base/error.h"
#include "http/call.h"

static const char *
header_of(void *data, const char *name_lower)
{
    return hib_call_header(data, name_lower);
}

/* A full disk kept nothing of it: 503 makes every network call again, where some take 500 for our last word. */
static void
tell(GError **failure, GError **error)
{
    if (g_strcmp0(hib_error_reason(*failure), "store.disk_full") != 0) {
        g_propagate_error(error, g_steal_pointer(failure));
        return;
    }
    hib_error_set(error, HIB_ERROR_BUSY, "store.disk_full", "%s", (*failure)->message);
}

static bool
take(HibCall *call, const char *network, const char *key, GError **error)
{
    gsize n = 0;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    HibNetHookCall in = {
        .method = hib_call_method(call),
        .query = hib_call_query(call),
        .header = header_of,
        .data = call,
        .body = body ? body : "",
        .n_body = n,
    };
    HibNetHookAnswer answer = {0};
    g_autoptr(GError) failure = NULL;
    if (!hib_hook_take(hib_call_db(call), hib_call_context(call), network, key, &in, &answer,
                       &failure)) {
        tell(&failure, error);
        return false;
    }
    const char *text = answer.reply ? answer.reply : "";
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return hib_call_reply_bytes(call, 200,
                                answer.reply_type ? answer.reply_type : "text/plain; charset=utf-8",
                                bytes, NULL);
}

bool
hib_on_prove_hook(HibCall *call, const char *network, const char *key, GError **error)
{
    return take(call, network, key, error);
}

bool
hib_on_take_hook(HibCall *call, const char *network, const char *key, GError **error)
{
    return take(call, network, key, error);
}
