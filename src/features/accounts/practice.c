/* Connecting a practice account without a browser: the same machinery, with the network's page answered by the account itself. For the demo. */
#include "accounts/accounts.h"
#include "accounts/accounts_private.h"
#include "base/error.h"

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
