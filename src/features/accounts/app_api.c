/* Developer apps over HTTP. The secret goes in and never out. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "http/call.h"

static HibApiApp
to_api(HibArena *arena, const HibServices *services, const HibAccountApp *app)
{
    HibApiApp out = {
        .id = app->id,
        .network = app->network,
        .service = app->service,
        .client_id = app->client_id,
        .has_secret = app->has_secret,
        .is_automatic = app->is_automatic,
        .redirect_url = hib_app_redirect(arena, services),
        .has_hook_url = app->hook_key != NULL,
        .has_verify_token = app->hook_key != NULL,
        .verify_token = app->verify_token,
        .accounts = app->n_accounts,
        .created_at = app->created_at,
        .changed_at = app->changed_at,
    };
    if (app->hook_key)
        out.hook_url = hib_hook_url(arena, services, app->network, app->hook_key);
    return out;
}

bool
hib_on_list_apps(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibServices *services = hib_call_context(call);
    HibAccountApp *apps = NULL;
    size_t n = 0;
    if (!hib_apps_list(hib_call_db(call), services, &apps, &n, error))
        return false;
    HibApiApp *rows = hib_arena_array(arena, HibApiApp, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = to_api(arena, services, &apps[i]);
    const HibApiAppList out = {
        .apps = rows, .n_apps = n, .redirect_url = hib_app_redirect(arena, services)};
    return hib_reply_app_list(call, 200, &out);
}

bool
hib_on_set_app(HibCall *call, const HibApiAppDraft *in, GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibAccountApp *app = NULL;
    if (!hib_apps_set(hib_call_db(call), services, in->network,
                      in->has_service ? in->service : NULL, in->client_id,
                      in->has_client_secret ? in->client_secret : NULL, &app, error))
        return false;
    const HibApiApp out = to_api(hib_call_arena(call), services, app);
    return hib_reply_app(call, 200, &out);
}

bool
hib_on_delete_app(HibCall *call, const char *app, GError **error)
{
    return hib_apps_delete(hib_call_db(call), hib_call_context(call), app, error) &&
           hib_call_reply_empty(call, 204);
}
