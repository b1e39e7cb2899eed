/* Developer apps: what a network wants to know a program by before it lets a person approve it.
 *
 * A person registers one a network and types it here once; where an instance registers programs by itself (Mastodon), and on practice networks,
 * it is made at the first connection. The secret goes in sealed and never comes out but into a call. An app of a network with webhooks has an
 * address of its own, whose key is random: nothing about the workspace can be guessed from it. */
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "base/error.h"
#include "base/json.h"
#include "team/team.h"

#define KEY_BYTES 24

bool
hib_app_is_needed(const HibNetwork *network)
{
    return network->auth == HIB_NET_AUTH_OAUTH && !network->register_app;
}

const char *
hib_app_redirect(HibArena *arena, const HibServices *services)
{
    return hib_arena_printf(arena, "%s/connect/callback", services->base_url);
}

const char *
hib_app_secret_purpose(HibArena *arena, const char *workspace, const char *app)
{
    return hib_arena_printf(arena, "accounts.app/%s/%s", workspace, app);
}

static const char *
seal(HibDb *db, const HibServices *services, const char *app, const char *secret)
{
    HibArena *arena = hib_db_arena(db);
    const char *purpose = hib_app_secret_purpose(arena, hib_db_workspace(db), app);
    return hib_seal(services->keys, arena, purpose, secret);
}

static const char *
unseal(HibDb *db, const HibServices *services, const char *app, const char *sealed, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *purpose = hib_app_secret_purpose(arena, hib_db_workspace(db), app);
    return hib_unseal(services->keys, arena, purpose, sealed, error);
}

/* --- reading ---------------------------------------------------------------------------------------- */
static bool
fill(HibDb *db, const HibServices *services, const HibSqlAppRow *row, HibAccountApp *out,
     GError **error)
{
    const char *secret = unseal(db, services, row->id, row->secret_sealed, error);
    if (!secret)
        return false;
    *out = (HibAccountApp){
        .id = row->id,
        .network = row->network,
        .service = row->service,
        .client_id = row->client_id,
        .hook_key = row->hook_key,
        .has_secret = *secret != '\0',
        .is_automatic = row->is_automatic,
        .created_at = row->created_at,
        .changed_at = row->changed_at,
        .n_accounts = row->n_accounts,
    };
    if (row->hook_key)
        out->verify_token = hib_hook_verify_token(hib_db_arena(db), services, row->hook_key);
    return true;
}

bool
hib_apps_list(HibDb *db, const HibServices *services, HibAccountApp **ret, size_t *ret_n,
              GError **error)
{
    HibSqlAppRow *rows = NULL;
    size_t n = 0;
    if (!hib_sql_app_list(db, &rows, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibAccountApp, n);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        if (!fill(db, services, &rows[i], &(*ret)[i], error))
            return false;
    return true;
}

static bool
get(HibDb *db, const HibServices *services, const char *id, HibAccountApp **ret, GError **error)
{
    HibAccountApp *rows = NULL;
    size_t n = 0;
    if (!hib_apps_list(db, services, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].id, id)) {
            *ret = &rows[i];
            return true;
        }
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.app_unknown", "no app %s", id);
    return false;
}

bool
hib_app_find(HibDb *db, const HibServices *services, const HibNetwork *network, const char *service,
             bool is_practice, const HibNetApp **ret, GError **error)
{
    HibSqlAppFind *row = NULL;
    *ret = NULL;
    if (network->auth != HIB_NET_AUTH_OAUTH)
        return true;
    if (!hib_sql_app_find(db, network->name, is_practice ? HIB_ON_PRACTICE : service, &row, error))
        return false;
    if (!row)
        return true;
    const char *secret = unseal(db, services, row->id, row->secret_sealed, error);
    if (!secret)
        return false;
    HibNetApp *app = hib_arena_new0(hib_db_arena(db), HibNetApp);
    *app = (HibNetApp){.client_id = row->client_id, .client_secret = secret};
    *ret = app;
    return true;
}

/* --- changing --------------------------------------------------------------------------------------- */
static const char *
audit_text(HibArena *arena, const char *network, const char *service, const char *client_id)
{
    cJSON *about = cJSON_CreateObject();
    cJSON_AddStringToObject(about, "network", network);
    cJSON_AddStringToObject(about, "service", service);
    cJSON_AddStringToObject(about, "client_id", client_id);
    return hib_json_print(arena, about);
}

