/* Connections over HTTP: beginning one, looking how it stands, choosing; and the browser that comes back from a network.
 *
 * Whoever comes back is sent on to the page at once, whatever happened: the page asks how the connection stands and shows the sentence. A state
 * that is nobody's, or another person's, leads to a connection that does not exist. */
#include "accounts/accounts_private.h"
#include "api.gen.h"
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "http/call.h"
#include "http/server.h"
#include "team/team.h"

#define NOBODYS "00000000-0000-0000-0000-000000000000"
#define MAX_WORDS 300

static const char *
sentence(HibCall *call, const char *reason)
{
    g_autofree char *key = g_strconcat("error.", reason, NULL);
    return hib_message(hib_call_locale(call), key);
}

static bool
reply(HibCall *call, int status, const HibConnection *connection)
{
    HibArena *arena = hib_call_arena(call);
    HibApiConnectionChoice *choices =
        hib_arena_array(arena, HibApiConnectionChoice, connection->n_choices);
    for (size_t i = 0; i < connection->n_choices; i++) {
        const HibConnectionChoice *one = &connection->choices[i];
        choices[i] = (HibApiConnectionChoice){one->remote_id, one->handle, one->display_name,
                                              one->is_connected};
    }
    const char **accounts = hib_arena_array(arena, const char *, connection->n_accounts);
    for (size_t i = 0; i < connection->n_accounts; i++)
        accounts[i] = connection->accounts[i];
    bool has_failed = connection->reason != NULL;
    const HibApiConnection out = {
        .id = connection->id,
        .network = connection->network,
        .service = connection->service,
        .is_practice = connection->is_practice,
        .state = (int)connection->state,
        .authorize_url = connection->authorize_url,
        .has_authorize_url = connection->authorize_url != NULL,
        .reason = connection->reason,
        .has_reason = has_failed,
        .detail = has_failed ? sentence(call, connection->reason) : NULL,
        .has_detail = has_failed,
        .message = connection->message,
        .has_message = connection->message != NULL,
        .choices = choices,
        .n_choices = connection->n_choices,
        .accounts = accounts,
        .n_accounts = connection->n_accounts,
        .expires_at = connection->expires_at,
    };
    return hib_reply_connection(call, status, &out);
}

bool
hib_on_start_connection(HibCall *call, const HibApiConnectionDraft *in, GError **error)
{
    HibConnection *connection = NULL;
    const HibConnectionDraft draft = {
        .network = in->network,
        .service = in->has_practice && in->practice ? HIB_ON_PRACTICE
                   : in->has_service                ? in->service
                                                    : NULL,
        .account = in->has_account ? in->account : NULL,
    };
    return hib_connection_start(hib_call_db(call), hib_call_context(call), &draft, &connection,
                                error) &&
           reply(call, 201, connection);
}

bool
hib_on_get_connection(HibCall *call, const char *connection, GError **error)
{
    HibConnection *found = NULL;
    return hib_connection_get(hib_call_db(call), hib_call_context(call), connection, &found,
                              error) &&
           reply(call, 200, found);
}

bool
hib_on_choose_accounts(HibCall *call, const char *connection, const HibApiConnectionChoose *in,
                       GError **error)
{
    HibConnection *found = NULL;
    return hib_connection_choose(hib_call_db(call), hib_call_context(call), connection,
                                 (const char *const *)in->remote_ids, in->n_remote_ids, &found,
                                 error) &&
           reply(call, 200, found);
}

/* --- the browser comes back ------------------------------------------------------------------------- */
/* The first of its name, valid text of at most `n` bytes (whole characters); NULL: not there. */
static const char *
parameter(HibArena *arena, const char *query, const char *name, size_t n)
{
    GUriParamsIter iter;
    char *key = NULL, *value = NULL;
    const char *found = NULL;
    g_uri_params_iter_init(&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
    while (!found && g_uri_params_iter_next(&iter, &key, &value, NULL)) {
        if (g_str_equal(key, name) && g_utf8_validate(value, -1, NULL)) {
            const char *end = value + MIN(n, strlen(value));
            if (*end != '\0')
                end = g_utf8_find_prev_char(value, end + 1);
            found = hib_arena_strndup(arena, value, end ? (size_t)(end - value) : 0);
        }
        g_free(key);
        g_free(value);
    }
    return found;
}

/* A role may have been taken away while the person was at the network. */
static bool
may_connect(HibDb *db, const char *person)
{
    g_autoptr(GError) fault = NULL;
    const char *role = NULL;
    if (!hib_team_role(db, person, &role, &fault))
        hib_log_error(HIB_WARN, "accounts.role_unread", fault, NULL);
    return hib_role_bit(role) & (HIB_ROLE_OWNER | HIB_ROLE_MANAGER);
}

/* What breaks off in here leaves a connection that says so. */
static void
finish(HibCall *call, const char *workspace, const char *id, const HibConnectionReturn *back)
{
    HibDb *global = hib_call_db(call);
    g_autoptr(HibDb) db = hib_db_open(hib_db_store(global), hib_call_arena(call), workspace);
    g_autoptr(GError) fault = NULL;
    hib_db_set_actor(db, HIB_ACTOR_PERSON, hib_call_person(call));
    if (may_connect(db, hib_call_person(call)) &&
        !hib_connection_finish(db, hib_call_context(call), id, back, &fault))
        hib_log_error(HIB_ALARM, "accounts.connection_failed", fault, "connection", id, NULL);
}

bool
hib_on_finish_connection(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibDb *global = hib_call_db(call);
    const char *query = hib_call_query(call), *person = hib_call_person(call);
    const char *workspace = NULL, *id = NULL;
    const HibConnectionReturn back = {
        .state = parameter(arena, query, "state", 500),
        .code = parameter(arena, query, "code", 4000),
        .failure = parameter(arena, query, "error", 100),
        .words = parameter(arena, query, "error_description", MAX_WORDS),
    };
    if (back.state && hib_call_session(call) &&
        !hib_connection_find(global, back.state, person, &workspace, &id, error))
        return false;
    if (id)
        finish(call, workspace, id, &back);
    return hib_call_reply_see(
        call, hib_arena_printf(arena, "/settings/accounts?connection=%s", id ? id : NOBODYS));
}
