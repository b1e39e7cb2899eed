/* Practice accounts: who there is, and connecting one without a browser: the same machinery, with the network's page answered by the account
 * itself. For the wizard and for the demo. */
#include "accounts/accounts.h"
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "base/json.h"

#include <string.h>

/* The code that the practice network's page sends the account back with. */
static const char *
ask_code(HibDb *db, const HibServices *services, const char *authorize_url, const char *handle,
         GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibHttpReply reply;
    const HibHttpRequest request = {.method = "GET",
                                    .url = hib_arena_printf(arena, "%s&practice_account=%s",
                                                            authorize_url,
                                                            hib_url_escape(arena, handle))};
    if (!hib_http_do(services->http, arena, &request, &reply, error))
        return NULL;
    const char *location = hib_http_header(&reply, "location");
    const char *at = location ? strstr(location, "code=") : NULL;
    if (!at) {
        hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.unreachable",
                      "the practice network answered %d without a code", reply.status);
        return NULL;
    }
    g_autofree char *code = g_strndup(at + 5, strcspn(at + 5, "&#"));
    g_autofree char *plain = g_uri_unescape_string(code, NULL);
    return hib_arena_strdup(arena, plain ? plain : code);
}

static bool
through_page(HibDb *db, const HibServices *services, const char *network, const char *handle,
             const char **ret_id, GError **error)
{
    HibConnection *connection;
    const HibConnectionDraft draft = {.network = network, .service = HIB_ON_PRACTICE};
    if (!hib_connection_start(db, services, &draft, &connection, error))
        return false;
    const char *id = connection->id,
               *code = ask_code(db, services, connection->authorize_url, handle, error);
    const HibConnectionReturn back = {.code = code};
    if (!code || !hib_connection_finish(db, services, id, &back, error) ||
        !hib_connection_get(db, services, id, &connection, error))
        return false;
    if (connection->state == HIB_CONNECTION_CHOOSE && connection->n_choices &&
        !hib_connection_choose(db, services, id, &connection->choices[0].remote_id, 1, &connection,
                               error))
        return false;
    if (connection->n_accounts) {
        *ret_id = connection->accounts[0];
        return true;
    }
    hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.refused", "%s: %s %s", network,
                  connection->reason ? connection->reason : "",
                  connection->message ? connection->message : "");
    return false;
}

bool
hib_accounts_connect_practice(HibDb *db, const HibServices *services, const char *network,
                              const char *handle, const char *password, const char **ret_id,
                              GError **error)
{
    HibAccount *account;
    const HibNetwork *known = hib_account_network(network, error);
    if (!known)
        return false;
    if (known->auth == HIB_NET_AUTH_OAUTH)
        return through_page(db, services, network, handle, ret_id, error);
    if (!hib_accounts_connect(db, services, network, HIB_ON_PRACTICE, handle, password, &account,
                              error))
        return false;
    *ret_id = account->id;
    return true;
}

/* --- who there is ------------------------------------------------------------------------------------------------------- */
static bool
read_logins(HibArena *arena, const HibHttpReply *reply, bool is_channel, HibPracticeLogin **ret,
            size_t *ret_n)
{
    HibJson in = {0}, list = {0};
    *ret_n = 0;
    if (reply->status != 200 || !hib_json_parse(arena, reply->body, reply->n_body, &in, NULL) ||
        !hib_json_array(in, "accounts", &list, NULL))
        return false;
    *ret = hib_arena_array(arena, HibPracticeLogin, hib_json_count(list) + 1);
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        HibPracticeLogin *out = &(*ret)[*ret_n];
        if (!cJSON_IsObject(one.value) ||
            !hib_json_text(one, is_channel ? "id" : "handle", &out->login, NULL) ||
            !hib_json_text(one, "name", &out->name, NULL) ||
            !hib_json_text(one, "password", &out->secret, NULL))
            return false;
        (*ret_n)++;
    }
    return true;
}

bool
hib_practice_logins(HibDb *db, const HibServices *services, const char *network,
                    HibPracticeLogin **ret, size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibNetwork *known = hib_network_find(network);
    if (!known) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.network_unknown", "no network %s",
                      network);
        return false;
    }
    const HibPracticeService *practice = hib_accounts_practice(services, network);
    if (!practice) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.no_practice", "/network",
                         "no practice %s runs", network);
        return false;
    }
    HibHttpReply reply = {0};
    const HibHttpRequest request = {
        .method = "GET", .url = hib_arena_printf(arena, "%s/practice/accounts", practice->url)};
    if (!hib_http_do(services->http, arena, &request, &reply, error))
        return false;
    if (read_logins(arena, &reply, known->auth == HIB_NET_AUTH_CHANNEL, ret, ret_n))
        return true;
    hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.unreachable",
                  "the practice %s does not say who there is (%d)", network, reply.status);
    return false;
}