/* With the address it is called at and its line in the log; *ret_added false: another was quicker. */
static bool
add(HibDb *db, const HibServices *services, const HibNetwork *network, const char *service,
    const HibNetApp *app, bool is_automatic, const char **ret_id, bool *ret_added, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int64_t added = 0;
    const char *id = hib_db_new_id(db), *key = hib_random_token(arena, KEY_BYTES);
    if (!hib_sql_app_add(db, id, network->name, service, app->client_id,
                         seal(db, services, id, app->client_secret ? app->client_secret : ""),
                         is_automatic, hib_db_now(db), &added, error))
        return false;
    *ret_id = id;
    *ret_added = added > 0;
    if (!added)
        return true;
    return (!network->hook ||
            hib_sql_hook_add(db, key, network->name, id, NULL, NULL, hib_db_now(db), error)) &&
           hib_audit(db, "app.set", "app", id, NULL,
                     audit_text(arena, network->name, service, app->client_id), error);
}

static bool
change(HibDb *db, const HibServices *services, const HibNetwork *network, const char *service,
       const HibSqlAppFind *old, const char *client_id, const char *secret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *sealed = secret ? seal(db, services, old->id, secret) : old->secret_sealed;
    return hib_sql_app_change(db, old->id, client_id, sealed, hib_db_now(db), error) &&
           hib_audit(db, "app.set", "app", old->id,
                     audit_text(arena, network->name, service, old->client_id),
                     audit_text(arena, network->name, service, client_id), error);
}

bool
hib_apps_set(HibDb *db, const HibServices *services, const char *network, const char *service,
             const char *client_id, const char *secret, HibAccountApp **ret, GError **error)
{
    const HibNetwork *connector = hib_account_network(network, error);
    HibAccountPlace place;
    HibSqlAppFind *old = NULL;
    const char *id = NULL;
    bool was_added = false;
    if (!connector)
        return false;
    if (connector->auth != HIB_NET_AUTH_OAUTH) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.app_needless", "/network",
                         "%s takes no app", network);
        return false;
    }
    if (!hib_account_place(db, services, connector, connector->has_service ? service : NULL, &place,
                           error))
        return false;
    service = place.service ? place.service : connector->limits()->default_service;
    const HibNetApp app = {.client_id = client_id, .client_secret = secret};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_app_find(db, network, service, &old, error))
        return false;
    if (!old && !add(db, services, connector, service, &app, false, &id, &was_added, error))
        return false;
    if (!old && !was_added && !hib_sql_app_find(db, network, service, &old, error))
        return false;
    if (old && !change(db, services, connector, service, old, client_id, secret, error))
        return false;
    return get(db, services, old ? old->id : id, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_apps_delete(HibDb *db, const HibServices *services, const char *app, GError **error)
{
    HibAccountApp *was = NULL;
    int64_t n_gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !get(db, services, app, &was, error))
        return false;
    if (was->n_accounts > 0) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.app_in_use", "%s has accounts", app);
        return false;
    }
    return hib_sql_hook_drop_app(db, app, error) && hib_sql_app_delete(db, app, &n_gone, error) &&
           hib_audit(db, "app.delete", "app", app,
                     audit_text(hib_db_arena(db), was->network, was->service, was->client_id), NULL,
                     error) &&
           hib_tx_commit(tx, error);
}

/* --- made by itself --------------------------------------------------------------------------------- */
static bool
keep(HibDb *db, const HibServices *services, const HibNetwork *network, const char *service,
     const HibNetApp *app, GError **error)
{
    const char *id = NULL;
    bool was_added = false; /* or another's is there: that one counts */
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && add(db, services, network, service, app, true, &id, &was_added, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_app_need(HibDb *db, const HibServices *services, const HibNetwork *network, const char *service,
             bool is_own_service, bool is_practice, const HibNetApp **ret, GError **error)
{
    if (!hib_app_find(db, services, network, service, is_practice, ret, error))
        return false;
    if (*ret)
        return true;
    const HibPracticeService *practice =
        is_practice ? hib_accounts_practice(services, network->name) : NULL;
    HibNetApp made = {.client_id = practice ? practice->client_id : NULL,
                      .client_secret = practice ? practice->client_secret : NULL};
    if (!made.client_id && !network->register_app) {
        hib_error_set_at(error, HIB_ERROR_CONFLICT, "accounts.app_missing", "/network",
                         "no app of %s", network->name);
        return false;
    }
    if (network->register_app) {
        HibNetContext net = hib_grant_context(db, services, NULL, is_own_service);
        HibNetResult said = network->register_app(
            &net, service, hib_app_redirect(hib_db_arena(db), services), &made);
        if (said.class != HIB_NET_OK || !made.client_id || !*made.client_id) {
            hib_account_set_refused(&said, error);
            return false;
        }
    }
    return keep(db, services, network, is_practice ? HIB_ON_PRACTICE : service, &made, error) &&
           hib_app_find(db, services, network, service, is_practice, ret, error);
}
